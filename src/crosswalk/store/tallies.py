"""What became of the records that a stretch of work was about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from crosswalk.domain.model import Document, Json, Kind
from crosswalk.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Where a stretch of work begins: the last numbers that were given before it."""

    ledger: int
    journal: int

    @classmethod
    def from_json(cls, stored: Document) -> Self:
        """Read what *to_json* told."""
        return cls(ledger=stored["ledger"], journal=stored["journal"])

    def to_json(self) -> dict[str, Json]:
        """Tell it as a run keeps it."""
        return {"ledger": self.ledger, "journal": self.journal}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many records ended in which way; each counts once."""

    written: int = 0
    #: There was nothing to write, or a rule said so.
    unchanged: int = 0
    review: int = 0
    parked: int = 0
    #: For another record, for quota or for the next attempt.
    waiting: int = 0

    @property
    def records(self) -> int:
        """How many records there were."""
        return self.written + self.unchanged + self.review + self.parked + self.waiting


async def begin(tx: Transaction) -> Since:
    """Mark the beginning of a stretch of work."""
    row = await tx.row("tallies.begin")
    return Since(**(row or {}))


async def count(tx: Transaction, since: Since) -> Mapping[Kind, Tally]:
    """Count the records concerned since a beginning, by how they stand now."""
    rows = await tx.rows("tallies.count", ledger=since.ledger, journal=since.journal)
    ends: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
    for row in rows:
        ends[Kind(row["kind"])][row["ends"]] = row["records"]
    return {kind: Tally(**counted) for kind, counted in ends.items()}
