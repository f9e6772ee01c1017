"""Business units: what a draft holds and what an update can do."""

from typing import Any, Final

from crosswalk.simulators.commercetools.actions.addresses import (
    ADDRESS_ACTIONS,
    ADDRESS_DRAFT,
    take_in_addresses,
)
from crosswalk.simulators.commercetools.actions.associates import (
    ASSOCIATE_ACTIONS,
    ASSOCIATE_DRAFT,
)
from crosswalk.simulators.commercetools.actions.groups import (
    GROUP_ACTIONS,
    GROUP_DRAFT,
)
from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
)
from crosswalk.simulators.commercetools.custom_fields import (
    custom_actions,
    custom_of,
)
from crosswalk.simulators.commercetools.errors import (
    invalid_field,
    invalid_operation,
    reference_exists,
    required_field,
)
from crosswalk.simulators.commercetools.hierarchy import (
    check_place,
    children_of,
    inherit,
)
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    email,
    filled,
    key,
    key_reference,
    many,
    may,
    need,
    one_of,
    unique,
)
from crosswalk.simulators.commercetools.world import World

_store = key_reference("store")
_parent = key_reference("business-unit")
_status = one_of("Active", "Inactive")
_unit_type = one_of("Company", "Division")
_store_mode = one_of("Explicit", "FromParent")
_approval_mode = one_of("Explicit", "ExplicitAndFromParent")

UNIT_DRAFT: Final[Fields] = {
    **ADDRESS_DRAFT,
    **GROUP_DRAFT,
    **ASSOCIATE_DRAFT,
    "key": need(key),
    "unitType": need(_unit_type),
    "name": need(filled),
    "status": may(_status),
    "stores": may(many(_store)),
    "storeMode": may(_store_mode),
    "contactEmail": may(email),
    "approvalRuleMode": may(_approval_mode),
    "parentUnit": may(_parent),
    "custom": may(custom_of("business-unit")),
}


def fill_unit(record: dict[str, Any]) -> None:
    """Give a unit the fields that every unit has; divisions take from their parent."""
    division = record["unitType"] == "Division"
    inherited = "ExplicitAndFromParent" if division else "Explicit"
    record.setdefault("status", "Active")
    record.setdefault("storeMode", "FromParent" if division else "Explicit")
    record.setdefault("associateMode", inherited)
    record.setdefault("approvalRuleMode", inherited)
    for name in (
        "addresses",
        "shippingAddressIds",
        "billingAddressIds",
        "associates",
        "customerGroupAssignments",
    ):
        record.setdefault(name, [])
    if record["storeMode"] == "Explicit":
        record.setdefault("stores", [])


def create_unit(change: Change, draft: Arguments) -> None:
    """Fill a new unit from its draft."""
    fields = take_in_addresses(draft)
    change.record.update(draft, **fields)
    fill_unit(change.record)
    unique(change.record.get("stores", []), "stores")
    settle_unit(change)
    change.say("Created", businessUnit=change.record)


def settle_unit(change: Change) -> None:
    """Refuse modes that do not fit the type, and fill what the parent hands down."""
    record = change.record
    if record["unitType"] == "Company":
        _check_company(record)
    elif "parentUnit" not in record:
        raise required_field("parentUnit")
    if record["storeMode"] == "FromParent" and record.get("stores"):
        raise invalid_operation("Stores can only be set with store mode Explicit.")
    check_place(change.world, record)
    old = record.get("topLevelUnit")
    inherit(change.world, record)
    new = record["topLevelUnit"]
    if old is not None and old != new:
        change.say("TopLevelUnitSet", topLevelUnit=new, oldTopLevelUnit=old)


def _check_company(record: dict[str, Any]) -> None:
    if "parentUnit" in record:
        raise invalid_operation("A Company has no parent unit.")
    if record["storeMode"] != "Explicit":
        raise invalid_field("storeMode", record["storeMode"], allowed=["Explicit"])
    for name in ("associateMode", "approvalRuleMode"):
        if record[name] != "Explicit":
            raise invalid_field(name, record[name], allowed=["Explicit"])


def check_unit_delete(world: World, record: dict[str, Any]) -> None:
    """Refuse to delete a unit that has divisions."""
    if any(children_of(world, record)):
        raise reference_exists("business-unit")


def _change_name(change: Change, arguments: Arguments) -> None:
    if change.set("name", arguments["name"]):
        change.say("NameChanged", name=arguments["name"])


