"""What becomes of one field, owner by owner."""

from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from crosswalk.domain.decisions import (
    UNREAD,
    Conflict,
    Keep,
    Now,
    Read,
    Reason,
    Verdict,
    Write,
    brought,
    settle,
)
from crosswalk.domain.mapping import Empty, FieldRule, Owner
from crosswalk.domain.model import Both, Json, Side

Pair: TypeAlias = tuple[Json, Json] | None

ORDER = ("unsubscribed", "pending", "subscribed")
EARLY = datetime(2026, 1, 1, tzinfo=UTC)
LATE = datetime(2026, 1, 2, tzinfo=UTC)


def _rule(owner: Owner, empty: Empty = Empty.IGNORE) -> FieldRule:
    return FieldRule(
        crm="city",
        expression="city",
        owner=owner,
        empty=empty,
        order=ORDER if owner is Owner.MOST_RESTRICTIVE else (),
        read=lambda document, _: document.get("city"),
    )


def _both(pair: Pair) -> Both | None:
    return None if pair is None else Both(shop=pair[0], crm=pair[1])


EQUAL = Keep(Reason.EQUAL)
UNCHANGED = Keep(Reason.UNCHANGED)
IGNORED = Keep(Reason.EMPTY_IGNORED)
SEEDED = Keep(Reason.SEEDED_ALREADY)
NO_CHOICE = Keep(Reason.NO_CHOICE)
TO_CRM = "to crm"
TO_SHOP = "to shop"
DISPUTED = "disputed"

