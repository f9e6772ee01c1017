"""The work of a partition ends in one of the known ways, and only in its own name."""

import asyncio
from contextlib import suppress

import pytest

from crosswalk.domain.model import Kind, Lane, Link, partition_of, shop_ref
from crosswalk.store import links, pending, runs
from crosswalk.store.database import Database, FencedError
from crosswalk.store.pending import Ends, Fence, PendingRow
from tests.notices import (
    NOON,
    PARTITIONS,
    accept,
    balance,
    due,
    ended,
    later,
    notice,
    person,
    settle,
    stands,
    take,
)

pytestmark = pytest.mark.anyio
ANNA = person("anna")
HOME = partition_of(ANNA.key, PARTITIONS)
UNIT = shop_ref(Kind.COMPANY, "acme")


async def _begin(database: Database) -> tuple[Fence, PendingRow]:
    await accept(database, notice(ANNA, 1))
    fence = await take(database, HOME)
    (row,) = await due(database, HOME)
    return fence, row


async def test_each_epoch_is_higher_than_the_one_before(database: Database) -> None:
    """
    A partition's epochs only rise, even when they are taken at the same moment.
    """
    fences = await asyncio.gather(*(take(database, HOME) for _ in range(8)))
    assert len({fence.epoch for fence in fences}) == 8
    last = await take(database, HOME)
    assert last.epoch > max(fence.epoch for fence in fences)


async def test_an_older_drain_may_not_settle(database: Database) -> None:
    """
    A drain whose partition was taken over writes nothing (F36, I9).
    """
    fence, row = await _begin(database)
    await take(database, HOME)
    with pytest.raises(FencedError):
        await settle(database, fence, [ended(row)])
    assert await balance(database) == {"received": 1}


async def test_a_takeover_waits_for_a_commit_under_way(database: Database) -> None:
    """
    Nobody takes a partition over between a drain's check and its commit.
    """
    fence, row = await _begin(database)
    async with database.transaction() as tx:
        await pending.settle(tx, fence, [ended(row)], at=NOON)
        takeover = asyncio.create_task(take(database, HOME))
        _, running = await asyncio.wait([takeover], timeout=0.2)
        assert running
    assert (await takeover).epoch > fence.epoch
    assert await balance(database) == {"done": 1}


@pytest.mark.parametrize("ends", [Ends.DONE, Ends.SUPERSEDED, Ends.IGNORED])
async def test_a_finished_entity_is_no_longer_pending(
    database: Database, ends: Ends
) -> None:
    """
    What is done, superseded or ignored leaves the pending set; the ledger says why.
    """
    fence, row = await _begin(database)
    await settle(database, fence, [ended(row, ends, because="rule 1")])
    assert await stands(database, ANNA.key) is None
    assert await balance(database) == {str(ends): 1}


async def test_what_changed_meanwhile_stays_ready(database: Database) -> None:
    """
    An entity that changed while it was worked on is done for its older changes only.
    """
    fence, row = await _begin(database)
    await accept(database, notice(ANNA, 2), at=later(5))
    await settle(database, fence, [ended(row)])
    (again,) = await due(database, HOME, later(5))
    assert (again.version, again.first_at) == (2, later(5))
    assert await balance(database) == {"done": 1, "received": 1}


async def test_a_change_that_commits_during_the_settling_is_kept(
    database: Database,
) -> None:
    """
    A change whose intake commits after the settling began is not lost with the row.
    """
    fence, row = await _begin(database)
    async with database.transaction() as tx:
        await pending.settle(tx, fence, [ended(row)], at=NOON)
        intake = asyncio.create_task(accept(database, notice(ANNA, 2)))
        _, running = await asyncio.wait([intake], timeout=0.2)
        assert running
    assert (await intake).fresh == 1
    assert [row.version for row in await due(database, HOME)] == [2]


