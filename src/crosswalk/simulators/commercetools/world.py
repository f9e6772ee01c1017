"""The state of one simulated project."""

import uuid
from collections import Counter
from typing import Any

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.commercetools.field_types import kind_of_field
from crosswalk.simulators.commercetools.kinds import Kind
from crosswalk.simulators.commercetools.predicate.values import Scope
from crosswalk.simulators.commercetools.store import Row, Table
from crosswalk.simulators.commercetools.tables import NAME_OF_TYPE, TABLES
from crosswalk.simulators.switches import Switches


class World:
    """One project: its settings, its tables, its clock and its switches."""

    def __init__(self, *, project_key: str, clock: Clock, switches: Switches) -> None:
        self.project_key = project_key
        self.clock = clock
        self.switches = switches
        self.tables = {spec.name: Table(spec) for spec in TABLES}
        #: Sequence numbers of messages, by type and id of their resource.
        self.sequences: Counter[tuple[str, str]] = Counter()
        self.project: dict[str, Any] = {
            "version": 1,
            "key": project_key,
            "name": project_key,
            "countries": ["DE"],
            "currencies": ["EUR"],
            "languages": ["de-DE", "en"],
            "createdAt": clock.text(),
            "messages": {"enabled": False, "deleteDaysAfterCreation": 15},
            "carts": {
                "deleteDaysAfterLastModification": 90,
                "countryTaxRateFallbackEnabled": False,
            },
            "searchIndexing": {},
            "businessUnits": {"myBusinessUnitStatusOnCreation": "Inactive"},
        }

    def table_of(self, type_id: str) -> Table:
        """Return the table that references of *type_id* point into."""
        return self.tables[NAME_OF_TYPE[type_id]]

    def pointed_at(self, type_id: str, *, by: str, value: str) -> Row | None:
        """Return the record of *type_id* whose "id" or "key" is *value*."""
        table = self.table_of(type_id)
        return table.rows.get(value) if by == "id" else table.by("key", value)

    def lag(self) -> float:
        """Return how many seconds lists are behind."""
        return self.switches.number("list_lag_seconds")

    def past(self, table: Table) -> dict[str, Row | None]:
        """Return what lists must not know yet about *table*."""
        lag = self.lag()
        return table.past(self.clock.timestamp() - lag) if lag else {}

    def store(self, table: Table, record: dict[str, Any]) -> Row:
        """Put *record* into *table*; lists see it after the lag."""
        self._note(table, record["id"])
        return table.put(record)

    def forget(self, table: Table, record_id: str) -> None:
        """Drop a record from *table*; lists see it until the lag is over."""
        self._note(table, record_id)
        table.drop(record_id)

    def scope(self, variables: dict[str, list[str]]) -> Scope:
        """Return what a predicate may refer to just now."""
        doubtful = {
            "lowercaseEmail": "lowercase_email",
            "inheritedAssociates": "inherited_in_predicates",
        }
        hidden = {f for f, name in doubtful.items() if not self.switches.on(name)}
        return Scope(
            variables=variables,
            custom_kind=self._custom_kind,
            hidden=frozenset(hidden),
            refuse_unknown_custom=self.switches.text("unknown_custom_field")
            == "refuse",
        )

    def _note(self, table: Table, record_id: str) -> None:
        now = self.clock.timestamp()
        table.note_change(now, record_id, keep_seconds=self.lag())

    def _custom_kind(self, resource_type: str, name: str) -> Kind | None:
        for row in self.tables["types"].rows.values():
            if resource_type in row.record["resourceTypeIds"]:
                for definition in row.record["fieldDefinitions"]:
                    if definition["name"] == name:
                        return kind_of_field(definition["type"])
        return None


def new_id() -> str:
    """Return a fresh id as the API makes them."""
    return str(uuid.uuid4())
