"""Views: saved filters of a module, and pages of their records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from crosswalk.simulators.freshsales.errors import ForbiddenError, missing_attributes
from crosswalk.simulators.freshsales.modules import MODULES, Module
from crosswalk.simulators.freshsales.records import Record
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.switches import Switches

#: Ids of views begin here, a hundred apart per module.
FIRST_VIEW_ID: Final = 71_010_700_001

DEFAULT_PER_PAGE: Final = 25
WEEK: Final = 7 * 86_400

#: What the stock views hold beside everything or the recycle bin; by name, from
#: the record, the present moment and the caller's user id.
CONDITIONS: Final[Mapping[str, Callable[[Record, float, int], bool]]] = {
    "My Contacts": lambda r, _, user: r.hidden.get("owner_id") == user,
    "My Accounts": lambda r, _, user: r.hidden.get("owner_id") == user,
    "New Contacts": lambda r, now, _: now - r.created_at < WEEK,
    "Recently Modified": lambda r, now, _: now - r.updated_at < WEEK,
    "Never Contacted": lambda r, _now, _user: not r.shown.get("last_contacted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows a list call asks for."""

    #: Counts from 1.
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    #: A field's name; empty leaves the order of ids.
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One page of records, and how many there are in all."""

    records: Sequence[Record]
    total: int
    total_pages: int

    @property
    def meta(self) -> dict[str, int]:
        """Spell the counts as lists do."""
        return {"total_pages": self.total_pages, "total": self.total}


def read_page(values: Mapping[str, Any], table: Table) -> Page:
    """Read page, per_page, sort and sort_type of a query or body.

    Raises:
        RefusalError: the sort field or direction is unknown.
    """
    sort, direction = str(values.get("sort", "")), str(values.get("sort_type", "asc"))
    strict = table.account.switches.text("unknown_parameter") == "refuse"
    known = sort in ("", "id", "created_at", "updated_at", "display_name")
    known = known or sort in table.fields.by_name
    if strict and not (known and direction in ("asc", "desc")):
        raise missing_attributes()
    cap = int(table.account.switches.number("per_page_cap"))
    return Page(
        page=max(_whole(values.get("page"), 1), 1),
        per_page=min(_whole(values.get("per_page"), DEFAULT_PER_PAGE), cap),
        sort=sort if known else "",
        descending=direction == "desc",
    )


def _whole(value: object, default: int) -> int:
    """Read a number as leniently as the API does: what is none counts as 0."""
    if value is None:
        return default
    return int(str(value)) if str(value).isdecimal() else 0


def list_views(module: Module) -> list[dict[str, Any]]:
    """Return the stock views of a module as /filters does."""
    return [
        {
            "id": view_id,
            "name": name,
            "model_class_name": module.label,
            "user_id": None,
            "is_default": True,
            "updated_at": "2026-01-01T00:00:00Z",
        }
        for view_id, name in _views(module).items()
    ]


def _views(module: Module) -> dict[int, str]:
    first = FIRST_VIEW_ID + 100 * list(MODULES).index(module.plural)
    return dict(enumerate(module.views, first))


def view_page(table: Table, view_id: str, page: Page, *, user_id: int) -> Rows:
    """Return one page of a view.

    Raises:
        ForbiddenError: there is no such view.
    """
    name = view_name(table.module, view_id)
    if name == "Recycle Bin":
        return page_of(list(table.bin.values()), page, table.account.switches)
    condition = CONDITIONS.get(name)
    if condition is None:
        return _whole_table(table, page)
    now = table.account.clock.timestamp()
    chosen = [r for r in table.live.values() if condition(r, now, user_id)]
    return page_of(chosen, page, table.account.switches)


def view_name(module: Module, view_id: str) -> str:
    """Return the name of a view; ForbiddenError when there is none."""
    name = _views(module).get(int(view_id)) if view_id.isdecimal() else None
    if name is None:
        raise ForbiddenError
    return name


def scroll(table: Table, view_id: str, *, after: int, limit: int) -> list[Record]:
    """Return the next live records by id, after the one fetched last."""
    view_name(table.module, view_id)
    ids = table.by_id.irange(minimum=after, inclusive=(False, False))
    return [table.live[record_id] for record_id in islice(ids, limit)]


def _whole_table(table: Table, page: Page) -> Rows:
    """Serve all live records, from an index where there is one for the order."""
    if page.sort not in ("", "id", "updated_at"):
        return page_of(list(table.live.values()), page, table.account.switches)
    total = len(table.live)
    start, stop, pages = _window(total, page, table.account.switches)
    if page.descending:
        start, stop = max(total - stop, 0), max(total - start, 0)
    if page.sort == "updated_at":
        ids = [record_id for _, record_id in table.by_update[start:stop]]
    else:
        ids = list(table.by_id[start:stop])
    if page.descending:
        ids.reverse()
    records = [table.live[record_id] for record_id in ids]
    return Rows(records=records, total=total, total_pages=pages)


def page_of(records: list[Record], page: Page, switches: Switches) -> Rows:
    """Sort *records* and cut out one page; ties are broken by id."""
    records.sort(key=lambda record: _order(record, page.sort), reverse=page.descending)
    start, stop, pages = _window(len(records), page, switches)
    return Rows(records=records[start:stop], total=len(records), total_pages=pages)


def _order(record: Record, sort: str) -> tuple[bool, Any, int]:
    """Empty values come first; values of one field are of one type."""
    name = "email" if sort == "emails" else sort
    value = getattr(record, name) if name.endswith("ed_at") else record.value(name)
    return value is not None, 0 if value is None else value, record.id


def _window(total: int, page: Page, switches: Switches) -> tuple[int, int, int]:
    """Return the first row, the row after the last one, and the number of pages."""
    size = page.per_page
    if switches.on("short_pages"):
        size -= size // 10
    start = (page.page - 1) * size
    return start, start + size, -(-total // size) if size else 0
