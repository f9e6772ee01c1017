"""Requests to Freshsales and its answers as values.

Paths are below ``<url>/api``. Section numbers are those of the Freshsales contract.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

import orjson

from crosswalk.domain.model import Json, Kind
from crosswalk.transport.message import Request

#: The most rows of a page (1.6) and of a bulk call (2.7).
MAX_ROWS: Final = 100

JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What the API calls one kind of record."""

    #: Path word, and key of lists.
    plural: str
    #: Key of one record, and the word of look-ups.
    singular: str
    #: The stock view that holds every record; an administrator may rename it.
    all_view: str


MODULES: Final[Mapping[Kind, Module]] = {
    Kind.PERSON: Module(plural="contacts", singular="contact", all_view="All Contacts"),
    Kind.COMPANY: Module(
        plural="sales_accounts", singular="sales_account", all_view="All Accounts"
    ),
}


def read(kind: Kind, id_: str, include: str) -> Request:
    """Ask for one record; without *include* its references stay out (1.7)."""
    return _get(f"/{MODULES[kind].plural}/{quote(id_, safe='')}", include=include)


def lookup(kind: Kind, field: str, value: str) -> Request:
    """Ask for the records whose *field* is exactly *value* (7.2)."""
    return _get("/lookup", q=value, f=field, entities=MODULES[kind].singular)


def claim(email: str, include: str) -> Request:
    """Ask for the contact with this e-mail, or for a new one that has only that."""
    content = {"unique_identifier": {"emails": email}, "contact": {"emails": email}}
    return _write("POST", "/contacts/upsert", content, include)


def create(kind: Kind, attributes: Json, include: str) -> Request:
    """Ask for a new record."""
    module = MODULES[kind]
    return _write("POST", f"/{module.plural}", {module.singular: attributes}, include)


def update(kind: Kind, id_: str, attributes: Json, include: str) -> Request:
    """Ask for the attributes given to be changed; null clears (2.4)."""
    module = MODULES[kind]
    path = f"/{module.plural}/{quote(id_, safe='')}"
    return _write("PUT", path, {module.singular: attributes}, include)


def bulk_upsert(kind: Kind, rows: Sequence[Json]) -> Request:
    """Ask for many rows, each an identifier and its ``data``, to be written later."""
    plural = MODULES[kind].plural
    return _write("POST", f"/{plural}/bulk_upsert", {plural: rows}, "")


def job(id_: str) -> Request:
    """Ask how far a bulk job is."""
    return _get(f"/job_statuses/{quote(id_, safe='')}")


def filters(kind: Kind) -> Request:
    """Ask for the views of a module."""
    return _get(f"/{MODULES[kind].plural}/filters")


def view(kind: Kind, view_id: str, *, page: int, include: str) -> Request:
    """Ask for a page of a view, the most recently updated record first."""
    return _get(
        f"/{MODULES[kind].plural}/view/{view_id}",
        page=str(page),
        per_page=str(MAX_ROWS),
        sort="updated_at",
        sort_type="desc",
        include=include,
    )


def fields(kind: Kind) -> Request:
    """Ask for the description of a module's fields."""
    return _get(f"/settings/{MODULES[kind].plural}/fields")


def selector(name: str) -> Request:
    """Ask for the entries of one of the lists that an administrator keeps."""
    return _get(f"/selector/{name}")


def read_record(kind: Kind, content: Json) -> Json:
    """Take the one record out of an answer; None when there is none."""
    return content.get(MODULES[kind].singular)


def read_found(kind: Kind, content: Json) -> list[Json]:
    """Take the rows out of a look-up's answer, which nests them twice."""
    plural = MODULES[kind].plural
    found = (content.get(plural) or {}).get(plural) or []
    return [row for row in found if not row.get("is_deleted")]


def read_listed(kind: Kind, content: Json) -> tuple[list[Json], int | None]:
    """Take rows and total out of a page."""
    rows = content.get(MODULES[kind].plural) or []
    return rows, (content.get("meta") or {}).get("total")


def read_view_id(kind: Kind, content: Json) -> str | None:
    """Find the view of all records: by its stock name, else the first default one."""
    views = content.get("filters") or []
    stock = MODULES[kind].all_view.casefold()
    named = (v for v in views if str(v.get("name", "")).casefold() == stock)
    default = (v for v in views if v.get("is_default"))
    found = next(named, None) or next(default, None)
    return None if found is None else str(found["id"])


def read_entries(name: str, content: Json) -> list[Json]:
    """Take the entries out of a selector's answer; those of owners are users."""
    return list(content.get("users" if name == "owners" else name) or ())


def _get(path: str, **parameters: str) -> Request:
    given = {name: value for name, value in parameters.items() if value}
    return Request(method="GET", path=path, query=urlencode(given))


def _write(method: str, path: str, content: Json, include: str) -> Request:
    return Request(
        method=method,
        path=path,
        query=urlencode({"include": include}) if include else "",
        body=orjson.dumps(content),
        headers=JSON,
        writes=True,
    )
