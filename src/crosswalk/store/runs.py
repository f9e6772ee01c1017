"""Pieces of work with a beginning and an end: backfills, passes, reconciliations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from psycopg.errors import UniqueViolation
from psycopg.rows import DictRow

from crosswalk.domain.faults import CrosswalkError
from crosswalk.domain.model import Document, Json
from crosswalk.store.database import Transaction, json


class State(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


#: From which states a run may come into each.
TURNS: Final[Mapping[State, tuple[State, ...]]] = {
    State.RUNNING: (State.PAUSED, State.FAILED),
    State.PAUSED: (State.RUNNING,),
    State.CANCELLED: (State.RUNNING, State.PAUSED),
    State.DONE: (State.RUNNING,),
    State.FAILED: (State.RUNNING,),
}


class BusyError(CrosswalkError):
    """Another backfill is running or paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands."""

    number: int
    kind: str
    state: State
    options: Document
    cursor: Json
    totals: Document
    started_at: datetime
    beat_at: datetime
    ended_at: datetime | None
    config_hash: str


async def start(
    tx: Transaction, kind: str, *, options: Document, at: datetime, config_hash: str
) -> int:
    """Open a run and answer its number.

    Raises:
        BusyError: A backfill is wanted while another is not over; the transaction
            is void.
    """
    try:
        number = await tx.value(
            "runs.start",
            kind=kind,
            options=json(dict(options)),
            at=at,
            config_hash=config_hash,
        )
    except UniqueViolation as error:
        raise BusyError(f"a {kind} is already running or paused") from error
    return int(number)


async def progress(
    tx: Transaction, number: int, *, cursor: Json, totals: Document, at: datetime
) -> State:
    """Keep how far a run has come; answers the state a person may have given it.

    What *totals* does not name stays as it was told.
    """
    state = await tx.value(
        "runs.progress",
        number=number,
        cursor=json(cursor),
        totals=json(dict(totals)),
        at=at,
    )
    return State(state)


async def tell(tx: Transaction, number: int, totals: Document, *, at: datetime) -> None:
    """Add to what is told of a run; what is told already and not named here stays."""
    await tx.run("runs.tell", number=number, totals=json(dict(totals)), at=at)


async def turn(tx: Transaction, number: int, state: State, *, at: datetime) -> bool:
    """Bring a run into another state; False when it may not come there from its own."""
    since = list(TURNS[state])
    turned = await tx.run("runs.turn", number=number, state=state, since=since, at=at)
    return turned == 1


async def show(tx: Transaction, number: int) -> Run | None:
    """Read one run."""
    row = await tx.row("runs.show", number=number)
    return _run(row) if row else None


async def latest(
    tx: Transaction, *, kind: str | None = None, limit: int = 20
) -> list[Run]:
    """Read runs, the latest first."""
    return [_run(row) for row in await tx.rows("runs.list", kind=kind, limit=limit)]


def _run(row: DictRow) -> Run:
    return Run(**{**row, "state": State(row["state"])})
