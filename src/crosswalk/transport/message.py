"""Requests and answers as values; nothing here sends anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import orjson

from crosswalk.domain.faults import Failure, Fault, RemoteError
from crosswalk.domain.model import Json

#: Headers by which either side names one request, for its support to find.
REQUEST_IDS: Final = ("X-Correlation-ID", "X-Request-Id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be sent to one server."""

    method: str
    #: Below the server's base address, encoded.
    path: str
    #: Encoded, without the question mark.
    query: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Whether it may change anything on the other side.
    writes: bool = False

    @property
    def call(self) -> str:
        """Name the request in errors: a query may hold personal data, a path not."""
        return f"{self.method} {self.path or '/'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    #: Names in any case.
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        """Whether the status says so; both sides differ in which one they use."""
        return 200 <= self.status < 300

    @property
    def content(self) -> Json:
        """The body as JSON, or as text where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return self.body.decode("utf-8", "replace")

    @property
    def date(self) -> datetime | None:
        """The server's clock when it answered, where it told."""
        return _read_date(self.headers.get("Date", ""))

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asked us to wait, given as such or as a date."""
        wanted = self.headers.get("Retry-After", "").strip()
        if wanted.replace(".", "", 1).isdecimal():
            return float(wanted)
        until, now = _read_date(wanted), self.date
        if until is None or now is None:
            return None
        return max((until - now).total_seconds(), 0.0)


def remote_error(request: Request, answer: Answer, failure: Failure) -> RemoteError:
    """Turn an answer that is no success into the error that carries its facts."""
    ids = [answer.headers.get(name) for name in REQUEST_IDS]
    ids.append(request.headers.get(REQUEST_IDS[0]))
    return RemoteError(
        settled(failure.fault, request),
        call=request.call,
        status=answer.status,
        messages=failure.messages,
        field=failure.field,
        retry_after=answer.retry_after,
        request_id=next((id_ for id_ in ids if id_), ""),
    )


def settled(fault: Fault, request: Request) -> Fault:
    """Never leave a read in doubt: it has changed nothing."""
    if fault is Fault.AMBIGUOUS and not request.writes:
        return Fault.TRANSIENT
    return fault


def _read_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
