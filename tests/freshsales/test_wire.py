"""Requests to Freshsales and its answers as values."""

import orjson
import pytest

from crosswalk.domain.model import Json, Kind
from crosswalk.freshsales import wire
from crosswalk.transport.message import Request
from tests.samples import sample


@pytest.mark.parametrize(
    ("request_", "call", "query"),
    [
        (wire.read(Kind.PERSON, "7", ""), "GET /contacts/7", ""),
        (
            wire.read(Kind.COMPANY, "7/8", "owner,territory"),
            "GET /sales_accounts/7%2F8",
            "include=owner%2Cterritory",
        ),
        (
            wire.lookup(Kind.PERSON, "email", "a+b@c.de"),
            "GET /lookup",
            "q=a%2Bb%40c.de&f=email&entities=contact",
        ),
        (wire.filters(Kind.COMPANY), "GET /sales_accounts/filters", ""),
        (
            wire.view(Kind.PERSON, "9", page=2, include="owner"),
            "GET /contacts/view/9",
            "page=2&per_page=100&sort=updated_at&sort_type=desc&include=owner",
        ),
        (wire.fields(Kind.PERSON), "GET /settings/contacts/fields", ""),
        (wire.selector("owners"), "GET /selector/owners", ""),
        (wire.job("7"), "GET /job_statuses/7", ""),
    ],
    ids=lambda value: value.call if isinstance(value, Request) else None,
)
def test_reads_are_get_requests(request_: Request, call: str, query: str) -> None:
    """
    What only asks has no body, and everything in its address is encoded.
    """
    assert (request_.call, request_.query) == (call, query)
    assert request_.body is None
    assert not request_.writes


@pytest.mark.parametrize(
    ("request_", "call", "query", "content"),
    [
        (
            wire.claim("a@b.c", "owner"),
            "POST /contacts/upsert",
            "include=owner",
            {"unique_identifier": {"emails": "a@b.c"}, "contact": {"emails": "a@b.c"}},
        ),
        (
            wire.create(Kind.COMPANY, {"name": "A"}, ""),
            "POST /sales_accounts",
            "",
            {"sales_account": {"name": "A"}},
        ),
        (
            wire.update(Kind.PERSON, "7", {"city": None}, ""),
            "PUT /contacts/7",
            "",
            {"contact": {"city": None}},
        ),
        (
            wire.bulk_upsert(Kind.PERSON, [{"id": "7", "data": {}}]),
            "POST /contacts/bulk_upsert",
            "",
            {"contacts": [{"id": "7", "data": {}}]},
        ),
    ],
    ids=lambda value: value.call if isinstance(value, Request) else None,
)
def test_writes_are_wrapped_json(
    request_: Request, call: str, query: str, content: Json
) -> None:
    """
    What is to be stored is wrapped in its module's name and marked as a write.
    """
    assert (request_.call, request_.query) == (call, query)
    assert orjson.loads(request_.body or b"") == content
    assert request_.headers["Content-Type"] == "application/json"
    assert request_.writes


def test_one_record_is_taken_out_of_its_wrapping() -> None:
    """
    The record is under its module's name; an answer without it has none.
    """
    assert wire.read_record(Kind.PERSON, sample("contact"))["id"] == 70042006456
    assert wire.read_record(Kind.COMPANY, sample("contact")) is None


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ({"contacts": {"contacts": [{"id": 1}, {"id": 2}], "meta": {}}}, [1, 2]),
        ({"contacts": {"contacts": [{"id": 1, "is_deleted": True}]}}, []),
        ({"contacts": {"contacts": []}}, []),
        ({}, []),
    ],
)
def test_a_lookup_nests_its_rows_twice(content: Json, ids: list[int]) -> None:
    """
    Rows are under the plural in the plural; deleted ones do not count.
    """
    assert [row["id"] for row in wire.read_found(Kind.PERSON, content)] == ids


def test_a_page_has_rows_and_a_total() -> None:
    """
    A page without counts has no total.
    """
    content = {"sales_accounts": [{"id": 1}], "meta": {"total": 9, "total_pages": 1}}
    assert wire.read_listed(Kind.COMPANY, content) == ([{"id": 1}], 9)
    assert wire.read_listed(Kind.COMPANY, {}) == ([], None)


@pytest.mark.parametrize(
    ("views", "view_id"),
    [
        (
            [
                {"id": 1, "name": "My Contacts", "is_default": True},
                {"id": 2, "name": "all contacts", "is_default": False},
            ],
            "2",
        ),
        (
            [
                {"id": 3, "name": "Meine", "is_default": False},
                {"id": 4, "name": "Alle Kontakte", "is_default": True},
            ],
            "4",
        ),
        ([{"id": 5, "name": "Meine"}], None),
        ([], None),
    ],
)
def test_the_view_of_all_records_is_found(
    views: list[Json], view_id: str | None
) -> None:
    """
    The stock name wins over the default view; an account may have neither.
    """
    assert wire.read_view_id(Kind.PERSON, {"filters": views}) == view_id


def test_owners_are_called_users() -> None:
    """
    Every selector answers under its own name but owners.
    """
    entries = [{"id": 1}]
    assert wire.read_entries("owners", {"users": entries}) == entries
    assert wire.read_entries("territories", {"territories": entries}) == entries
    assert wire.read_entries("territories", {}) == []
