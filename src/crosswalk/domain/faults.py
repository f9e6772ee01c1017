"""Everything we know of failure on either side, and what the engine does about it.

CrosswalkError
+-- RemoteError           a call did not do what it was asked to; its fault says why
+-- ConfigurationError    a person must change the configuration first
"""

from collections.abc import Sequence
from enum import StrEnum


class Fault(StrEnum):
    """In which of the known ways a call failed."""

    #: Too many calls; nothing was done.
    THROTTLED = "throttled"
    #: The other side is unwell; nothing was done.
    TRANSIENT = "transient"
    #: No answer came to a write: it may or may not have been done.
    AMBIGUOUS = "ambiguous"
    #: The version that we sent is not the current one.
    STALE = "stale"
    #: The record will never be taken as it stands.
    REFUSED = "refused"
    #: A unique value belongs to another record.
    DUPLICATE = "duplicate"
    #: Something the record refers to is not there yet.
    MISSING = "missing"
    #: The record is not there (any more).
    GONE = "gone"
    #: The credentials are wrong or may not do this.
    DENIED = "denied"
    #: The request is not one that this API knows: a setting or the program is wrong.
    SCHEMA = "schema"


class CrosswalkError(Exception):
    """The root of every error that Crosswalk raises on purpose."""


class RemoteError(CrosswalkError):
    """A call did not do what it was asked to."""

    def __init__(  # noqa: PLR0913 - facts, every one of them named
        self,
        fault: Fault,
        *,
        call: str,
        status: int = 0,
        messages: Sequence[str] = (),
        field: str = "",
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        self.fault = fault
        #: Method and path, without host and query.
        self.call = call
        #: HTTP status, 0 when no answer came.
        self.status = status
        self.messages = tuple(messages)
        #: The field that the other side complained of, where it named one.
        self.field = field
        #: Seconds the other side asked us to wait, where it did.
        self.retry_after = retry_after
        self.request_id = request_id
        said = "; ".join(self.messages) or "no answer"
        super().__init__(f"{call}: {fault} ({status or 'no status'}): {said}")


class ConfigurationError(CrosswalkError):
    """A person must change the configuration first."""
