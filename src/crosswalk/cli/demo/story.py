"""The acts of the demo: seed, plan, backfill, tell what came of it, do it again."""

import asyncio
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crosswalk.cli import summary
from crosswalk.cli.demo import page
from crosswalk.cli.demo.people import Counter
from crosswalk.cli.demo.stage import Stage
from crosswalk.cli.meter import Meter
from crosswalk.cli.output import ERR, Column
from crosswalk.domain.model import Kind, Lane, shop_ref
from crosswalk.engine import backfill
from crosswalk.engine.pollers import poll_crm_once, poll_shop_once
from crosswalk.engine.preview import cost, preview
from crosswalk.engine.quiet import until_quiet
from crosswalk.engine.world import World
from crosswalk.simulators import sample
from crosswalk.store import links, pending, reviews

#: What each kind is on both sides.
PAIRS: Final = {
    Kind.PERSON: ("customers", "contacts"),
    Kind.COMPANY: ("companies", "accounts"),
}
PLAN: Final = (
    Column(key="pair", title=""),
    Column(key="create", title="create", number=True),
    Column(key="update", title="update", number=True),
    Column(key="none", title="unchanged", number=True),
    Column(key="review", title="review", number=True),
    Column(key="park", title="park", number=True),
)
OPEN: Final = (
    Column(key="records", title="", number=True),
    Column(key="why", title=""),
    Column(key="look", title=""),
)
#: What each sort of question means to a person.
SORTS: Final = {
    "ambiguous": "several contacts, one e-mail",
    "conflict": "a contact of another system",
    "shared": "two customers, one e-mail",
    "gone": "the contact is gone",
    "both_changed": "both sides changed it",
}
#: More rows than a demo's tables ever have.
ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What the acts share."""

    stage: Stage
    world: World
    customers: int
    seed: int
    #: Told by the first table, for the last.
    bulk_from: int

    @property
    def truth(self) -> sample.Truth:
        """What must come of the sample."""
        return sample.ground_truth(seed=self.seed, customers=self.customers)


async def fill(stage: Stage, *, customers: int, seed: int) -> None:
    """Pour the sample into both simulators."""
    page.heading("The shop", f"{customers:,} customers, seed {seed}")
    size = {"seed": seed, "customers": customers}
    await _pour("shop", stage.shop_url, sample.shop_records(**size))
    await _pour("CRM", stage.crm_url, sample.crm_records(**size))


async def _pour(
    name: str, url: str, records: Iterable[tuple[str, dict[str, Any]]]
) -> None:
    told = [0]
    with ERR.status(f"Filling the {name}") as status:

        def tell(stored: int) -> None:
            told.append(stored)
            status.update(f"Filling the {name}: {stored:,} records")

        await sample.seed(url, records, progress=tell)
    page.line(f"{name:<5}{told[-1]:>9,} records   {url}")


async def show_plan(play: Play) -> None:
    """Plan everything and show it small; nothing is written."""
    page.heading("The plan", "what a sync would write; nothing is written yet")
    with ERR.status("Planning"):
        planned = [one async for one in preview(play.world)]
    counted = {
        kind: Tally(p.verb for p in planned if p.ref.kind is kind) for kind in PAIRS
    }
    verbs = [column.key for column in PLAN[1:]]
    page.table(
        [
            {"pair": _pair(kind), **{verb: counted[kind][verb] for verb in verbs}}
            for kind in PAIRS
        ],
        PLAN,
    )
    page.line(
        f"It would take about {cost(planned, play.bulk_from):,} calls to the CRM."
    )


async def bring_over(play: Play) -> summary.Start:
    """Backfill everything, with a bar a stage; tell where it began."""
    page.heading("The backfill", "companies first: people are linked to them")
    began = await summary.start(play.world)
    number = await backfill.begin(play.world)
    with Meter(play.world) as meter:
        await backfill.carry_on(number, play.world, progress=meter)
        await until_quiet(play.world)
    return began


async def tell_result(play: Play, began: summary.Start) -> None:
    """Show what came of it: what is linked, what waits for a person, what it cost."""
    world = play.world
    seconds = world.clock.monotonic() - began.at
    calls = summary.calls(world) - began.calls
    truth, linked = play.truth, await _linked(world)
    records = truth.customers + truth.units
    page.heading("The result", f"{seconds:.1f} s")
    width = max(len(_pair(kind)) for kind in PAIRS)
    for kind, count in ((Kind.PERSON, truth.customers), (Kind.COMPANY, truth.units)):
        page.line(f"{_pair(kind):<{width}}   {linked[kind]:,} of {count:,} linked")
    page.line(
        f"{'calls to the CRM':<{width}}   {calls:,}, {calls / records:.2f} a record"
    )
    open_cases = await _open_cases(world)
    if open_cases:
        page.heading("Left to a person", "nothing was written for those in review")
        page.table(open_cases, OPEN)


async def repeat(play: Play) -> int:
    """Look at every linked record once more; answer the calls that wrote anything."""
    page.heading("Once more", "every linked record is loaded and compared again")
    counter = Counter(play.stage.crm_url)
    await counter.reset()
    world = play.world
    began = world.clock.monotonic()
    entities = [
        shop_ref(kind, link.shop_id).key
        for kind in Kind
        async for link in links.every(world.database, kind)
    ]
    async with world.database.transaction() as tx:
        woken = await pending.mark(
            tx,
            entities,
            lane=Lane.ACTION,
            at=world.clock.now(),
            source="demo",
            partitions=world.rules.partitions,
        )
    await world.wake.wake(woken)
    await poll_shop_once(world)
    await poll_crm_once(world)
    await until_quiet(world)
    writes = await counter.writes()
    seconds = world.clock.monotonic() - began
    page.line(f"{len(entities):,} records in {seconds:.1f} s, {writes} CRM write calls")
    return writes


async def differences(play: Play) -> Sequence[str]:
    """Say where the end differs from what must come of the sample."""
    counter, truth = Counter(play.stage.crm_url), play.truth
    async with play.world.database.transaction() as tx:
        in_review = len(await reviews.pile(tx, limit=ALL))
    contacts, accounts = await asyncio.gather(
        counter.records("contacts"), counter.records("sales_accounts")
    )
    return [
        f"{name}: {found:,} instead of {expected:,}"
        for name, found, expected in (
            ("contacts in the CRM", contacts, truth.contacts_at_end),
            ("accounts in the CRM", accounts, truth.accounts_at_end),
            ("customers in review", in_review, truth.in_review),
        )
        if found != expected
    ]


async def _linked(world: World) -> dict[Kind, int]:
    async with world.database.transaction() as tx:
        return dict(await links.count(tx))


async def _open_cases(world: World) -> list[dict[str, object]]:
    async with world.database.transaction() as tx:
        asked = Tally(review.sort for review in await reviews.pile(tx, limit=ALL))
        parked = Tally(row.because for row in await pending.parked(tx, limit=ALL))
    return [
        *(
            {
                "records": count,
                "why": SORTS.get(sort, sort),
                "look": f"crosswalk review list --sort {sort}",
            }
            for sort, count in sorted(asked.items())
        ),
        *(
            {
                "records": count,
                "why": f"parked, {cause.replace('_', ' ')}",
                "look": "crosswalk errors list",
            }
            for cause, count in sorted(parked.items())
        ),
    ]


def _pair(kind: Kind) -> str:
    return " -> ".join(PAIRS[kind])
