"""/search and /lookup, over an index that lags behind the records."""

from collections.abc import Iterator
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

Term = tuple[str, str]


class SearchIndex:
    """What the search engine knows of one module at this moment."""

    def __init__(self, table: Table) -> None:
        self._table = table
        #: Words of all records as (word, id), for prefixes.
        self._words: SortedList[tuple[str, int]] = SortedList()
        self._exact: dict[Term, list[int]] = {}
        self._known: dict[int, tuple[list[str], list[Term]]] = {}

    def prefixed(self, text: str) -> list[Record]:
        """Return records of which a word or the whole name begins with *text*."""
        self._catch_up()
        start = text.casefold().strip()
        found = self._words.irange((start, 0), (start + LAST, 0))
        return self._records(dict.fromkeys(record_id for _, record_id in found))

    def exact(self, name: str, text: str) -> list[Record]:
        """Return records whose field *name* is *text*."""
        self._catch_up()
        ids = self._exact.get((name, _comparable(name, text)), [])
        return self._records(dict.fromkeys(sorted(ids)))

    def _records(self, ids: dict[int, None]) -> list[Record]:
        """Leave out what was deleted since the index saw it."""
        live = self._table.live
        return [live[record_id] for record_id in ids if record_id in live]

    def _catch_up(self) -> None:
        """See every write that is older than the lag."""
        account, unseen = self._table.account, self._table.unseen
        lag = account.switches.number("index_lag_seconds")
        seen_until = account.clock.timestamp() - lag
        due = list(takewhile(lambda n: unseen[n] <= seen_until, unseen))
        fields = lookup_fields(self._table)
        words: list[tuple[str, int]] = []
        for record_id in due:
            del unseen[record_id]
            self._forget(record_id)
            record = self._table.live.get(record_id)
            if record is not None:
                words += self._learn(record, fields)
        self._words.update(words)

    def _forget(self, record_id: int) -> None:
        words, terms = self._known.pop(record_id, ((), ()))
        for word in words:
            self._words.remove((word, record_id))
        for term in terms:
            self._exact[term].remove(record_id)

    def _learn(self, record: Record, fields: set[str]) -> list[tuple[str, int]]:
        """Note the terms of a record, and return its words for `_words`."""
        words = list(_words(record, self._table))
        terms = list(_terms(record, self._table, fields))
        for term in terms:
            self._exact.setdefault(term, []).append(record.id)
        self._known[record.id] = (words, terms)
        return [(word, record.id) for word in words]


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


def _terms(record: Record, table: Table, fields: set[str]) -> Iterator[Term]:
    for field in fields:
        value = table.module.name(record) if field == "name" else record.value(field)
        if value not in (None, ""):
            yield field, _comparable(field, str(value))


def _comparable(field: str, text: str) -> str:
    return text.casefold() if field in CASELESS else text
