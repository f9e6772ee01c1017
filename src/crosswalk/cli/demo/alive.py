"""The living shop: somebody changes something, and it arrives in the CRM."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.cells import set_cell_size
from rich.text import Text

from crosswalk.cli import summary
from crosswalk.cli.demo import page
from crosswalk.cli.demo.people import ShopFront
from crosswalk.cli.demo.story import Play
from crosswalk.cli.output import OUT
from crosswalk.domain.model import Kind, Ref, Side, shop_ref
from crosswalk.engine.pollers import poll_crm_once, poll_shop_once, poll_side
from crosswalk.engine.world import World
from crosswalk.simulators import sample
from crosswalk.simulators.sample import ShopChange
from crosswalk.store import journal, links
from crosswalk.store.journal import Written

#: Seconds between two changes, and between two looks at the shop.
CHANGE_EVERY: Final = 3.0
LOOK_EVERY: Final = 0.25
#: Seconds between two looks whether a change has arrived, and until we stop looking.
GLANCE: Final = 0.02
PATIENCE: Final = 20.0
#: So many changes between two looks at the CRM.
CRM_EVERY: Final = 20
#: The columns: who, what, what was written where, after how long, for how many calls.
WIDTHS: Final = (22, 27, 46)


#: How the simulated CRM is asked, as the real one.
AUTHORIZATION: Final = "Authorization: Token token=sample-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A change that arrived."""

    #: What was written; None when there was nothing to write.
    written: Written | None
    #: When it was written, or known to need no write.
    at: datetime


def explain_where(play: Play) -> None:
    """Say where to look, from another terminal."""
    stage = play.stage
    page.heading("Look inside", "from another terminal")
    for text in (
        f". {stage.environ_file}",
        "crosswalk review list          # who waits for a decision",
        "crosswalk errors list          # what is parked, and why",
        f"curl -H '{AUTHORIZATION}' {stage.crm_url}/api/contacts/filters",
        f"curl {stage.shop_url}/_control/calls/summary",
    ):
        page.line(text)


async def keep_alive(play: Play) -> None:
    """Let somebody change something every few seconds, until cancelled."""
    page.heading(
        "The shop is alive", f"a change every {CHANGE_EVERY:.0f} s; Ctrl-C ends it"
    )
    _row(("who", "what", "in the CRM"), "after", "calls", style="dim")
    stop = asyncio.Event()
    world = play.world
    polling = asyncio.create_task(
        poll_side(Side.SHOP, poll_shop_once, world, every=LOOK_EVERY, stop=stop)
    )
    try:
        async with ShopFront(play.stage.environ) as front:
            changes = sample.changes(seed=play.seed, customers=play.customers)
            for number, change in enumerate(changes, start=1):
                await _happen(change, front, world)
                await world.clock.sleep(CHANGE_EVERY)
                if number % CRM_EVERY == 0:
                    await poll_crm_once(world)
    finally:
        stop.set()
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def _happen(change: ShopChange, front: ShopFront, world: World) -> None:
    """Make a change in the shop, wait for it in the CRM and tell both."""
    before = summary.calls(world)
    record = await front.make(change)
    made_at = world.clock.now()
    ref = _ref(change, record)
    what = change.summary.split(" ", 2)[-1]
    arrival = await _arrival(ref, record["version"], world, since=made_at)
    if arrival is None:
        _row((_who(record), what, "still on its way"), "", "")
        return
    latency = (arrival.at - made_at).total_seconds() * 1000
    calls = summary.calls(world) - before
    _row(
        (_who(record), what, _deed(arrival.written)),
        f"{max(latency, 0):,.0f} ms",
        str(calls),
        style="" if arrival.written else "dim",
    )


async def _arrival(
    ref: Ref, version: int, world: World, *, since: datetime
) -> Arrival | None:
    """Wait until the base reflects a version; None when patience ends first."""
    end = world.clock.monotonic() + PATIENCE
    while world.clock.monotonic() < end:
        async with world.database.transaction() as tx:
            link = (await links.of_shop(tx, ref.kind, [ref.id])).get(ref.id)
            if link and link.shop_version >= version:
                newest = await journal.history(tx, ref.key, limit=1)
                fresh = [row for row in newest if row.at >= since]
                written = fresh[0] if fresh else None
                at = written and written.concluded_at
                return Arrival(written=written, at=at or world.clock.now())
        await world.clock.sleep(GLANCE)
    return None


def _ref(change: ShopChange, record: dict[str, Any]) -> Ref:
    if change.resource == "customers":
        return shop_ref(Kind.PERSON, record["id"])
    return shop_ref(Kind.COMPANY, record["key"])


def _who(record: dict[str, Any]) -> str:
    names = (record.get("firstName"), record.get("lastName"))
    person = " ".join(name.strip() for name in names if name)
    return str(record.get("name") or person or record["email"])


def _deed(written: Written | None) -> str:
    """Tell what was written: one field and its value, and how many others."""
    if written is None:
        return "nothing to write"
    (name, (_, sent)), *others = written.fields.items()
    also = f" and {len(others)} more" if others else ""
    room = WIDTHS[-1] - len(also)
    text = f"{name} = {sent}"
    return (text if len(text) <= room else f"{text[: room - 1]}…") + also


def _row(
    cells: tuple[str, str, str], after: str, calls: str, *, style: str = ""
) -> None:
    """Print one line of the living shop, names of any script aligned."""
    sized = zip(cells, WIDTHS, strict=True)
    left = "  ".join(set_cell_size(cell, width) for cell, width in sized)
    OUT.print(Text(f"  {left}  {after:>9}  {calls:>5}", style=style), soft_wrap=True)
