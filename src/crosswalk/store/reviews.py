"""Questions that only a person can answer: which record this is, which value stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.rows import DictRow

from crosswalk.domain.model import Document, Json
from crosswalk.store.database import Transaction, json


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about an entity."""

    entity: str
    #: ambiguous, conflict, shared, gone or both_changed.
    sort: str
    rule: str = ""
    candidates: Sequence[Mapping[str, Json]] = ()
    evidence: Document = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Tell it as the statement reads it."""
        return {
            "entity": self.entity,
            "sort": self.sort,
            "rule": self.rule,
            "candidates": [dict(candidate) for candidate in self.candidates],
            "evidence": dict(self.evidence),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A question as it stands, with its answer once it has one."""

    number: int
    entity: str
    sort: str
    rule: str
    candidates: Sequence[Mapping[str, Json]]
    evidence: Document
    opened_at: datetime
    decided_at: datetime | None
    verb: str | None
    chosen: str | None
    actor: str | None
    note: str | None


async def ask(tx: Transaction, questions: Sequence[Question], *, at: datetime) -> None:
    """Open questions; one that is open already gets the newer facts."""
    latest = {question.entity: question.to_json() for question in questions}
    if latest:
        await tx.run("reviews.open", questions=json([*latest.values()]), at=at)


async def pile(
    tx: Transaction, *, decided: bool = False, sort: str | None = None, limit: int = 100
) -> list[Review]:
    """List open (or decided) questions, the oldest first."""
    rows = await tx.rows("reviews.list", undecided=not decided, sort=sort, limit=limit)
    return [_review(row) for row in rows]


async def show(tx: Transaction, number: int) -> Review | None:
    """Read one question."""
    row = await tx.row("reviews.show", number=number)
    return _review(row) if row else None


async def decide(
    tx: Transaction,
    number: int,
    *,
    verb: str,
    actor: str,
    at: datetime,
    chosen: str | None = None,
    note: str | None = None,
) -> bool:
    """Write a person's answer down; False when the question was answered before."""
    decided = await tx.run(
        "reviews.decide",
        number=number,
        verb=verb,
        chosen=chosen,
        actor=actor,
        note=note,
        at=at,
    )
    return decided == 1


def _review(row: DictRow) -> Review:
    return Review(**row)
