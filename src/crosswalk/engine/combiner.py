"""One writer for all drains of a process: singly when few wait, in bulk when many do.

As a DataLoader does for reads, it takes what the drains hand in while it is busy and
sends it together: without it a hundred waiting contacts in sixteen partitions would be
sixteen bulk jobs instead of one.
"""

import asyncio
from collections.abc import (
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeAlias

from crosswalk.domain.matching import email_key
from crosswalk.domain.model import CrmRecord, Fields, Kind, Lane
from crosswalk.domain.values import same
from crosswalk.ports import BulkJob, Crm, CrmPage

#: Rows of one bulk call (contract 2.7).
BULK_ROWS: Final = 100
#: Bulk calls that one round keeps in flight.
BULK_CALLS: Final = 4
#: Single calls that are in flight at once.
SINGLE_CALLS: Final = 8
#: Pages that are read beyond those that our rows would fill by themselves: within one
#: second the CRM does not sort by time, so what else was written stands among them.
AMONG_OTHERS: Final = 12
#: Rows that are cheaper asked for one by one than by a further page.
FEW: Final = 2
#: Rounds of one queue at once: a slow bulk job does not hold up the writes behind it.
ROUNDS: Final = 2
#: Live writes that go singly while a bulk round is under way; more wait for the next.
OVERTAKING: Final = 2 * SINGLE_CALLS
#: Seconds that a round waits for batches on their way, if it could go in bulk then.
GATHER: Final = 0.1
#: Writes of one round.
ROUND: Final = BULK_ROWS * BULK_CALLS
#: Fields that a bulk call drops without a word (contract 2.7).
ASSOCIATIONS: Final = frozenset({"sales_accounts", "parent_account"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One waiting write; its answer arrives in *done*."""

    kind: Kind
    lane: Lane
    #: The crm id of an update, the e-mail address of a claim.
    target: str
    #: What names the row when it is read back.
    name: str
    fields: Fields = field(default_factory=dict)
    done: asyncio.Future[CrmRecord]


Send: TypeAlias = "Callable[[Sequence[Write]], Coroutine[Any, Any, None]]"
Spawn: TypeAlias = Callable[[Coroutine[Any, Any, None]], None]


class Combiner:
    """Batches the contact and account writes of all drains of this process."""

    def __init__(self, crm: Crm, *, bulk_from: int, gather: float = GATHER) -> None:
        self._crm = crm
        self._bulk_from = bulk_from
        self._tasks: set[asyncio.Task[None]] = set()
        self._single = asyncio.Semaphore(SINGLE_CALLS)
        # One bulk round a kind: its rows are read back as the most recently updated.
        self._bulk = {kind: asyncio.Lock() for kind in Kind}
        pace = _Pace(bulk_from=bulk_from, gather=gather)
        self._claims = _Queue(self._send_claims, self._spawn, pace)
        self._updates = {
            kind: _Queue(self._send_updates, self._spawn, pace) for kind in Kind
        }

    async def __aenter__(self) -> Self:
        """Begin to take writes."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Let the calls in flight end: each may already have been carried out."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def update(
        self, kind: Kind, id_: str, fields: Fields, *, lane: Lane
    ) -> CrmRecord:
        """Change a record and answer it as stored; RemoteError tells why it was not."""
        if ASSOCIATIONS & fields.keys():
            async with self._single:
                return await self._crm.on(lane).update(kind, id_, fields)
        write = Write(
            kind=kind, lane=lane, target=id_, name=id_, fields=fields, done=_future()
        )
        return await self._updates[kind].put(write)

    @contextmanager
    def approach(self, kinds: Mapping[Kind, int]) -> Iterator["Approach"]:
        """Announce a batch that may hand in so many writes of each kind."""
        queues = [(self._claims, kinds.get(Kind.PERSON, 0))]
        queues += [(self._updates[kind], rows) for kind, rows in kinds.items()]
        approach = Approach(queues)
        try:
            yield approach
        finally:
            approach.is_over()

    def many(self, claims: int) -> bool:
        """Say whether so many claims, with those that wait, would go in bulk."""
        return claims + self._claims.in_sight >= self._bulk_from

    async def claim(self, email: str, *, lane: Lane) -> CrmRecord:
        """Get or create the contact with this e-mail, changing nothing else of it."""
        write = Write(
            kind=Kind.PERSON,
            lane=lane,
            target=email,
            name=email_key(email),
            done=_future(),
        )
        return await self._claims.put(write)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_updates(self, writes: Sequence[Write]) -> None:
        if len(writes) < self._bulk_from or self._overtakes(writes):
            await asyncio.gather(*map(self._update_singly, writes))
            return
        async with self._bulk[writes[0].kind]:
            sure = await self._in_bulk(writes, _bulk_update)
            accepted = [write for write in writes if not write.done.done()]
            answers = await self._read_back(accepted, lambda record: (record.id,))
            await asyncio.gather(
                *(
                    self._update_singly(write)
                    for write in accepted
                    if not _resolved(write, answers, sure=sure)
                )
            )

    def _overtakes(self, writes: Sequence[Write]) -> bool:
        """Say whether writes go singly past the bulk round that is under way.

        Else a round would make the next one: what happens live meanwhile would wait.
        """
        under_way = self._bulk[writes[0].kind].locked()
        live = all(write.lane is Lane.LIVE for write in writes)
        return under_way and live and len(writes) <= OVERTAKING

    async def _send_claims(self, writes: Sequence[Write]) -> None:
        if len(writes) < self._bulk_from:
            await asyncio.gather(*map(self._claim_singly, writes))
            return
        async with self._bulk[Kind.PERSON]:
            await self._in_bulk(writes, _bulk_claim)
            accepted = [write for write in writes if not write.done.done()]
            answers = await self._read_back(accepted, _email_keys)
            await asyncio.gather(
                *(
                    self._claim_singly(write)
                    for write in accepted
                    if not _resolved(write, answers, sure=True)
                )
            )

    async def _update_singly(self, write: Write) -> None:
        crm = self._crm.on(write.lane)
        async with self._single:
            await _answer(write, crm.update(write.kind, write.target, write.fields))

    async def _claim_singly(self, write: Write) -> None:
        async with self._single:
            await _answer(write, self._crm.on(write.lane).claim(write.target))

    async def _in_bulk(
        self,
        writes: Sequence[Write],
        send: "Callable[[Crm, Sequence[Write]], Awaitable[BulkJob]]",
    ) -> bool:
        """Send the writes, fail those that were refused; True when none is in doubt."""
        crm = self._crm.on(min(write.lane for write in writes))
        chunks = [
            writes[at : at + BULK_ROWS] for at in range(0, len(writes), BULK_ROWS)
        ]
        jobs = await asyncio.gather(
            *(send(crm, chunk) for chunk in chunks), return_exceptions=True
        )
        sure = True
        for chunk, job in zip(chunks, jobs, strict=True):
            if isinstance(job, BaseException):
                for write in chunk:
                    _fail(write, job)
                continue
            sure = sure and not job.unnamed
            for position, error in job.refused.items():
                _fail(chunk[position], error)
        return sure

    async def _read_back(
        self, writes: Sequence[Write], names: Callable[[CrmRecord], Iterable[str]]
    ) -> dict[str, CrmRecord]:
        """Read what the CRM made of a round: a bulk job answers with counts only.

        The rows just written are the most recently updated ones, a hundred a page.
        """
        found: dict[str, CrmRecord] = {}
        if not writes:
            return found
        crm = self._crm.on(min(write.lane for write in writes))
        wanted = {write.name for write in writes}
        own = -(-len(writes) // BULK_ROWS)
        further = range(own + 1, own + AMONG_OTHERS + 1)
        past = False
        for numbers in [range(1, own + 1), *([number] for number in further)]:
            pages = await asyncio.gather(
                *(crm.page(writes[0].kind, number) for number in numbers),
                return_exceptions=True,
            )
            for page in pages:
                if isinstance(page, BaseException):
                    # Rows that stay open are asked for one by one, to their own end.
                    return found
                found |= {
                    name: record
                    for record in page.records
                    for name in names(record)
                    if name in wanted
                }
                past = _is_past(page, found)
            if len(wanted) - len(found) <= FEW or past:
                break
        return found


def _is_past(page: CrmPage, found: Mapping[str, CrmRecord]) -> bool:
    """Say whether a page reaches back behind the second in which the round was done."""
    last = page.records[-1].updated_at if page.records else None
    return not last or any(last < record.updated_at for record in found.values())


class Approach:
    """A batch on its way: a bulk round waits for it, but not for long."""

    def __init__(self, queues: "Sequence[tuple[_Queue, int]]") -> None:
        self._open = list(queues)
        for queue, rows in self._open:
            queue.expect(rows)

    def has_claimed(self) -> None:
        """Say that all its claims are handed in."""
        self._leave(self._open[:1])

    def is_over(self) -> None:
        """Say that all its writes are handed in."""
        self._leave(self._open)

    async def hand_in(
        self, calls: Iterable[Coroutine[Any, Any, None]], *, claims: bool = False
    ) -> None:
        """Start the batch's last calls of a sort, say so, and wait for their ends."""
        tasks = [asyncio.ensure_future(call) for call in calls]
        # Each hands its write in before it first waits.
        await asyncio.sleep(0)
        if claims:
            self.has_claimed()
        else:
            self.is_over()
        if tasks:
            await asyncio.wait(tasks)
        for task in tasks:
            task.result()

    def _leave(self, queues: "Sequence[tuple[_Queue, int]]") -> None:
        for queue, rows in queues:
            queue.expect(-rows)
        self._open = [open_ for open_ in self._open if open_ not in queues]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    """How many writes make a bulk call, and how long a round waits for so many."""

    bulk_from: int
    gather: float


class _Queue:
    """Writes that wait for the next round."""

    def __init__(self, send: Send, spawn: Spawn, pace: _Pace) -> None:
        self._send = send
        self._spawn = spawn
        self._pace = pace
        self._waiting: list[Write] = []
        self._rounds = 0
        #: Writes that announced batches may still hand in.
        self._coming = 0
        self._news = asyncio.Event()

    @property
    def in_sight(self) -> int:
        return len(self._waiting) + self._coming

    def expect(self, rows: int) -> None:
        self._coming += rows
        self._news.set()

    def put(self, write: Write) -> asyncio.Future[CrmRecord]:
        self._waiting.append(write)
        if self._rounds < ROUNDS:
            self._rounds += 1
            self._spawn(self._run())
        return write.done

    async def _run(self) -> None:
        try:
            # Drains that run in the same turn of the loop hand in theirs first.
            for _ in range(3):
                await asyncio.sleep(0)
            while self._waiting:
                await self._gather()
                writes, self._waiting = self._waiting[:ROUND], self._waiting[ROUND:]
                try:
                    await self._send(writes)
                except Exception as error:  # noqa: BLE001 - handed on to each caller
                    for write in writes:
                        _fail(write, error)
        finally:
            self._rounds -= 1

    async def _gather(self) -> None:
        """Let batches arrive with which this round is worth a bulk call."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.gather):
                while self._coming and self._pace.bulk_from <= self.in_sight < ROUND:
                    self._news.clear()
                    await self._news.wait()


def _future() -> asyncio.Future[CrmRecord]:
    return asyncio.get_running_loop().create_future()


def _stored(write: Write, answer: CrmRecord) -> bool:
    return all(
        same(value, answer.fields[name])
        for name, value in write.fields.items()
        if name in answer.fields
    )


def _resolved(write: Write, answers: Mapping[str, CrmRecord], *, sure: bool) -> bool:
    """Give a write its row, if it was read back and says what was sent."""
    answer = answers.get(write.name)
    if answer is None or not (sure or _stored(write, answer)):
        return False
    _resolve(write, answer)
    return True


def _resolve(write: Write, answer: CrmRecord) -> None:
    if not write.done.done():
        write.done.set_result(answer)


def _fail(write: Write, error: BaseException) -> None:
    if not write.done.done():
        write.done.set_exception(error)


async def _answer(write: Write, call: Awaitable[CrmRecord]) -> None:
    try:
        _resolve(write, await call)
    except Exception as error:  # noqa: BLE001 - handed on to the caller
        _fail(write, error)


async def _bulk_update(crm: Crm, writes: Sequence[Write]) -> BulkJob:
    rows = [(write.target, write.fields) for write in writes]
    return await crm.bulk_update(writes[0].kind, rows)


async def _bulk_claim(crm: Crm, writes: Sequence[Write]) -> BulkJob:
    return await crm.bulk_claim([write.target for write in writes])


def _email_keys(record: CrmRecord) -> Iterable[str]:
    return map(email_key, record.emails)