#: owner, base (shop, crm) or None, shop now, crm now, what must come of it.
CASES: list[tuple[Owner, Pair, Json, Json, Json]] = [
    # The shop's value stands.
    (Owner.SHOP, None, "a", UNREAD, TO_CRM),
    (Owner.SHOP, None, "a", None, TO_CRM),
    (Owner.SHOP, None, "a", "b", TO_CRM),
    (Owner.SHOP, None, "a", " a ", EQUAL),
    (Owner.SHOP, None, None, UNREAD, IGNORED),
    (Owner.SHOP, None, None, "b", IGNORED),
    (Owner.SHOP, None, None, None, EQUAL),
    (Owner.SHOP, ("a", "A"), "a", UNREAD, UNCHANGED),
    (Owner.SHOP, ("a", "A"), "a", "A", UNCHANGED),
    (Owner.SHOP, ("a", "A"), "a", "b", TO_CRM),
    (Owner.SHOP, ("a", "A"), "a", None, TO_CRM),
    (Owner.SHOP, ("a", "A"), "b", UNREAD, TO_CRM),
    (Owner.SHOP, ("a", "A"), "A", UNREAD, EQUAL),
    (Owner.SHOP, ("a", "A"), None, UNREAD, IGNORED),
    (Owner.SHOP, ("a", "A"), "", "b", IGNORED),
    # The CRM's value stands.
    (Owner.CRM, None, "a", UNREAD, Keep(Reason.OWNED_BY_CRM)),
    (Owner.CRM, None, "a", "b", TO_SHOP),
    (Owner.CRM, None, "a", None, IGNORED),
    (Owner.CRM, None, "a", "a", EQUAL),
    (Owner.CRM, ("a", "A"), "a", "A", UNCHANGED),
    (Owner.CRM, ("a", "A"), "a", UNREAD, UNCHANGED),
    (Owner.CRM, ("a", "A"), "a", "b", TO_SHOP),
    (Owner.CRM, ("a", "a"), "b", "a", TO_SHOP),
    (Owner.CRM, ("a", "a"), None, "a", TO_SHOP),
    # The CRM's value stands once the shop gave a first one.
    (Owner.SEED, None, "a", UNREAD, Read()),
    (Owner.SEED, None, None, UNREAD, IGNORED),
    (Owner.SEED, None, "a", None, TO_CRM),
    (Owner.SEED, None, "a", "b", SEEDED),
    (Owner.SEED, None, "a", "a", EQUAL),
    (Owner.SEED, (None, None), "a", UNREAD, Read()),
    (Owner.SEED, ("a", "a"), "b", UNREAD, SEEDED),
    (Owner.SEED, ("a", "a"), "a", None, SEEDED),
    (Owner.SEED, (None, "b"), "a", None, SEEDED),
    # The later modification stands.
    (Owner.NEWEST, None, "a", UNREAD, Read()),
    (Owner.NEWEST, None, None, UNREAD, IGNORED),
    (Owner.NEWEST, None, "a", None, TO_CRM),
    (Owner.NEWEST, None, None, "b", TO_SHOP),
    (Owner.NEWEST, ("a", "A"), "a", UNREAD, UNCHANGED),
    (Owner.NEWEST, ("a", "A"), "b", UNREAD, Read()),
    (Owner.NEWEST, ("a", "A"), "a", "A", UNCHANGED),
    (Owner.NEWEST, ("a", "A"), "b", "A", TO_CRM),
    (Owner.NEWEST, ("a", "A"), "a", "b", TO_SHOP),
    (Owner.NEWEST, ("a", "A"), "b", "c", DISPUTED),
    (Owner.NEWEST, ("a", "A"), "b", "b", EQUAL),
    (Owner.NEWEST, ("a", "A"), None, UNREAD, IGNORED),
    (Owner.NEWEST, ("a", "A"), "a", None, IGNORED),
    (Owner.NEWEST, ("a", "A"), None, "c", TO_SHOP),
    # A person decides.
    (Owner.MANUAL, None, "a", UNREAD, Read()),
    (Owner.MANUAL, None, "a", "b", DISPUTED),
    (Owner.MANUAL, None, "a", None, TO_CRM),
    (Owner.MANUAL, None, None, "b", TO_SHOP),
    (Owner.MANUAL, ("a", "A"), "b", "A", TO_CRM),
    (Owner.MANUAL, ("a", "A"), "a", "b", TO_SHOP),
    (Owner.MANUAL, ("a", "A"), "b", "c", DISPUTED),
    (Owner.MANUAL, ("a", "A"), "b", "b", EQUAL),
    # The more restrictive choice stands.
    (Owner.MOST_RESTRICTIVE, None, "subscribed", UNREAD, Read()),
    (Owner.MOST_RESTRICTIVE, None, "unknown", UNREAD, NO_CHOICE),
    (Owner.MOST_RESTRICTIVE, None, "unknown", "subscribed", TO_SHOP),
    (Owner.MOST_RESTRICTIVE, None, None, "unsubscribed", TO_SHOP),
    (Owner.MOST_RESTRICTIVE, None, "subscribed", None, TO_CRM),
    (Owner.MOST_RESTRICTIVE, None, "subscribed", "unsubscribed", TO_SHOP),
    (Owner.MOST_RESTRICTIVE, None, "pending", "subscribed", TO_CRM),
    (Owner.MOST_RESTRICTIVE, None, "unknown", "other", NO_CHOICE),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "unsubscribed", "subscribed", TO_CRM),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "subscribed", "unsubscribed", TO_SHOP),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "subscribed", "pending", TO_CRM),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "pending", "subscribed", TO_SHOP),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "unknown", "pending", NO_CHOICE),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "pending", None, IGNORED),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, "pending", UNREAD, UNCHANGED),
    # Both lists stand.
    (Owner.APPEND, None, ["a"], UNREAD, Read()),
    (Owner.APPEND, None, None, UNREAD, IGNORED),
    (Owner.APPEND, None, ["a"], None, Write(Side.CRM, ["a"])),
    (Owner.APPEND, None, ["a"], ["A"], UNCHANGED),
    (Owner.APPEND, None, ["a"], ["a"], EQUAL),
    (Owner.APPEND, None, ["a"], ["x", "y"], Write(Side.CRM, ["x", "y", "a"])),
    (Owner.APPEND, (["a"], ["x", "a"]), ["a"], UNREAD, UNCHANGED),
    (Owner.APPEND, (["a"], ["x", "a"]), ["a", "b"], UNREAD, Read()),
    (Owner.APPEND, (["a"], ["x", "a"]), ["b"], ["a", "x"], Write(Side.CRM, ["x", "b"])),
    (Owner.APPEND, (["a"], ["x", "a"]), ["a"], ["x"], UNCHANGED),
    (Owner.APPEND, (["a"], ["x"]), ["b"], ["x", "a"], Write(Side.CRM, ["x", "a", "b"])),
    (Owner.APPEND, (["a"], ["x", "a"]), [], ["x", "a"], IGNORED),
    (Owner.APPEND, None, "a; b", "x; A", Write(Side.CRM, "x;A;b")),
    (Owner.APPEND, None, ["b"], "x;a", Write(Side.CRM, "x;a;b")),
    (Owner.APPEND, None, "a; b", None, Write(Side.CRM, "a;b")),
]