def _change_status(change: Change, arguments: Arguments) -> None:
    # The message calls the new status "active" (contract 6.2).
    if change.set("status", arguments["status"]):
        change.say("StatusChanged", active=arguments["status"])


def _set_contact_email(change: Change, arguments: Arguments) -> None:
    new = arguments.get("contactEmail")
    if change.set("contactEmail", new):
        change.say("ContactEmailSet", contactEmail=new)


def _change_parent(change: Change, arguments: Arguments) -> None:
    if change.record["unitType"] == "Company":
        raise invalid_operation("A Company has no parent unit.")
    old, new = change.record["parentUnit"], arguments["parentUnit"]
    if change.set("parentUnit", new):
        change.say("ParentChanged", oldParentUnit=old, newParentUnit=new)


def _set_type(change: Change, arguments: Arguments) -> None:
    record = change.record
    old_type, old_parent = record["unitType"], record.get("parentUnit")
    new_type, new_parent = arguments["unitType"], arguments.get("parentUnit")
    if new_type == old_type:
        return
    record["unitType"] = new_type
    change.set("parentUnit", new_parent)
    if new_type == "Company":
        record.update(associateMode="Explicit", approvalRuleMode="Explicit")
        record["storeMode"] = "Explicit"
        record.setdefault("stores", [])
    change.say(
        "TypeSet",
        unitType=new_type,
        oldUnitType=old_type,
        parentUnit=new_parent,
        oldParentUnit=old_parent,
    )


def _change_approval_mode(change: Change, arguments: Arguments) -> None:
    old, new = change.record["approvalRuleMode"], arguments["approvalRuleMode"]
    if change.set("approvalRuleMode", new):
        change.say(
            "ApprovalRuleModeChanged", approvalRuleMode=new, oldApprovalRuleMode=old
        )


def _set_store_mode(change: Change, arguments: Arguments) -> None:
    record = change.record
    old = {"oldStoreMode": record["storeMode"], "oldStores": record.get("stores")}
    explicit = arguments["storeMode"] == "Explicit"
    moved = change.set("storeMode", arguments["storeMode"])
    stores = arguments.get("stores", [] if explicit else None)
    if change.set("stores", stores) or moved:
        mode = arguments["storeMode"]
        change.say("StoreModeChanged", storeMode=mode, stores=stores, **old)


def _need_explicit_stores(change: Change) -> list[Any]:
    if change.record["storeMode"] != "Explicit":
        raise invalid_operation("Stores can only be set with store mode Explicit.")
    stores: list[Any] = change.record["stores"]
    return stores


def _set_stores(change: Change, arguments: Arguments) -> None:
    _need_explicit_stores(change)
    unique(arguments["stores"], "stores")
    if change.set("stores", arguments["stores"]):
        change.say("StoresSet", stores=arguments["stores"])


def _add_store(change: Change, arguments: Arguments) -> None:
    stores, store = _need_explicit_stores(change), arguments["store"]
    if store not in stores:
        stores.append(store)
        change.say("StoreAdded", store=store)


def _remove_store(change: Change, arguments: Arguments) -> None:
    stores, store = _need_explicit_stores(change), arguments["store"]
    if store in stores:
        stores.remove(store)
        change.say("StoreRemoved", store=store)


UNIT_ACTIONS: Final[Actions] = {
    **ADDRESS_ACTIONS,
    **GROUP_ACTIONS,
    **ASSOCIATE_ACTIONS,
    **custom_actions("business-unit"),
    "changeName": Action(fields={"name": need(filled)}, run=_change_name),
    "changeStatus": Action(fields={"status": need(_status)}, run=_change_status),
    "setContactEmail": Action(
        fields={"contactEmail": may(email)}, run=_set_contact_email
    ),
    "changeParentUnit": Action(
        fields={"parentUnit": need(_parent)}, run=_change_parent
    ),
    "setUnitType": Action(
        fields={"unitType": need(_unit_type), "parentUnit": may(_parent)},
        run=_set_type,
    ),
    "changeApprovalRuleMode": Action(
        fields={"approvalRuleMode": need(_approval_mode)}, run=_change_approval_mode
    ),
    "setStoreMode": Action(
        fields={"storeMode": need(_store_mode), "stores": may(many(_store))},
        run=_set_store_mode,
    ),
    "setStores": Action(fields={"stores": need(many(_store))}, run=_set_stores),
    "addStore": Action(fields={"store": need(_store)}, run=_add_store),
    "removeStore": Action(fields={"store": need(_store)}, run=_remove_store),
}
