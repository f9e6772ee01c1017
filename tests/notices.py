"""Changes and moments for tests of the store and the engine."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crosswalk.domain.model import Change, Kind, Ref, shop_ref
from crosswalk.store import ledger, pending
from crosswalk.store.database import Database
from crosswalk.store.ledger import Accepted
from crosswalk.store.pending import Ends, Fence, PendingRow, Settlement

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
PARTITIONS = 16
CONFIG = "configuration-1"


def later(seconds: float) -> datetime:
    """Name a moment after noon."""
    return NOON + timedelta(seconds=seconds)


def person(name: str) -> Ref:
    """Name a shop customer."""
    return shop_ref(Kind.PERSON, name)


def notice(ref: Ref, version: int = 1, **also: Any) -> Change:  # noqa: ANN401
    """Say that a record may have changed."""
    known = {"revision": str(version), "version": version, "seen_at": NOON}
    return Change(ref=ref, **{**known, "source": "test", **also})


async def accept(database: Database, *changes: Change, at: datetime = NOON) -> Accepted:
    """Take changes in."""
    async with database.transaction() as tx:
        return await ledger.accept(
            tx, changes, at=at, partitions=PARTITIONS, config_hash=CONFIG
        )


async def take(database: Database, partition: int) -> Fence:
    """Begin a drain."""
    async with database.transaction() as tx:
        return await pending.take(tx, partition, holder=1, job=1, at=NOON)


async def due(
    database: Database, partition: int, now: datetime = NOON
) -> list[PendingRow]:
    """List what a partition has to do."""
    async with database.transaction() as tx:
        return await pending.due(tx, partition, now=now)


async def settle(
    database: Database, fence: Fence, outcomes: Sequence[Settlement]
) -> None:
    """Write down how work ended."""
    async with database.transaction() as tx:
        await pending.settle(tx, fence, outcomes, at=NOON)


def ended(row: PendingRow, ends: Ends = Ends.DONE, **also: Any) -> Settlement:  # noqa: ANN401
    """Say how the work on an entity ended."""
    return Settlement(row=row, ends=ends, **also)


async def stands(database: Database, entity: str) -> Any:  # noqa: ANN401
    """Read an entity's pending row; None when it has none."""
    async with database.transaction() as tx:
        return await pending.show(tx, entity)


async def balance(database: Database) -> dict[str, int]:
    """Count the ledger by state, without the empty ones."""
    async with database.transaction() as tx:
        counted = await ledger.balance(tx)
    return {str(state): rows for state, rows in counted.items() if rows}
