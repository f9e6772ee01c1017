"""The records of one module, with every order and key they are found by."""

from collections.abc import Hashable, Iterator

from sortedcontainers import SortedList

from crosswalk.simulators.freshsales.account import Account
from crosswalk.simulators.freshsales.modules import Module
from crosswalk.simulators.freshsales.records import Record

#: A field, and the spelling of a value by which two values are the same.
IndexKey = tuple[str, Hashable]


class Table:
    """Live and soft-deleted records of one module."""

    def __init__(self, module: Module, account: Account) -> None:
        self.module = module
        self.account = account
        self.fields = account.fields[module.plural]
        self.live: dict[int, Record] = {}
        self.bin: dict[int, Record] = {}
        #: Live records by (updated_at, id), and by id.
        self.by_update: SortedList[tuple[float, int]] = SortedList()
        self.by_id: SortedList[int] = SortedList()
        #: Ids of records that search has yet to see, with the time of their write.
        self.unseen: dict[int, float] = {}
        self._holders: dict[IndexKey, list[int]] = {}
        self._next_id = module.first_id
        self._indexed: list[str] = []
        self.reindex()

    def next_id(self) -> int:
        """Return an id greater than every id so far."""
        self._next_id += 1
        return self._next_id - 1

    def put(self, record: Record) -> None:
        """Store a live record, new or in place of its former state."""
        before = self.live.get(record.id)
        if before is None:
            self.bin.pop(record.id, None)
            self.by_id.add(record.id)
            self._next_id = max(self._next_id, record.id + 1)
        else:
            self.by_update.remove((before.updated_at, before.id))
        self.by_update.add((record.updated_at, record.id))
        self.live[record.id] = record
        self._index(before, record)
        self._touch(record.id)

    def bury(self, record: Record) -> None:
        """Move a record to the recycle bin."""
        self.take(record.id)
        self.bin[record.id] = record
        self._next_id = max(self._next_id, record.id + 1)

    def take(self, record_id: int) -> None:
        """Remove a record for good, wherever it is."""
        self.bin.pop(record_id, None)
        record = self.live.pop(record_id, None)
        if record is None:
            return
        self.by_update.remove((record.updated_at, record.id))
        self.by_id.remove(record.id)
        self._index(record, None)
        self._touch(record.id)

    def holders(self, name: str, value: object) -> list[int]:
        """Return the ids of live records that hold *value* in an indexed field."""
        return self._holders.get((name, _spelling(name, value)), [])

    def buried_holders(self, name: str, value: object) -> list[int]:
        """Return the same of the recycle bin."""
        key = (name, _spelling(name, value))
        return [record.id for record in self.bin.values() if key in self._keys(record)]

    def unique_fields(self) -> list[str]:
        """Return the names of the fields that no two live records may share."""
        unique = list(self.fields.unique)
        switches = self.account.switches
        if "emails" in unique and not switches.on("unique_email"):
            unique.remove("emails")
        if self.module.plural == "sales_accounts" and "name" not in unique:
            wish = switches.text("unique_account_name")
            if wish == "on" or (wish == "auto" and not unique):
                unique.append("name")
        return unique

    def indexes(self, name: str) -> bool:
        """Tell whether `holders` knows the field called *name*."""
        return name in self._indexed

    def reindex(self) -> None:
        """Build the keys anew after an administrator changed the fields."""
        names = list(self.fields.unique)
        names += [name for name in self.module.identifiers if name != "id"]
        self._indexed = list(dict.fromkeys(names))
        self._holders = {}
        for record in self.live.values():
            self._index(None, record)

    def _touch(self, record_id: int) -> None:
        """The last write counts, and waits behind every earlier one."""
        self.unseen.pop(record_id, None)
        self.unseen[record_id] = self.account.clock.timestamp()

    def _index(self, before: Record | None, after: Record | None) -> None:
        old = list(self._keys(before)) if before else []
        new = list(self._keys(after)) if after else []
        if old == new:
            return
        if before:
            for key in old:
                ids = self._holders[key]
                ids.remove(before.id)
                if not ids:
                    del self._holders[key]
        if after:
            for key in new:
                self._holders.setdefault(key, []).append(after.id)

    def _keys(self, record: Record) -> Iterator[IndexKey]:
        for name in self._indexed:
            value = record.value("email" if name == "emails" else name)
            if value not in (None, ""):
                yield name, _spelling(name, value)
        for account_id, _ in record.hidden.get("sales_accounts", ()):
            yield "sales_accounts", account_id


def _spelling(name: str, value: object) -> Hashable:
    """E-mails are compared without regard to case, all else exactly."""
    if name == "sales_accounts":
        return value if isinstance(value, int) else None
    return str(value).casefold() if name == "emails" else str(value)
