"""``crosswalk backfill``: bring everything over once, with a hand on the brake."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from getpass import getuser
from typing import Any, Final

from cyclopts import App

from crosswalk import bootstrap
from crosswalk.cli import summary
from crosswalk.cli.meter import Meter, duration
from crosswalk.cli.opening import open_store, open_world
from crosswalk.cli.output import (
    AsJson,
    Column,
    Exit,
    complain,
    say,
    show_json,
    show_rows,
)
from crosswalk.cli.signals import on_end
from crosswalk.domain.lint import Finding
from crosswalk.domain.model import Lane
from crosswalk.engine import backfill, steering
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.quiet import until_quiet
from crosswalk.engine.steering import NoBackfillError, steer
from crosswalk.engine.world import World
from crosswalk.store import pending, runs
from crosswalk.store.database import Database
from crosswalk.store.runs import State
from crosswalk.store.singleton import Role, Singleton, is_held
from crosswalk.store.tallies import Since

#: Seconds between two times that the process tells others how far it is.
TELL_EVERY: Final = 1.0
#: How each end of a run ends the command.
EXITS: Final[Mapping[State, Exit]] = {
    State.DONE: Exit.DONE,
    State.PAUSED: Exit.FINDINGS,
    State.CANCELLED: Exit.FAILED,
}
COLUMNS: Final = (Column(key="what", title=""), Column(key="value", title=""))

app = App(name="backfill")


@app.default
@app.command
async def start(*, json: AsJson = False) -> Exit:
    """Begin a backfill, or go on with the one that was paused or interrupted.

    Ctrl-C pauses it and keeps everything; nothing that is done is done again.
    """
    async with open_world() as world:
        return await _carry_on(world, as_json=json)


@app.command
async def resume(*, json: AsJson = False) -> Exit:
    """Let a paused backfill go on: where it was paused, or here if that has ended."""
    async with open_world() as world:
        steered = await _steer(world.database, "resume")
        async with world.database.transaction() as tx:
            held = await is_held(tx, Role.BACKFILL)
        if held:
            say(f"Backfill {steered.run.number} goes on where it was paused.")
            return Exit.DONE
        return await _carry_on(world, as_json=json)


@app.command
async def pause() -> Exit:
    """Pause the running backfill; changes of now are synced all the same."""
    async with open_store() as database:
        steered = await _steer(database, "pause")
    say(f"Backfill {steered.run.number} is paused; crosswalk backfill resume goes on.")
    return Exit.DONE


@app.command
async def cancel() -> Exit:
    """End the backfill for good; what it has brought over stays."""
    async with open_store() as database:
        steered = await _steer(database, "cancel")
    dropped = summary.plural(steered.dropped, "record")
    say(f"Backfill {steered.run.number} is cancelled; {dropped} left out.")
    return Exit.DONE


@app.command
async def status(*, json: AsJson = False) -> Exit:
    """Say how far the last backfill has come."""
    async with open_store() as database:
        facts = await _status(database)
    if facts is None:
        say("There is no backfill yet: crosswalk backfill start begins one.")
        if json:
            show_json(None)
    elif json:
        show_json(facts)
    else:
        told = [{"what": key, "value": value} for key, value in _worded(facts).items()]
        show_rows(told, COLUMNS, as_json=False)
    return Exit.DONE


async def _steer(database: Database, verb: str) -> steering.Steered:
    return await steer(database, verb, actor=getuser(), at=SystemClock().now())


async def _status(database: Database) -> dict[str, Any] | None:
    async with database.transaction() as tx:
        run = await steering.latest(tx)
        if run is None:
            return None
        held = await is_held(tx, Role.BACKFILL)
        due = await pending.due_by_lane(tx, by=SystemClock().now())
    told = {key: run.totals.get(key) for key in ("stage", "done", "total", "calls")}
    over = run.state not in {State.RUNNING, State.PAUSED}
    return {
        "backfill": run.number,
        "state": run.state,
        "working": held and not over,
        "started": run.started_at,
        "ended": run.ended_at,
        **told,
        "per_second": None if over else run.totals.get("per_second"),
        "seconds_left": None if over else run.totals.get("seconds_left"),
        "ready": due[Lane.BACKFILL],
    }


def _worded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the facts of a status to a person."""
    state = facts["state"]
    if state is State.RUNNING and not facts["working"]:
        state = "interrupted; crosswalk backfill start goes on"
    left = facts["seconds_left"]
    return {
        "backfill": facts["backfill"],
        "state": state,
        "started": f"{facts['started']:%Y-%m-%d %H:%M:%S}",
        "ended": facts["ended"] and f"{facts['ended']:%Y-%m-%d %H:%M:%S}",
        "stage": facts["stage"],
        "done": _of(facts["done"], facts["total"]),
        "records/s": facts["per_second"],
        "calls": facts["calls"],
        "left": left and duration(left),
        "waiting now": facts["ready"],
    }


