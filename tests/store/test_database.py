"""Transactions, sessions and the conditions on which a database is used at all."""

import orjson
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from crosswalk.domain.faults import ConfigurationError
from crosswalk.store import cursors
from crosswalk.store.database import Database
from crosswalk.store.sql import STATEMENTS
from tests.notices import NOON

pytestmark = pytest.mark.anyio


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """
    What was written before the exception is not there after it.
    """
    with pytest.raises(ZeroDivisionError):
        await _write_and_fail(database)
    async with database.single() as tx:
        assert await cursors.get(tx, "page") is None


async def _write_and_fail(database: Database) -> None:
    async with database.transaction() as tx:
        await cursors.save(tx, "page", 1, at=NOON)
        raise ZeroDivisionError


@pytest.mark.parametrize("text", ["a\0b", "\\u0000", "\\\0", "\\\\\0", "é"])
async def test_any_text_can_be_stored(database: Database, text: str) -> None:
    """
    Text with a NUL is stored with U+FFFD in its place; all other text as it is.
    """
    async with database.transaction() as tx:
        await cursors.save(tx, "page", {"text": text}, at=NOON)
        kept = await cursors.get(tx, "page")
    assert kept == {"text": text.replace("\0", "\ufffd")}


async def test_a_careless_database_is_refused(database_url: str) -> None:
    """
    A database that acknowledges what it may forget is not used.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
        try:
            with pytest.raises(ConfigurationError, match="synchronous_commit"):
                await Database.open(database_url)
        finally:
            connection.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")


async def test_connections_that_died_are_replaced(database_url: str) -> None:
    """
    After the server dropped every connection at most one call fails (F33).
    """
    named = make_conninfo(database_url, application_name="victim")
    async with await Database.open(named, min_size=4) as database:
        with psycopg.connect(database_url, autocommit=True) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE application_name = 'victim'"
            )
        failures = 0
        for _ in range(8):
            try:
                async with database.single() as tx:
                    await cursors.get(tx, "page")
            except psycopg.OperationalError:
                failures += 1
        assert failures <= 1


def test_every_statement_has_a_purpose_and_no_literal_percent() -> None:
    """
    Statements are loaded by file and name, each ends before the next begins.
    """
    assert {"ledger.accept", "pending.settle", "links.of_shop"} <= STATEMENTS.keys()
    assert all(orjson.dumps(name) for name in STATEMENTS)
    assert not any(b"\n-- " in b"\n" + s[:4] for s in STATEMENTS.values())
