"""How an error becomes a message for a person: what, where and the way out."""

from collections.abc import Sequence

from crosswalk.cli.output import Exit, complain
from crosswalk.domain.faults import (
    REMEDIES,
    ConfigurationError,
    CrosswalkError,
    RemoteError,
    UnreachableError,
)
from crosswalk.domain.lint import Finding


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
                remedy=REMEDIES[error.fault],
            )
        case UnreachableError():
            return Finding(
                code="K121",
                at="CROSSWALK_DATABASE_URL",
                what=f"the database does not answer: {error}",
                remedy="see that the server runs, and compare the address with yours",
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
