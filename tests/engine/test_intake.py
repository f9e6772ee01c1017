"""Changes are durable when the intake answers, and the drains are woken after that."""

import asyncio
from collections.abc import Collection

import psycopg
import pytest

from crosswalk.domain.model import Change, partition_of
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.intake import Intake
from crosswalk.store import cursors
from crosswalk.store.database import Database, Transaction
from tests.notices import CONFIG, NOON, PARTITIONS, balance, due, notice, person

pytestmark = pytest.mark.anyio
ANNA = person("anna")
HOME = partition_of(ANNA.key, PARTITIONS)


class Watcher:
    """Stands in for the drains: looks at the moment it is woken what there is to do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: Per call: how many entities were due, as another connection sees it.
        self.seen: list[int] = []

    async def wake(self, partitions: Collection[int]) -> None:
        """Count what the woken drains would find."""
        now = SystemClock().now()
        found = [await due(self._database, number, now) for number in partitions]
        self.seen.append(sum(len(rows) for rows in found))


class Nobody:
    """Cannot be woken."""

    async def wake(self, partitions: Collection[int]) -> None:
        """Fail."""
        raise ConnectionError(partitions)


def _intake(database: Database, wake: Watcher | Nobody) -> Intake:
    clock = SystemClock()
    return Intake(database, wake, clock, partitions=PARTITIONS, config_hash=CONFIG)


async def test_drains_are_woken_after_the_commit(database: Database) -> None:
    """
    Whoever is woken finds the rows there (trap a).
    """
    watcher = Watcher(database)
    intake = _intake(database, watcher)
    await intake.accept([notice(ANNA)])

    async def also(_: Transaction) -> None:
        assert watcher.seen in ([], [1])

    await intake.accept_with([notice(person("ben"))], also)
    assert [seen > 0 for seen in watcher.seen] == [True, True]


async def test_callers_share_commits(database: Database) -> None:
    """
    Two hundred callers at once are answered each for its own, by few commits.
    """
    watcher = Watcher(database)
    intake = _intake(database, watcher)
    batches: list[list[Change]] = [
        [notice(person(f"p{n}")), notice(person("same"))] for n in range(200)
    ]
    answers = await asyncio.gather(*(intake.accept(batch) for batch in batches))
    assert [answer.fresh for answer in answers].count(2) == 1
    assert sum(answer.fresh for answer in answers) == 201
    assert sum(answer.duplicates for answer in answers) == 199
    assert len(watcher.seen) <= 3
    assert await balance(database) == {"received": 201}


@pytest.mark.parametrize("version", [2**63, 2**70])
async def test_one_bad_change_harms_nobody_else(
    database: Database, version: int
) -> None:
    """
    A change that cannot be stored fails its own caller only.
    """
    intake = _intake(database, Watcher(database))
    bad = notice(person("bad"), version)
    answers = await asyncio.gather(
        intake.accept([notice(ANNA)]),
        intake.accept([bad]),
        intake.accept([notice(person("ben"))]),
        return_exceptions=True,
    )
    assert isinstance(answers[1], psycopg.DataError | TypeError)
    assert await balance(database) == {"received": 2}


async def test_a_cursor_is_saved_with_the_rows_it_covers(database: Database) -> None:
    """
    A page and its cursor are stored both or neither.
    """
    intake = _intake(database, Watcher(database))

    async def save(tx: Transaction) -> None:
        await cursors.save(tx, "page", 1, at=NOON)

    async def fail(tx: Transaction) -> None:
        await cursors.save(tx, "page", 2, at=NOON)
        raise LookupError

    await intake.accept_with([notice(ANNA)], save)
    with pytest.raises(LookupError):
        await intake.accept_with([notice(person("ben"))], fail)
    async with database.single() as tx:
        assert await cursors.get(tx, "page") == 1
    assert await balance(database) == {"received": 1}


async def test_drains_that_cannot_be_woken_lose_nothing(database: Database) -> None:
    """
    What is stored is acknowledged, even when nobody could be woken.
    """
    intake = _intake(database, Nobody())
    for name in ("anna", "ben"):
        assert (await intake.accept([notice(person(name))])).fresh == 1


async def test_a_caller_that_leaves_does_not_disturb_the_others(
    database: Database,
) -> None:
    """
    A caller cancelled while it waits leaves the intake working.
    """
    intake = _intake(database, Watcher(database))
    leaving = asyncio.create_task(intake.accept([notice(ANNA)]))
    staying = asyncio.create_task(intake.accept([notice(person("ben"))]))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).fresh == 1
    assert (await intake.accept([notice(person("cleo"))])).fresh == 1


async def test_nothing_is_acknowledged_that_was_not_stored(
    database_url: str,
) -> None:
    """
    Without a database the caller gets the error, and the next call works again.
    """
    async with await Database.open(database_url, min_size=1, max_size=1) as database:
        intake = _intake(database, Watcher(database))
        async with database.single() as tx:
            pid = tx.connection.info.backend_pid
        with psycopg.connect(database_url, autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with pytest.raises(psycopg.OperationalError):
            await intake.accept([notice(ANNA)])
        assert (await intake.accept([notice(ANNA)])).fresh == 1
