"""Requests and answers as values."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from crosswalk.domain.faults import Failure, Fault
from crosswalk.transport.message import Answer, Request, remote_error

NOON = "Mon, 23 Nov 2026 12:00:00 GMT"


def answer(
    headers: Mapping[str, str] | None = None, *, status: int = 200, body: bytes = b""
) -> Answer:
    """Make an answer."""
    return Answer(status=status, headers=headers or {}, body=body)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "Mon, 23 Nov 2026 12:01:00 GMT", "Date": NOON}, 60.0),
        ({"Retry-After": "Mon, 23 Nov 2026 11:00:00 GMT", "Date": NOON}, 0.0),
        ({"Retry-After": "Mon, 23 Nov 2026 12:01:00 GMT"}, None),
        ({"Retry-After": "soon", "Date": NOON}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(
    headers: Mapping[str, str], seconds: float | None
) -> None:
    """
    A date is measured by the server's own clock; without one it says nothing.
    """
    assert answer(headers).retry_after == seconds


def test_the_date_header_is_the_servers_clock() -> None:
    """
    The date is read with its zone, and is absent rather than wrong.
    """
    assert answer({"Date": NOON}).date == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert answer({"Date": "yesterday"}).date is None


def test_a_body_is_json_or_text() -> None:
    """
    Integers beyond 2^53 are exact, and what is no JSON stays a text.
    """
    big = b'{"mcr_id":1450000070042006456}'
    assert answer(body=big).content == {"mcr_id": 1450000070042006456}
    assert answer(body=b"<html>\xff").content == "<html>\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("writes", "fault"), [(True, Fault.AMBIGUOUS), (False, Fault.TRANSIENT)]
)
def test_only_a_write_is_ever_in_doubt(writes: bool, fault: Fault) -> None:  # noqa: FBT001
    """
    The same failure is ambiguous after a write and passing after a read.
    """
    request = Request(method="POST", path="/x", writes=writes)
    failure = Failure(Fault.AMBIGUOUS, ("oops",))
    assert remote_error(request, answer(status=500), failure).fault is fault


@pytest.mark.parametrize(
    ("theirs", "request_id"),
    [
        ({"X-Request-Id": "r"}, "r"),
        ({"X-Correlation-ID": "c", "X-Request-Id": "r"}, "c"),
        ({}, "ours"),
    ],
)
def test_an_error_names_the_request(theirs: Mapping[str, str], request_id: str) -> None:
    """
    The other side's id of a request is kept, else ours; a query never is.
    """
    ours = {"X-Correlation-ID": "ours"}
    request = Request(method="GET", path="", query="q=secret", headers=ours)
    failure = Failure(Fault.REFUSED, ("no",), "email")
    error = remote_error(request, answer(theirs, status=400), failure)
    assert error.request_id == request_id
    assert (error.call, error.status, error.field) == ("GET /", 400, "email")
    assert "secret" not in str(error)
