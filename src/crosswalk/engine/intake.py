"""The one door for changes: durable when it answers, many callers in one commit.

While a commit is under way the callers queue; the next one takes them all, so that the
disk is waited for once and not once a change. Drains are woken after the commit: woken
inside it they could look before the rows are there, and nobody would wake them again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import structlog
from orjson import JSONEncodeError
from psycopg import DataError
from psycopg.errors import DeadlockDetected, SerializationFailure

from crosswalk.domain.model import Change
from crosswalk.ports import Clock, Wake
from crosswalk.store import ledger
from crosswalk.store.database import Database, Transaction
from crosswalk.store.ledger import Accepted

#: Changes of one commit, give or take the last caller's.
BATCH: Final = 1000
#: How often a transaction is tried that others got in the way of.
TRIES: Final = 3

_LOG = structlog.get_logger(__name__)

Also: TypeAlias = Callable[[Transaction], Awaitable[None]]


@dataclass(slots=True)
class _Caller:
    changes: Sequence[Change]
    answer: asyncio.Future[Accepted] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Intake:
    """Takes changes in for webhooks, polls and backfills alike."""

    def __init__(
        self,
        database: Database,
        wake: Wake,
        clock: Clock,
        *,
        partitions: int,
        config_hash: str,
    ) -> None:
        self._database = database
        self._wake = wake
        self._clock = clock
        self._partitions = partitions
        self._config_hash = config_hash
        self._queue: deque[_Caller] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def accept(self, changes: Sequence[Change]) -> Accepted:
        """Take changes in; once this answers they survive a crash.

        Raises what the database raises; then nothing was taken in, or it was and the
        answer got lost: taking the same changes in again is harmless.
        """
        caller = _Caller(changes)
        self._queue.append(caller)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await caller.answer

    async def accept_with(self, changes: Sequence[Change], also: Also) -> Accepted:
        """Take changes in, and do something else in the same transaction.

        For a page's cursor, which must never be ahead of the page's rows.
        """
        answers = await self._commit([changes], also)
        await self._rouse(answers)
        return answers[0]

    async def _work(self) -> None:
        try:
            while self._queue:
                await self._serve(self._next_group())
        finally:
            self._worker = None

    def _next_group(self) -> list[_Caller]:
        group: list[_Caller] = []
        size = 0
        while self._queue and size < BATCH:
            group.append(self._queue.popleft())
            size += len(group[-1].changes)
        return group

    async def _serve(self, group: list[_Caller]) -> None:
        """Commit a group and answer its callers, then wake whoever has work."""
        try:
            answers = await self._commit([caller.changes for caller in group])
        except (DataError, JSONEncodeError) as error:
            await self._serve_apart(group, error)
        except BaseException as error:
            _refuse(group, error)
            if not isinstance(error, Exception):
                raise
        else:
            for caller, answer in zip(group, answers, strict=True):
                if not caller.answer.done():
                    caller.answer.set_result(answer)
            await self._rouse(answers)

    async def _serve_apart(self, group: list[_Caller], error: Exception) -> None:
        """Find whose change cannot be stored: the others must not suffer for it."""
        if len(group) == 1:
            _refuse(group, error)
        else:
            for caller in group:
                await self._serve([caller])

    async def _rouse(self, answers: Sequence[Accepted]) -> None:
        """Wake the drains; who cannot be woken now is found by the next sweep."""
        woken = {partition for answer in answers for partition in answer.partitions}
        if woken:
            try:
                await self._wake.wake(woken)
            except Exception as error:  # noqa: BLE001 - the changes are safe already
                _LOG.warning("drains not woken", partitions=sorted(woken), error=error)

    async def _commit(
        self, batches: Sequence[Sequence[Change]], also: Also | None = None
    ) -> list[Accepted]:
        tries = 0
        while True:
            tries += 1
            try:
                return await self._transact(batches, also)
            except (DeadlockDetected, SerializationFailure):
                if tries == TRIES:
                    raise

    async def _transact(
        self, batches: Sequence[Sequence[Change]], also: Also | None
    ) -> list[Accepted]:
        scope = self._database.transaction() if also else self._database.single()
        async with scope as tx:
            answers = await ledger.accept_each(
                tx,
                batches,
                at=self._clock.now(),
                partitions=self._partitions,
                config_hash=self._config_hash,
            )
            if also:
                await also(tx)
        return answers


def _refuse(group: Sequence[_Caller], error: BaseException) -> None:
    for caller in group:
        if not caller.answer.done():
            caller.answer.set_exception(error)
