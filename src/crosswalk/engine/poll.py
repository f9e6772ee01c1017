"""Asking the shop what changed: keyset pages, the shop's clock, a look back."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from crosswalk.domain.model import Change, Kind, Lane, shop_ref
from crosswalk.engine.world import World
from crosswalk.ports import Head, Mark, ShopPage
from crosswalk.store import cursors
from crosswalk.store.database import Transaction


def poll_cursor(kind: Kind) -> str:
    """Name the cursor that says how far the polls of a kind have come."""
    return f"shop:{kind}"


def changes_of(
    heads: Sequence[Head], kind: Kind, *, world: World, lane: Lane, source: str
) -> list[Change]:
    """Turn listed records into notices.

    The configuration is part of the revision: a record that did not change is work
    again under another mapping, and none under the same one.
    """
    return [
        Change(
            ref=shop_ref(kind, head.id),
            revision=f"{head.version}/{world.rules.hash[:12]}",
            version=head.version,
            seen_at=head.modified_at,
            lane=lane,
            source=source,
        )
        for head in heads
    ]


async def poll_shop(
    kind: Kind,
    world: World,
    *,
    since: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Take in what changed in the shop since the last poll; answer how many notices.

    A page's cursor is saved with the rows it covers, never before and never backwards.
    """
    async with world.database.transaction() as tx:
        saved = Mark(**(await cursors.get(tx, poll_cursor(kind)) or {}))
    after = Mark(modified_at=_text(since)) if since else _look_back(saved, world)
    total = 0
    while True:
        page = await world.shop.page(kind, after=after)
        heads = settled(page, world.rules.settle)
        if heads:
            after = heads[-1].mark
            saved = max(saved, after)
            await _take_in(heads, kind, world, reached=saved)
            total += len(heads)
            progress(len(heads))
        if len(heads) < len(page.heads) or not page.more:
            return total


def settled(page: ShopPage, settle: float) -> Sequence[Head]:
    """Leave out what is too young: a listing may still lack its neighbours.

    The shop tells its time in whole seconds, so without a settle time nothing is young.
    """
    if not settle:
        return page.heads
    horizon = page.at - timedelta(seconds=settle)
    return [head for head in page.heads if head.modified_at <= horizon]


async def _take_in(
    heads: Sequence[Head], kind: Kind, world: World, *, reached: Mark
) -> None:
    async def save(tx: Transaction) -> None:
        name, now = poll_cursor(kind), world.clock.now()
        await cursors.save(tx, name, asdict(reached), at=now)

    changes = changes_of(heads, kind, world=world, lane=Lane.LIVE, source="poll")
    await world.intake.accept_with(changes, save)


def _look_back(mark: Mark, world: World) -> Mark:
    if not mark.modified_at:
        return mark
    at = datetime.fromisoformat(mark.modified_at)
    return Mark(modified_at=_text(at - timedelta(seconds=world.rules.overlap)))


def _text(at: datetime) -> str:
    """Spell a moment as the shop does: milliseconds, Z."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
