"""Working off what a partition has to do."""

from typing import Final

from crosswalk.engine.batch import sync_batch
from crosswalk.engine.world import World
from crosswalk.store import pending
from crosswalk.store.pending import Fence

#: Entities of one batch.
BATCH: Final = 100


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
            await sync_batch(rows, world, fence)
        if len(rows) < BATCH:
            # What became due meanwhile brings a job of its own.
            return
