"""The pool of connections and the transaction, through which all SQL goes.

CrosswalkError
+-- FencedError     another worker has taken over the partition
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import orjson
from psycopg import AsyncConnection, OperationalError
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb, set_json_loads
from psycopg_pool import AsyncConnectionPool

from crosswalk.domain.faults import ConfigurationError, CrosswalkError
from crosswalk.store.sql import STATEMENTS

Connection: TypeAlias = AsyncConnection[DictRow]

#: An escaped NUL in JSON text: an even number of backslashes, then the escape.
_NUL: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")

#: What makes "committed" mean "survives a power cut", and the values that do.
_DURABLE: Final = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}


class FencedError(CrosswalkError):
    """Another worker has taken over the partition; whoever sees this must stop."""

    def __init__(self, partition: int, epoch: int) -> None:
        self.partition = partition
        self.epoch = epoch
        super().__init__(f"partition {partition} is no longer in epoch {epoch}")


def _dumps(value: object) -> bytes:
    r"""Write JSON that jsonb takes: it knows no NUL, so U+FFFD stands in for it."""
    text = orjson.dumps(value)
    return _NUL.sub(rb"\1\\ufffd", text) if rb"\u0000" in text else text


def json(value: object) -> Jsonb:
    """Wrap a value as a jsonb parameter."""
    return Jsonb(value, dumps=_dumps)


@dataclass(frozen=True, slots=True)
class Transaction:
    """All or nothing; statements are called by name, parameters by keyword."""

    connection: Connection

    async def run(self, statement: str, /, **params: object) -> int:
        """Run a statement; answers how many rows it touched."""
        cursor = await self.connection.execute(STATEMENTS[statement], params)
        return cursor.rowcount

    async def rows(self, statement: str, /, **params: object) -> list[DictRow]:
        """Run a statement and read all its rows."""
        cursor = await self.connection.execute(STATEMENTS[statement], params)
        return await cursor.fetchall()

    async def row(self, statement: str, /, **params: object) -> DictRow | None:
        """Run a statement and read its first row; None when there is none."""
        cursor = await self.connection.execute(STATEMENTS[statement], params)
        return await cursor.fetchone()

    async def value(self, statement: str, /, **params: object) -> Any:  # noqa: ANN401 - a column
        """Run a statement and read the first column of its first row."""
        row = await self.row(statement, **params)
        return None if row is None else next(iter(row.values()))


class Database:
    """An open database; `async with` closes it."""

    def __init__(self, url: str, pool: AsyncConnectionPool[Connection]) -> None:
        self.url = url
        self._pool = pool

    @classmethod
    async def open(cls, url: str, *, min_size: int = 2, max_size: int = 10) -> Self:
        """Connect; ConfigurationError when it does not keep what it acknowledged."""
        pool = AsyncConnectionPool[Connection](
            url,
            min_size=min_size,
            max_size=max_size,
            open=False,
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "prepare_threshold": 1,
            },
            configure=_configure,
        )
        await pool.open(wait=True, timeout=30)
        database = cls(url, pool)
        try:
            await database._refuse_the_careless()
        except BaseException:
            await pool.close()
            raise
        return database

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction; leaving commits it, an exception rolls it back."""
        async with self._connection() as connection, connection.transaction():
            yield Transaction(connection)

    @asynccontextmanager
    async def single(self) -> AsyncIterator[Transaction]:
        """Run statements each for itself: for one alone, a third of the round trips."""
        async with self._connection() as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        try:
            async with self._pool.connection() as connection:
                yield connection
        except OperationalError:
            # The server went away: replace what died with it, all at once.
            await self._pool.check()
            raise

    async def _refuse_the_careless(self) -> None:
        async with self.single() as tx:
            rows = await tx.rows("database.durability", names=list(_DURABLE))
        for row in rows:
            if row["setting"] not in _DURABLE[row["name"]]:
                raise ConfigurationError(
                    f"the database runs with {row['name']}={row['setting']}: it may "
                    f"forget what it has acknowledged; set {row['name']}=on"
                )


async def _configure(connection: Connection) -> None:
    set_json_loads(orjson.loads, connection)
    await connection.execute(STATEMENTS["database.begin_session"])
