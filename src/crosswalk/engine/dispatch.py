"""Which drain runs when: Procrastinate's workers, and what keeps them honest.

The pending rows are the truth, a job is only a wake-up. So jobs are never retried and
never scheduled (a retry collides with the waiting job of its lock, a scheduled job
blocks it), whatever a drain raises ends its job, and a sweep every second wakes what is
due, which covers retries, waits and a crash between commit and wake-up alike.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Self, TypeAlias

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.utils import AwaitableContext
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from crosswalk.engine.clock import pause
from crosswalk.ports import Clock
from crosswalk.store import jobs, pending
from crosswalk.store.database import Connection, Database, FencedError, Transaction
from crosswalk.store.jobs import QUEUE, TASK
from crosswalk.store.pending import Fence

#: Seconds between two looks at what is due and who has died.
SWEEP_EVERY: Final = 1.0
#: Sweeps between two looks for workers that live and do nothing.
LOOK_FOR_STALLED: Final = 10
#: Seconds without a heartbeat after which a worker counts as stalled.
STALLED_AFTER: Final = 30.0
#: Seconds that running drains get to finish when we are told to stop.
GRACE: Final = 25.0
#: Seconds until the next attempt to reach a database that was lost.
RECONNECT_AFTER: Final = 1.0

Drain: TypeAlias = Callable[[Fence], Awaitable[None]]

_LOG = structlog.get_logger(__name__)


class Waker:
    """Wakes drains by queueing jobs; what comes in while one is queued goes together.

    Leaving the context queues the rest.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            await self._task

    async def wake(self, partitions: Collection[int]) -> None:
        """See that each partition is drained soon; call it only after the commit."""
        self._wanted.update(partitions)
        if self._wanted and self._task is None:
            self._task = asyncio.create_task(self._queue())

    async def _queue(self) -> None:
        try:
            while self._wanted:
                partitions, self._wanted = self._wanted, set()
                async with self._database.single() as tx:
                    await jobs.wake(tx, partitions)
        except psycopg.Error as error:
            _LOG.warning("drains not woken, the sweep will", error=str(error))
        finally:
            self._task = None


class _Manager(JobManager):
    """Procrastinate's job manager, whose workers show that they live.

    Each holds a lock on its number through *keeper*: a job in the hands of a worker
    whose lock is free is nobody's, from the moment its process dies.
    """

    def __init__(self, connector: PsycopgConnector, keeper: Connection) -> None:
        super().__init__(connector)
        self._keeper = keeper

    async def register_worker(self) -> int:
        number = await super().register_worker()
        await jobs.hold(Transaction(self._keeper), number)
        return number

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - theirs
        """Finish a job; one that cannot be finished is left to the reaper."""
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException as error:
            _LOG.warning("job not finished", job=job.id, error=str(error))
            await self._keeper.close()


async def work(
    database: Database,
    drain: Drain,
    *,
    clock: Clock,
    concurrency: int,
    stop: asyncio.Event,
) -> None:
    """Run drains until told to stop, and through every loss of the database.

    Running drains are given time to finish. A drain that raises is logged, its job
    ends all the same: what becomes of its entities, their pending rows say.
    """
    lost = False
    while not stop.is_set():
        try:
            async with (
                await _connect(database.url) as keeper,
                Waker(database) as wake,
                _open(database.url, keeper) as app,
            ):
                if lost:
                    _LOG.warning("database is back")
                lost = False
                shift = _Shift(database, keeper, app, wake, clock)
                await shift.work(drain, concurrency, stop)
        except (psycopg.Error, ConnectorException, OSError) as error:
            if not lost:
                _LOG.warning("database lost", error=str(error))
            lost = True
        await pause(stop, RECONNECT_AFTER)


async def _connect(url: str) -> Connection:
    return await AsyncConnection.connect(url, autocommit=True, row_factory=dict_row)


def _open(url: str, keeper: Connection) -> AwaitableContext[App]:
    connector = PsycopgConnector(
        conninfo=url,
        min_size=1,
        max_size=4,
        configure=jobs.hurry,
        pool_factory=_pool,
    )
    app = App(connector=connector)
    app.job_manager = _Manager(connector, keeper)
    return app.open_async()


def _pool(**kwargs: Any) -> AsyncConnectionPool:  # noqa: ANN401 - its own
    """Make a pool that does not spend a round trip to check each connection it gives.

    One that died ends the shift, and the next one makes new ones.
    """
    return AsyncConnectionPool(**{**kwargs, "check": None})


@dataclass(frozen=True, slots=True)
class _Shift:
    """The work of one worker, from a connection's beginning to its end."""

    database: Database
    keeper: Connection
    app: App
    wake: Waker
    clock: Clock

    async def work(self, drain: Drain, concurrency: int, stop: asyncio.Event) -> None:
        """Run drains until told to stop, or until something breaks."""
        self._offer(drain)
        tasks = (
            asyncio.create_task(stop.wait()),
            asyncio.create_task(self._sweep()),
            asyncio.create_task(
                self.app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=concurrency,
                    delete_jobs="always",
                    fetch_job_polling_interval=SWEEP_EVERY,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE,
                    update_heartbeat_interval=STALLED_AFTER / 6,
                    stalled_worker_timeout=STALLED_AFTER,
                )
            ),
        )
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _offer(self, drain: Drain) -> None:
        """Tell Procrastinate how to drain a partition."""

        @self.app.task(name=TASK, queue=QUEUE, pass_context=True)
        async def run(context: JobContext, partition: int) -> None:
            try:
                await drain(await self._take(partition, context.job))
            except FencedError as error:
                _LOG.info("drain fenced off", partition=error.partition)
            except Exception:  # noqa: BLE001 - whatever it was, the job must end
                _LOG.exception("drain failed", partition=partition)

    async def _take(self, partition: int, job: Job) -> Fence:
        async with self.database.single() as tx:
            return await pending.take(
                tx, partition, holder=job.worker_id, job=job.id, at=self.clock.now()
            )

    async def _sweep(self) -> None:
        """Wake what is due and what the dead have left, again and again."""
        for turn in count():
            keeper = Transaction(self.keeper)
            due = set(await jobs.reap(keeper))
            if turn % LOOK_FOR_STALLED == 0:
                due |= await self._finish_stalled()
            due |= await pending.release(self.database, at=self.clock.now())
            due |= await pending.due_partitions(keeper, now=self.clock.now())
            await self.wake.wake(due)
            await asyncio.sleep(SWEEP_EVERY)

    async def _finish_stalled(self) -> set[int]:
        """Finish the jobs of workers that hold their lock but do not move.

        Never retried: the retry would collide with the job that waits on their lock.
        """
        manager = self.app.job_manager
        stalled = await manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=STALLED_AFTER
        )
        partitions = set()
        for job in stalled:
            await manager.finish_job(job, Status.FAILED, delete_job=True)
            partitions.add(int(str(job.task_kwargs["partition"])))
        return partitions
