"""How an error becomes a message for a person: what, where and the way out."""

from collections.abc import Mapping, Sequence
from typing import Final

from crosswalk.cli.output import Exit, complain
from crosswalk.domain.faults import (
    ConfigurationError,
    CrosswalkError,
    Fault,
    RemoteError,
)
from crosswalk.domain.lint import Finding

#: What a person can do about each kind of failed call.
REMEDY_OF_FAULT: Final[Mapping[Fault, str]] = {
    Fault.THROTTLED: "wait a minute; if it keeps happening, lower the calls per hour"
    " or find out what else spends the account's calls",
    Fault.TRANSIENT: "try again; if it stays, see that the URL is right and reachable"
    " from this machine",
    Fault.AMBIGUOUS: "run the command again: it looks first whether the write was done",
    Fault.STALE: "run the command again: it reads the current version first",
    Fault.REFUSED: "correct the named value in the record or its mapping",
    Fault.DUPLICATE: "see which record has the value: crosswalk review list",
    Fault.MISSING: "create what the record refers to, or correct the reference",
    Fault.GONE: "check the id; the record may have been deleted",
    Fault.DENIED: "check the key or the client's scopes: crosswalk check names them",
    Fault.SCHEMA: "check the URL and the mapping: crosswalk check names what differs",
}


def report(error: CrosswalkError | OSError) -> Exit:
    """Print what an error means to a person; return the exit code that goes with it."""
    if isinstance(error, ConfigurationError):
        complain("configuration refused", _refusals(error))
        return Exit.REFUSED
    complain("failed", [_failure(error)])
    return Exit.FAILED


def _refusals(error: ConfigurationError) -> Sequence[Finding]:
    findings: Sequence[Finding] = getattr(error, "findings", ())
    return findings or [
        Finding(
            code="configuration",
            at="crosswalk.yaml",
            what=str(error),
            remedy="correct it; crosswalk init writes a commented example",
        )
    ]


def _failure(error: CrosswalkError | OSError) -> Finding:
    match error:
        case RemoteError():
            return Finding(
                code=error.fault,
                at=error.call,
                what="; ".join(error.messages) or "no answer came",
                remedy=REMEDY_OF_FAULT[error.fault],
            )
        case ConnectionRefusedError():
            return Finding(
                code="unreachable",
                at=error.filename or "network",
                what=error.strerror or str(error),
                remedy="see that the server runs and that its address is right",
            )
        case OSError():
            return Finding(
                code="system",
                at=str(error.filename or "this machine"),
                what=error.strerror or str(error),
                remedy="free, create or permit what is named, then run it again",
            )
        case CrosswalkError():
            return Finding(
                code="failed", at="crosswalk", what=str(error), remedy="see the message"
            )
