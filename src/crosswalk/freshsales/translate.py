"""Freshsales JSON to and from fields by their mapping names; pure.

The names are those that `crosswalk.domain.model.Fields` describes.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from crosswalk.domain.model import CrmRecord, Fields, Json, Kind
from crosswalk.freshsales.catalogue import (
    LINKS,
    MULTIPLE,
    REFERENCES,
    Catalogue,
    Choices,
)

#: The most accounts of a contact; the primary one comes first and stays (2.3).
MAX_ACCOUNTS: Final = 10

#: Lists that travel as lists; every other one is joined.
LISTS: Final = frozenset({"tags"})

#: Standard fields that hold several values in one text.
JOINED: Final = frozenset({"subscription_types"})

#: When a record that does not say so was last updated: before everything.
EPOCH: Final = datetime.fromtimestamp(0, UTC)


class UnknownChoiceError(Exception):
    """A name that its selector does not hold."""

    def __init__(self, field: str, name: str) -> None:
        self.field = field
        self.name = name
        super().__init__(f"{field} has no choice '{name}'")


class Translator:
    """Reads and writes the mapped fields of one kind of record."""

    def __init__(
        self,
        kind: Kind,
        catalogue: Catalogue,
        *,
        wanted: Collection[str],
        account_id_field: str,
    ) -> None:
        references, links = REFERENCES[kind], LINKS[kind]
        self._kind = kind
        self._choices = catalogue.choices
        self._references = [name for name in references if name in wanted]
        self._links = [name for name in links if name in wanted]
        self._custom = [name for name in wanted if name.startswith("cf_")]
        self._plain = [
            name
            for name in wanted
            if not (name in references or name in links or name.startswith("cf_"))
        ]
        types = {name: catalogue.fields[name].type for name in catalogue.fields}
        self._multiple = {n for n in types if types[n] == MULTIPLE} | JOINED
        self._dates = {name for name in types if types[name] == "date"}
        self._account_id_field = account_id_field

    def record(self, row: Json) -> CrmRecord:
        """Read a record; mapped fields that it does not carry stay out."""
        custom = row.get("custom_field") or {}
        fields = {name: row[name] for name in self._plain if name in row}
        fields.update((name, custom[name]) for name in self._custom if name in custom)
        for name in self._references:
            if f"{name}_id" in row:
                fields[name] = self._name(name, row[f"{name}_id"])
        for name in self._links:
            _read_link(name, row, fields)
        self._normalize(fields)
        person = self._kind is Kind.PERSON
        own_id = (
            row.get("external_id") if person else custom.get(self._account_id_field)
        )
        return CrmRecord(
            kind=self._kind,
            id=str(row["id"]),
            external_id=str(own_id) if own_id else None,
            emails=_emails(row),
            name=row.get("display_name" if person else "name") or "",
            updated_at=_moment(row.get("updated_at")),
            fields=fields,
        )

    def attributes(self, fields: Fields, *, new: bool = False) -> dict[str, Json]:
        """Write fields as the body of a create or update.

        Raises:
            UnknownChoiceError: a reference's name is not in its selector.
        """
        attributes: dict[str, Json] = {}
        custom: dict[str, Json] = {}
        for name, value in fields.items():
            if name.startswith("cf_"):
                custom[name] = _joined(value)
            elif name in REFERENCES[self._kind]:
                attributes[f"{name}_id"] = self._id(name, value)
            elif name == "sales_accounts":
                attributes[name] = _accounts(value or ())
            elif name == "parent_account":
                attributes["parent_sales_account_id"] = int(value) if value else None
            elif name == "email":
                # A new record takes its first address as "emails" only (2.4).
                attributes["emails" if new else "email"] = value
            else:
                attributes[name] = value if name in LISTS else _joined(value)
        if custom:
            attributes["custom_field"] = custom
        return attributes

    def _name(self, field: str, id_: Json) -> str | None:
        if id_ is None:
            return None
        choices = self._choices.get(field)
        return choices.names.get(id_, str(id_)) if choices else str(id_)

    def _id(self, field: str, name: Json) -> int | None:
        if name is None or name == "":
            return None
        choices = self._choices.get(field, Choices(ids={}, names={}))
        found = choices.ids.get(str(name).casefold())
        if found is None:
            raise UnknownChoiceError(field, str(name))
        return found

    def _normalize(self, fields: dict[str, Json]) -> None:
        """Split joined choices; cut dates that come as midnights (contract 11.9)."""
        for name in self._multiple & fields.keys():
            if isinstance(fields[name], str):
                fields[name] = [part for part in fields[name].split(";") if part]
        for name in self._dates & fields.keys():
            if isinstance(fields[name], str):
                fields[name] = fields[name][:10]


def _read_link(name: str, row: Json, fields: dict[str, Json]) -> None:
    if name == "sales_accounts" and name in row:
        linked = sorted(row[name] or (), key=lambda link: not link.get("is_primary"))
        fields[name] = [str(link["id"]) for link in linked]
    if name == "parent_account" and "parent_sales_account_id" in row:
        id_ = row["parent_sales_account_id"]
        fields[name] = str(id_) if id_ else None


def _accounts(ids: Collection[str]) -> list[Json]:
    return [
        {"id": int(id_), "is_primary": position == 0}
        for position, id_ in enumerate(list(ids)[:MAX_ACCOUNTS])
    ]


def _joined(value: Json) -> Json:
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else value


def _emails(row: Json) -> tuple[str, ...]:
    """List a contact's addresses, the primary one first."""
    entries = [entry for entry in row.get("emails") or () if not entry.get("_destroy")]
    entries.sort(key=lambda entry: not entry.get("is_primary"))
    addresses = tuple(entry["value"] for entry in entries)
    primary = row.get("email")
    return addresses or ((primary,) if primary else ())


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else EPOCH
