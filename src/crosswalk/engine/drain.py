"""Working off what a partition has to do."""

from collections.abc import Sequence
from typing import Final

import psycopg
import structlog

from crosswalk.engine.batch import sync_batch
from crosswalk.engine.outcomes import why
from crosswalk.engine.world import World
from crosswalk.store import pending
from crosswalk.store.database import FencedError
from crosswalk.store.pending import Ends, Fence, PendingRow, Settlement

#: Entities of one batch.
BATCH: Final = 100

_LOG = structlog.get_logger(__name__)


async def drain(world: World, fence: Fence) -> None:
    """Work a partition off, batch after batch, until nothing is due.

    Raises FencedError as soon as another drain has taken the partition.
    """
    while True:
        async with world.database.single() as tx:
            rows = await pending.due(
                tx, fence.partition, now=world.clock.now(), limit=BATCH
            )
        if rows:
            await _work(rows, world, fence)
        if len(rows) < BATCH:
            # What became due meanwhile brings a job of its own.
            return


async def _work(rows: Sequence[PendingRow], world: World, fence: Fence) -> None:
    """Sync a batch; one that breaks is halved until the record that broke it is alone.

    What was done before it broke is safe to do again: the journal announced it.
    """
    try:
        await sync_batch(rows, world, fence)
    except (FencedError, psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, only its record stops
        if len(rows) == 1:
            _LOG.exception("record broke", entity=rows[0].entity)
            await _park(rows[0], error, world, fence)
            return
        half = len(rows) // 2
        await _work(rows[:half], world, fence)
        await _work(rows[half:], world, fence)


async def _park(row: PendingRow, error: Exception, world: World, fence: Fence) -> None:
    because = why("E900", f"{type(error).__name__} while it was worked on")
    settlement = Settlement(
        row=row, ends=Ends.PARKED, because=because.code, detail=because.to_json()
    )
    async with world.database.transaction() as tx:
        await pending.settle(tx, fence, [settlement], at=world.clock.now())
