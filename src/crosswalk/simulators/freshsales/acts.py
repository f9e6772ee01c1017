"""What the control API can do here: seed, dump, and act as people do in the CRM.

Nothing of this counts as an API call.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, Final

import orjson

from crosswalk.simulators.control import ControlError
from crosswalk.simulators.freshsales import writing
from crosswalk.simulators.freshsales.account import Key
from crosswalk.simulators.freshsales.bodies import body
from crosswalk.simulators.freshsales.contacts import set_emails
from crosswalk.simulators.freshsales.errors import RefusalError
from crosswalk.simulators.freshsales.fields import CHECKS, Field
from crosswalk.simulators.freshsales.records import Draft, Record
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.freshsales.tenant import Tenant

Facts = Mapping[str, Any]

#: Keys of a seeded record beside those that a client may write.
SEEDED: Final = frozenset(
    {"id", "created_at", "updated_at", "is_deleted", "custom_field", "creater_id"}
)


def counts(tenant: Tenant) -> dict[str, int]:
    """Return how many records there are, deleted ones apart."""
    tenant.jobs.run_due()
    live = {name: len(table.live) for name, table in tenant.tables.items()}
    dead = {f"deleted_{name}": len(table.bin) for name, table in tenant.tables.items()}
    return live | dead


def seed(tenant: Tenant, resource: str, record: dict[str, Any]) -> None:
    """Store a record, field, key or selector entry as it stands.

    Uniqueness and required fields are not asked for: real accounts hold records
    that are older than their rules.
    """
    try:
        if resource in tenant.tables:
            _seed_record(tenant.tables[resource], record)
        elif resource == "fields":
            _seed_field(tenant, record)
        elif resource == "keys":
            key = Key(**record)
            tenant.account.keys[key.token] = key
        elif resource in tenant.account.selectors.names:
            tenant.account.selectors.add(resource, record)
        else:
            raise ControlError(f"unknown resource {resource}")
    except (RefusalError, TypeError, KeyError) as error:
        raise ControlError(f"{resource}: {error}") from error


def _seed_record(table: Table, given: dict[str, Any]) -> None:
    module = table.module
    fields = table.fields
    known = SEEDED | module.setters.keys() | fields.standard.keys()
    unknown = given.keys() - known
    unknown |= given.get("custom_field", {}).keys() - fields.blank_custom.keys()
    if unknown:
        raise ControlError(f"unknown fields of {module.plural}: {sorted(unknown)}")
    draft = writing.make_draft(table, given, None)
    if draft.problems:
        raise RefusalError(*draft.problems)
    draft.hidden["creater_id"] = given.get("creater_id")
    now = table.account.now()
    stamps = {"created_at": now, "updated_at": now} | writing.read_stamps(given)
    record_id = given.get("id")
    record = Record(
        id=table.next_id() if record_id is None else record_id,
        shown=draft.shown,
        hidden=draft.hidden,
        **stamps,
    )
    if given.get("is_deleted"):
        table.bury(replace(record, shown={**record.shown, "is_deleted": True}))
    else:
        table.put(record)


def _seed_field(tenant: Tenant, given: dict[str, Any]) -> None:
    """Add a custom field, or change what a field asks for."""
    module = given.pop("module", "")
    if module not in tenant.tables:
        raise ControlError(f"unknown module {module!r}")
    table, name = tenant.tables[module], given.get("name", "")
    fields = table.fields.by_name
    given["choices"] = tuple(given.get("choices", ()))
    if name not in fields and not name.startswith("cf_"):
        raise ControlError(f"{module} has no field {name!r}")
    changed = replace(fields[name], **given) if name in fields else Field(**given)
    if changed.type not in CHECKS:
        raise ControlError(f"unknown type {changed.type!r}")
    others = [f for f in fields.values() if f.unique and f.name != name]
    if changed.unique and len(others) >= table.module.unique_limit:
        raise ControlError(f"{module} cannot have another unique field")
    table.fields.put(changed)
    table.reindex()


def dump(tenant: Tenant, resource: str) -> Iterator[bytes]:
    """Return every record of a resource with all its references."""
    tenant.jobs.run_due()
    plural = resource.removeprefix("deleted_")
    if plural in tenant.tables:
        table = tenant.tables[plural]
        pool = table.live if resource == plural else table.bin
        return (orjson.dumps(_whole(record, table)) for record in pool.values())
    if resource == "fields":
        return (orjson.dumps(row) for row in _all_fields(tenant))
    if resource in tenant.account.selectors.names:
        return map(orjson.dumps, tenant.account.selectors.rows(resource))
    raise ControlError(f"unknown resource {resource}")


def _whole(record: Record, table: Table) -> dict[str, Any]:
    links = record.hidden.get("sales_accounts", ())
    linked = [{"id": i, "is_primary": primary} for i, primary in links]
    return {**body(record, table), **record.hidden, "sales_accounts": linked}


def _all_fields(tenant: Tenant) -> Iterator[dict[str, Any]]:
    for module, fields in tenant.account.fields.items():
        for spec in fields.by_name.values():
            names = [f.name for f in dataclass_fields(spec)]
            yield {"module": module} | {name: getattr(spec, name) for name in names}


def act(tenant: Tenant, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Do one of `ACTS`.

    Raises:
        ControlError: the act is unknown or cannot be done.
    """
    if name not in ACTS:
        raise ControlError(f"unknown act {name!r}; known are {', '.join(ACTS)}")
    tenant.jobs.run_due()
    try:
        return ACTS[name](tenant, facts)
    except (RefusalError, KeyError) as error:
        raise ControlError(f"{name}: {error}") from error


