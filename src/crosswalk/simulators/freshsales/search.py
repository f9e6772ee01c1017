"""/search and /lookup, over an index that lags behind the records."""

from itertools import takewhile
from typing import Any, Final

from sortedcontainers import SortedList

from crosswalk.simulators.freshsales.bodies import FIRST_MCR_ID
from crosswalk.simulators.freshsales.records import Record
from crosswalk.simulators.freshsales.store import Table

#: Sorts after every text that begins with the same letters.
LAST: Final = chr(0x10FFFF)

#: Texts that /search looks into beside the name.
SEARCHED: Final = ("email", "mobile_number", "work_number", "phone", "website")

#: Fields that /lookup compares without regard to case.
CASELESS: Final = frozenset({"email", "name", "website"})


class SearchIndex:
    """What the search engine knows of one module at this moment."""

    def __init__(self, table: Table) -> None:
        self._table = table
        #: The records as they were when the engine saw them last.
        self._seen: dict[int, Record] = {}
        #: Field -> value -> ids; built when a field is first looked up.
        self._exact: dict[str, dict[str, list[int]]] = {}
        #: Words as (word, id), for prefixes; built by the first search.
        self._words: SortedList[tuple[str, int]] | None = None

    def prefixed(self, text: str) -> list[Record]:
        """Return records of which a word or the whole name begins with *text*."""
        self._catch_up()
        if self._words is None:
            seen = self._seen.values()
            words = ((word, r.id) for r in seen for word in _words(r, self._table))
            self._words = SortedList(words)
        start = text.casefold().strip()
        found = self._words.irange((start, 0), (start + LAST, 0))
        return self._records(dict.fromkeys(record_id for _, record_id in found))

    def exact(self, name: str, text: str) -> list[Record]:
        """Return records whose field *name* is *text*."""
        self._catch_up()
        if name not in self._exact:
            self._exact[name] = {}
            for record in self._seen.values():
                self._note(name, None, record)
        ids = self._exact[name].get(_comparable(name, text), [])
        return self._records(dict.fromkeys(sorted(ids)))

    def _records(self, ids: dict[int, None]) -> list[Record]:
        """Leave out what was deleted since the engine saw it."""
        live = self._table.live
        return [live[record_id] for record_id in ids if record_id in live]

    def _catch_up(self) -> None:
        """See every write that is older than the lag."""
        account, unseen = self._table.account, self._table.unseen
        lag = account.switches.number("index_lag_seconds")
        seen_until = account.clock.timestamp() - lag
        due = list(takewhile(lambda n: unseen[n] <= seen_until, unseen))
        for record_id in due:
            del unseen[record_id]
            before = self._seen.pop(record_id, None)
            after = self._table.live.get(record_id)
            if after is not None:
                self._seen[record_id] = after
            for name in self._exact:
                self._note(name, before, after)
            self._spell_out(before, after)

    def _note(self, name: str, before: Record | None, after: Record | None) -> None:
        """Move a record from its former value of a field to its present one."""
        terms = self._exact[name]
        old, new = _term(before, name, self._table), _term(after, name, self._table)
        if before is not None and old:
            terms[old].remove(before.id)
        if after is not None and new:
            terms.setdefault(new, []).append(after.id)

    def _spell_out(self, before: Record | None, after: Record | None) -> None:
        """The same for the words, once there are any."""
        if self._words is None:
            return
        if before is not None:
            for word in _words(before, self._table):
                self._words.remove((word, before.id))
        if after is not None:
            for word in _words(after, self._table):
                self._words.add((word, after.id))


def lookup_fields(table: Table) -> set[str]:
    """Return the fields that /lookup takes for a module."""
    return {*table.module.lookup_fields, *table.fields.blank_custom}


def search_row(record: Record, table: Table) -> dict[str, Any]:
    """Spell a record as /search does: ids are strings."""
    account, module = table.account, table.module
    owner = account.selectors.get("owners", record.hidden.get("owner_id"))
    stage = account.selectors.get(
        "lifecycle_stages", record.hidden.get("lifecycle_stage_id")
    )
    return {
        "id": str(record.id),
        "type": module.singular,
        "name": module.name(record),
        "email": record.shown.get("email"),
        "avatar": None,
        "website": record.shown.get("website"),
        "mcr_id": FIRST_MCR_ID + record.id,
        "owner": owner and {"id": str(owner["id"]), "name": owner["display_name"]},
        "record_type_id": module.record_type_id,
        "stage_name": stage and stage["name"],
        "updated_at": account.spell(record.updated_at),
    }


def _words(record: Record, table: Table) -> set[str]:
    name = table.module.name(record).casefold()
    others = (record.shown.get(field) for field in SEARCHED)
    return {name, *name.split(), *(str(text).casefold() for text in others if text)}


def _term(record: Record | None, name: str, table: Table) -> str:
    """Return a field's value as it is compared; empty when there is none."""
    if record is None:
        return ""
    value = table.module.name(record) if name == "name" else record.value(name)
    return "" if value is None else _comparable(name, str(value))


def _comparable(field: str, text: str) -> str:
    return text.casefold() if field in CASELESS else text
