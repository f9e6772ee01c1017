"""Customers: what a draft holds and what an update can do."""

from typing import Any, Final

from crosswalk.simulators.commercetools.actions.addresses import (
    ADDRESS_ACTIONS,
    ADDRESS_DRAFT,
    take_in_addresses,
)
from crosswalk.simulators.commercetools.actions.groups import (
    GROUP_ACTIONS,
    GROUP_DRAFT,
    group,
)
from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
    setter,
)
from crosswalk.simulators.commercetools.custom_fields import (
    custom_actions,
    custom_of,
)
from crosswalk.simulators.commercetools.errors import (
    duplicate_field,
    invalid_operation,
    reference_exists,
    required_field,
)
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    date,
    email,
    filled,
    flag,
    key,
    key_reference,
    many,
    may,
    need,
    one_of,
    project_locale,
    structure,
    text,
    unique,
)
from crosswalk.simulators.commercetools.world import World

#: A password is never kept; this is what the API shows in its place.
MASKED: Final = "****aGg="

_store = key_reference("store")
_mode = one_of("Password", "ExternalAuth")

#: Plain fields: shape, action, and the message that a change raises (contract 6.2
#: lists those that raise none).
_PLAIN: Final = (
    ("firstName", text, "setFirstName", "FirstNameSet"),
    ("lastName", text, "setLastName", "LastNameSet"),
    ("middleName", text, "setMiddleName", None),
    ("title", text, "setTitle", "TitleSet"),
    ("salutation", text, "setSalutation", None),
    ("companyName", text, "setCompanyName", "CompanyNameSet"),
    ("vatId", text, "setVatId", None),
    ("dateOfBirth", date, "setDateOfBirth", "DateOfBirthSet"),
    ("locale", project_locale, "setLocale", None),
    ("externalId", text, "setExternalId", "ExternalIdSet"),
    ("key", key, "setKey", None),
)

CUSTOMER_DRAFT: Final[Fields] = {
    **{name: may(shape) for name, shape, _, _ in _PLAIN},
    **ADDRESS_DRAFT,
    **GROUP_DRAFT,
    "customerNumber": may(filled),
    "email": need(email),
    "password": may(filled),
    "isEmailVerified": may(flag),
    "authenticationMode": may(_mode),
    "customerGroup": may(group),
    "stores": may(many(_store)),
    "custom": may(custom_of("customer")),
    "anonymousId": may(text),
    "anonymousCart": may(structure({"typeId": may(text), "id": need(text)})),
}


def fill_customer(record: dict[str, Any]) -> None:
    """Give a customer the fields that every customer has."""
    record.setdefault("isEmailVerified", False)
    record.setdefault("authenticationMode", "Password")
    for name in (
        "addresses",
        "shippingAddressIds",
        "billingAddressIds",
        "customerGroupAssignments",
        "stores",
    ):
        record.setdefault(name, [])


def create_customer(change: Change, draft: Arguments) -> None:
    """Fill a new customer from its draft."""
    draft.pop("anonymousId", None)
    draft.pop("anonymousCart", None)
    fields = take_in_addresses(draft)
    change.record.update(draft, **fields)
    fill_customer(change.record)
    unique(change.record["stores"], "stores")
    _mask_password(change.record, draft.get("password"))
    change.say("Created", customer=change.record)


def _mask_password(record: dict[str, Any], password: str | None) -> None:
    record.pop("password", None)
    if record["authenticationMode"] == "Password":
        if password is None:
            raise required_field("password")
        record["password"] = MASKED


def check_customer(world: World, record: dict[str, Any]) -> None:
    """Refuse an e-mail that another customer in the same stores has.

    A global customer's e-mail is unique among global customers, a store customer's
    among those of its stores; between the two the contract is silent, so a switch
    decides.
    """
    table = world.tables["customers"]
    mixed = world.switches.text("global_store_email_clash") == "refuse"
    stores = {store["key"] for store in record["stores"]}
    for other_id in table.ids("lowercaseEmail", record["email"].lower()):
        if other_id == record["id"]:
            continue
        theirs = {s["key"] for s in table.rows[other_id].record["stores"]}
        both_global = not stores and not theirs
        one_global = not stores or not theirs
        if both_global or stores & theirs or (one_global and mixed):
            raise duplicate_field("email", record["email"])


def check_customer_delete(world: World, record: dict[str, Any]) -> None:
    """Refuse to delete an associate of a business unit, if the switch says so."""
    units = world.tables["business-units"]
    held = units.ids("associates.customer.id", record["id"])
    if held and world.switches.text("delete_associate") == "refuse":
        raise reference_exists("business-unit")


def _change_email(change: Change, arguments: Arguments) -> None:
    old = change.record["email"]
    if change.set("email", arguments["email"]):
        change.record["isEmailVerified"] = False
        change.say("EmailChanged", email=arguments["email"], oldEmail=old)


def _set_number(change: Change, arguments: Arguments) -> None:
    new, old = arguments.get("customerNumber"), change.record.get("customerNumber")
    if old is not None and new != old:
        raise invalid_operation(
            "The customer number can not be changed once it is set."
        )
    change.set("customerNumber", new)


def _set_group(change: Change, arguments: Arguments) -> None:
    new = arguments.get("customerGroup")
    if change.set("customerGroup", new):
        change.say("GroupSet", customerGroup=new)


def _set_stores(change: Change, arguments: Arguments) -> None:
    new, old = arguments.get("stores", []), change.record["stores"]
    unique(new, "stores")
    if change.set("stores", new):
        change.say("StoresSet", stores=new, oldStores=old)


def _add_store(change: Change, arguments: Arguments) -> None:
    if arguments["store"] not in change.record["stores"]:
        change.record["stores"].append(arguments["store"])


def _remove_store(change: Change, arguments: Arguments) -> None:
    if arguments["store"] in change.record["stores"]:
        change.record["stores"].remove(arguments["store"])


def _set_mode(change: Change, arguments: Arguments) -> None:
    change.record["authenticationMode"] = arguments["authMode"]
    _mask_password(change.record, arguments.get("password"))


CUSTOMER_ACTIONS: Final[Actions] = {
    **{
        action: setter(name, may(shape), message)
        for name, shape, action, message in _PLAIN
    },
    **ADDRESS_ACTIONS,
    **GROUP_ACTIONS,
    **custom_actions("customer"),
    "changeEmail": Action(fields={"email": need(email)}, run=_change_email),
    "setCustomerNumber": Action(
        fields={"customerNumber": may(filled)}, run=_set_number
    ),
    "setCustomerGroup": Action(fields={"customerGroup": may(group)}, run=_set_group),
    "setStores": Action(fields={"stores": may(many(_store))}, run=_set_stores),
    "addStore": Action(fields={"store": need(_store)}, run=_add_store),
    "removeStore": Action(fields={"store": need(_store)}, run=_remove_store),
    "setAuthenticationMode": Action(
        fields={"authMode": need(_mode), "password": may(filled)}, run=_set_mode
    ),
}