async def test_a_retry_is_due_when_it_says(database: Database) -> None:
    """
    A retry keeps its attempts, takes the lane of retries and waits for its time.
    """
    fence, row = await _begin(database)
    retry = ended(row, Ends.RETRY, not_before=later(30), attempts=1, because="remote")
    await settle(database, fence, [retry])
    assert await due(database, HOME, later(29)) == []
    (again,) = await due(database, HOME, later(30))
    assert (again.attempts, again.lane) == (1, Lane.RETRY)
    assert await balance(database) == {"received": 1}


async def test_a_parked_entity_says_why(database: Database) -> None:
    """
    The error queue lists what is parked with its reason, and can be filtered by it.
    """
    fence, row = await _begin(database)
    parked = ended(row, Ends.PARKED, because="E101", detail={"what": "\0 is no text"})
    await settle(database, fence, [parked])
    async with database.transaction() as tx:
        (listed,) = await pending.parked(tx, because="E101")
        assert await pending.parked(tx, because="E102") == []
    assert (listed.entity, listed.detail) == (ANNA.key, {"what": "\ufffd is no text"})
    assert await balance(database) == {"parked": 1}


async def test_a_waiting_entity_is_woken_by_the_one_it_waits_for(
    database: Database,
) -> None:
    """
    Who waits for an entity is ready once word was left for it and released.
    """
    fence, row = await _begin(database)
    await settle(database, fence, [ended(row, Ends.WAIT, waits_for=UNIT.key)])
    assert await due(database, HOME) == []
    async with database.transaction() as tx:
        await pending.follow_up_waiting(tx, [UNIT.key])
    assert await pending.release(database, at=NOON) == {HOME}
    assert len(await due(database, HOME)) == 1
    assert await pending.release(database, at=NOON) == frozenset()


async def test_nobody_waits_for_what_is_linked_already(database: Database) -> None:
    """
    An entity whose wait would begin after the link was made is ready at once.
    """
    fence, row = await _begin(database)
    async with database.transaction() as tx:
        unit = Link(kind=Kind.COMPANY, shop_id="acme", crm_id="5", rule="id")
        await links.reserve(tx, [unit], at=NOON)
    await settle(database, fence, [ended(row, Ends.WAIT, waits_for=UNIT.key)])
    assert len(await due(database, HOME)) == 1


async def test_a_wait_and_its_end_do_not_miss_each_other(database: Database) -> None:
    """
    Who starts to wait while the link is being committed is found by the release.
    """
    fence, row = await _begin(database)
    async with database.transaction() as tx:
        wait = ended(row, Ends.WAIT, waits_for=UNIT.key)
        await pending.settle(tx, fence, [wait], at=NOON)
        async with database.transaction() as other:
            unit = Link(kind=Kind.COMPANY, shop_id="acme", crm_id="5", rule="id")
            await links.reserve(other, [unit], at=NOON)
            await pending.follow_up_waiting(other, [UNIT.key])
        release = asyncio.create_task(pending.release(database, at=NOON))
        await asyncio.wait([release], timeout=0.2)
    assert await release == {HOME}
    assert len(await due(database, HOME)) == 1


async def test_nothing_waits_for_ever(database: Database) -> None:
    """
    A waiting entity is looked at again after an hour, woken or not.
    """
    fence, row = await _begin(database)
    await settle(database, fence, [ended(row, Ends.WAIT, waits_for=UNIT.key)])
    assert await due(database, HOME, later(3599)) == []
    assert len(await due(database, HOME, later(3600))) == 1


async def test_a_marked_entity_is_ready_whatever_it_was(database: Database) -> None:
    """
    A person's mark takes an entity out of review and is entered in the ledger.
    """
    fence, row = await _begin(database)
    await settle(database, fence, [ended(row, Ends.REVIEW, because="V101")])
    async with database.transaction() as tx:
        woken = await pending.mark(
            tx,
            [ANNA.key],
            lane=Lane.ACTION,
            at=NOON,
            source="desk",
            partitions=PARTITIONS,
        )
    assert woken == {HOME}
    assert len(await due(database, HOME)) == 1
    assert await balance(database) == {"review": 1, "received": 1}