def _of(done: int | None, total: int | None) -> str | None:
    if done is None:
        return None
    return f"{done:,}" if total is None else f"{done:,} of {total:,}"


async def _carry_on(world: World, *, as_json: bool) -> Exit:
    """Work on the backfill until it ends, unless another process does."""
    async with Singleton(world.database.url, Role.BACKFILL) as role:
        if not await role.claim():
            complain("nothing done", [_taken()])
            return Exit.FAILED
        number = await backfill.begin(world)
        began = await _began(number, world)
        with Meter(world) as meter:
            state = await _until_over(number, world, meter)
    if state is State.DONE:
        seen = dict.fromkeys(backfill.ORDER, 0)
        await summary.show(world, began, seen=seen, as_json=as_json)
    else:
        say(_last_word(number, state))
    return EXITS[state]


async def _began(number: int, world: World) -> summary.Start:
    """Tell where the run began to count, in this process or an earlier one."""
    here = await summary.start(world)
    async with world.database.transaction() as tx:
        run = await runs.show(tx, number)
        if run and "since" in run.totals:
            since = Since.from_json(run.totals["since"])
            return summary.Start(since=since, calls=here.calls, at=here.at)
        told = {"since": here.since.to_json()}
        await runs.tell(tx, number, told, at=world.clock.now())
    return here


async def _until_over(number: int, world: World, meter: Meter) -> State:
    """Work on a run until it ends or we are asked to pause it."""
    async with bootstrap.working(world):
        work = asyncio.create_task(_through_pauses(number, world, meter))
        telling = asyncio.create_task(_tell(number, world, meter))
        try:
            with on_end(work.cancel), suppress(asyncio.CancelledError):
                await work
        finally:
            telling.cancel()
        with suppress(NoBackfillError):
            # Still running: then it was we who were asked to end.
            await _steer(world.database, "pause")
        await _tell_once(number, world, meter)
        return await _state(number, world)


async def _through_pauses(number: int, world: World, meter: Meter) -> None:
    """Work on a run, and stand by while somebody has it paused."""
    state = await backfill.carry_on(number, world, progress=meter)
    while state is State.PAUSED:
        say("Paused; crosswalk backfill resume goes on.")
        while await _state(number, world) is State.PAUSED:
            await world.clock.sleep(TELL_EVERY)
        state = await backfill.carry_on(number, world, progress=meter)
    if state is State.DONE:
        await until_quiet(world)


async def _state(number: int, world: World) -> State:
    async with world.database.transaction() as tx:
        run = await runs.show(tx, number)
    return run.state if run else State.CANCELLED


async def _tell(number: int, world: World, meter: Meter) -> None:
    while True:
        await world.clock.sleep(TELL_EVERY)
        await _tell_once(number, world, meter)


async def _tell_once(number: int, world: World, meter: Meter) -> None:
    async with world.database.transaction() as tx:
        await runs.tell(tx, number, meter.facts(), at=world.clock.now())


def _last_word(number: int, state: State) -> str:
    if state is State.PAUSED:
        return f"Backfill {number} is paused; crosswalk backfill start goes on."
    return f"Backfill {number} was cancelled; what it brought over stays."


def _taken() -> Finding:
    return Finding(
        code="busy",
        at="backfill",
        what="another process works on it",
        remedy="crosswalk backfill status shows how far it is",
    )
