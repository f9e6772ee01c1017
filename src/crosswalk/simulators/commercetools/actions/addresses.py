"""Addresses of customers and business units."""

import random
import string
from collections.abc import Callable
from typing import Any

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
)
from crosswalk.simulators.commercetools.custom_fields import (
    ADDRESS_CUSTOM_ACTIONS,
    custom_of,
)
from crosswalk.simulators.commercetools.errors import (
    duplicate_field,
    invalid_field,
    required_field,
)
from crosswalk.simulators.commercetools.shapes import (
    ADDRESS_FIELDS,
    Fields,
    integer,
    key,
    many,
    may,
    need,
    structure,
    text,
    unique,
)

address = structure({**ADDRESS_FIELDS, "custom": may(custom_of("address"))})

#: The fields of a draft that hold addresses, and positions in them.
ADDRESS_DRAFT: Fields = {
    "addresses": may(many(address)),
    "defaultShippingAddress": may(integer),
    "shippingAddresses": may(many(integer)),
    "defaultBillingAddress": may(integer),
    "billingAddresses": may(many(integer)),
}

_LETTERS = string.ascii_letters + string.digits


def new_address_id() -> str:
    """Return a fresh address id; these are short, unlike ids of records."""
    return "".join(random.choices(_LETTERS, k=8))


def take_in_addresses(draft: dict[str, Any]) -> dict[str, Any]:
    """Return the address fields of a new record, positions turned into ids.

    Raises:
        ApiError: a position points nowhere, or a key stands twice.
    """
    addresses = [{**one, "id": new_address_id()} for one in draft.pop("addresses", [])]
    unique([one.get("key") for one in addresses], "addresses.key")
    fields: dict[str, Any] = {"addresses": addresses}
    for role in ("shipping", "billing"):
        default_name = f"default{role.capitalize()}Address"
        listed_name = f"{role}Addresses"
        listed = [
            _at(addresses, listed_name, position)
            for position in draft.pop(listed_name, [])
        ]
        default = draft.pop(default_name, None)
        if default is not None:
            default_id = _at(addresses, default_name, default)
            fields[f"{default_name}Id"] = default_id
            listed.append(default_id)
        fields[f"{role}AddressIds"] = list(dict.fromkeys(listed))
    return fields


def _at(addresses: list[dict[str, Any]], field: str, position: int) -> str:
    if not 0 <= position < len(addresses):
        raise invalid_field(field, position)
    return str(addresses[position]["id"])


def _find(change: Change, arguments: Arguments) -> dict[str, Any]:
    """Return the address that ``addressId`` or ``addressKey`` names."""
    by = "id" if "addressId" in arguments else "key"
    wanted = arguments.get("addressId", arguments.get("addressKey"))
    if wanted is None:
        raise required_field("addressId")
    found: dict[str, Any]
    for found in change.record["addresses"]:
        if found.get(by) == wanted:
            return found
    raise invalid_field("addressId" if by == "id" else "addressKey", wanted)


def _check_key(change: Change, new: dict[str, Any], *, but: str | None = None) -> None:
    taken = {a.get("key") for a in change.record["addresses"] if a["id"] != but}
    if new.get("key") is not None and new["key"] in taken:
        raise duplicate_field("addresses.key", new["key"])


def _roles(change: Change, address_id: str) -> list[str]:
    record = change.record
    held = {
        "defaultShipping": record.get("defaultShippingAddressId") == address_id,
        "shipping": address_id in record["shippingAddressIds"],
        "defaultBilling": record.get("defaultBillingAddressId") == address_id,
        "billing": address_id in record["billingAddressIds"],
    }
    return [role for role, holds in held.items() if holds]


def _add(change: Change, arguments: Arguments) -> None:
    new = {**arguments["address"], "id": new_address_id()}
    _check_key(change, new)
    change.record["addresses"].append(new)
    change.say("AddressAdded", address=new)


def _change(change: Change, arguments: Arguments) -> None:
    old = _find(change, arguments)
    new = {**arguments["address"], "id": old["id"]}
    _check_key(change, new, but=old["id"])
    if new == old:
        return
    addresses = change.record["addresses"]
    addresses[addresses.index(old)] = new
    change.say("AddressChanged", address=new, addressRoles=_roles(change, new["id"]))


def _remove(change: Change, arguments: Arguments) -> None:
    old = _find(change, arguments)
    change.say("AddressRemoved", address=old, addressRoles=_roles(change, old["id"]))
    record = change.record
    record["addresses"].remove(old)
    for role in ("Shipping", "Billing"):
        ids = record[f"{role.lower()}AddressIds"]
        ids[:] = [one for one in ids if one != old["id"]]
        if record.get(f"default{role}AddressId") == old["id"]:
            del record[f"default{role}AddressId"]


def _set_default(role: str) -> Callable[[Change, Arguments], None]:
    def run(change: Change, arguments: Arguments) -> None:
        found = _find(change, arguments) if arguments else None
        new_id = found["id"] if found else None
        if change.set(f"default{role}AddressId", new_id):
            change.say(f"Default{role}AddressSet", address=found)
        ids = change.record[f"{role.lower()}AddressIds"]
        if new_id is not None and new_id not in ids:
            ids.append(new_id)

    return run


def _add_role(role: str) -> Callable[[Change, Arguments], None]:
    def run(change: Change, arguments: Arguments) -> None:
        found = _find(change, arguments)
        ids = change.record[f"{role.lower()}AddressIds"]
        if found["id"] not in ids:
            ids.append(found["id"])
            change.say(f"{role}AddressAdded", address=found)

    return run


def _remove_role(role: str) -> Callable[[Change, Arguments], None]:
    def run(change: Change, arguments: Arguments) -> None:
        found = _find(change, arguments)
        ids = change.record[f"{role.lower()}AddressIds"]
        if found["id"] not in ids:
            raise invalid_field("addressId", found["id"])
        ids.remove(found["id"])
        if change.record.get(f"default{role}AddressId") == found["id"]:
            del change.record[f"default{role}AddressId"]
        change.say(f"{role}AddressRemoved", address=found)

    return run


_WHICH: Fields = {"addressId": may(text), "addressKey": may(key)}
_ADDRESS: Fields = {"address": need(address)}

ADDRESS_ACTIONS: Actions = {
    "addAddress": Action(fields=_ADDRESS, run=_add),
    "changeAddress": Action(fields={**_WHICH, **_ADDRESS}, run=_change),
    "removeAddress": Action(fields=_WHICH, run=_remove),
    "setDefaultShippingAddress": Action(fields=_WHICH, run=_set_default("Shipping")),
    "setDefaultBillingAddress": Action(fields=_WHICH, run=_set_default("Billing")),
    "addShippingAddressId": Action(fields=_WHICH, run=_add_role("Shipping")),
    "addBillingAddressId": Action(fields=_WHICH, run=_add_role("Billing")),
    "removeShippingAddressId": Action(fields=_WHICH, run=_remove_role("Shipping")),
    "removeBillingAddressId": Action(fields=_WHICH, run=_remove_role("Billing")),
    **ADDRESS_CUSTOM_ACTIONS,
}
