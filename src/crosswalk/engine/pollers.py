"""Asking both sides what changed, again and again, whatever goes wrong.

One process of all polls; the others stand by and take over when it ends. Each side has
a task of its own: one that is lost does not keep us from listening to the other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import psycopg
import structlog

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Side
from crosswalk.engine import census
from crosswalk.engine.backfill import ORDER
from crosswalk.engine.clock import pause
from crosswalk.engine.poll import poll_shop
from crosswalk.engine.world import World
from crosswalk.store.singleton import Role, Singleton

#: One look at a side.
Look: TypeAlias = Callable[[World], Awaitable[None]]

_LOG = structlog.get_logger(__name__)


async def poll_shop_once(world: World) -> None:
    """Take in what changed in the shop, companies first.

    Nothing, as long as we do not know who is in the CRM: whom a change is about could
    not be told for certain.
    """
    if not all([await census.is_taken(kind, world) for kind in ORDER]):
        return
    for kind in ORDER:
        await poll_shop(kind, world)


async def poll_crm_once(world: World) -> None:
    """Take in what others changed in the CRM."""
    for kind in ORDER:
        await census.bring_up(kind, world)


#: How each side is asked, and how the log calls it.
LOOKS: Final[tuple[tuple[Side, Look], ...]] = (
    (Side.SHOP, poll_shop_once),
    (Side.CRM, poll_crm_once),
)


async def poll(
    world: World, *, every: Mapping[Side, float], stop: asyncio.Event
) -> None:
    """Poll each side every so many seconds until told to stop."""
    async with Singleton(world.database.url, Role.POLLER) as role:
        while not stop.is_set():
            if await _is_ours(role):
                await _poll_while_ours(world, role, every=every, stop=stop)
            else:
                await pause(stop, min(every.values()))


async def poll_side(
    side: Side, look: Look, world: World, *, every: float, stop: asyncio.Event
) -> None:
    """Poll one side until told to stop, and tell when it is lost and when it is back.

    A side that refused us is asked again: somebody may have given the right back.
    """
    watch = _Watch(side)
    while not stop.is_set():
        world.quota.try_again()
        try:
            await look(world)
            watch.answered()
        except RemoteError as error:
            watch.failed(error)
        except (psycopg.Error, OSError):
            # The worker tells of a lost database and of its return.
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next poll is due
            _LOG.exception("poll failed", side=side)
        await pause(stop, every)


@dataclass(slots=True)
class _Watch:
    """Tells once that a side is lost, and once that it is back."""

    side: Side
    lost: bool = False

    def answered(self) -> None:
        if self.lost:
            _LOG.warning("side is back", side=self.side)
        self.lost = False

    def failed(self, error: RemoteError) -> None:
        if error.fault is Fault.THROTTLED:
            return
        if not self.lost:
            _LOG.warning("side lost", side=self.side, error=str(error))
        self.lost = True


async def _is_ours(role: Singleton) -> bool:
    try:
        return await role.claim()
    except psycopg.Error:
        return False


async def _poll_while_ours(
    world: World, role: Singleton, *, every: Mapping[Side, float], stop: asyncio.Event
) -> None:
    over = asyncio.Event()
    polls = [
        asyncio.create_task(poll_side(side, look, world, every=every[side], stop=over))
        for side, look in LOOKS
    ]
    try:
        while not stop.is_set() and await _is_ours(role):
            await pause(stop, min(every.values()))
    finally:
        over.set()
        for task in polls:
            task.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
