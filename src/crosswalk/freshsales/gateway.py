"""The CRM's socket: everything that is sent to Freshsales is sent here."""

import copy
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from crosswalk.domain.faults import Fault, RemoteError, crm_fault
from crosswalk.domain.model import CrmRecord, Fields, Json, Kind, Lane
from crosswalk.freshsales import bulk, wire
from crosswalk.freshsales.bulk import JobStatus, Pace
from crosswalk.freshsales.catalogue import includes
from crosswalk.freshsales.memory import Memory
from crosswalk.freshsales.translate import Translator, UnknownChoiceError
from crosswalk.ports import BulkJob, Clock, CrmField, CrmPage
from crosswalk.transport.connection import Connection, Limits
from crosswalk.transport.message import Request, remote_error, settled

#: Seconds to wait before each further try of a bulk call that met a busy account.
BUSY_PAUSES: Final = (1.0, 2.0, 5.0, 5.0)

#: Waits until a call may be spent in a lane, and spends it.
Spend = Callable[[Lane], Awaitable[None]]


class CustomFields(StrEnum):
    """What an account does with the custom fields that an update leaves out."""

    #: It keeps them.
    MERGE = "merge"
    #: It clears them, so an update must send all of them.
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an account is used."""

    #: The unique custom field of accounts that holds our id.
    account_id_field: str = "cf_commercetools_id"
    #: Mapping names of the fields that records are to carry, by kind.
    wanted: Mapping[Kind, Collection[str]] = field(default_factory=dict)
    #: Sources disagree about it (contract 2.4); ``crosswalk check`` finds out.
    custom_fields: CustomFields = CustomFields.MERGE
    limits: Limits = field(default_factory=Limits)
    #: Seconds until a bulk job that does not end is given up.
    job_deadline: float = 300.0
    #: Seconds that fields and choices are remembered.
    remember: float = 1800.0


class Freshsales:
    """One Freshsales account; use it as an asynchronous context manager.

    Every call to the API is spent first. No write is ever repeated here, except a bulk
    call that was turned away as the account was busy.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        spend: Spend,
        clock: Clock,
        options: Options | None = None,
    ) -> None:
        self._options = options or Options()
        self._spend = spend
        self._clock = clock
        self._lane = Lane.LIVE
        self._connection = Connection(
            f"{url.rstrip('/')}/api",
            headers={
                "Authorization": f"Token token={api_key}",
                "Accept": "application/json",
            },
            limits=self._options.limits,
        )
        self._memory = Memory(
            wanted=self._options.wanted,
            account_id_field=self._options.account_id_field,
            seconds=self._options.remember,
            clock=clock,
        )
        self._pace = Pace()

    async def __aenter__(self) -> Self:
        await self._connection.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._connection.__aexit__(kind, error, trace)

    def on(self, lane: Lane) -> "Freshsales":
        """Speak to the same account, spending calls from another lane."""
        other = copy.copy(self)
        other._lane = lane  # noqa: SLF001 - it is one of us
        return other

    async def schema(self, kind: Kind) -> Mapping[str, CrmField]:
        """Describe the fields of a kind by mapping name; kept for some minutes."""
        return (await self._memory.catalogue(kind, self._call)).fields

    async def read(self, kind: Kind, id_: str) -> CrmRecord | None:
        """Read one record with everything mapped; None when it is gone."""
        row = await self._row(kind, id_)
        if row is None:
            return None
        return (await self._translator(kind)).record(row)

    async def find(self, kind: Kind, field: str, value: str) -> Sequence[CrmRecord]:
        """Look records up by one field, exactly; the rows are shallow and may lag."""
        content = await self._call(wire.lookup(kind, field, value))
        translator = await self._translator(kind)
        return [translator.record(row) for row in wire.read_found(kind, content)]

    async def claim(self, email: str) -> CrmRecord:
        """Get or create the contact with this primary e-mail, changing nothing else."""
        return await self._write(
            Kind.PERSON, wire.claim(email, self._include(Kind.PERSON))
        )

    async def create(self, kind: Kind, fields: Fields) -> CrmRecord:
        """Create a record; a taken e-mail or id is refused, never overwritten."""
        attributes = await self._attributes(kind, fields, new=True)
        return await self._write(
            kind, wire.create(kind, attributes, self._include(kind))
        )

    async def update(self, kind: Kind, id_: str, fields: Fields) -> CrmRecord:
        """Change the fields given, None clears; answers the record as stored."""
        attributes = await self._attributes(kind, fields)
        if "custom_field" in attributes and self._replaces:
            row = await self._row(kind, id_) or {}
            kept = row.get("custom_field") or {}
            attributes["custom_field"] = kept | attributes["custom_field"]
        return await self._write(
            kind, wire.update(kind, id_, attributes, self._include(kind))
        )

    async def bulk_claim(self, emails: Sequence[str]) -> BulkJob:
        """Claim up to 100 contacts at once (submit and poll: two calls or more)."""
        rows = [{"emails": email, "data": {"emails": email}} for email in emails]
        return await self._bulk(Kind.PERSON, rows, emails)

    async def bulk_update(
        self, kind: Kind, rows: Sequence[tuple[str, Fields]]
    ) -> BulkJob:
        """Change up to 100 records at once; associations cannot be sent this way.

        Where an account replaces custom fields the rows are written one by one: a
        bulk call would clear those that it does not name.
        """
        if self._replaces:
            return await self._update_singly(kind, rows)
        sent: dict[int, Json] = {}
        refused: dict[int, RemoteError] = {}
        for position, (id_, fields) in enumerate(rows):
            try:
                data = await self._attributes(kind, fields)
            except RemoteError as error:
                refused[position] = error
            else:
                sent[position] = {"id": id_, "data": data}
        identities = [rows[position][0] for position in sent]
        job = await self._bulk(kind, list(sent.values()), identities)
        positions = list(sent)
        refused.update((positions[n], error) for n, error in job.refused.items())
        return BulkJob(refused=refused, unnamed=job.unnamed)

    async def page(self, kind: Kind, number: int) -> CrmPage:
        """List all records, page by page from 1, the most recently updated first."""
        view_id = await self._memory.view_id(kind, self._call)
        request = wire.view(kind, view_id, page=number, include=self._include(kind))
        try:
            content = await self._call(request)
        except RemoteError as error:
            if error.fault is Fault.DENIED:
                self._memory.forget_view(kind)
            raise
        rows, total = wire.read_listed(kind, content)
        translator = await self._translator(kind)
        # A page may be shorter than asked for: only an empty one is the end (1.6).
        return CrmPage(
            records=[translator.record(row) for row in rows],
            more=bool(rows),
            total=total,
        )

    @property
    def _replaces(self) -> bool:
        return self._options.custom_fields is CustomFields.REPLACE

    def _include(self, kind: Kind) -> str:
        return includes(kind, self._options.wanted.get(kind, ()))

    async def _translator(self, kind: Kind) -> Translator:
        return await self._memory.translator(kind, self._call)

    async def _attributes(
        self, kind: Kind, fields: Fields, *, new: bool = False
    ) -> dict[str, Json]:
        """Write fields as the API has them, asking anew for a choice not known."""
        translator = await self._translator(kind)
        try:
            return translator.attributes(fields, new=new)
        except UnknownChoiceError:
            translator = await self._memory.refreshed(kind, self._call)
        try:
            return translator.attributes(fields, new=new)
        except UnknownChoiceError as error:
            call = f"/{wire.MODULES[kind].plural}"
            raise RemoteError(
                Fault.REFUSED, call=call, messages=(str(error),), field=error.field
            ) from error

    async def _row(self, kind: Kind, id_: str) -> Json | None:
        request = wire.read(kind, id_, self._include(kind))
        try:
            row = await self._one(kind, request)
        except RemoteError as error:
            if error.fault is Fault.GONE:
                return None
            raise
        return None if row.get("is_deleted") else row

    async def _write(self, kind: Kind, request: Request) -> CrmRecord:
        """Send a write and read the record that it answers."""
        translator = await self._translator(kind)
        return translator.record(await self._one(kind, request))

    async def _one(self, kind: Kind, request: Request) -> Json:
        """Send a request and take the one record out of its answer."""
        row = wire.read_record(kind, await self._call(request))
        if row is None:
            fault = settled(Fault.AMBIGUOUS, request)
            said = f"the answer holds no {wire.MODULES[kind].singular}"
            raise RemoteError(fault, call=request.call, messages=(said,))
        return row

    async def _update_singly(
        self, kind: Kind, rows: Sequence[tuple[str, Fields]]
    ) -> BulkJob:
        refused: dict[int, RemoteError] = {}
        for position, (id_, fields) in enumerate(rows):
            try:
                await self.update(kind, id_, fields)
            except RemoteError as error:
                refused[position] = error
        return BulkJob(refused=refused)

    async def _bulk(
        self, kind: Kind, rows: Sequence[Json], identities: Sequence[str]
    ) -> BulkJob:
        if not rows:
            return BulkJob()
        request = wire.bulk_upsert(kind, rows)
        status = await self._done(await self._submit(request), request.call)
        return bulk.outcome(status, identities, request.call)

    async def _submit(self, request: Request) -> str:
        """Hand in a bulk call, again where the account was busy; answers the job."""
        for pause in BUSY_PAUSES:
            try:
                content = await self._call(request)
                break
            except RemoteError as error:
                if error.status != 405:
                    raise
                await self._clock.sleep(pause)
        else:
            content = await self._call(request)
        job_id = bulk.read_job_id(content, self._connection.base_url)
        if job_id is None:
            said = f"job status at {content.get('job_status_url')!r} is not ours to ask"
            raise RemoteError(Fault.AMBIGUOUS, call=request.call, messages=(said,))
        return job_id

    async def _done(self, job_id: str, call: str) -> JobStatus:
        """Wait for the end of a job.

        Raises:
            RemoteError: AMBIGUOUS, because the rows were handed in.
        """
        submitted = self._clock.monotonic()
        delay = self._pace.first
        asked, trouble = 0, "no end in sight"
        while self._clock.monotonic() - submitted < self._options.job_deadline:
            await self._clock.sleep(delay)
            delay, asked = self._pace.after(delay), asked + 1
            try:
                status = bulk.read_status(await self._call(wire.job(job_id)))
            except RemoteError as error:
                trouble = str(error)
                if error.fault is Fault.GONE:
                    break
                delay = max(delay, error.retry_after or 0.0)
                continue
            if status.ended and status.failed is None:
                trouble = "the job ended without a word about its rows"
                break
            if status.ended:
                took = self._clock.monotonic() - submitted
                self._pace.learn(took, at_once=asked == 1)
                return status
        raise RemoteError(Fault.AMBIGUOUS, call=call, messages=(trouble,))

    async def _call(self, request: Request) -> Json:
        """Spend one call and send it once; RemoteError unless it succeeded."""
        await self._spend(self._lane)
        answer = await self._connection.send(request)
        content = answer.content
        if not answer.succeeded or not isinstance(content, dict) or "errors" in content:
            failure = crm_fault(answer.status, content, call=request.call)
            raise remote_error(request, answer, failure)
        return content
