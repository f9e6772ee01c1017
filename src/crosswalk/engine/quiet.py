"""Waiting until there is nothing left to do."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from crosswalk.domain.model import Lane
from crosswalk.engine.world import World
from crosswalk.store import pending

#: Seconds between two looks at the pending set.
LOOK_EVERY: Final = 0.05
#: What is due later than this is not waited for by a single pass.
SOON: Final = timedelta(seconds=45)


async def until_quiet(
    world: World,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Wait until no entity is ready or soon due.

    What waits for another entity, is parked, in review or part of a backfill is not
    waited for. Raises why the CRM refuses us, if it does.
    """
    while True:
        async with world.database.single() as tx:
            due = await pending.due_by_lane(tx, by=world.clock.now() + SOON)
        left = sum(rows for lane, rows in due.items() if lane is not Lane.BACKFILL)
        progress(left)
        if not left:
            return
        if world.quota.refused:
            raise world.quota.refused
        await world.clock.sleep(LOOK_EVERY)


async def until_settled(entities: Collection[str], world: World) -> None:
    """Wait until none of these is ready or soon due; raises as *until_quiet* does."""
    while True:
        by = world.clock.now() + SOON
        async with world.database.single() as tx:
            left = await pending.due_among(tx, entities, by=by)
        if not left:
            return
        if world.quota.refused:
            raise world.quota.refused
        await world.clock.sleep(LOOK_EVERY)
