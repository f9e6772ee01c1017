"""A role is had by one process at a time."""

import psycopg
import pytest

from crosswalk.store.database import Database
from crosswalk.store.singleton import Role, Singleton, is_held

pytestmark = pytest.mark.anyio


async def held(database: Database, role: Role) -> bool:
    """Ask whether anybody has a role."""
    async with database.transaction() as tx:
        return await is_held(tx, role)


async def test_one_of_two_gets_it(database: Database) -> None:
    """
    Of two that claim a role one gets it, and keeps it when both claim again.
    """
    async with (
        Singleton(database.url, Role.POLLER) as first,
        Singleton(database.url, Role.POLLER) as second,
    ):
        assert await first.claim()
        assert not await second.claim()
        assert await first.claim()


async def test_it_is_free_when_its_holder_ends(database: Database) -> None:
    """
    A role that its holder gave up can be had by another.
    """
    async with Singleton(database.url, Role.POLLER) as first:
        assert await first.claim()
        assert await held(database, Role.POLLER)
    assert not await held(database, Role.POLLER)
    async with Singleton(database.url, Role.POLLER) as second:
        assert await second.claim()


async def test_roles_do_not_stand_in_each_others_way(database: Database) -> None:
    """
    Who polls does not keep another from the backfill.
    """
    async with (
        Singleton(database.url, Role.POLLER) as poller,
        Singleton(database.url, Role.BACKFILL) as backfill,
    ):
        assert await poller.claim()
        assert await backfill.claim()


async def test_a_lost_session_loses_the_role(database: Database) -> None:
    """
    Whose session is ended by the server is told so, and may claim once more.
    """
    async with Singleton(database.url, Role.POLLER) as first:
        assert await first.claim()
        async with await psycopg.AsyncConnection.connect(database.url) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND classid = 7306"
            )
        with pytest.raises(psycopg.Error):
            await first.claim()
        assert await first.claim()
