"""A stretch of work is counted record by record, each once."""

import pytest

from crosswalk.domain.model import Kind, Ref, partition_of
from crosswalk.store import journal, tallies
from crosswalk.store.database import Database
from crosswalk.store.journal import Conclusion, Entry, State
from crosswalk.store.pending import Ends
from crosswalk.store.tallies import Since, Tally
from tests.notices import NOON, PARTITIONS, accept, due, ended, notice, person, settle
from tests.notices import take as take_partition

pytestmark = pytest.mark.anyio


async def begin(database: Database) -> Since:
    """Begin to count."""
    async with database.transaction() as tx:
        return await tallies.begin(tx)


async def count(database: Database, since: Since) -> Tally:
    """Count the people concerned."""
    async with database.transaction() as tx:
        return (await tallies.count(tx, since))[Kind.PERSON]


async def work_off(
    database: Database, ref: Ref, ends: Ends, *, wrote: bool = False
) -> None:
    """End the work on a record in some way, after a write if told so."""
    partition = partition_of(ref.key, PARTITIONS)
    fence = await take_partition(database, partition)
    row = next(row for row in await due(database, partition) if row.ref == ref)
    if wrote:
        async with database.transaction() as tx:
            entry = Entry(entity=ref.key, verb="update", fields={})
            (number,) = await journal.intend(tx, fence, [entry], at=NOON)
            done = Conclusion(number=number, state=State.DONE)
            await journal.conclude(tx, [done], at=NOON)
    await settle(database, fence, [ended(row, ends, because="test")])


async def test_each_record_counts_once_by_how_it_stands(database: Database) -> None:
    """
    Written, unchanged, in review, parked or waiting: one of them for each record.
    """
    names = ("written", "unchanged", "asked", "parked", "waiting")
    refs = {name: person(name) for name in names}
    since = await begin(database)
    await accept(database, *(notice(ref) for ref in refs.values()))
    await accept(database, notice(refs["written"], 2))
    await work_off(database, refs["written"], Ends.DONE, wrote=True)
    await work_off(database, refs["unchanged"], Ends.DONE)
    await work_off(database, refs["asked"], Ends.REVIEW)
    await work_off(database, refs["parked"], Ends.PARKED, wrote=True)
    told = await count(database, since)
    assert told == Tally(written=1, unchanged=1, review=1, parked=1, waiting=1)
    assert told.records == 5


async def test_what_was_before_does_not_count(database: Database) -> None:
    """
    Work of before the beginning is not counted, nor what a person noted since.
    """
    await accept(database, notice(person("anna")))
    await work_off(database, person("anna"), Ends.DONE, wrote=True)
    since = await begin(database)
    async with database.transaction() as tx:
        deed = "review link"
        key = person("anna").key
        await journal.note(tx, key, deed, actor="ann", answer={}, at=NOON)
    assert await count(database, since) == Tally()


async def test_a_beginning_can_be_kept(database: Database) -> None:
    """
    A beginning that was stored with a run is the same beginning when it is read.
    """
    await accept(database, notice(person("anna")))
    since = await begin(database)
    assert Since.from_json(since.to_json()) == since
