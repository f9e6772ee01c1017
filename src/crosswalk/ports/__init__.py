"""The protocols that the engine speaks; both sides and the tests implement them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.model import CrmRecord, Fields, Kind, Lane, ShopRecord


class Clock(Protocol):
    """Time as the engine knows it."""

    def now(self) -> datetime:
        """Tell the time, in UTC."""

    def monotonic(self) -> float:
        """Tell seconds that never step back."""

    async def sleep(self, seconds: float) -> None:
        """Let others work for so long."""


class Wake(Protocol):
    """Who starts the drains."""

    async def wake(self, partitions: Collection[int]) -> None:
        """See that each partition is drained soon; call it only after the commit."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """A place in a shop listing ordered by (lastModifiedAt, id)."""

    #: Millisecond ISO 8601 in UTC as the shop wrote it; "" is before everything.
    modified_at: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a listing tells of one shop record."""

    #: As in the record's Ref: a customer's id, a business unit's key.
    id: str
    version: int
    mark: Mark
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPage:
    """A page of a shop listing."""

    heads: Sequence[Head]
    #: The shop's clock when it answered.
    at: datetime
    #: Whether another page may follow.
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a shop says of itself."""

    key: str
    name: str
    languages: Sequence[str]
    currencies: Sequence[str]
    countries: Sequence[str]
    #: The shop's clock when it answered.
    at: datetime


class Shop(Protocol):
    """The commercetools project."""

    async def scopes(self) -> Sequence[str]:
        """Tell what we may do, each as "permission:project"; asks for a token only."""

    async def project(self) -> Project:
        """Read the project's settings; also the cheapest proof that all is well."""

    async def load(self, kind: Kind, ids: Collection[str]) -> Mapping[str, ShopRecord]:
        """Read records by their Ref's id as they are now; those not there are left out.

        One query a type: the engine passes at most 100 ids.
        """

    async def find(self, kind: Kind, word: str) -> Sequence[str]:
        """Name the records that a person may mean: by id, key, number or e-mail."""

    async def page(self, kind: Kind, *, after: Mark, limit: int = 500) -> ShopPage:
        """List records changed after a mark, oldest first."""

    async def count(self, kind: Kind, *, after: Mark) -> int | None:
        """Say how many records *page* would list; None where the shop does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmField:
    """A field of the CRM as its settings describe it."""

    name: str
    label: str
    type: str
    custom: bool
    required: bool
    #: Writable values of a dropdown; empty for every other type.
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmPage:
    """A page of a CRM listing, the most recently updated record first."""

    records: Sequence[CrmRecord]
    more: bool
    #: How many records the listing holds, where it said so.
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkJob:
    """The outcome of one bulk call."""

    #: The row's position among the rows sent -> why the CRM refused it.
    refused: Mapping[int, RemoteError] = field(default_factory=dict)
    #: How many rows failed that the report did not name.
    unnamed: int = 0


class Crm(Protocol):
    """The Freshsales account. Every method but *bulk_* costs one call.

    All raise RemoteError; its fault says what to do next.
    """

    def on(self, lane: Lane) -> "Crm":
        """Speak to the same account, spending calls from another lane."""

    async def schema(self, kind: Kind) -> Mapping[str, CrmField]:
        """Describe the fields of a kind by mapping name; kept for some minutes."""

    async def read(self, kind: Kind, id_: str) -> CrmRecord | None:
        """Read one record with everything mapped; None when it is gone."""

    async def find(self, kind: Kind, field: str, value: str) -> Sequence[CrmRecord]:
        """Look records up by one field, exactly; the rows are shallow and may lag."""

    async def claim(self, email: str) -> CrmRecord:
        """Get or create the contact with this primary e-mail, changing nothing else."""

    async def create(self, kind: Kind, fields: Fields) -> CrmRecord:
        """Create a record; a taken e-mail or id is refused, never overwritten."""

    async def update(self, kind: Kind, id_: str, fields: Fields) -> CrmRecord:
        """Change the fields given, None clears; answers the record as stored."""

    async def bulk_claim(self, emails: Sequence[str]) -> BulkJob:
        """Claim up to 100 contacts at once (submit and poll: two calls or more)."""

    async def bulk_update(
        self, kind: Kind, rows: Sequence[tuple[str, Fields]]
    ) -> BulkJob:
        """Change up to 100 records at once; associations cannot be sent this way."""

    async def page(self, kind: Kind, number: int) -> CrmPage:
        """List all records, page by page from 1, the most recently updated first."""
