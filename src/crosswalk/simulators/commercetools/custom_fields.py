"""Custom fields: a record carries at most one Type, and its fields obey that Type."""

from collections.abc import Mapping
from typing import Any

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
)
from crosswalk.simulators.commercetools.errors import (
    invalid_field,
    invalid_json,
    invalid_operation,
    required_field,
)
from crosswalk.simulators.commercetools.field_types import (
    FieldValueError,
    normal_value,
)
from crosswalk.simulators.commercetools.shapes import (
    Shape,
    anything,
    filled,
    may,
    need,
    read_fields,
    reference,
)
from crosswalk.simulators.commercetools.world import World

_DRAFT = {"type": need(reference("type")), "fields": may(anything)}

Custom = dict[str, Any]

#: How the messages of a family call the old value and the old type (contract 6.2).
_OLD_NAMES: Mapping[str, tuple[str, str]] = {
    "BusinessUnit": ("oldValue", "oldTypeId"),
}


def custom_of(resource_type: str) -> Shape:
    """Accept the custom fields of a draft for one kind of resource."""

    def shape(world: World, path: str, value: object) -> object:
        draft = read_fields(world, path, value, fields=_DRAFT)
        return _typed(world, resource_type, draft)

    return shape


def _typed(world: World, resource_type: str, draft: Mapping[str, Any]) -> Custom:
    type_record = _type_record(world, draft["type"]["id"])
    if resource_type not in type_record["resourceTypeIds"]:
        allowed = type_record["resourceTypeIds"]
        raise invalid_field("type", resource_type, allowed=allowed)
    given = draft.get("fields") or {}
    if not isinstance(given, dict):
        raise invalid_json("fields: expected an object")
    fields = {
        name: _value(type_record, name, value)
        for name, value in given.items()
        if value is not None
    }
    for definition in type_record["fieldDefinitions"]:
        if definition["required"] and definition["name"] not in fields:
            raise required_field(definition["name"])
    return {"type": draft["type"], "fields": fields}


def _type_record(world: World, type_id: str) -> dict[str, Any]:
    row = world.tables["types"].rows.get(type_id)
    if row is None:
        raise invalid_operation(f"The type '{type_id}' does not exist any more.")
    return row.record


def _definition(type_record: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any]
    for found in type_record["fieldDefinitions"]:
        if found["name"] == name:
            return found
    names = [one["name"] for one in type_record["fieldDefinitions"]]
    raise invalid_field("name", name, allowed=names)


def _value(type_record: Mapping[str, Any], name: str, value: object) -> object:
    definition = _definition(type_record, name)
    try:
        return normal_value(definition["type"], value)
    except FieldValueError as error:
        raise invalid_field(name, value, allowed=error.allowed) from error


def _set_type(
    change: Change,
    holder: dict[str, Any],
    arguments: Arguments,
    *,
    resource_type: str,
) -> tuple[Custom | None, Custom | None]:
    """Set or remove the Type of *holder*; return its custom before and after."""
    before = holder.get("custom")
    if "type" in arguments:
        after = _typed(change.world, resource_type, arguments)
        holder["custom"] = after
        return before, after
    holder.pop("custom", None)
    return before, None


def _say_type(
    change: Change,
    before: Custom | None,
    after: Custom | None,
    *,
    group: str = "",
    **more: str,
) -> None:
    if before == after:
        return
    old_name = _OLD_NAMES.get(change.family, ("previousValue", "previousTypeId"))[1]
    old: dict[str, object] = {old_name: before["type"]["id"] if before else None}
    if after is None:
        change.say(f"{group}CustomTypeRemoved", **old, **more)
    else:
        change.say(f"{group}CustomTypeSet", customFields=after, **old, **more)


def _set_field(
    change: Change,
    holder: dict[str, Any],
    arguments: Arguments,
    *,
    group: str = "",
) -> None:
    custom, name = holder.get("custom"), arguments["name"]
    if custom is None:
        raise invalid_operation("There is no type set, so no custom field can be set.")
    type_record = _type_record(change.world, custom["type"]["id"])
    before, fields = custom["fields"].get(name), custom["fields"]
    more = {"addressId": holder["id"]} if group else {}
    if arguments.get("value") is None:
        _check_removal(_definition(type_record, name), before)
        del fields[name]
        change.say(f"{group}CustomFieldRemoved", name=name, **more)
        return
    value = _value(type_record, name, arguments["value"])
    fields[name] = value
    if before is None:
        change.say(f"{group}CustomFieldAdded", name=name, value=value, **more)
    elif before != value:
        old_name = _OLD_NAMES.get(change.family, ("previousValue", ""))[0]
        more[old_name] = before
        change.say(f"{group}CustomFieldChanged", name=name, value=value, **more)


def _check_removal(definition: Mapping[str, Any], before: object) -> None:
    if before is None:
        name = definition["name"]
        raise invalid_operation(f"The custom field '{name}' is not set.")
    if definition["required"]:
        raise required_field(definition["name"])


_TYPE_FIELDS = {"type": may(reference("type")), "fields": may(anything)}
_FIELD_FIELDS = {"name": need(filled), "value": may(anything)}
_OF_ADDRESS = {"addressId": need(filled)}


def custom_actions(resource_type: str) -> Actions:
    """Return the actions on the custom fields of a resource."""

    def set_type(change: Change, arguments: Arguments) -> None:
        before, after = _set_type(
            change, change.record, arguments, resource_type=resource_type
        )
        _say_type(change, before, after)

    def set_field(change: Change, arguments: Arguments) -> None:
        _set_field(change, change.record, arguments)

    return {
        "setCustomType": Action(fields=_TYPE_FIELDS, run=set_type),
        "setCustomField": Action(fields=_FIELD_FIELDS, run=set_field),
    }


def _address(change: Change, arguments: Arguments) -> dict[str, Any]:
    found: dict[str, Any]
    for found in change.record["addresses"]:
        if found["id"] == arguments["addressId"]:
            return found
    raise invalid_field("addressId", arguments["addressId"])


def _set_address_type(change: Change, arguments: Arguments) -> None:
    address = _address(change, arguments)
    before, after = _set_type(change, address, arguments, resource_type="address")
    _say_type(change, before, after, group="Address", addressId=address["id"])


def _set_address_field(change: Change, arguments: Arguments) -> None:
    _set_field(change, _address(change, arguments), arguments, group="Address")


ADDRESS_CUSTOM_ACTIONS: Actions = {
    "setAddressCustomType": Action(
        fields={**_OF_ADDRESS, **_TYPE_FIELDS}, run=_set_address_type
    ),
    "setAddressCustomField": Action(
        fields={**_OF_ADDRESS, **_FIELD_FIELDS}, run=_set_address_field
    ),
}
