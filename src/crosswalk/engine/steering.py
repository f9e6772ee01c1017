"""What a person may do with the backfill: pause it, let it go on, cancel it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crosswalk.domain.faults import CrosswalkError
from crosswalk.domain.model import Lane
from crosswalk.engine.backfill import NAME
from crosswalk.store import journal, pending, runs
from crosswalk.store.database import Database, Transaction
from crosswalk.store.runs import Run, State

#: The rule that the ledger names for what a cancelled backfill leaves undone.
CANCELLED: Final = "cancelled"
#: What each word of a person makes of a run.
STATES: Final[Mapping[str, State]] = {
    "pause": State.PAUSED,
    "resume": State.RUNNING,
    "cancel": State.CANCELLED,
}


class NoBackfillError(CrosswalkError):
    """There is no backfill that this could be done with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What came of it."""

    run: Run
    #: Records that are left undone.
    dropped: int


async def latest(tx: Transaction) -> Run | None:
    """Read the backfill that was begun last."""
    return next(iter(await runs.latest(tx, kind=NAME, limit=1)), None)


async def steer(database: Database, verb: str, *, actor: str, at: datetime) -> Steered:
    """Carry out a person's word about the backfill; its process notices by itself.

    Raises NoBackfillError when the last backfill is not in a state to do that.
    """
    async with database.transaction() as tx:
        run = await latest(tx)
        if run is None:
            raise NoBackfillError("there is no backfill yet: crosswalk backfill start")
        if not await runs.turn(tx, run.number, STATES[verb], at=at):
            raise NoBackfillError(
                f"backfill {run.number} is {run.state}: cannot {verb}"
            )
        told = {"was": run.state}
        subject, deed = f"run:{run.number}", f"backfill {verb}"
        await journal.note(tx, subject, deed, actor=actor, answer=told, at=at)
    dropped = 0
    if STATES[verb] is State.CANCELLED:
        # Not before that is known: until then its process may bring another page.
        async with database.transaction() as tx:
            dropped = await pending.drop_lane(tx, Lane.BACKFILL, because=CANCELLED)
    return Steered(run=run, dropped=dropped)
