"""The endpoints of a module's records; `ENDPOINTS` at the end lists them."""

from collections.abc import Sequence
from typing import Any, Final

from crosswalk.simulators.freshsales import writing
from crosswalk.simulators.freshsales.bodies import included, side_arrays
from crosswalk.simulators.freshsales.calls import (
    INCLUDE,
    PAGING,
    Answer,
    Call,
    Endpoint,
    answer,
    endpoint,
    no_such_path,
)
from crosswalk.simulators.freshsales.errors import (
    ForbiddenError,
    NotFoundError,
    RefusalError,
    missing_attributes,
)
from crosswalk.simulators.freshsales.modules import SALES_ACCOUNTS
from crosswalk.simulators.freshsales.records import Record
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.freshsales.views import (
    Rows,
    list_views,
    page_of,
    read_page,
    scroll,
    view_page,
)

#: Rows of a scroll without limit=, and the most with it.
SCROLL_ROWS: Final = 100


def _whole(call: Call, record: Record, include: Sequence[str]) -> dict[str, Any]:
    """Return one record and what include= adds beside it."""
    return {
        call.module.singular: included(record, call.tables, call.table, include),
        **side_arrays([record], call.tables, call.table, include),
    }


def many(
    call: Call, table: Table, rows: Rows, include: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a list of thin rows with its counts."""
    return {
        table.module.plural: [
            included(record, call.tables, table, include, row=True)
            for record in rows.records
        ],
        **side_arrays(rows.records, call.tables, table, include),
        "meta": rows.meta,
    }


def _refuse_list(_: Call) -> Answer:
    """There is no list without a view (contract 2.1)."""
    raise ForbiddenError


def _create(call: Call) -> Answer:
    include = call.include()
    attributes = call.attributes(call.module.singular)
    record = writing.create(call.table, attributes, user_id=call.key.user_id)
    status = int(call.tenant.switches.number("create_status"))
    return answer(_whole(call, record, include), status=status)


def _get(call: Call) -> Answer:
    include = call.include()
    record = writing.find(call.table, call.id)
    return answer({**_whole(call, record, include), "meta": {}})


def _update(call: Call) -> Answer:
    include = call.include()
    current = writing.find(call.table, call.id)
    attributes = call.attributes(call.module.singular)
    user_id = call.key.user_id
    record = writing.update(call.table, current, attributes, user_id=user_id)
    return answer(_whole(call, record, include))


def _upsert(call: Call) -> Answer:
    include = call.include()
    unique = call.body.get("unique_identifier")
    if not isinstance(unique, dict) or len(unique) != 1:
        raise missing_attributes()
    ((name, value),) = unique.items()
    attributes = call.body.get(call.module.singular)
    if not isinstance(attributes, dict) or not attributes:
        raise missing_attributes()
    record, created = writing.upsert(
        call.table,
        writing.Identifier(name=name, value=value),
        attributes,
        user_id=call.key.user_id,
    )
    always_200 = call.tenant.switches.on("upsert_always_200")
    status = 201 if created and not always_200 else 200
    return answer(_whole(call, record, include), status=status)


def _gone(call: Call) -> Answer:
    """Answer a delete as the account does."""
    if call.tenant.switches.number("delete_status") == 204:
        return Answer(status=204)
    return answer(True)  # noqa: FBT003 the whole body is a JSON boolean


def _delete(call: Call) -> Answer:
    writing.delete(call.table, writing.find(call.table, call.id))
    return _gone(call)


def _restore(call: Call) -> Answer:
    record = call.table.bin.get(int(call.id))
    if record is None:
        raise NotFoundError(call.module.label)
    writing.restore(call.table, record)
    return answer(True)  # noqa: FBT003 the whole body is a JSON boolean


def _forget(call: Call) -> Answer:
    """Erase a record for good, also out of the recycle bin."""
    if int(call.id) not in call.table.live | call.table.bin:
        raise NotFoundError(call.module.label)
    call.table.take(int(call.id))
    return _gone(call)


def _clone(call: Call) -> Answer:
    original = writing.find(call.table, call.id)
    overrides = call.body.get(call.module.singular, {})
    if not isinstance(overrides, dict):
        raise missing_attributes()
    user_id = call.key.user_id
    record = writing.clone(call.table, original, overrides, user_id=user_id)
    status = int(call.tenant.switches.number("create_status"))
    return answer(_whole(call, record, ()), status=status)


def _bulk_upsert(call: Call) -> Answer:
    rows = call.body.get(call.module.plural)
    job = call.tenant.jobs.accept(call.table, rows, user_id=call.key.user_id)
    call.tenant.jobs.run_due()
    base = call.tenant.switches.text("job_status_base") or call.base
    return answer(
        {
            "message": "The bulk upsert has been accepted and will be processed.",
            "job_status_url": f"{base}/job_statuses/{job.id}",
        }
    )


def _selected(call: Call) -> list[Record]:
    """Return the live records of ``selected_ids``; others are passed over."""
    ids = call.body.get("selected_ids")
    if not isinstance(ids, list) or not ids:
        raise missing_attributes()
    live = call.table.live
    return [live[i] for i in map(_as_id, ids) if i in live]


def _as_id(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() else 0


def _bulk_destroy(call: Call) -> Answer:
    for record in _selected(call):
        if call.body.get("delete_associated_contacts_deals") is True:
            contacts = call.tables["contacts"]
            for contact_id in list(contacts.holders("sales_accounts", record.id)):
                writing.delete(contacts, contacts.live[contact_id])
        writing.delete(call.table, record)
    return answer({"message": "The records will be deleted."})


def _bulk_assign_owner(call: Call) -> Answer:
    owner_id = call.body.get("owner_id")
    if not call.tenant.account.knows("owners", owner_id):
        raise RefusalError("Invalid owner provided.")
    for record in _selected(call):
        change = {"owner_id": owner_id}
        writing.update(call.table, record, change, user_id=call.key.user_id)
    return answer({"message": "The records will be assigned to the owner."})


def _filters(call: Call) -> Answer:
    return answer({"filters": list_views(call.module), "meta": {}})


def _view(call: Call) -> Answer:
    include = call.include()
    page = read_page(call.query, call.table)
    view_id = call.segments[2]
    rows = view_page(call.table, view_id, page, user_id=call.key.user_id)
    return answer(many(call, call.table, rows, include))


def _scroll(call: Call) -> Answer:
    limit = min(_as_id(call.query.get("limit", SCROLL_ROWS)), SCROLL_ROWS)
    after = _as_id(call.query.get("last_fetched_id", 0))
    records = scroll(call.table, call.segments[2], after=after, limit=limit)
    total = len(call.table.live)
    rows = Rows(records=records, total=total, total_pages=1)
    return answer(many(call, call.table, rows, call.include()))


def _contacts_of_account(call: Call) -> Answer:
    if call.module is not SALES_ACCOUNTS:
        raise no_such_path()
    account = writing.find(call.table, call.id)
    contacts = call.tables["contacts"]
    page = read_page(call.query, contacts)
    linked = contacts.holders("sales_accounts", account.id)
    people = [contacts.live[record_id] for record_id in linked]
    rows = page_of(people, page, call.tenant.switches)
    return answer(many(call, contacts, rows))


ENDPOINTS: Final[Sequence[Endpoint]] = (
    endpoint("GET", "{module}", _refuse_list, PAGING),
    endpoint("POST", "{module}", _create, INCLUDE),
    endpoint("GET", "{module}/{id}", _get, INCLUDE),
    endpoint("PUT", "{module}/{id}", _update, INCLUDE),
    endpoint("DELETE", "{module}/{id}", _delete),
    endpoint("PUT", "{module}/{id}/restore", _restore),
    endpoint("DELETE", "{module}/{id}/forget", _forget),
    endpoint("POST", "{module}/{id}/clone", _clone),
    endpoint("POST", "{module}/upsert", _upsert, INCLUDE),
    endpoint("POST", "{module}/bulk_upsert", _bulk_upsert),
    endpoint("POST", "{module}/bulk_destroy", _bulk_destroy),
    endpoint("POST", "{module}/bulk_assign_owner", _bulk_assign_owner),
    endpoint("GET", "{module}/filters", _filters),
    endpoint("GET", "{module}/view/{id}", _view, PAGING),
    endpoint(
        "GET",
        "{module}/scroll/{id}",
        _scroll,
        frozenset({"limit", "last_fetched_id", "include"}),
    ),
    endpoint("GET", "{module}/{id}/contacts", _contacts_of_account, PAGING - INCLUDE),
)
