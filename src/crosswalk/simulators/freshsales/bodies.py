"""Records as answers show them: whole, as rows, and with what include= adds."""

from collections.abc import Sequence
from typing import Any, Final

from crosswalk.simulators.freshsales.errors import missing_attributes
from crosswalk.simulators.freshsales.modules import SALES_ACCOUNTS, Module
from crosswalk.simulators.freshsales.records import Record
from crosswalk.simulators.freshsales.store import Table

#: Added to a record's id; beyond 2^53, as the ids of real accounts are.
FIRST_MCR_ID: Final = 1_450_000_000_000_000_000

Tables = dict[str, Table]


def parse_include(module: Module, text: str, *, strict: bool) -> tuple[str, ...]:
    """Return the names in an include= parameter.

    Raises:
        RefusalError: one of them is unknown and *strict* is set.
    """
    names = tuple(name for name in text.split(",") if name)
    known = module.references.keys() | module.embeds
    if strict and not known.issuperset(names):
        raise missing_attributes()
    return tuple(name for name in names if name in known)


def body(record: Record, table: Table, *, row: bool = False) -> dict[str, Any]:
    """Return a record without anything that only include= brings out."""
    module, account = table.module, table.account
    content: dict[str, Any] = {
        "id": record.id,
        **module.blank,
        **record.shown,
        "links": {
            name: f"/crm/sales/{module.plural}/{record.id}/{name}"
            for name in module.links
        },
        "created_at": account.spell(record.created_at),
        "updated_at": account.spell(record.updated_at),
        "record_type_id": module.record_type_id,
        "mcr_id": FIRST_MCR_ID + record.id,
    }
    if row and not account.switches.on("rows_carry_custom_field"):
        del content["custom_field"]
        return content
    content["custom_field"] = {**table.fields.blank_custom, **record.custom}
    if row:
        return content
    for key in module.open_references:
        content[key] = record.hidden.get(key)
    return content


def included(
    record: Record,
    tables: Tables,
    table: Table,
    include: Sequence[str],
    *,
    row: bool = False,
) -> dict[str, Any]:
    """Return a record with the keys that *include* brings out inside it."""
    content = body(record, table, row=row)
    for name in include:
        reference = table.module.references.get(name)
        if reference is not None:
            content[reference.key] = record.hidden.get(reference.key)
    if "sales_accounts" in include:
        content["sales_accounts"] = _linked_accounts(record, tables["sales_accounts"])
    return content


def side_arrays(
    records: Sequence[Record], tables: Tables, table: Table, include: Sequence[str]
) -> dict[str, Any]:
    """Return the arrays that *include* puts beside the record or list."""
    arrays: dict[str, Any] = {}
    for name in include:
        reference = table.module.references.get(name)
        if reference is None or not reference.selector:
            arrays.update(_related(name, records, tables))
            continue
        rows = arrays.setdefault(reference.array, [])
        for entry_id in dict.fromkeys(r.hidden.get(reference.key) for r in records):
            entry = table.account.selectors.get(reference.selector, entry_id)
            if entry is not None and entry not in rows:
                rows.append(entry)
    return arrays


def _linked_accounts(record: Record, accounts: Table) -> list[dict[str, Any]]:
    return [
        {**partial_account(accounts.live[account_id]), "is_primary": primary}
        for account_id, primary in record.hidden.get("sales_accounts", ())
        if account_id in accounts.live
    ]


def partial_account(record: Record) -> dict[str, Any]:
    """Return an account abbreviated as it is inside a contact."""
    return {
        "partial": True,
        "id": record.id,
        "name": record.shown.get("name"),
        "avatar": None,
        "website": record.shown.get("website"),
        "last_contacted": None,
        "record_type_id": SALES_ACCOUNTS.record_type_id,
    }


def _related(
    name: str, records: Sequence[Record], tables: Tables
) -> dict[str, list[dict[str, Any]]]:
    """Return other records as an array; modules not built have none."""
    accounts = tables["sales_accounts"]
    ids = {record.id for record in records}
    match name:
        case "sales_accounts" | "emails":
            return {}
        case "parent_sales_account":
            parents = {r.hidden.get("parent_sales_account_id") for r in records}
            found = [accounts.live[i] for i in parents if i in accounts.live]
            # A name of its own: a list of accounts is called sales_accounts itself.
            return {"parent_sales_accounts": [partial_account(r) for r in found]}
        case "child_sales_accounts":
            found = [
                r
                for r in accounts.live.values()
                if r.hidden.get("parent_sales_account_id") in ids
            ]
            return {name: [partial_account(r) for r in found]}
        case "contacts":
            contacts = tables["contacts"]
            linked = [i for n in ids for i in contacts.holders("sales_accounts", n)]
            people = [contacts.live[i] for i in dict.fromkeys(linked)]
            return {name: [body(r, contacts, row=True) for r in people]}
        case _:
            return {name: []}
