"""Writes of single records: create, update, upsert, clone, delete, restore."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crosswalk.simulators.freshsales.errors import (
    DuplicateError,
    NotFoundError,
    RefusalError,
    missing_attributes,
)
from crosswalk.simulators.freshsales.fields import Field, check_email, read_moment
from crosswalk.simulators.freshsales.records import Draft, Record
from crosswalk.simulators.freshsales.store import Table

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """The one key by which an upsert finds its record."""

    name: str
    value: Any


def create(table: Table, attributes: Attributes, *, user_id: int) -> Record:
    """Store a new record.

    Raises:
        RefusalError: a value is wrong, a required one missing or a unique one taken.
    """
    draft = make_draft(table, attributes, None)
    draft.hidden["creater_id"] = user_id
    refuse_faults(table, draft)
    return _commit(table, draft, attributes, user_id)


def update(
    table: Table, current: Record, attributes: Attributes, *, user_id: int
) -> Record:
    """Change the sent keys of a record; the same refusals as `create`."""
    draft = make_draft(table, attributes, current)
    refuse_faults(table, draft)
    return _commit(table, draft, attributes, user_id)


def upsert(
    table: Table, identifier: Identifier, attributes: Attributes, *, user_id: int
) -> tuple[Record, bool]:
    """Update the record that *identifier* finds, or create it; True when created."""
    current = identify(table, identifier)
    if current is not None:
        return update(table, current, attributes, user_id=user_id), False
    whole = _with_identifier(identifier, attributes)
    return create(table, whole, user_id=user_id), True


def _with_identifier(identifier: Identifier, attributes: Attributes) -> Attributes:
    """Return *attributes* with the identifier as a value of the new record."""
    own = {identifier.name: identifier.value}
    custom = attributes.get("custom_field", {})
    if identifier.name.startswith("cf_") and isinstance(custom, dict):
        return {**attributes, "custom_field": own | custom}
    return {**own, **attributes}


def identify(table: Table, identifier: Identifier) -> Record | None:
    """Return the oldest live record that *identifier* matches.

    Raises:
        RefusalError: the key identifies nothing in this module.
        NotFoundError: the key is ``id`` and there is no such record.
    """
    name, value = identifier.name, identifier.value
    _refuse_identifier(table, name, value)
    if name == "id":
        return find(table, str(value))
    ids = table.holders(name, value)
    if ids:
        return table.live[min(ids)]
    if table.account.switches.on("upsert_revives_deleted"):
        buried = table.buried_holders(name, value)
        if buried:
            return restore(table, table.bin[min(buried)])
    return None


def _refuse_identifier(table: Table, name: str, value: object) -> None:
    by_unique = table.account.switches.on("upsert_by_unique_field")
    if name not in table.module.identifiers and not (by_unique and table.indexes(name)):
        raise RefusalError("Invalid unique identifier")
    if name == "emails":
        check_email(value, table.account.switches)
    if value in (None, "") or isinstance(value, list | dict | bool):
        raise missing_attributes()


def find(table: Table, record_id: str) -> Record:
    """Return a live record.

    Raises:
        NotFoundError: there is none of this id, or it was deleted.
    """
    record = table.live.get(int(record_id)) if record_id.isdecimal() else None
    if record is None:
        raise NotFoundError(table.module.label)
    return record


def clone(
    table: Table, original: Record, overrides: Attributes, *, user_id: int
) -> Record:
    """Store a copy without the values that must be unique."""
    unique = {*table.unique_fields(), "email"}
    names = [name for name in table.fields.standard if name not in unique]
    values = {name: original.value(name) for name in names}
    custom = {k: v for k, v in original.custom.items() if k not in unique}
    links = original.hidden.get("sales_accounts", ())
    copied = {k: v for k, v in values.items() if v is not None} | {
        "tags": list(original.shown.get("tags", ())),
        "custom_field": custom,
        "sales_accounts": [{"id": i, "is_primary": p} for i, p in links],
    }
    return create(table, copied | dict(overrides), user_id=user_id)


def delete(table: Table, record: Record) -> None:
    """Move a record to the recycle bin."""
    shown = {**record.shown, "is_deleted": True}
    now = table.account.now()
    table.bury(replace(record, shown=shown, updated_at=now))


def restore(table: Table, record: Record) -> Record:
    """Bring a record back from the recycle bin.

    Raises:
        DuplicateError: another record took one of its unique values meanwhile.
    """
    shown = {key: value for key, value in record.shown.items() if key != "is_deleted"}
    revived = replace(record, shown=shown, updated_at=table.account.now())
    draft = Draft(account=table.account, module=table.module.plural, current=revived)
    _refuse_duplicates(table, draft, revived)
    table.put(revived)
    return revived


def make_draft(table: Table, attributes: Attributes, current: Record | None) -> Draft:
    """Take every sent key; keys that mean nothing are ignored as Freshsales does."""
    module, account = table.module, table.account
    draft = Draft(
        account=account, module=module.plural, current=current, sent=attributes
    )
    setters, fields = module.setters, table.fields.standard
    for key, value in attributes.items():
        if key in setters:
            setters[key](draft, value)
        elif key == "custom_field":
            draft.set_custom(value)
        elif key in fields:
            draft.set(fields[key], value)
    module.settle(draft)
    return draft


def refuse_faults(table: Table, draft: Draft) -> None:
    """Raise what is wrong with a draft, if anything is."""
    missing = [
        f"Need to fill this {spec.label} to submit the form."
        for spec in table.fields.required
        if _lacks(draft, spec)
    ]
    if draft.problems or missing:
        raise RefusalError(*draft.problems, *missing)
    _refuse_duplicates(table, draft, draft.current)


def _lacks(draft: Draft, spec: Field) -> bool:
    """A required field is asked for on create, and may not be emptied later."""
    value = _value(draft, spec.name)
    if value not in (None, "", []):
        return False
    before = draft.current and draft.current.value(spec.name)
    return draft.current is None or before not in (None, "", [])


def _value(draft: Draft, name: str) -> Any:  # noqa: ANN401 whatever the field holds
    if name.startswith("cf_"):
        return draft.shown["custom_field"].get(name)
    return draft.shown.get(name, draft.hidden.get(name))


def _refuse_duplicates(table: Table, draft: Draft, current: Record | None) -> None:
    switches = table.account.switches
    for name in table.unique_fields():
        value = _value(draft, "email" if name == "emails" else name)
        if value in (None, ""):
            continue
        ids = table.holders(name, value)
        if switches.on("deleted_blocks_unique"):
            ids = ids + table.buried_holders(name, value)
        own = current.id if current else None
        if any(record_id != own for record_id in ids):
            raise _duplicate(table, name, value)


def _duplicate(table: Table, name: str, value: object) -> DuplicateError:
    if table.account.switches.text("duplicate_text") == "already_exists":
        return DuplicateError(f"{value} already exists.")
    label = "Email" if name == "emails" else name.title().replace("_", "")
    return DuplicateError(f"{label} is not unique")


def _commit(table: Table, draft: Draft, attributes: Attributes, user_id: int) -> Record:
    account, current = table.account, draft.current
    keeps = not account.switches.on("unchanged_update_bumps")
    if current is not None and keeps and draft.equals(current):
        return current
    now = account.now()
    owner = draft.hidden.get("owner_id")
    if owner is not None and not (current and current.hidden.get("owner_id") == owner):
        draft.shown["last_assigned_at"] = account.spell(now)
    draft.hidden["updater_id"] = user_id
    stamps = _stamps(draft, attributes)
    record = Record(
        id=current.id if current else table.next_id(),
        shown=draft.shown,
        hidden=draft.hidden,
        created_at=stamps.get("created_at", current.created_at if current else now),
        updated_at=stamps.get("updated_at", now),
    )
    table.put(record)
    return record


def _stamps(draft: Draft, attributes: Attributes) -> dict[str, float]:
    """Return the timestamps that a write may set, when the account allows it."""
    if not draft.account.switches.on("writable_timestamps"):
        return {}
    return read_stamps(attributes)


def read_stamps(attributes: Attributes) -> dict[str, float]:
    """Return created_at and updated_at of *attributes* as Unix times."""
    names = [n for n in ("created_at", "updated_at") if attributes.get(n)]
    return {name: read_moment(attributes[name]) for name in names}