def _table(tenant: Tenant, facts: Facts) -> Table:
    return tenant.tables[facts.get("resource", "contacts")]


def _live(table: Table, record_id: object) -> Record:
    return writing.find(table, str(record_id))


def _person(tenant: Tenant, facts: Facts) -> int:
    """Return who acts: ``by``, or the last owner, who is not the API's user."""
    owners = tenant.account.selectors.rows("owners")
    return int(facts.get("by", owners[-1]["id"]))


def _create(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    table, user_id = _table(tenant, facts), _person(tenant, facts)
    record = writing.create(table, facts["fields"], user_id=user_id)
    return {"id": record.id}


def _edit(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    table = _table(tenant, facts)
    current, user_id = _live(table, facts["id"]), _person(tenant, facts)
    record = writing.update(table, current, facts["fields"], user_id=user_id)
    return _whole(record, table)


def _delete(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    table = _table(tenant, facts)
    writing.delete(table, _live(table, facts["id"]))
    return {}


def _restore(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    table = _table(tenant, facts)
    writing.restore(table, table.bin[facts["id"]])
    return {}


def _forget(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    _table(tenant, facts).take(facts["id"])
    return {}


def _merge(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    """Merge contacts: the losers are gone for good, their e-mails and tags are not."""
    table = tenant.tables["contacts"]
    survivor = _live(table, facts["survivor"])
    losers = [_live(table, record_id) for record_id in facts["losers"]]
    for loser in losers:
        table.take(loser.id)
    draft = Draft(account=tenant.account, module="contacts", current=survivor)
    addresses = [e["value"] for r in losers for e in r.shown.get("emails", ())]
    set_emails(draft, [{"value": address} for address in addresses])
    draft.shown["tags"] = _union(r.shown.get("tags", ()) for r in (survivor, *losers))
    draft.hidden["updater_id"] = _person(tenant, facts)
    merged = replace(
        survivor,
        shown=draft.shown,
        hidden=draft.hidden,
        updated_at=tenant.account.now(),
    )
    table.put(merged)
    return _whole(merged, table)


def _union(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(tag for tags in lists for tag in tags))


def _spend_calls(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    """Use up quota as another app of the account would."""
    wait = tenant.quota.spend(int(facts["calls"]))
    return {"refused": wait is not None}


def _revoke_key(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    del tenant.account.keys[facts["token"]]
    return {}


def _remove_field(tenant: Tenant, facts: Facts) -> dict[str, Any]:
    """Delete a custom field as an administrator can; its values vanish."""
    table, name = tenant.tables[facts["module"]], facts["name"]
    table.fields.remove(name)
    for pool in (table.live, table.bin):
        for record in pool.values():
            if name in record.custom:
                custom = {k: v for k, v in record.custom.items() if k != name}
                shown = {**record.shown, "custom_field": custom}
                pool[record.id] = replace(record, shown=shown)
    table.reindex()
    return {}


ACTS: Final[Mapping[str, Callable[[Tenant, Facts], dict[str, Any]]]] = {
    "create": _create,
    "edit": _edit,
    "delete": _delete,
    "restore": _restore,
    "forget": _forget,
    "merge": _merge,
    "spend_calls": _spend_calls,
    "revoke_key": _revoke_key,
    "remove_field": _remove_field,
}
