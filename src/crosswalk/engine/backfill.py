"""Bringing everything over once: resumable to the page, in its own lane."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

from crosswalk.domain.model import Json, Kind, Lane
from crosswalk.engine import census
from crosswalk.engine.poll import changes_of, poll_cursor, settled
from crosswalk.engine.quiet import LOOK_EVERY, SOON
from crosswalk.engine.world import World
from crosswalk.ports import Head, Mark
from crosswalk.store import cursors, pending, runs
from crosswalk.store.database import Transaction
from crosswalk.store.runs import State

#: Companies come first: people are linked to them.
ORDER: Final = (Kind.COMPANY, Kind.PERSON)
#: What a backfill is called among the runs.
NAME: Final = "backfill"
#: How far each kind has come, as the run keeps it.
Reached: TypeAlias = dict[str, dict[str, Json]]
#: Where the pages of a kind begin.
BEGINNING: Final[dict[str, Json]] = {
    "mark": asdict(Mark()),
    "taken": 0,
    "complete": False,
}
#: Entities that may wait before the next page is read: memory and lag stay flat.
AHEAD: Final = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a backfill has come."""

    #: "census company", "company", ..., "finish".
    stage: str
    done: int
    total: int | None


class _CancelledError(Exception):
    """Nobody wants the page any more; whatever was taken in with it is undone."""


async def begin(world: World) -> int:
    """Take up the backfill that was interrupted or paused, or start a new one."""
    now = world.clock.now()
    async with world.database.transaction() as tx:
        for run in await runs.latest(tx, kind=NAME, limit=1):
            if run.state in (State.RUNNING, State.PAUSED):
                await runs.turn(tx, run.number, State.RUNNING, at=now)
                return run.number
        return await runs.start(
            tx, NAME, options={}, at=now, config_hash=world.rules.hash
        )


async def carry_on(
    number: int, world: World, *, progress: Callable[[Progress], None]
) -> State:
    """Work on a run until it ends; answer done, paused or cancelled."""
    for kind in ORDER:
        await _census(kind, world, progress)
    for kind in ORDER:
        state = await _pages(number, kind, world, progress)
        if state is not State.RUNNING:
            return state
    async with world.database.transaction() as tx:
        await runs.turn(tx, number, State.DONE, at=world.clock.now())
    return State.DONE


async def _census(
    kind: Kind, world: World, progress: Callable[[Progress], None]
) -> None:
    def tell(seen: int, total: int | None) -> None:
        progress(Progress(stage=f"census {kind}", done=seen, total=total))

    await census.bring_up(kind, world, lane=Lane.BACKFILL, progress=tell)


async def _pages(
    number: int, kind: Kind, world: World, progress: Callable[[Progress], None]
) -> State:
    """Take in the pages of one kind, as far ahead of the drains as is sensible."""
    at = (await _cursor(number, world)).get(kind) or BEGINNING
    left = await world.shop.count(kind, after=Mark(**at["mark"]))
    total = None if left is None else at["taken"] + left

    def tell(waiting: int) -> None:
        done = max(0, at["taken"] - waiting)
        progress(Progress(stage=kind, done=done, total=total))

    while not at["complete"]:
        after = Mark(**at["mark"])
        page = await world.shop.page(kind, after=after)
        heads = settled(page, world.rules.settle)
        at = {
            "mark": asdict(heads[-1].mark if heads else after),
            "taken": at["taken"] + len(heads),
            "complete": len(heads) < len(page.heads) or not page.more,
        }
        await _take_in(number, {kind.value: at}, heads, world)
        state = await _until_room(number, AHEAD, world, tell)
        if state is not State.RUNNING:
            return state
    return await _until_room(number, 1, world, tell)


async def _take_in(
    number: int, reached: Reached, heads: Sequence[Head], world: World
) -> None:
    """Accept a page and save how far we are, both or neither; a cancelled run, none."""
    cursor = await _cursor(number, world)
    ((name, at),) = reached.items()
    kind = Kind(name)

    async def save(tx: Transaction) -> None:
        now = world.clock.now()
        state = await runs.progress(
            tx, number, cursor=cursor | reached, totals={}, at=now
        )
        if state is State.CANCELLED:
            raise _CancelledError
        if at["complete"]:
            # From here on the poll keeps up.
            await cursors.save(tx, poll_cursor(kind), at["mark"], at=now)

    changes = changes_of(
        heads, kind, world=world, lane=Lane.BACKFILL, source="backfill"
    )
    with suppress(_CancelledError):
        await world.intake.accept_with(changes, save)


async def _until_room(
    number: int, below: int, world: World, tell: Callable[[int], None]
) -> State:
    """Wait until fewer entities wait in our lane, or somebody stops the run."""
    while True:
        async with world.database.transaction() as tx:
            run = await runs.show(tx, number)
            due = await pending.due_by_lane(tx, by=world.clock.now() + SOON)
        waiting = due[Lane.BACKFILL]
        tell(waiting)
        state = run.state if run else State.CANCELLED
        if state is not State.RUNNING or waiting < below:
            return state
        if world.quota.refused:
            raise world.quota.refused
        await world.clock.sleep(LOOK_EVERY)


async def _cursor(number: int, world: World) -> dict[str, Json]:
    async with world.database.transaction() as tx:
        run = await runs.show(tx, number)
    return dict(run.cursor or {}) if run else {}
