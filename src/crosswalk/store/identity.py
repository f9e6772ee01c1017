"""What the CRM holds, as far as we have seen: who is there, without a call."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import DictRow

from crosswalk.domain.matching import Candidate, email_key
from crosswalk.domain.model import CrmRecord, Fields, Json, Kind
from crosswalk.store.database import Transaction, json

#: The cursor that exists once every record of a kind was read.
CURSOR: Final = {kind: f"index:{kind}" for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A crm record as it was last seen in a list page or an answer."""

    kind: Kind
    crm_id: str
    external_id: str | None
    emails: tuple[str, ...]
    email_keys: tuple[str, ...]
    mobile: str | None
    name: str
    updated_at: datetime
    fields: Fields
    #: The shop id of its primary link, where it has one.
    linked_to: str | None

    @property
    def candidate(self) -> Candidate:
        """The record as matching looks at it."""
        return Candidate(
            crm_id=self.crm_id,
            external_id=self.external_id,
            emails=self.emails,
            mobile=self.mobile,
            name=self.name,
            linked_to=self.linked_to,
        )

    def record(self, *, without: AbstractSet[str] = frozenset()) -> CrmRecord:
        """Build the record again, as old as it is, leaving out some fields."""
        kept = {name: v for name, v in self.fields.items() if name not in without}
        return CrmRecord(
            kind=self.kind,
            id=self.crm_id,
            external_id=self.external_id,
            emails=self.emails,
            name=self.name,
            updated_at=self.updated_at,
            fields=kept,
        )


async def put(
    tx: Transaction, kind: Kind, records: Sequence[CrmRecord], *, at: datetime
) -> None:
    """Keep what the CRM showed; an older showing never replaces a newer one."""
    latest = {record.id: record for record in records}
    rows = [_row(record) for record in latest.values()]
    if rows:
        await tx.run("identity.put", kind=kind, rows=json(rows), at=at)


async def candidates(
    tx: Transaction,
    kind: Kind,
    *,
    email_keys: Collection[str] = (),
    external_ids: Collection[str] = (),
    mobiles: Collection[str] = (),
    names: Collection[str] = (),
) -> list[Known]:
    """Find every known crm record that any of the given points to."""
    rows = await tx.rows(
        "identity.candidates",
        kind=kind,
        email_keys=list(email_keys),
        external_ids=list(external_ids),
        mobiles=list(mobiles),
        names=list(names),
    )
    return [_known(row, kind) for row in rows]


async def known(
    tx: Transaction, kind: Kind, crm_ids: Collection[str]
) -> dict[str, Known]:
    """Read what was seen of crm records, by crm id."""
    rows = await tx.rows("identity.known", kind=kind, crm_ids=list(crm_ids))
    return {row["crm_id"]: _known(row, kind) for row in rows}


async def drop(tx: Transaction, kind: Kind, crm_ids: Collection[str]) -> None:
    """Forget records that are gone from the CRM."""
    await tx.run("identity.drop", kind=kind, crm_ids=list(crm_ids))


async def clear(tx: Transaction, kind: Kind) -> None:
    """Forget everything known of a kind, before it is read anew."""
    await tx.run("identity.clear", kind=kind)


def _row(record: CrmRecord) -> dict[str, Json]:
    return {
        "crm_id": record.id,
        "external_id": record.external_id,
        "emails": record.emails,
        "email_keys": sorted({email_key(email) for email in record.emails}),
        "mobile": record.fields.get("mobile_number") or None,
        "name": record.name,
        "updated_at": record.updated_at,
        "fields": dict(record.fields),
    }


def _known(row: DictRow, kind: Kind) -> Known:
    lists = {name: tuple(row[name]) for name in ("emails", "email_keys")}
    return Known(**{**row, **lists, "kind": kind})
