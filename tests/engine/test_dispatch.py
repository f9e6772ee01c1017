"""Drains run one at a time a partition, and nothing keeps them from running again."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from crosswalk.domain.model import partition_of
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.dispatch import Waker, work
from crosswalk.engine.intake import Intake
from crosswalk.store import pending
from crosswalk.store.database import Database, FencedError
from crosswalk.store.jobs import QUEUE, TASK
from crosswalk.store.pending import Ends, Fence
from tests.notices import CONFIG, PARTITIONS, balance, ended, notice, person

pytestmark = pytest.mark.anyio
ANNA = person("anna")
HOME = partition_of(ANNA.key, PARTITIONS)
CLOCK = SystemClock()

#: A worker that takes a partition's job and never ends it.
STUCK = """
import asyncio, sys
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.dispatch import work
from crosswalk.store.database import Database
async def drain(fence):
    print(fence.partition, flush=True)
    await asyncio.Event().wait()
async def main():
    async with await Database.open(sys.argv[1]) as database:
        await work(
            database, drain, clock=SystemClock(), concurrency=4, stop=asyncio.Event()
        )
asyncio.run(main())
"""


class Worker:
    """Runs drains that settle what is due, and remembers what they did."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fences: list[Fence] = []
        self.running: set[int] = set()
        #: Done by each drain before it settles.
        self.before: Callable[[Fence], Awaitable[None]] | None = None

    async def drain(self, fence: Fence) -> None:
        """Settle what is due."""
        assert fence.partition not in self.running
        self.running.add(fence.partition)
        self.fences.append(fence)
        try:
            async with self.database.single() as tx:
                rows = await pending.due(tx, fence.partition, now=CLOCK.now())
            if self.before:
                await self.before(fence)
            async with self.database.transaction() as tx:
                outcomes = [ended(row) for row in rows]
                await pending.settle(tx, fence, outcomes, at=CLOCK.now())
        finally:
            self.running.discard(fence.partition)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run until the block is left."""
        stop = asyncio.Event()
        task = asyncio.create_task(
            work(self.database, self.drain, clock=CLOCK, concurrency=4, stop=stop)
        )
        try:
            yield
        finally:
            stop.set()
            await task


@pytest.fixture
def worker(database: Database) -> Worker:
    """Make a worker that is not running yet."""
    return Worker(database)


async def _take_in(database: Database, *versions: int) -> None:
    async with Waker(database) as wake:
        clock = SystemClock()
        intake = Intake(
            database, wake, clock, partitions=PARTITIONS, config_hash=CONFIG
        )
        await intake.accept([notice(ANNA, version) for version in versions])


async def _until(what: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await what():  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.01)


async def _all_done(database: Database, rows: int) -> None:
    async def done() -> bool:
        return await balance(database) == {"done": rows}

    await _until(done)


async def _jobs(database: Database) -> list[tuple[str, str]]:
    async with database.single() as tx:
        cursor = await tx.connection.execute(
            "SELECT status::text, lock FROM procrastinate_jobs ORDER BY id"
        )
        return [(row["status"], row["lock"]) for row in await cursor.fetchall()]


async def test_a_woken_drain_runs_and_leaves_no_job(
    database: Database, worker: Worker
) -> None:
    """
    A change is drained, and its job is gone afterwards (trap f).
    """
    async with worker.at_work():
        await _take_in(database, 1)
        await _all_done(database, 1)

        async def no_jobs() -> bool:
            return await _jobs(database) == []

        await _until(no_jobs)


async def test_at_most_one_drain_waits(database: Database) -> None:
    """
    However often a partition is woken, one job waits, and it waits for no moment
    (trap d).
    """
    async with Waker(database) as wake:
        await asyncio.gather(*(wake.wake([HOME, 3]) for _ in range(20)))
    async with Waker(database) as other:
        await other.wake([HOME])
    assert sorted(await _jobs(database)) == sorted(
        ("todo", f"drain:{number}") for number in (HOME, 3)
    )
    async with database.single() as tx:
        cursor = await tx.connection.execute(
            "SELECT count(*) AS rows FROM procrastinate_jobs "
            "WHERE scheduled_at IS NOT NULL"
        )
        assert await cursor.fetchone() == {"rows": 0}


async def test_our_jobs_are_those_that_procrastinate_would_make(
    database: Database, database_url: str
) -> None:
    """
    The statement that queues drains makes what Procrastinate's own call makes.
    """
    app = App(connector=PsycopgConnector(conninfo=database_url))
    lock = f"drain:{HOME}"
    deferrer = app.configure_task(TASK, queue=QUEUE, lock=lock, queueing_lock=lock)
    query = "SELECT to_jsonb(j) - 'id' AS job FROM procrastinate_jobs j"
    async with app.open_async(), database.single() as tx:
        await deferrer.defer_async(partition=HOME)
        theirs = await (await tx.connection.execute(query)).fetchall()
        await tx.connection.execute("DELETE FROM procrastinate_jobs")
        async with Waker(database) as wake:
            await wake.wake([HOME])
        assert await (await tx.connection.execute(query)).fetchall() == theirs
        with pytest.raises(AlreadyEnqueued):
            await deferrer.defer_async(partition=HOME)


async def test_a_change_during_a_drain_is_drained_next(
    database: Database, worker: Worker
) -> None:
    """
    What arrives while a drain runs is drained as soon as that has ended, by another
    in a higher epoch.
    """
    arrived = False

    async def meanwhile(_: Fence) -> None:
        nonlocal arrived
        if not arrived:
            arrived = True
            await _take_in(database, 2)

    worker.before = meanwhile
    async with worker.at_work():
        await _take_in(database, 1)
        await _all_done(database, 2)
    epochs = [fence.epoch for fence in worker.fences]
    assert len(epochs) >= 2
    assert epochs == sorted(set(epochs))


async def test_a_drain_that_raises_ends_its_job(
    database: Database, worker: Worker
) -> None:
    """
    A drain that raises while another waits leaves no job behind, and the next one
    works (trap b).
    """
    failures = 0

    async def fail(fence: Fence) -> None:
        nonlocal failures
        failures += 1
        if failures <= 3:
            async with Waker(database) as wake:
                await wake.wake([fence.partition])
            raise FencedError(0, 0) if failures == 2 else RuntimeError("broken")

    worker.before = fail
    async with worker.at_work():
        await _take_in(database, 1)
        await _all_done(database, 1)
    assert failures >= 4


async def test_what_is_due_later_is_woken_by_the_sweep(
    database: Database, worker: Worker
) -> None:
    """
    A row that nobody woke is found: a retry, or a crash between commit and wake-up.
    """

    class Nobody:
        async def wake(self, partitions: object) -> None:
            pass

    intake = Intake(
        database, Nobody(), CLOCK, partitions=PARTITIONS, config_hash=CONFIG
    )
    await intake.accept([notice(ANNA)])
    async with worker.at_work():
        await _all_done(database, 1)


async def test_word_that_a_crash_left_undone_is_acted_on(
    database: Database, worker: Worker
) -> None:
    """
    The sweep releases what a drain left word of and could not release itself.
    """
    await _take_in(database, 1)
    unit = "company:shop:acme"
    async with database.transaction() as tx:
        fence = await pending.take(tx, HOME, holder=1, job=1, at=CLOCK.now())
        (row,) = await pending.due(tx, HOME, now=CLOCK.now())
        wait = ended(row, Ends.WAIT, waits_for=unit)
        await pending.settle(tx, fence, [wait], at=CLOCK.now())
        await pending.follow_up_waiting(tx, [unit])
    async with worker.at_work():
        await _all_done(database, 1)


async def test_the_jobs_of_a_killed_worker_are_finished(
    database: Database, database_url: str, worker: Worker
) -> None:
    """
    After kill -9 of a worker in the middle of a drain the next worker finishes its
    job and drains the partition, although another job waits on its lock (trap c).
    """
    await _take_in(database, 1)
    stuck = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [sys.executable, "-c", STUCK, database_url], stdout=subprocess.PIPE, text=True
    )
    assert stuck.stdout
    said = await asyncio.to_thread(stuck.stdout.readline)
    assert said == f"{HOME}\n"
    await _take_in(database, 2)
    assert ("doing", f"drain:{HOME}") in await _jobs(database)
    async with worker.at_work():
        await asyncio.sleep(0)
        stuck.send_signal(signal.SIGKILL)
        stuck.communicate()
        await _all_done(database, 2)


async def test_a_worker_that_loses_the_database_goes_on(
    database: Database, database_url: str, worker: Worker
) -> None:
    """
    A worker whose every connection was cut works on as soon as it can connect.
    """
    async with worker.at_work():
        await _take_in(database, 1)
        await _all_done(database, 1)
        with psycopg.connect(database_url, autocommit=True) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
        with suppress(psycopg.OperationalError):
            await balance(database)
        await _take_in(database, 2)
        await _all_done(database, 2)


async def test_stopping_waits_for_the_drain_that_runs(
    database: Database, worker: Worker
) -> None:
    """
    Told to stop, a worker finishes the drain it is in (F37).
    """
    started, go_on = asyncio.Event(), asyncio.Event()

    async def linger(_: Fence) -> None:
        started.set()
        await go_on.wait()

    worker.before = linger
    async with worker.at_work():
        await _take_in(database, 1)
        await started.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert await balance(database) == {"done": 1}