def _expected(case: Json, shop: Json, crm: Json, base: Both | None) -> Verdict:
    if case == TO_CRM:
        return Write(Side.CRM, shop)
    if case == TO_SHOP:
        return Write(Side.SHOP, crm)
    if case == DISPUTED:
        return Conflict(base, Now(shop, crm))
    return case  # type: ignore[no-any-return]  # a Verdict, by the table


@pytest.mark.parametrize(("owner", "pair", "shop", "crm", "case"), CASES)
def test_each_owner_decides_by_its_rule(
    owner: Owner, pair: Pair, shop: Json, crm: Json, case: Json
) -> None:
    """
    An owner's verdict follows from base, shop and crm alone, empty values ignored.
    """
    base = _both(pair)
    verdict = settle(_rule(owner), base=base, now=Now(shop, crm))
    assert verdict == _expected(case, shop, crm, base)


CLEARING = [
    (Owner.SHOP, ("a", "A"), None, UNREAD, Write(Side.CRM, None)),
    (Owner.SHOP, ("a", "A"), " ", "b", Write(Side.CRM, None)),
    (Owner.SHOP, None, None, "b", IGNORED),
    (Owner.SHOP, (None, "b"), None, "c", IGNORED),
    (Owner.CRM, ("a", "a"), "a", None, Write(Side.SHOP, None)),
    (Owner.CRM, ("a", "a"), None, "a", Write(Side.SHOP, "a")),
    (Owner.CRM, None, "a", None, IGNORED),
    (Owner.NEWEST, ("a", "a"), None, UNREAD, Read()),
    (Owner.NEWEST, ("a", "a"), None, "a", Write(Side.CRM, None)),
    (Owner.NEWEST, ("a", "a"), "a", None, Write(Side.SHOP, None)),
    (Owner.MANUAL, ("a", "a"), None, "a", Write(Side.CRM, None)),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, None, UNREAD, IGNORED),
    (Owner.MOST_RESTRICTIVE, ("pending",) * 2, None, "pending", IGNORED),
    (Owner.SEED, ("a", "a"), None, "a", SEEDED),
    (Owner.APPEND, (["a"], ["x", "a"]), None, ["x", "a"], Write(Side.CRM, ["x"])),
    (Owner.APPEND, None, None, ["x"], IGNORED),
]


@pytest.mark.parametrize(("owner", "pair", "shop", "crm", "expected"), CLEARING)
def test_an_empty_value_clears_only_what_was_agreed(
    owner: Owner, pair: Pair, shop: Json, crm: Json, expected: Verdict
) -> None:
    """
    With the policy clear, the owner's empty value takes back what it gave, no more.
    """
    rule = _rule(owner, Empty.CLEAR)
    assert settle(rule, base=_both(pair), now=Now(shop, crm)) == expected


@pytest.mark.parametrize(
    ("shop_at", "crm_at", "side"),
    [(LATE, EARLY, Side.CRM), (EARLY, LATE, Side.SHOP), (LATE, LATE, Side.CRM)],
)
def test_the_later_modification_stands(
    shop_at: datetime | None, crm_at: datetime | None, side: Side
) -> None:
    """
    When both sides moved, the newest one is written to the other; at a tie the shop's.
    """
    now = Now("b", "c", shop_at, crm_at)
    base = Both(shop="a", crm="a")
    written = {Side.CRM: "b", Side.SHOP: "c"}[side]
    assert settle(_rule(Owner.NEWEST), base=base, now=now) == Write(side, written)


@pytest.mark.parametrize(("shop_at", "crm_at"), [(None, LATE), (LATE, None)])
def test_an_unknown_time_is_no_reason_to_overwrite(
    shop_at: datetime | None, crm_at: datetime | None
) -> None:
    """
    When both sides moved and one time is unknown, a person decides.
    """
    now = Now("b", "c", shop_at, crm_at)
    assert settle(_rule(Owner.NEWEST), base=None, now=now) == Conflict(None, now)


@pytest.mark.parametrize(
    ("shop", "base", "crm", "ours"),
    [
        (["a", "b"], None, ["a"], ["b"]),
        (["a"], Both(shop=["a"], crm=["a"]), ["a"], ["a"]),
        (["a"], Both(shop=["a"], crm=["x"]), ["a"], []),
        (["a"], Both(shop=[], crm=["a"]), [], ["a"]),
    ],
)
def test_only_what_the_shop_brought_is_its_to_take_back(
    shop: Json, base: Both | None, crm: Json, ours: list[str]
) -> None:
    """
    An entry that a person put into the CRM first, or put back, is the person's.
    """
    assert brought(shop, base=base, crm=crm) == ours
