"""How a pass ended: a table of records by how they stand, and what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from crosswalk.cli.output import Column, say, show_json, show_rows
from crosswalk.domain.model import Kind
from crosswalk.engine.world import World
from crosswalk.store import tallies
from crosswalk.store.tallies import Since, Tally

#: How people call each kind.
NAMES: Final[Mapping[Kind, str]] = {Kind.COMPANY: "companies", Kind.PERSON: "people"}
COLUMNS: Final = (
    Column(key="kind", title=""),
    Column(key="seen", title="seen", number=True),
    Column(key="written", title="written", number=True),
    Column(key="unchanged", title="unchanged", number=True),
    Column(key="review", title="in review", number=True),
    Column(key="parked", title="parked", number=True),
    Column(key="waiting", title="waiting", number=True),
)
#: Where a person looks next, by what is there to see.
LOOK_AT: Final[Mapping[str, str]] = {
    "review": "crosswalk review list shows what waits for a decision.",
    "parked": "crosswalk errors list shows what is parked and why.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a stretch of work begins."""

    since: Since
    calls: int
    at: float


async def start(world: World) -> Start:
    """Begin to count."""
    async with world.database.transaction() as tx:
        since = await tallies.begin(tx)
    return Start(since=since, calls=calls(world), at=world.clock.monotonic())


def calls(world: World) -> int:
    """Count the calls to the CRM that this process has spent."""
    return sum(world.quota.spent.values())


async def show(
    world: World, began: Start, *, seen: Mapping[Kind, int], as_json: bool
) -> None:
    """Print what became of the records, what it cost and where to look next."""
    async with world.database.transaction() as tx:
        counted = await tallies.count(tx, began.since)
    rows = [_row(kind, counted[kind], seen[kind]) for kind in Kind if kind in seen]
    spent = calls(world) - began.calls
    seconds = world.clock.monotonic() - began.at
    if as_json:
        show_json({"records": rows, "calls": spent, "seconds": round(seconds, 3)})
        return
    show_rows(rows, COLUMNS, as_json=False)
    say(f"{plural(spent, 'call')} to the CRM in {seconds:.1f} s.")
    for line in _hints(rows):
        say(line)


def plural(count: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(kind: Kind, tally: Tally, seen: int) -> dict[str, Any]:
    """Tell one kind; what was seen and not even taken in is unchanged as well."""
    known = max(0, seen - tally.records)
    told = asdict(tally) | {"unchanged": tally.unchanged + known}
    return {"kind": NAMES[kind], "seen": tally.records + known} | told


def _hints(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line for key, line in LOOK_AT.items() if any(row[key] for row in rows)]
