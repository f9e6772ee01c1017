"""What is still to be done: one row an entity, however many changes it has.

Every statement locks rows in key order; intake and drains cannot deadlock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from crosswalk.domain.model import Document, Json, Kind, Lane, Ref, partition_of
from crosswalk.store.database import Database, FencedError, Transaction, json

#: Words that one transaction acts on.
WORDS: Final = 10_000
#: How long an entity waits for another, unless told, before it is looked at again.
WAIT: Final = timedelta(hours=1)


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
    #: With RETRY when to try again; with WAIT when to look at the latest (else WAIT).
    not_before: datetime | None = None
    #: With RETRY and WAIT: attempts made so far.
    attempts: int = 0
    #: With WAIT: the entity that must be linked first.
    waits_for: str | None = None

    def to_json(self, at: datetime) -> dict[str, Json]:
        """Tell it as the settle statement reads it."""
        return {
            "entity": self.row.entity,
            "generation": self.row.generation,
            "ledger": self.row.ledger,
            "ends": self.ends,
            "attempts": self.attempts,
            "not_before": self.not_before or at + WAIT,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedGroup:
    """How many entities of a kind are in the error queue for one reason."""

    because: str
    kind: Kind
    rows: int
    #: When the oldest of them arrived.
    oldest: datetime


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
    rows = await tx.rows(
        "pending.due",
        partition=partition,
        now=now,
        limit=limit,
        backfill=int(Lane.BACKFILL),
    )
    return [
        PendingRow(**{**row, "kind": Kind(row["kind"]), "lane": Lane(row["lane"])})
        for row in rows
    ]


async def due_partitions(tx: Transaction, *, now: datetime) -> frozenset[int]:
    """Find the partitions that have something to do now."""
    rows = await tx.rows("pending.due_partitions", now=now, backfill=int(Lane.BACKFILL))
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
    if any(outcome.ends is Ends.WAIT for outcome in outcomes):
        await tx.run("pending.lock_waits")
    held = await tx.value(
        "pending.lock",
        partition=fence.partition,
        epoch=fence.epoch,
        entities=[outcome.row.entity for outcome in outcomes],
    )
    if not held:
        raise FencedError(fence.partition, fence.epoch)
    if not outcomes:
        return
    await tx.run(
        "pending.settle",
        outcomes=json([outcome.to_json(at) for outcome in outcomes]),
        at=at,
        retry_lane=int(Lane.RETRY),
    )


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

    Each is entered in the ledger as a change of its own, from *source*. For a person's
    decision, in a transaction of its own; a drain leaves word by *follow_up*.
    """
    words = _words(entities, lane, source, partitions, crm_moved=crm_moved)
    return await _mark(tx, [{**word, "reopens": True} for word in words], at)


async def follow_up(
    tx: Transaction,
    entities: Collection[str],
    *,
    lane: Lane,
    source: str,
    partitions: int,
    crm_moved: bool = False,
) -> None:
    """Leave word that other entities are concerned; *release* makes them ready.

    A drain holds its own rows: touching others' rows in the same transaction would
    break the order in which rows are locked. An open question stays open.
    """
    words = _words(entities, lane, source, partitions, crm_moved=crm_moved)
    if words:
        await tx.run(
            "pending.follow_up",
            words=json([{**word, "waits": False} for word in words]),
        )


async def follow_up_waiting(tx: Transaction, entities: Collection[str]) -> None:
    """Leave word that whoever waits for *entities* need not; *release* sees to it."""
    words = [{"entity": entity, "waits": True} for entity in entities]
    if words:
        await tx.run("pending.follow_up", words=json(words))


async def release(database: Database, *, at: datetime) -> frozenset[int]:
    """Act on every word that was left; answers the partitions to wake.

    Call it after the commit; what a crash leaves undone the next call does.
    """
    async with database.single() as tx:
        left = await tx.row("pending.followed")
    woken: frozenset[int] = frozenset()
    if left and left["waits"]:
        async with database.transaction() as tx:
            words = await tx.rows("pending.take_words", waits=True, limit=WORDS)
            woken |= await _wake_waiting(tx, [word["entity"] for word in words], at=at)
    if left and left["marks"]:
        async with database.transaction() as tx:
            words = await tx.rows("pending.take_words", waits=False, limit=WORDS)
            latest = {word["entity"]: {**word, "reopens": False} for word in words}
            woken |= await _mark(tx, [*latest.values()], at)
    return woken


async def drop_lane(tx: Transaction, lane: Lane, *, because: str) -> int:
    """End what waits in a lane as ignored, for a reason; answers how many entities.

    What a more urgent change marked as well is in that change's lane, and stays.
    """
    dropped = await tx.value("pending.drop_lane", lane=int(lane), because=because)
    return int(dropped)


async def counts(tx: Transaction) -> Mapping[str, Waiting]:
    """Count what is to be done: ready, waiting, parked, review."""
    rows = await tx.rows("pending.counts")
    found = {
        row["state"]: Waiting(rows=row["rows"], oldest=row["oldest"]) for row in rows
    }
    states = ("ready", "waiting", "parked", "review")
    return {state: found.get(state, Waiting()) for state in states}


async def due_by_lane(tx: Transaction, *, by: datetime) -> Mapping[Lane, int]:
    """Count what is ready and due by a moment; what waits for another is not."""
    rows = await tx.rows("pending.due_by_lane", by=by)
    counted = {row["lane"]: row["rows"] for row in rows}
    return {lane: counted.get(lane, 0) for lane in Lane}


async def due_among(tx: Transaction, entities: Collection[str], *, by: datetime) -> int:
    """Count which of these are ready and due by a moment."""
    return int(await tx.value("pending.due_among", entities=list(entities), by=by))


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


async def parked_by_code(tx: Transaction) -> list[ParkedGroup]:
    """Count the error queue by code and kind, the most frequent first."""
    rows = await tx.rows("pending.parked_by_code")
    return [ParkedGroup(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def show(tx: Transaction, entity: str) -> Mapping[str, Any] | None:
    """Read one entity as it stands; None when there is nothing to do about it."""
    return await tx.row("pending.show", entity=entity)


async def _wake_waiting(
    tx: Transaction, entities: Collection[str], *, at: datetime
) -> frozenset[int]:
    """Make ready what waits for *entities*; answers the partitions to wake."""
    await tx.run("pending.lock_waits")
    rows = await tx.rows("pending.wake_waiting", entities=list(entities), at=at)
    return frozenset(row["partition"] for row in rows)


async def _mark(
    tx: Transaction, wanted: Sequence[Mapping[str, Json]], at: datetime
) -> frozenset[int]:
    rows = await tx.rows("pending.mark", wanted=json(wanted), at=at)
    return frozenset(row["partition"] for row in rows if row["state"] == "ready")


def _words(
    entities: Collection[str],
    lane: Lane,
    source: str,
    partitions: int,
    *,
    crm_moved: bool,
) -> list[dict[str, Json]]:
    return [
        {
            "entity": entity,
            "kind": Ref.parse(entity).kind,
            "partition": partition_of(entity, partitions),
            "lane": int(lane),
            "source": source,
            "crm_moved": crm_moved,
        }
        for entity in set(entities)
    ]
