"""Which crm record a shop record is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.domain.matching import (
    RULES,
    Ambiguous,
    Candidate,
    Conflict,
    Match,
    Matched,
    New,
    Seeker,
    Shared,
    email_key,
    is_address,
    match,
)

ANN = Seeker(
    shop_id="c1",
    our_id="c1",
    email="Ann@Example.com",
    mobile="+49 151 1",
    name="Ann  Lee",
)
FREE = Candidate(crm_id="1", emails=("x@example.com", "ANN@example.COM"))
OURS = Candidate(crm_id="2", external_id="c1")
THEIRS = Candidate(crm_id="3", external_id="c9", emails=("ann@example.com",))
LINKED = Candidate(
    crm_id="4", external_id="c9", emails=("ann@example.com",), linked_to="c9"
)
RELINKED = Candidate(crm_id="5", emails=("ann@example.com",), linked_to="c1")
PHONE = Candidate(crm_id="6", mobile="0049 (151) 1")
NATIONAL = Candidate(crm_id="7", mobile="0151 1")
NAMESAKE = Candidate(crm_id="8", name="ann lee")
GARBAGE = Candidate(crm_id="9", emails=("n/a", ""))
EMAIL = {"email": "ann@example.com"}

CASES: list[tuple[list[Candidate], Match]] = [
    ([], New()),
    ([GARBAGE, NATIONAL], New()),
    ([FREE], Matched(crm_id="1", rule="email", evidence=EMAIL)),
    (
        [FREE, OURS],
        Matched(crm_id="2", rule="external_id", evidence={"external_id": "c1"}),
    ),
    ([RELINKED], Matched(crm_id="5", rule="email", evidence=EMAIL)),
    ([PHONE], Matched(crm_id="6", rule="mobile", evidence={"mobile": "+491511"})),
    ([FREE, PHONE], Matched(crm_id="1", rule="email", evidence=EMAIL)),
    (
        [FREE, RELINKED],
        Ambiguous(candidates=(FREE, RELINKED), rule="email", evidence=EMAIL),
    ),
    ([THEIRS], Conflict(candidate=THEIRS, rule="email", other_id="c9", evidence=EMAIL)),
    (
        [LINKED],
        Shared(candidate=LINKED, rule="email", other_shop_id="c9", evidence=EMAIL),
    ),
    (
        [NAMESAKE],
        Ambiguous(
            candidates=(NAMESAKE,), rule="name_hint", evidence={"name_hint": "ann lee"}
        ),
    ),
]


@pytest.mark.parametrize(("candidates", "expected"), CASES)
def test_the_first_rule_that_hits_decides(
    candidates: list[Candidate], expected: Match
) -> None:
    """
    One free hit is a match; a foreign id, a foreign link and two hits are not.
    """
    assert match(ANN, candidates, RULES) == expected


def test_a_name_counts_only_where_it_was_asked_for() -> None:
    """
    Without the rule name_hint a namesake is nobody.
    """
    assert match(ANN, [NAMESAKE], ["external_id", "email", "mobile"]) == New()


@pytest.mark.parametrize("email", [None, "", "n/a", "@example.com", "a b@example.com"])
def test_what_is_no_address_matches_nobody(email: str | None) -> None:
    """
    Two records with the same nonsense for an address are not one person.
    """
    seeker = Seeker(shop_id="c1", our_id="", email=email)
    twin = Candidate(crm_id="1", emails=(email or "",), external_id="")
    assert match(seeker, [twin], RULES) == New()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("ann+shop@example.com", "ann+shop@example.com"),
        ("jürgen@münchen.de", "jürgen@xn--mnchen-3ya.de"),
        ("jürgen@XN--MNCHEN-3YA.de", "jürgen@xn--mnchen-3ya.de"),
        ("ju\u0308rgen@mu\u0308nchen.de", "jürgen@xn--mnchen-3ya.de"),
        ('"a@b"@example.com', '"a@b"@example.com'),
        ("a@\u2028.de", "not-an-address:a@\u2028.de"),
        ("a@ü..de", "a@ü..de"),
        ("N/A", "not-an-address:n/a"),
        ("", "not-an-address:"),
    ],
)
def test_an_address_has_one_form(text: str, key: str) -> None:
    """
    Case, blanks, composition and IDNA make no other address; a plus-part does.
    """
    assert email_key(text) == key


@given(st.text(max_size=12) | st.emails())
def test_a_key_is_its_own_key(text: str) -> None:
    """
    Any text has a key, and the key of a key is the key.
    """
    key = email_key(text)
    assert email_key(key) == key
    assert is_address(key) == is_address(email_key(key))


@given(st.emails())
def test_case_makes_no_other_person(address: str) -> None:
    """
    An address in upper case is the same address.
    """
    assert email_key(address.upper()) == email_key(address)


@given(
    st.lists(
        st.builds(
            Candidate,
            crm_id=st.text(min_size=1, max_size=3),
            external_id=st.none() | st.sampled_from(["c1", "c2"]),
            emails=st.tuples(st.sampled_from(["ann@example.com", "b@example.com"])),
            linked_to=st.none() | st.sampled_from(["c1", "c2"]),
        ),
        max_size=4,
    )
)
def test_a_record_of_another_is_never_taken(candidates: list[Candidate]) -> None:
    """
    Nobody is matched who is linked to, or carries the id of, another shop record.
    """
    found = match(ANN, candidates, RULES)
    if isinstance(found, Matched):
        taken = [one for one in candidates if one.crm_id == found.crm_id]
        assert any(
            one.linked_to in {None, "c1"} and one.external_id in {None, "c1"}
            for one in taken
        )
