"""What a person says about the backfill holds, and is written down."""

import asyncio

import pytest

from crosswalk.domain.model import Kind, shop_ref
from crosswalk.engine import backfill
from crosswalk.engine.steering import NoBackfillError, steer
from crosswalk.store import journal, ledger
from crosswalk.store.runs import State
from tests.worlds import Town

pytestmark = pytest.mark.anyio


async def say(here: Town, verb: str) -> int:
    """Say something about the backfill; answer how many records it leaves out."""
    database, now = here.world.database, here.clock.now()
    return (await steer(database, verb, actor="ann", at=now)).dropped


async def carry_on_until(here: Town, number: int, verb: str) -> State:
    """Carry a backfill on; when its first page is in, a person says something."""
    there = asyncio.Event()

    def tell(progress: backfill.Progress) -> None:
        if progress.stage == Kind.PERSON:
            there.set()

    work = asyncio.create_task(backfill.carry_on(number, here.world, progress=tell))
    await there.wait()
    await say(here, verb)
    return await work


async def test_what_a_person_said_is_in_the_journal(here: Town) -> None:
    """
    Who paused the backfill, and how it stood before, can be read later.
    """
    number = await backfill.begin(here.world)
    await say(here, "pause")
    async with here.world.database.transaction() as tx:
        (line,) = await journal.history(tx, f"run:{number}")
    assert (line.verb, line.cause) == ("backfill pause", "ann")
    assert line.answer == {"was": "running"}


async def test_a_paused_one_is_taken_up_by_the_next_beginning(here: Town) -> None:
    """
    A pause ends the work and keeps its place; nothing of it is worked on meanwhile.
    """
    customer = here.add_customer("ada@example.com")
    number = await backfill.begin(here.world)
    assert await carry_on_until(here, number, "pause") is State.PAUSED
    for partition in range(here.world.rules.partitions):
        await here.drain_one(partition)
    assert here.contacts() == []
    assert await backfill.begin(here.world) == number
    await here.drain()
    assert here.contact(customer)["email"] == "ada@example.com"


async def test_a_cancelled_one_leaves_nothing_to_do(here: Town) -> None:
    """
    What a cancelled backfill had not done is ignored by a rule that the ledger names.
    """
    customer = here.add_customer("ada@example.com")
    number = await backfill.begin(here.world)
    assert await carry_on_until(here, number, "cancel") is State.CANCELLED
    assert await here.pending() == {}
    async with here.world.database.transaction() as tx:
        (row,) = await ledger.of_ref(tx, shop_ref(Kind.PERSON, customer))
    assert (row.state, row.because) == (ledger.State.IGNORED, "cancelled")


async def test_a_change_of_now_outlives_the_backfill(here: Town) -> None:
    """
    A record that changes while a backfill waits with it is not left out with that.
    """
    customer = here.add_customer("ada@example.com")
    number = await backfill.begin(here.world)
    await carry_on_until(here, number, "pause")
    here.change(customer, {"action": "setFirstName", "firstName": "Ada"})
    await here.sync()
    assert await say(here, "cancel") == 0
    assert here.contact(customer)["first_name"] == "Ada"


async def test_no_page_comes_after_a_cancellation(here: Town) -> None:
    """
    A page that is read while the backfill is cancelled is not taken in.
    """
    here.add_customer("ada@example.com")
    number = await backfill.begin(here.world)
    await say(here, "cancel")
    state = await backfill.carry_on(number, here.world, progress=lambda _: None)
    assert state is State.CANCELLED
    assert await here.pending() == {}


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
async def test_what_is_over_stays_over(here: Town, verb: str) -> None:
    """
    With no backfill, or one that ended, nothing can be done, and that is said.
    """
    with pytest.raises(NoBackfillError):
        await say(here, verb)
    number = await backfill.begin(here.world)
    await backfill.carry_on(number, here.world, progress=lambda _: None)
    with pytest.raises(NoBackfillError, match="is done"):
        await say(here, verb)
