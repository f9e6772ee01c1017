"""Requests to commercetools and its answers as values."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from crosswalk.commercetools import wire
from crosswalk.domain.model import Kind
from crosswalk.ports import Head, Mark
from crosswalk.transport.message import Request
from tests.samples import sample

MARK = Mark(modified_at="2026-11-01T08:00:00.000Z", id='i"d')
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def asked(request: Request) -> list[tuple[str, str]]:
    """Decode a request's query."""
    return parse_qsl(request.query)


@pytest.mark.parametrize(
    ("scopes", "form"),
    [
        ((), b"grant_type=client_credentials"),
        (
            ("view_x:p", "view_y:p"),
            b"grant_type=client_credentials&scope=view_x%3Ap+view_y%3Ap",
        ),
    ],
)
def test_a_token_is_asked_for_with_basic_proof(
    scopes: tuple[str, ...], form: bytes
) -> None:
    """
    Id and secret go into the header, the scopes wanted into the form, if any.
    """
    request = wire.token("id", "s", scopes)
    assert request.call == "POST /oauth/token"
    assert request.headers["Authorization"] == "Basic aWQ6cw=="
    assert request.body == form
    assert not request.writes


def test_records_are_asked_for_by_a_variable() -> None:
    """
    All ids go into one predicate as values of one variable, nothing is counted.
    """
    request = wire.records(Kind.PERSON, ["a", "b"])
    assert request.call == "GET /customers"
    assert asked(request) == [
        ("where", "id in :ids"),
        ("var.ids", '"a"'),
        ("var.ids", '"b"'),
        ("limit", "100"),
        ("withTotal", "false"),
    ]


def test_units_are_asked_for_by_key() -> None:
    """
    A unit is named by its key, as everything that refers to it does.
    """
    request = wire.records(Kind.COMPANY, ["acme"])
    assert asked(request)[:2] == [("where", "key in :ids"), ("var.ids", '"acme"')]


def test_too_many_ids_are_a_mistake_of_ours() -> None:
    """
    The address would grow beyond what the edge takes.
    """
    with pytest.raises(ValueError, match="101 ids"):
        wire.records(Kind.COMPANY, [str(n) for n in range(101)])


def test_a_page_comes_in_the_order_of_its_marks() -> None:
    """
    After a mark means later, or at the same time with a greater id, both quoted.
    """
    request = wire.page(Kind.COMPANY, after=MARK, limit=7)
    time, id_ = '"2026-11-01T08:00:00.000Z"', r'"i\"d"'
    later = f"lastModifiedAt > {time}"
    assert request.call == "GET /business-units"
    assert asked(request) == [
        ("sort", "lastModifiedAt asc"),
        ("sort", "id asc"),
        ("where", f"({later} or (lastModifiedAt = {time} and id > {id_}))"),
        ("limit", "7"),
        ("withTotal", "false"),
    ]


def test_the_first_page_needs_no_predicate() -> None:
    """
    The first mark is before everything.
    """
    request = wire.page(Kind.PERSON, after=Mark(), limit=1)
    assert "where" not in dict(asked(request))


def test_units_are_found_by_own_and_inherited_members() -> None:
    """
    One predicate asks for both, in the order of ids, from where the last page ended.
    """
    first, next_ = (
        wire.units_of(["c"], inherited=True, after=after) for after in ("", "u")
    )
    assert ("where", wire.MEMBERS[True]) in asked(first)
    assert ("sort", "id asc") in asked(first)
    assert ("where", 'id > "u"') in asked(next_)
    assert ("where", 'id > "u"') not in asked(first)


def test_listings_go_on_by_id() -> None:
    """
    A listing is ordered by id and goes on after the last one seen.
    """
    request = wire.listing("stores", after="s")
    assert request.call == "GET /stores"
    assert ("where", 'id > "s"') in asked(request)


def test_a_count_fetches_nothing() -> None:
    """
    A count asks for the total alone.
    """
    request = wire.count("customers")
    assert asked(request) == [("limit", "0"), ("withTotal", "true")]


@pytest.mark.parametrize(
    ("total", "after", "count"),
    [
        (12, Mark(), 12),
        (20_000, Mark(), 20_000),
        (9_999, MARK, 9_999),
        (10_000, MARK, None),
        (None, MARK, None),
    ],
)
def test_a_capped_total_is_no_count(
    total: int | None, after: Mark, count: int | None
) -> None:
    """
    Under a predicate 10,000 may mean more; without one a total is a total.
    """
    content = {"limit": 0, "results": [], "total": total}
    assert wire.read_count(content, after=after) == count


@pytest.mark.parametrize(("limit", "more"), [(3, True), (4, False), (0, False)])
def test_a_full_page_may_be_followed(limit: int, more: bool) -> None:  # noqa: FBT001
    """
    Another page may follow when this one is full; heads carry their marks.
    """
    content = sample("business_units") | {"limit": limit}
    page = wire.read_page(Kind.COMPANY, content, at=NOON)
    assert page.more is more
    assert page.at == NOON
    assert page.heads[1] == Head(
        id="acme",
        version=5,
        mark=Mark(
            modified_at="2026-11-01T00:00:00.000Z",
            id="b0000000-0000-4000-8000-000000000001",
        ),
        modified_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def test_a_token_tells_its_life_and_scopes() -> None:
    """
    Value, life in seconds and the permissions granted are read.
    """
    token = wire.read_token({"access_token": "t", "expires_in": 5, "scope": "a b"})
    assert token == wire.Token(value="t", expires_in=5.0, scopes=("a", "b"))


def test_a_request_carries_token_and_correlation_id() -> None:
    """
    Only the headers of an authorised request differ.
    """
    token = wire.Token(value="t", expires_in=1, scopes=())
    request = wire.authorised(wire.project(), token, "c")
    assert request.headers == {"Authorization": "Bearer t", "X-Correlation-ID": "c"}
    assert request.call == "GET /"


def test_a_project_is_read_with_what_it_tells() -> None:
    """
    Missing settings are empty, never an error.
    """
    project = wire.read_project({"key": "p"}, at=NOON)
    assert (project.key, project.languages, project.at) == ("p", [], NOON)


def test_a_record_is_asked_for_by_every_name_it_has() -> None:
    """
    A word that a person wrote is a variable, never a part of the predicate.
    """
    request = wire.called(Kind.PERSON, 'a"b@example.com')
    query = dict(asked(request))
    assert query["where"] == (
        "id = :word or key = :word or customerNumber = :word or email = :word"
    )
    assert query["var.word"] == '"a\\"b@example.com"'
    assert request.call == "GET /customers"
    assert wire.called(Kind.COMPANY, "unit").call == "GET /business-units"
