"""How the work on one entity can end: a closed set, each saying what happens next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Document, Json
from crosswalk.domain.problems import Problem
from crosswalk.engine.codes import REASONS

#: Seconds until the next attempt, by the number of attempts made (promise P7); the
#: last one repeats until PATIENCE is used up.
DELAYS: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600)
#: Attempts after which a transient failure is a person's matter: 72 hours and more.
PATIENCE: Final = 24
#: Seconds between looks at a record that was announced but cannot be read yet (F07).
NOT_YET: Final = (1, 2, 5, 10, 30)
#: Seconds after which a search surely knows a record just made (contract 11.1: 20 s).
INDEX_LAG: Final = 25
#: Seconds to wait when the CRM has had enough and does not say for how long (F47).
THROTTLE_WAIT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why an end is what it is; the code is stable and documented."""

    #: A key of REASONS.
    code: str
    what: str = ""
    remedy: str = ""
    detail: Document = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Tell it as the store keeps it."""
        return {
            "code": self.code,
            "what": self.what,
            "remedy": self.remedy,
            "detail": dict(self.detail),
        }


def why(code: str, what: str, **detail: Json) -> Because:
    """Give a reason with the remedy that its code has; KeyError when it has none."""
    return Because(code=code, what=what, remedy=REASONS[code].remedy, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Both sides agree, as far as the rules allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A rule says that this record is none of our business."""

    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """It may succeed later, by itself."""

    because: Because
    #: Seconds from now.
    after: float
    #: Whether this counts as an attempt; waiting for quota does not.
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Another entity must be linked first; waiting is not failing."""

    #: Key of the entity waited for.
    on: str
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """A person or a newer change must help: the error queue."""

    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person must say which record this is, or which value stands."""

    because: Because
    #: ambiguous, conflict, shared, gone or both_changed.
    sort: str
    rule: str = ""
    candidates: Sequence[Mapping[str, Json]] = ()


Outcome: TypeAlias = Done | Ignored | Retry | Wait | Park | Review


def after_fault(error: RemoteError, *, attempts: int, chance: float) -> Outcome:
    """Say what becomes of an entity whose call failed.

    *chance* is a number from 0 to 1 that spreads retries over their delay.
    """
    because = why(
        f"remote_{error.fault}",
        str(error),
        call=error.call,
        status=error.status,
        field=error.field,
    )
    match error.fault:
        case Fault.THROTTLED | Fault.DENIED:
            wait = error.retry_after or THROTTLE_WAIT
            return Retry(because=because, after=wait, counts=False)
        case Fault.TRANSIENT | Fault.STALE | Fault.MISSING:
            return _later(because, error.retry_after, attempts, chance)
        case Fault.AMBIGUOUS:
            return Retry(because=because, after=INDEX_LAG)
        case Fault.REFUSED | Fault.SCHEMA:
            return Park(because=because)
        case Fault.DUPLICATE:
            return Review(because=because, sort="conflict", rule="unique_in_crm")
        case Fault.GONE:
            return Review(because=because, sort="gone")
        case _:
            assert_never(error.fault)


def _later(
    because: Because, retry_after: float | None, attempts: int, chance: float
) -> Outcome:
    if attempts >= PATIENCE:
        return Park(because=because)
    delay = DELAYS[min(attempts, len(DELAYS) - 1)]
    return Retry(because=because, after=retry_after or delay * (0.5 + chance / 2))


def parked(problems: Sequence[Problem]) -> Park:
    """Park a record some of whose fields could not be sent; the others were."""
    first, *others = problems
    also = f" (and {len(others)} more)" if others else ""
    return Park(
        because=Because(
            code=first.code,
            what=f"{first.field}: {first.what}{also}",
            remedy=first.remedy,
            detail={
                "fields": [
                    {"field": p.field, "code": p.code, "what": p.what} for p in problems
                ]
            },
        )
    )
