"""What is still to be done: one row an entity, however many changes it has.

Every statement locks rows in key order; intake and drains cannot deadlock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from crosswalk.domain.model import Document, Json, Kind, Lane, Ref, partition_of
from crosswalk.store.database import FencedError, Transaction, json


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A drain's right to write: void as soon as another takes the partition."""

    partition: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRow:
    """An entity that is due, as it stood when it was taken up."""

    entity: str
    kind: Kind
    partition: int
    lane: Lane
    #: How many changes had marked it; a later one moves this on.
    generation: int
    #: The highest ledger number among its changes.
    ledger: int
    #: The highest shop version announced; 0 when nobody told one.
    version: int
    #: Whether a change came from the CRM.
    crm_moved: bool
    attempts: int
    #: When its oldest unprocessed change arrived.
    first_at: datetime

    @property
    def ref(self) -> Ref:
        """The entity as a ref."""
        return Ref.parse(self.entity)


class Ends(StrEnum):
    """In which ways the work on an entity can end."""

    DONE = "done"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"
    RETRY = "retry"
    WAIT = "wait"
    PARKED = "parked"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How the work on one entity ended."""

    row: PendingRow
    ends: Ends
    #: Why: the rule that ignores it, the code of the error queue, ...
    because: str | None = None
    detail: Document | None = None
    #: With RETRY when to try again; with WAIT when to look at the latest.
    not_before: datetime | None = None
    #: With RETRY and WAIT: attempts made so far.
    attempts: int = 0
    #: With WAIT: the entity that must be linked first.
    waits_for: str | None = None

    def to_json(self) -> dict[str, Json]:
        """Tell it as the settle statement reads it."""
        return {
            "entity": self.row.entity,
            "generation": self.row.generation,
            "ledger": self.row.ledger,
            "ends": self.ends,
            "attempts": self.attempts,
            "not_before": self.not_before,
            "waits_for": self.waits_for,
            "because": self.because,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much is in one state."""

    rows: int = 0
    #: When the oldest of them arrived.
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An entity in the error queue."""

    entity: str
    kind: Kind
    because: str
    detail: Document | None
    attempts: int
    first_at: datetime
    updated_at: datetime


async def take(
    tx: Transaction,
    partition: int,
    *,
    holder: int | None,
    job: int | None,
    at: datetime,
) -> Fence:
    """Become the one drain of a partition; every earlier one is fenced off."""
    epoch = await tx.value(
        "pending.take", partition=partition, holder=holder, job=job, at=at
    )
    return Fence(partition=partition, epoch=epoch)


async def check(tx: Transaction, fence: Fence) -> None:
    """Hold the fence until the commit; FencedError when another drain has begun."""
    row = await tx.row("pending.fence", partition=fence.partition, epoch=fence.epoch)
    if row is None:
        raise FencedError(fence.partition, fence.epoch)


async def due(
    tx: Transaction, partition: int, *, now: datetime, limit: int = 100
) -> list[PendingRow]:
    """List what a partition has to do now, most urgent lane first, then oldest."""
    rows = await tx.rows("pending.due", partition=partition, now=now, limit=limit)
    return [
        PendingRow(**{**row, "kind": Kind(row["kind"]), "lane": Lane(row["lane"])})
        for row in rows
    ]


async def due_partitions(tx: Transaction, *, now: datetime) -> frozenset[int]:
    """Find the partitions that have something to do now."""
    rows = await tx.rows("pending.due_partitions", now=now)
    return frozenset(row["partition"] for row in rows)


async def next_due(tx: Transaction) -> datetime | None:
    """Say when the next thing is to be done; None when nothing is planned."""
    moment: datetime | None = await tx.value("pending.next_due")
    return moment


async def settle(
    tx: Transaction, fence: Fence, outcomes: Sequence[Settlement], *, at: datetime
) -> None:
    """Write down how the work on entities ended, in the fence's name.

    What changed since it was taken up stays ready: its newest change was not seen.

    Raises:
        FencedError: Another drain has begun; nothing is written.
    """
    await check(tx, fence)
    if not outcomes:
        return
    if any(outcome.ends is Ends.WAIT for outcome in outcomes):
        await tx.run("pending.lock_waits")
    await tx.run("pending.lock", entities=[o.row.entity for o in outcomes])
    await tx.run(
        "pending.settle",
        outcomes=json([outcome.to_json() for outcome in outcomes]),
        at=at,
        retry_lane=int(Lane.RETRY),
    )


async def wake_waiting(
    tx: Transaction, entities: Collection[str], *, at: datetime
) -> frozenset[int]:
    """Make ready what waited for *entities*; answers the partitions to wake."""
    await tx.run("pending.lock_waits")
    rows = await tx.rows("pending.wake_waiting", entities=list(entities), at=at)
    return frozenset(row["partition"] for row in rows)


async def mark(
    tx: Transaction,
    entities: Collection[str],
    *,
    lane: Lane,
    at: datetime,
    source: str,
    partitions: int,
    crm_moved: bool = False,
) -> frozenset[int]:
    """Make entities ready whatever state they are in; answers the partitions to wake.

    Each is entered in the ledger as a change of its own, from *source*.
    """
    wanted = [
        {
            "entity": entity,
            "kind": Ref.parse(entity).kind,
            "partition": partition_of(entity, partitions),
        }
        for entity in set(entities)
    ]
    rows = await tx.rows(
        "pending.mark",
        entities=json(wanted),
        lane=int(lane),
        crm_moved=crm_moved,
        at=at,
        source=source,
    )
    return frozenset(row["partition"] for row in rows)


async def counts(tx: Transaction) -> Mapping[str, Waiting]:
    """Count what is to be done: ready, waiting, parked, review."""
    rows = await tx.rows("pending.counts")
    found = {
        row["state"]: Waiting(rows=row["rows"], oldest=row["oldest"]) for row in rows
    }
    states = ("ready", "waiting", "parked", "review")
    return {state: found.get(state, Waiting()) for state in states}


async def parked(
    tx: Transaction,
    *,
    kind: Kind | None = None,
    because: str | None = None,
    entity: str | None = None,
    limit: int = 100,
) -> list[Parked]:
    """List the error queue, the latest first."""
    rows = await tx.rows(
        "pending.parked", kind=kind, because=because, entity=entity, limit=limit
    )
    return [Parked(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def show(tx: Transaction, entity: str) -> Mapping[str, Any] | None:
    """Read one entity as it stands; None when there is nothing to do about it."""
    return await tx.row("pending.show", entity=entity)
