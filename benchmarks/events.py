"""From an event to the CRM: a customer changes, the contact follows.

The clock starts when the notice is handed to intake and stops when the engine has the
CRM's answer to the write that reflects it. Real worker, real HTTP, durable intake.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Final

from benchmarks.machine import Meter
from benchmarks.measures import Measure, Target, at_most, percentile
from benchmarks.passes import measured_pass
from benchmarks.shopper import Errand, Notice, shopping
from benchmarks.stage import Stage, open_world, set_stage
from crosswalk.domain.model import Change, Kind, shop_ref
from crosswalk.engine import quiet
from crosswalk.engine.world import World
from crosswalk.store import journal
from crosswalk.store.journal import Written

CUSTOMERS: Final = 2000
QUICK_CUSTOMERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Events at a steady rate."""

    #: What the new names begin with.
    name: str
    #: Events a second.
    rate: int
    seconds: float
    #: By percentile: the most milliseconds that are allowed.
    targets: Mapping[int, Target | None]


LOADS: Final = (
    Load(
        name="Steady", rate=100, seconds=20, targets={50: at_most(15), 99: at_most(75)}
    ),
    Load(name="Burst", rate=1000, seconds=5, targets={50: None, 99: None}),
)


async def to_the_crm(*, quick: bool) -> Sequence[Measure]:
    """Measure the latency at steady rates, over customers that are linked already."""
    async with set_stage(QUICK_CUSTOMERS if quick else CUSTOMERS) as stage:
        await measured_pass(stage)
        measures: list[Measure] = []
        async with open_world(stage.variables) as world:
            for load in LOADS:
                seconds = load.seconds / 20 if quick else load.seconds
                measures += await _under(load, round(load.rate * seconds), stage, world)
        return measures


async def _under(load: Load, count: int, stage: Stage, world: World) -> list[Measure]:
    errands = _errands(load, count, stage)
    stage.crm.forget_calls()
    meter = Meter()
    async with shopping(stage.shop.url, errands, rate=load.rate) as notices:
        handed_in = await _hand_in(notices, world)
    offered = meter.read()
    await quiet.until_quiet(world)
    spent = meter.read()
    _check_names(errands, stage)
    assert len(handed_in) == count, f"{len(handed_in)} of {count} were told"
    latencies = await _latencies(errands, handed_in, world)
    conditions = (
        f"{count:,} events over {len({e.id for e in errands}):,} customers, "
        f"{count / offered.seconds:,.0f}/s came, {stage.crm.writes():,} CRM writes"
    )
    return [
        *(
            Measure(
                name=f"event-to-crm.p{percent}@{load.rate}/s",
                value=percentile(latencies, percent),
                unit="ms",
                target=target,
                conditions=conditions,
            )
            for percent, target in load.targets.items()
        ),
        Measure(
            name=f"event-to-crm.rate@{load.rate}/s",
            value=count / spent.seconds,
            unit="events/s",
            conditions=f"{spent.cpu_seconds / count * 1e6:,.0f} us CPU an event",
        ),
    ]


def _errands(load: Load, count: int, stage: Stage) -> list[Errand]:
    """Rename the customers in turn; each name tells its errand's number."""
    return [
        Errand(
            number=number,
            id=id_,
            version=version,
            action={"action": "setFirstName", "firstName": f"{load.name} {number}"},
        )
        for number, (id_, version) in zip(
            range(1, count + 1), cycle(stage.customers()), strict=False
        )
    ]


async def _hand_in(notices: AsyncIterator[Notice], world: World) -> dict[int, datetime]:
    """Hand each notice to intake when it comes; answers when, by errand."""
    handed_in: dict[int, datetime] = {}
    async with asyncio.TaskGroup() as calls:
        async for notice in notices:
            now = world.clock.now()
            change = Change(
                ref=shop_ref(Kind.PERSON, notice.id),
                revision=str(notice.version),
                version=notice.version,
                seen_at=now,
                source="webhook",
            )
            handed_in[notice.errand] = now
            calls.create_task(world.intake.accept([change]))
    return handed_in


async def _latencies(
    errands: Iterable[Errand], handed_in: Mapping[int, datetime], world: World
) -> list[float]:
    """Tell, in milliseconds, how long after each notice its name was in the CRM.

    A name is there with the first write of that name or a later one.
    """
    own: defaultdict[str, list[Errand]] = defaultdict(list)
    for errand in errands:
        own[errand.id].append(errand)
    latencies: list[float] = []
    for id_, renamings in own.items():
        series = str(renamings[0].action["firstName"]).split()[0]
        async with world.database.transaction() as tx:
            key = shop_ref(Kind.PERSON, id_).key
            history = await journal.history(tx, key, limit=1000)
        written = {n: w.concluded_at for w in history if (n := _number(w, series))}
        for errand in renamings:
            there = min(at for n, at in written.items() if at and n >= errand.number)
            took = (there - handed_in[errand.number]).total_seconds()
            latencies.append(max(0.0, took) * 1000)
    return latencies


def _number(write: Written, series: str) -> int | None:
    """Tell which errand's name was written; None when it was no name of the series."""
    _, sent = write.fields.get("first_name", (None, ""))
    prefix, _, number = str(sent).partition(" ")
    return int(number) if prefix == series else None


def _check_names(errands: Sequence[Errand], stage: Stage) -> None:
    """See that every contact has the last name that its customer was given."""
    wanted = {errand.id: errand.action["firstName"] for errand in errands}
    held = {c["external_id"]: c["first_name"] for c in stage.crm.records("contacts")}
    wrong = {id_: held[id_] for id_, name in wanted.items() if held[id_] != name}
    assert not wrong, wrong
