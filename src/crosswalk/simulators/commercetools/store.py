"""Records in memory: current rows, the orders they are read in, and look-ups."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sortedcontainers import SortedList

from crosswalk.simulators.commercetools.kinds import Object
from crosswalk.simulators.commercetools.predicate.compile import VIRTUAL

Record = dict[str, Any]

#: The fields by which every table can be read in order (ties broken by id).
ORDERS: Final = ("lastModifiedAt", "createdAt", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """What the store knows of a resource."""

    #: As in paths: "customers".
    name: str
    #: As in references: "customer".
    type_id: str
    kind: Object
    #: Dotted paths of texts by which records are found without a scan.
    lookups: tuple[str, ...] = ("key",)
    #: Fields whose value no two records share; each is among ``lookups``.
    unique: tuple[str, ...] = ("key",)


class Row:
    """One version of a record; never changed, only replaced.

    Only the JSON is kept: decoded, 100,000 customers would take a gigabyte.
    """

    __slots__ = ("body",)

    def __init__(self, record: Record) -> None:
        # orjson 3.13 hands out its whole working buffer (8 KB); a copy is as long as
        # its text (measured with tracemalloc).
        self.body = bytes(memoryview(orjson.dumps(record)))

    @property
    def record(self) -> Record:
        """The record, decoded anew for everybody who asks."""
        decoded: Record = orjson.loads(self.body)
        return decoded


class Table:
    """All records of one resource."""

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.rows: dict[str, Row] = {}
        self.orders: dict[str, SortedList] = {name: SortedList() for name in ORDERS}
        self._found: dict[str, dict[str, str | set[str]]] = {
            path: {} for path in spec.lookups
        }
        self._paths = [(path, path.split(".")) for path in spec.lookups]
        self._changes: deque[tuple[float, str, Row | None]] = deque()

    def put(self, record: Record) -> Row:
        """Store *record* in place of the one with its id, if there is one."""
        row = Row(record)
        old = self.rows.get(record["id"])
        if old is None:
            self._index(record)
        else:
            self._reindex(old.record, record)
        self.rows[record["id"]] = row
        return row

    def drop(self, record_id: str) -> None:
        """Forget a record."""
        record = self.rows.pop(record_id).record
        for name, order in self.orders.items():
            order.remove((record[name], record_id))
        for path, parts in self._paths:
            for value in values_at(record, parts):
                self._unlink(path, value, record_id)

    def ids(self, path: str, value: str) -> set[str]:
        """Return the ids of the records that hold *value* at a looked-up *path*."""
        if path == "id":
            return {value} & self.rows.keys()
        found = self._found[path].get(value, set())
        return {found} if isinstance(found, str) else set(found)

    def by(self, path: str, value: str) -> Row | None:
        """Return the one record that holds *value* at a unique *path*."""
        for record_id in self.ids(path, value):
            return self.rows[record_id]
        return None

    def note_change(self, at: float, record_id: str, *, keep_seconds: float) -> None:
        """Remember how a record is now, before its change at *at*."""
        while self._changes and self._changes[0][0] <= at - keep_seconds:
            self._changes.popleft()
        if keep_seconds > 0:
            self._changes.append((at, record_id, self.rows.get(record_id)))

    def past(self, moment: float) -> dict[str, Row | None]:
        """Return what differed at *moment*: the row of then, None where was none."""
        then: dict[str, Row | None] = {}
        for at, record_id, row in self._changes:
            if at > moment:
                then.setdefault(record_id, row)
        return then

    def _index(self, record: Record) -> None:
        record_id = record["id"]
        for name, order in self.orders.items():
            order.add((record[name], record_id))
        for path, parts in self._paths:
            for value in values_at(record, parts):
                self._link(path, value, record_id)

    def _reindex(self, old: Record, new: Record) -> None:
        record_id = new["id"]
        for name, order in self.orders.items():
            if old[name] != new[name]:
                order.remove((old[name], record_id))
                order.add((new[name], record_id))
        for path, parts in self._paths:
            before, after = set(values_at(old, parts)), set(values_at(new, parts))
            for value in before - after:
                self._unlink(path, value, record_id)
            for value in after - before:
                self._link(path, value, record_id)

    def _link(self, path: str, value: str, record_id: str) -> None:
        found = self._found[path]
        present = found.setdefault(value, record_id)
        if isinstance(present, set):
            present.add(record_id)
        elif present != record_id:
            found[value] = {present, record_id}

    def _unlink(self, path: str, value: str, record_id: str) -> None:
        found = self._found[path]
        present = found.get(value)
        if isinstance(present, set):
            present.discard(record_id)
            if present:
                return
        found.pop(value, None)


def values_at(record: Mapping[str, Any], parts: list[str]) -> Iterator[str]:
    """Yield the texts at a path, through lists."""
    name, *rest = parts
    value = VIRTUAL[name](record) if name in VIRTUAL else record.get(name)
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, str) and not rest:
            yield one
        elif isinstance(one, dict) and rest:
            yield from values_at(one, rest)
