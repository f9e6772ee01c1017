"""Wake-ups of drains, in Procrastinate's own table."""

from collections.abc import Collection
from typing import Any, Final

from psycopg import AsyncConnection

from crosswalk.store.database import Transaction
from crosswalk.store.sql import STATEMENTS

QUEUE: Final = "drains"
TASK: Final = "drain"


async def wake(tx: Transaction, partitions: Collection[int]) -> None:
    """Queue a drain of each partition, unless one waits already."""
    await tx.run("jobs.wake", partitions=sorted(partitions), queue=QUEUE, task=TASK)


async def hold(tx: Transaction, worker: int) -> None:
    """Show for as long as the session lasts that a worker lives."""
    await tx.run("jobs.hold", worker=worker)


async def reap(tx: Transaction) -> frozenset[int]:
    """Finish the jobs of workers that are gone; answers the partitions to wake."""
    rows = await tx.rows("jobs.reap", queue=QUEUE)
    return frozenset(row["partition"] for row in rows)


async def hurry(connection: AsyncConnection[Any]) -> None:
    """Let a session that keeps wake-ups only commit at once, without the disk."""
    await connection.set_autocommit(True)
    await connection.execute(STATEMENTS["jobs.hurry"])
