"""Who is in the CRM: its list pages, read once and then kept up with.

A hundred records a call, instead of one call a record to look people up.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Change, CrmRecord, Kind, Lane, Link, crm_ref
from crosswalk.domain.values import same
from crosswalk.engine.outcomes import DELAYS, THROTTLE_WAIT
from crosswalk.engine.world import World
from crosswalk.ports import CrmPage
from crosswalk.store import cursors, identity, links

#: How far each look goes back behind the newest record of the one before it; the CRM
#: writes its timestamps in whole seconds.
OVERLAP: Final = timedelta(seconds=120)
#: Our own writes are still on their way into the base for so long.
SETTLE: Final = timedelta(seconds=10)


async def is_taken(kind: Kind, world: World) -> bool:
    """Say whether the census of this kind was completed once."""
    async with world.database.transaction() as tx:
        return await cursors.get(tx, identity.CURSOR[kind]) is not None


async def bring_up(
    kind: Kind,
    world: World,
    *,
    lane: Lane = Lane.LIVE,
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> None:
    """Keep up with the CRM, which begins by taking the census if it never was."""
    if await is_taken(kind, world):
        await keep_up(kind, world, lane=lane)
    else:
        await take(kind, world, lane=lane, progress=progress)


async def take(
    kind: Kind,
    world: World,
    *,
    lane: Lane = Lane.BACKFILL,
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> None:
    """Read every list page, newest first, then what moved to the front meanwhile."""
    reached = await _walk(kind, world, None, lane=lane, progress=progress)
    await _save(kind, world, reached)
    await keep_up(kind, world, lane=lane)


async def keep_up(kind: Kind, world: World, *, lane: Lane = Lane.LIVE) -> None:
    """Read what changed since the last look, and take in what somebody else did.

    Our own writes come back here as well: they equal the base and cost nothing more.
    """
    async with world.database.transaction() as tx:
        saved = await cursors.get(tx, identity.CURSOR[kind])
    if saved is None:
        return
    since = datetime.fromisoformat(saved["reached"])
    reached = await _walk(kind, world, since - OVERLAP, lane=lane)
    await _save(kind, world, max(reached, since))


async def _walk(
    kind: Kind,
    world: World,
    down_to: datetime | None,
    *,
    lane: Lane,
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> datetime:
    """Note the records of each page down to a moment; answer how far it can be trusted.

    The moment answered is that of the newest record old enough to be judged.
    """
    horizon = world.clock.now() - SETTLE
    reached = down_to or datetime.fromtimestamp(0, horizon.tzinfo)
    seen, number = 0, 1
    while True:
        page = await _page(kind, number, world, lane)
        fresh = [r for r in page.records if not down_to or r.updated_at >= down_to]
        await _note(kind, fresh, world, horizon)
        old_enough = [r.updated_at for r in fresh if r.updated_at <= horizon]
        reached = max([reached, *old_enough])
        seen += len(fresh)
        progress(seen, page.total)
        if len(fresh) < len(page.records) or not page.more:
            return reached
        number += 1


async def _page(kind: Kind, number: int, world: World, lane: Lane) -> CrmPage:
    """Read one page; quota is waited for, and by a backfill passing trouble as well.

    A poll passes trouble on: it comes again soon enough.
    """
    delays = iter(DELAYS if lane is Lane.BACKFILL else ())
    while True:
        try:
            return await world.crm.on(lane).page(kind, number)
        except RemoteError as error:
            if error.fault is Fault.THROTTLED:
                world.quota.hold(error.retry_after or THROTTLE_WAIT)
                continue
            delay = next(delays, None)
            if error.fault is not Fault.TRANSIENT or delay is None:
                raise
            await world.clock.sleep(error.retry_after or delay)


async def _note(
    kind: Kind, records: Sequence[CrmRecord], world: World, horizon: datetime
) -> None:
    async with world.database.transaction() as tx:
        await identity.put(tx, kind, records, at=world.clock.now())
        linked = await links.of_crm(tx, kind, [record.id for record in records])
    moved = [
        Change(
            ref=crm_ref(kind, record.id),
            revision=record.updated_at.isoformat(),
            seen_at=record.updated_at,
            lane=Lane.LIVE,
            source="poll",
        )
        for record in records
        if record.updated_at <= horizon
        and (link := linked.get(record.id))
        and has_moved(link, record)
    ]
    if moved:
        await world.intake.accept(moved)


def has_moved(link: Link, record: CrmRecord) -> bool:
    """Say whether the CRM's record differs from what both sides agreed on."""
    return any(
        name in record.fields and not same(record.fields[name], both.crm)
        for name, both in link.base.items()
    )


async def _save(kind: Kind, world: World, reached: datetime) -> None:
    value = {"reached": reached.isoformat()}
    async with world.database.transaction() as tx:
        await cursors.save(tx, identity.CURSOR[kind], value, at=world.clock.now())