async def test_a_follow_up_leaves_an_open_question_alone(database: Database) -> None:
    """
    Word left for an entity in review counts as a change and wakes nobody.
    """
    fence, row = await _begin(database)
    await settle(database, fence, [ended(row, Ends.REVIEW, because="V101")])
    async with database.transaction() as tx:
        await pending.follow_up(
            tx, [ANNA.key], lane=Lane.LIVE, source="member", partitions=PARTITIONS
        )
    assert await pending.release(database, at=NOON) == frozenset()
    assert (await stands(database, ANNA.key))["state"] == "review"


async def test_word_left_in_a_transaction_that_fails_was_never_left(
    database: Database,
) -> None:
    """
    A drain that does not commit concerns nobody else.
    """
    with suppress(LookupError):
        async with database.transaction() as tx:
            await pending.follow_up(
                tx, [ANNA.key], lane=Lane.LIVE, source="x", partitions=PARTITIONS
            )
            raise LookupError
    assert await pending.release(database, at=NOON) == frozenset()


async def test_urgent_work_goes_first(database: Database) -> None:
    """
    What is due comes by lane, then by arrival.
    """
    everybody = [person(f"n{number}") for number in range(200)]
    first, second, third = [
        ref for ref in everybody if partition_of(ref.key, PARTITIONS) == HOME
    ][:3]
    await accept(database, notice(first, lane=Lane.BACKFILL))
    await accept(database, notice(second, lane=Lane.LIVE), at=later(2))
    await accept(database, notice(third, lane=Lane.LIVE), at=later(1))
    rows = await due(database, HOME, later(2))
    assert [row.ref for row in rows] == [third, second, first]


async def test_due_partitions_are_those_with_something_to_do(
    database: Database,
) -> None:
    """
    The sweep finds exactly the partitions with something due by now.
    """
    accepted = await accept(database, *(notice(person(f"p{n}")) for n in range(5)))
    async with database.transaction() as tx:
        assert await pending.due_partitions(tx, now=NOON) == accepted.partitions
        assert await pending.due_partitions(tx, now=later(-1)) == frozenset()
        assert await pending.next_due(tx) == NOON
        counted = await pending.counts(tx)
        assert (await pending.due_by_lane(tx, by=NOON))[Lane.LIVE] == 5
    assert (counted["ready"].rows, counted["parked"].rows) == (5, 0)
    assert counted["ready"].oldest == NOON


async def test_the_ledger_adds_up_whatever_happens(database: Database) -> None:
    """
    Every change received is in exactly one state, however its entity ended (P6).
    """
    people = [person(f"p{number}") for number in range(30)]
    await accept(database, *(notice(ref) for ref in people))
    ends = (Ends.DONE, Ends.IGNORED, Ends.PARKED, Ends.RETRY, Ends.REVIEW)
    for partition in range(PARTITIONS):
        fence = await take(database, partition)
        rows = await due(database, partition)
        also = {"because": "x", "not_before": later(9)}
        outcomes = [
            ended(row, ends[place % len(ends)], **also)
            for place, row in enumerate(rows)
        ]
        await settle(database, fence, outcomes)
    assert sum((await balance(database)).values()) == 30


async def test_a_paused_backfill_wakes_nobody(database: Database) -> None:
    """
    While the backfill is paused its rows are not due, and no partition is woken.
    """
    await accept(database, notice(ANNA, lane=Lane.BACKFILL))
    async with database.transaction() as tx:
        number = await runs.start(tx, "backfill", options={}, at=NOON, config_hash="c")
        assert await pending.due_partitions(tx, now=NOON) == {HOME}
        await runs.turn(tx, number, runs.State.PAUSED, at=NOON)
        assert await pending.due_partitions(tx, now=NOON) == frozenset()
        assert await pending.due(tx, HOME, now=NOON) == []
