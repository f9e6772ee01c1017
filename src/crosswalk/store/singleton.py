"""Roles that one process of all may have at a time, on however many machines."""

from contextlib import suppress
from enum import IntEnum
from typing import Self

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from crosswalk.store.database import Connection, Transaction


class Role(IntEnum):
    """What only one process does; the numbers are those of the locks."""

    POLLER = 1
    BACKFILL = 2


class Singleton:
    """A claim to a role, held through a session of its own.

    The role is free again as soon as the session ends, however that happens.
    """

    def __init__(self, url: str, role: Role) -> None:
        self._url = url
        self._role = role
        self._session: Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._let_go()

    async def claim(self) -> bool:
        """Say whether the role is ours, taking it if it is free.

        Raises psycopg.Error when the database cannot be reached; the role is lost then.
        """
        try:
            if self._session is not None:
                await Transaction(self._session).run("singleton.alive")
                return True
            session = await AsyncConnection.connect(
                self._url, autocommit=True, row_factory=dict_row
            )
            self._session = session
            claim = Transaction(session).value("singleton.claim", role=int(self._role))
            held = bool(await claim)
        except psycopg.Error:
            await self._let_go()
            raise
        if not held:
            await self._let_go()
        return held

    async def _let_go(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        with suppress(psycopg.Error):
            # A closed session's locks go a moment later; these are gone at once.
            await Transaction(session).run("singleton.let_go")
        await session.close()


async def is_held(tx: Transaction, role: Role) -> bool:
    """Say whether any process has a role."""
    return bool(await tx.value("singleton.held", role=int(role)))
