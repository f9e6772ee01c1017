"""What is remembered of an account between calls: fields, choices, views."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Json, Kind
from crosswalk.freshsales import wire
from crosswalk.freshsales.catalogue import (
    Catalogue,
    Choices,
    mapped_selectors,
    read_catalogue,
)
from crosswalk.freshsales.translate import Translator
from crosswalk.ports import Clock
from crosswalk.transport.message import Request

#: Seconds between two readings that an unknown choice may cause.
AT_MOST_EVERY: Final = 60.0

#: Sends a request, spending a call of whoever asks.
Call = Callable[[Request], Awaitable[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """One reading of a module's fields and choices."""

    read_at: float
    catalogue: Catalogue
    translator: Translator


class Memory:
    """Fields and choices by kind, read when first needed and kept for a while."""

    def __init__(
        self,
        *,
        wanted: Mapping[Kind, Collection[str]],
        account_id_field: str,
        seconds: float,
        clock: Clock,
    ) -> None:
        self._wanted = wanted
        self._account_id_field = account_id_field
        self._seconds = seconds
        self._clock = clock
        self._locks = {kind: asyncio.Lock() for kind in Kind}
        self._known: dict[Kind, _Known] = {}
        self._views: dict[Kind, str] = {}

    async def catalogue(self, kind: Kind, call: Call) -> Catalogue:
        """Give the fields and choices of a kind."""
        return (await self._current(kind, call, self._seconds)).catalogue

    async def translator(self, kind: Kind, call: Call) -> Translator:
        """Give the translator of a kind."""
        return (await self._current(kind, call, self._seconds)).translator

    async def refreshed(self, kind: Kind, call: Call) -> Translator:
        """Give a translator that is not older than a minute."""
        return (await self._current(kind, call, AT_MOST_EVERY)).translator

    async def view_id(self, kind: Kind, call: Call) -> str:
        """Give the id of the view that holds all records.

        Raises:
            RemoteError: SCHEMA when the account shows us no such view.
        """
        if kind not in self._views:
            request = wire.filters(kind)
            found = wire.read_view_id(kind, await call(request))
            if found is None:
                said = f"there is no view '{wire.MODULES[kind].all_view}'"
                raise RemoteError(Fault.SCHEMA, call=request.call, messages=(said,))
            self._views[kind] = found
        return self._views[kind]

    def forget_view(self, kind: Kind) -> None:
        """Look the view up again next time: it may have been deleted."""
        self._views.pop(kind, None)

    async def _current(self, kind: Kind, call: Call, seconds: float) -> _Known:
        """Give what is known, read anew when older than *seconds*."""
        known = self._known.get(kind)
        if known is not None and self._is_young(known, seconds):
            return known
        async with self._locks[kind]:
            known = self._known.get(kind)
            if known is None or not self._is_young(known, seconds):
                known = self._known[kind] = await self._read(kind, call)
            return known

    def _is_young(self, known: _Known, seconds: float) -> bool:
        return self._clock.monotonic() < known.read_at + seconds

    async def _read(self, kind: Kind, call: Call) -> _Known:
        wanted = self._wanted.get(kind, ())
        described = await call(wire.fields(kind))
        choices = {
            name: Choices.of(wire.read_entries(selector, await call(request)))
            for name, selector in mapped_selectors(kind, wanted).items()
            for request in (wire.selector(selector),)
        }
        catalogue = read_catalogue(kind, described, choices)
        translator = Translator(
            kind,
            catalogue,
            wanted=wanted,
            account_id_field=self._account_id_field,
        )
        return _Known(
            read_at=self._clock.monotonic(),
            catalogue=catalogue,
            translator=translator,
        )
