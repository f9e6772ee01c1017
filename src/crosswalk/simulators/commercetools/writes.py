"""Creating, updating and deleting: all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crosswalk.simulators.commercetools.changes import Change, run_actions
from crosswalk.simulators.commercetools.errors import (
    concurrent_modification,
    duplicate_field,
    reference_exists,
)
from crosswalk.simulators.commercetools.hierarchy import children_of, inherit
from crosswalk.simulators.commercetools.messages import (
    erase_messages,
    raise_messages,
)
from crosswalk.simulators.commercetools.resources import Resource
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    anything,
    integer,
    many,
    need,
    read_fields,
)
from crosswalk.simulators.commercetools.store import Row, Table, values_at
from crosswalk.simulators.commercetools.world import World, new_id

Actor = Mapping[str, Any]

#: The body of every update.
UPDATE: Final[Fields] = {"version": need(integer), "actions": need(many(anything))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One write to one resource, by one caller."""

    world: World
    resource: Resource
    #: Who writes, as ``lastModifiedBy`` shows it.
    actor: Actor

    @property
    def table(self) -> Table:
        """The table that is written to."""
        return self.world.tables[self.resource.name]

    def create(self, body: object) -> Row:
        """Create a record from a draft.

        Raises:
            ApiError: the draft is refused.
        """
        now = self.world.clock.text()
        record: dict[str, Any] = {
            "id": new_id(),
            "version": 1,
            "createdAt": now,
            "lastModifiedAt": now,
            "createdBy": self.actor,
            "lastModifiedBy": self.actor,
        }
        change = self._change(record)
        draft = read_fields(self.world, "", body, fields=self.resource.draft)
        self.resource.create(change, draft)
        self._check(record)
        return self._commit(change)

    def update(self, row: Row, body: object) -> Row:
        """Run the actions of an update on the record of *row*.

        Raises:
            ApiError: the version is not the current one, or an action is refused.
        """
        asked = read_fields(self.world, "", body, fields=UPDATE)
        before = row.record
        check_version(before, asked["version"])
        change = self._change(row.record)
        run_actions(change, asked["actions"], self.resource.actions)
        self.resource.settle(change)
        self._check(change.record)
        if change.record == before:
            return row
        self._stamp(change.record)
        return self._commit(change)

    def delete(self, row: Row, *, version: int, erase: bool) -> Row:
        """Delete the record of *row*, and with *erase* what messages tell of it.

        Raises:
            ApiError: the version is not the current one, or something points at it.
        """
        record = row.record
        check_version(record, version)
        self.resource.check_delete(self.world, record)
        self._check_references(record)
        self._stamp(record)
        self.world.forget(self.table, record["id"])
        if erase:
            erase_messages(self.world, record["id"])
        if self.resource.family in {"Customer", "BusinessUnit"}:
            email = None if erase else record.get("email")
            change = self._change(record)
            change.say("Deleted", email=email)
            raise_messages(self.world, self._type_id, record, said=change.said)
        return row

    @property
    def _type_id(self) -> str:
        return self.table.spec.type_id

    def _change(self, record: dict[str, Any]) -> Change:
        return Change(world=self.world, record=record, family=self.resource.family)

    def _stamp(self, record: dict[str, Any]) -> None:
        record["version"] += 1
        record["lastModifiedAt"] = self.world.clock.text()
        record["lastModifiedBy"] = self.actor

    def _check(self, record: dict[str, Any]) -> None:
        check_unique(self.table, record)
        self.resource.check(self.world, record)

    def _commit(self, change: Change) -> Row:
        row = self.world.store(self.table, change.record)
        if self.resource.family:
            raise_messages(self.world, self._type_id, change.record, said=change.said)
        if self.resource.name == "business-units":
            self._hand_down(change.record)
        return row

    def _hand_down(self, unit: Mapping[str, Any]) -> None:
        """Let divisions take from their changed parent, and theirs from them.

        Only a new top unit is a change of the division itself (and has a message);
        what is inherited is the vendor's eventually consistent view.
        """
        for child in children_of(self.world, unit):
            change = self._change(dict(child))
            inherit(self.world, change.record)
            if change.record == child:
                continue
            old, new = child["topLevelUnit"], change.record["topLevelUnit"]
            if old != new:
                self._stamp(change.record)
                change.say("TopLevelUnitSet", topLevelUnit=new, oldTopLevelUnit=old)
            self._commit(change)

    def _check_references(self, record: Mapping[str, Any]) -> None:
        """Refuse to delete what others need: stores, groups, types, channels, roles."""
        if self.resource.name in {"customers", "business-units"}:
            return
        pointers = [
            {"typeId": self._type_id, by: record[by]}
            for by in ("id", "key")
            if by in record
        ]
        for table in self.world.tables.values():
            if table.spec.name == "messages":
                continue
            for row in table.rows.values():
                if _mentions(row, record) and _points_at(row.record, pointers):
                    raise reference_exists(table.spec.type_id)


def check_version(record: Mapping[str, Any], version: int) -> None:
    """Refuse a change of another version than the current one.

    Raises:
        ApiError: the version is not the current one.
    """
    if version != record["version"]:
        raise concurrent_modification(record["id"], version, record["version"])


def check_unique(table: Table, record: Mapping[str, Any]) -> None:
    """Refuse a value that another record of *table* holds in a unique field.

    Raises:
        ApiError: DuplicateField.
    """
    for field in table.spec.unique:
        for value in values_at(record, [field]):
            if table.ids(field, value) - {record["id"]}:
                raise duplicate_field(field, value)


def _mentions(row: Row, record: Mapping[str, Any]) -> bool:
    """Tell quickly whether a row can point at *record* at all."""
    names = (record[by] for by in ("id", "key") if by in record)
    return any(f'"{name}"'.encode() in row.body for name in names)


def _points_at(value: object, pointers: list[dict[str, Any]]) -> bool:
    if isinstance(value, dict):
        return value in pointers or any(
            _points_at(one, pointers) for one in value.values()
        )
    if isinstance(value, list):
        return any(_points_at(one, pointers) for one in value)
    return False
