"""The shop's socket: everything that is sent to commercetools is sent here."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import stamina

from crosswalk.commercetools import translate, wire
from crosswalk.commercetools.memberships import member_ids
from crosswalk.commercetools.reference import (
    Reference,
    index_references,
    unknown_references,
)
from crosswalk.commercetools.translate import Rules
from crosswalk.commercetools.wire import Token
from crosswalk.domain.faults import Fault, RemoteError, shop_fault
from crosswalk.domain.model import Json, Kind, ShopRecord
from crosswalk.ports import Clock, Mark, Project, ShopPage
from crosswalk.transport.connection import Connection, Limits
from crosswalk.transport.message import Answer, Request, remote_error

#: Seconds before a token's end when we ask for the next one; a tenth for short lives.
EARLY: Final = 300.0

#: Seconds that what records point at is kept without asking again.
REFERENCE_TTL: Final = 600.0

#: How often a read that met a passing trouble is sent in all.
ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where a project is, and with which API client we go there."""

    api_url: str
    auth_url: str
    project_key: str
    client_id: str
    client_secret: str
    #: What to ask for; empty asks for all that the API client may do.
    scopes: Sequence[str] = ()


class Commercetools:
    """One commercetools project; use it as an asynchronous context manager.

    Reads that fail in passing are repeated a few times; throttling is not, because
    the engine knows better what else waits.
    """

    def __init__(
        self,
        access: Access,
        *,
        rules: Rules,
        clock: Clock,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._rules = rules
        self._clock = clock
        self._api = Connection(
            f"{access.api_url.rstrip('/')}/{access.project_key}",
            headers={"Accept": "application/json"},
            limits=limits,
        )
        self._auth = Connection(access.auth_url, headers={}, limits=limits)
        self._tokens = _Tokens(
            self._auth,
            wire.token(access.client_id, access.client_secret, access.scopes),
            clock,
        )
        self._sees_inherited = True
        self._exit = AsyncExitStack()
        self._references = _References(self._rows, rules.languages, clock)

    async def __aenter__(self) -> Self:
        await self._exit.enter_async_context(self._api)
        await self._exit.enter_async_context(self._auth)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def scopes(self) -> Sequence[str]:
        """Tell what we may do, each as "permission:project"; asks for a token only."""
        return (await self._tokens.current()).scopes

    async def project(self) -> Project:
        """Read the project's settings; also the cheapest proof that all is well."""
        content, answer = await self._read(wire.project())
        return wire.read_project(content, at=self._server_time(answer))

    async def load(self, kind: Kind, ids: Collection[str]) -> Mapping[str, ShopRecord]:
        """Read at most 100 records; those that do not exist are left out."""
        if not ids:
            return {}
        if kind is Kind.COMPANY:
            return await self._load_companies(ids)
        return await self._load_persons(ids)

    async def find(self, kind: Kind, word: str) -> Sequence[str]:
        """Name the records that a person may mean: by id, key, number or e-mail."""
        rows = await self._rows(wire.called(kind, word))
        return [row[wire.NAMED_BY[kind]] for row in rows.results]

    async def page(self, kind: Kind, *, after: Mark, limit: int = 500) -> ShopPage:
        """List records changed after a mark, oldest first."""
        content, answer = await self._read(wire.page(kind, after=after, limit=limit))
        return wire.read_page(kind, content, at=self._server_time(answer))

    async def count(self, kind: Kind, *, after: Mark) -> int | None:
        """Say how many records *page* would list; None where the shop does not know."""
        content, _ = await self._read(wire.count(wire.RESOURCES[kind], after=after))
        return wire.read_count(content, after=after)

    async def _load_persons(self, ids: Collection[str]) -> dict[str, ShopRecord]:
        has_units = await self._references.has_units()
        customers, units = await asyncio.gather(
            self._rows(wire.records(Kind.PERSON, ids)),
            self._units_of(ids, asked=has_units),
        )
        reference = await self._references.covering(customers.results)
        return {
            customer["id"]: translate.person(
                customer,
                units=units.get(customer["id"], ()),
                reference=reference,
                rules=self._rules,
            )
            for customer in customers.results
        }

    async def _load_companies(self, ids: Collection[str]) -> dict[str, ShopRecord]:
        units = (await self._rows(wire.records(Kind.COMPANY, ids))).results
        if units:
            self._references.saw_units()
        reference = await self._references.covering(units)
        return {
            unit["key"]: translate.company(unit, reference=reference, rules=self._rules)
            for unit in units
        }

    async def _units_of(
        self, customers: Collection[str], *, asked: bool
    ) -> Mapping[str, Sequence[Json]]:
        """Read the units of *customers*, by customer id."""
        units: defaultdict[str, list[Json]] = defaultdict(list)
        after = ""
        while asked:
            rows = await self._member_units(customers, after)
            for unit in rows.results:
                for member in member_ids(unit, inherited=self._sees_inherited):
                    units[member].append(unit)
            asked = rows.full
            after = rows.results[-1]["id"] if asked else ""
        return units

    async def _member_units(self, customers: Collection[str], after: str) -> wire.Rows:
        """Read units by all their members, or by their own where the shop cannot.

        Whether a predicate may name inherited members is in doubt (quirk C6).
        """
        inherited = self._sees_inherited
        try:
            return await self._rows(
                wire.units_of(customers, inherited=inherited, after=after)
            )
        except RemoteError as error:
            if error.status != 400 or not inherited:
                raise
        self._sees_inherited = False
        return await self._rows(wire.units_of(customers, inherited=False, after=after))

    async def _rows(self, request: Request) -> wire.Rows:
        content, _ = await self._read(request)
        return wire.read_rows(content)

    async def _read(self, request: Request) -> tuple[Json, Answer]:
        """Send a read; what fails in passing is sent again a few times."""
        async for attempt in stamina.retry_context(
            on=_is_passing, attempts=ATTEMPTS, wait_initial=0.1, wait_max=2.0
        ):
            with attempt:
                return await self._ask(request)
        raise AssertionError("stamina ends in an answer or an error")

    async def _ask(self, request: Request) -> tuple[Json, Answer]:
        """Send a read once, or twice where the token was not taken."""
        correlation_id = secrets.token_hex(8)
        token = await self._tokens.current()
        request = wire.authorised(request, token, correlation_id)
        answer = await self._api.send(request)
        if answer.status == 401:
            token = await self._tokens.renewed(token)
            request = wire.authorised(request, token, correlation_id)
            answer = await self._api.send(request)
        return _content(request, answer), answer

    def _server_time(self, answer: Answer) -> datetime:
        return answer.date or self._clock.now()


class _Tokens:
    """The one token that all calls share, renewed before it ends."""

    def __init__(self, auth: Connection, request: Request, clock: Clock) -> None:
        self._auth = auth
        self._request = request
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._renew_at = 0.0

    async def current(self) -> Token:
        """Give the token, or a new one when its end is near."""
        token = self._token
        if token is None or self._clock.monotonic() >= self._renew_at:
            return await self.renewed(token)
        return token

    async def renewed(self, stale: Token | None) -> Token:
        """Give the token that follows *stale*; who asks at the same time shares it."""
        async with self._lock:
            if self._token is None or self._token is stale:
                self._token = await self._fetch()
            return self._token

    async def _fetch(self) -> Token:
        asked_at = self._clock.monotonic()
        answer = await self._auth.send(self._request)
        token = wire.read_token(_content(self._request, answer))
        early = min(EARLY, token.expires_in / 10)
        self._renew_at = asked_at + token.expires_in - early
        return token


class _References:
    """What records point at, kept for a while and read anew when it lacks something."""

    def __init__(
        self,
        rows: Callable[[Request], Awaitable[wire.Rows]],
        languages: Sequence[str],
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._languages = languages
        self._clock = clock
        self._lock = asyncio.Lock()
        self._reference: Reference | None = None
        self._has_units = False
        self._read_at = 0.0
        #: What even the last reading did not have: not worth another one.
        self._missing: set[str] = set()

    async def has_units(self) -> bool:
        """Say whether the project has business units, as far as the token sees."""
        await self._current()
        return self._has_units

    def saw_units(self) -> None:
        """Take note that there are business units."""
        self._has_units = True

    async def covering(self, rows: Sequence[Json]) -> Reference:
        """Give everything that *rows* point at, as far as it exists."""
        known = await self._current()
        unknown = unknown_references(rows, known) - self._missing
        if unknown:
            known = await self._renewed(known)
            self._missing |= unknown_references(rows, known)
        return known

    async def _current(self) -> Reference:
        known = self._reference
        if known is None or self._clock.monotonic() >= self._read_at + REFERENCE_TTL:
            self._missing.clear()
            return await self._renewed(known)
        return known

    async def _renewed(self, stale: Reference | None) -> Reference:
        async with self._lock:
            if self._reference is None or self._reference is stale:
                self._reference = await self._fetch()
                self._read_at = self._clock.monotonic()
            return self._reference

    async def _fetch(self) -> Reference:
        stores, groups, channels, roles, units = await asyncio.gather(
            self._all("stores"),
            self._all("customer-groups"),
            self._all("channels"),
            self._all("associate-roles"),
            self._visible(wire.count("business-units")),
        )
        self._has_units = bool(units and units.total)
        return index_references(
            stores=stores,
            groups=groups,
            channels=channels,
            roles=roles,
            languages=self._languages,
        )

    async def _all(self, resource: str) -> list[Json]:
        found: list[Json] = []
        full = True
        while full:
            after = found[-1]["id"] if found else ""
            rows = await self._visible(wire.listing(resource, after=after))
            found.extend(rows.results if rows else ())
            full = rows is not None and rows.full
        return found

    async def _visible(self, request: Request) -> wire.Rows | None:
        """Read a page; None where the token may not.

        What records point at only adds names to keys and ids, and a project without
        companies forbids to ask for them; ``crosswalk check`` names missing scopes.
        """
        try:
            return await self._rows(request)
        except RemoteError as error:
            if error.status == 403:
                return None
            raise


def _content(request: Request, answer: Answer) -> Json:
    """Take the content of a success; RemoteError for everything else."""
    content = answer.content
    if not answer.succeeded or not isinstance(content, dict) or "errors" in content:
        raise remote_error(request, answer, shop_fault(answer.status, content))
    return content


def _is_passing(error: Exception) -> bool:
    return isinstance(error, RemoteError) and error.fault is Fault.TRANSIENT
