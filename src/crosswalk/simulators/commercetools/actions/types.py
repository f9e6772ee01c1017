"""Types: definitions of custom fields."""

import re
from collections.abc import Mapping
from typing import Any, Final

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
    setter,
)
from crosswalk.simulators.commercetools.errors import (
    duplicate_field,
    invalid_field,
    invalid_json,
    required_field,
)
from crosswalk.simulators.commercetools.field_types import NAMES
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    Shape,
    filled,
    flag,
    key,
    localized,
    many,
    may,
    need,
    one_of,
    structure,
    text,
)
from crosswalk.simulators.commercetools.world import World

_RESOURCE_TYPES: Final = (
    "address",
    "asset",
    "approval-flow",
    "approval-rule",
    "associate-role",
    "business-unit",
    "cart-discount",
    "category",
    "channel",
    "customer",
    "customer-group",
    "custom-line-item",
    "discount-code",
    "inventory-entry",
    "line-item",
    "order",
    "order-edit",
    "order-delivery",
    "order-parcel",
    "order-return-item",
    "payment",
    "payment-interface-interaction",
    "payment-method",
    "payment-method-info",
    "product-price",
    "product-selection",
    "product-tailoring",
    "quote",
    "reservation",
    "review",
    "recurring-order",
    "shipping",
    "shipping-method",
    "shopping-list",
    "shopping-list-text-line-item",
    "standalone-price",
    "store",
    "transaction",
)
_FIELD_NAME: Final = re.compile(r"[A-Za-z0-9_-]{2,36}")
_VALUE: Final = structure({"key": need(filled), "label": need(text)})
_LOCALIZED_VALUE: Final = structure({"key": need(filled), "label": need(localized)})


def _field_name(world: World, path: str, value: object) -> object:
    if not _FIELD_NAME.fullmatch(str(text(world, path, value))):
        raise invalid_field(path, value)
    return value


def _field_type(world: World, path: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid_json(f"{path}: expected an object")
    name = value.get("name")
    if not isinstance(name, str) or name not in NAMES:
        raise invalid_field(f"{path}.name", name, allowed=sorted(NAMES))
    found: dict[str, Any] = {"name": name}
    for part, shape in _PARTS_OF_TYPE.get(name, {}).items():
        if value.get(part) is None:
            raise required_field(f"{path}.{part}")
        found[part] = shape(world, f"{path}.{part}", value[part])
    return found


_PARTS_OF_TYPE: Final[Mapping[str, Mapping[str, Shape]]] = {
    "Enum": {"values": many(_VALUE)},
    "LocalizedEnum": {"values": many(_LOCALIZED_VALUE)},
    "Reference": {"referenceTypeId": filled},
    "Set": {"elementType": _field_type},
}

_definition = structure(
    {
        "name": need(_field_name),
        "label": need(localized),
        "required": need(flag),
        "type": need(_field_type),
        "inputHint": may(one_of("SingleLine", "MultiLine")),
    }
)

TYPE_DRAFT: Final[Fields] = {
    "key": need(key),
    "name": need(localized),
    "description": may(localized),
    "resourceTypeIds": need(many(one_of(*_RESOURCE_TYPES))),
    "fieldDefinitions": may(many(_definition)),
}


def create_type(change: Change, draft: Arguments) -> None:
    """Fill a new type from its draft."""
    definitions = draft.pop("fieldDefinitions", [])
    change.record.update(draft, fieldDefinitions=[])
    for definition in definitions:
        _add_definition(change, {"fieldDefinition": definition})


def _add_definition(change: Change, arguments: Arguments) -> None:
    new = arguments["fieldDefinition"]
    if new["type"]["name"] == "String":
        new.setdefault("inputHint", "SingleLine")
    definitions = change.record["fieldDefinitions"]
    if any(one["name"] == new["name"] for one in definitions):
        raise duplicate_field("fieldDefinitions.name", new["name"])
    _check_same_type_elsewhere(change, new)
    definitions.append(new)


def _check_same_type_elsewhere(change: Change, new: dict[str, Any]) -> None:
    """Refuse a name that another Type of the same resource uses for another type."""
    own = set(change.record["resourceTypeIds"])
    for row in change.world.tables["types"].rows.values():
        if row.record["id"] == change.record["id"]:
            continue
        if own.isdisjoint(row.record["resourceTypeIds"]):
            continue
        for other in row.record["fieldDefinitions"]:
            same_name = other["name"] == new["name"]
            if same_name and other["type"]["name"] != new["type"]["name"]:
                raise invalid_field("fieldDefinitions.type", new["type"]["name"])


def _definition_of(change: Change, name: str) -> dict[str, Any]:
    found: dict[str, Any]
    for found in change.record["fieldDefinitions"]:
        if found["name"] == name:
            return found
    raise invalid_field("fieldName", name)


def _remove_definition(change: Change, arguments: Arguments) -> None:
    definition = _definition_of(change, arguments["fieldName"])
    change.record["fieldDefinitions"].remove(definition)


def _add_value(change: Change, arguments: Arguments) -> None:
    field_type = _definition_of(change, arguments["fieldName"])["type"]
    values = field_type.get("elementType", field_type).get("values")
    if values is None:
        raise invalid_field("fieldName", arguments["fieldName"])
    if any(one["key"] == arguments["value"]["key"] for one in values):
        raise duplicate_field("value.key", arguments["value"]["key"])
    values.append(arguments["value"])


def _change_label(change: Change, arguments: Arguments) -> None:
    definition = _definition_of(change, arguments["fieldName"])
    definition["label"] = arguments["label"]


TYPE_ACTIONS: Final[Actions] = {
    "changeKey": setter("key", need(key)),
    "changeName": setter("name", need(localized)),
    "setDescription": setter("description", may(localized)),
    "addFieldDefinition": Action(
        fields={"fieldDefinition": need(_definition)}, run=_add_definition
    ),
    "removeFieldDefinition": Action(
        fields={"fieldName": need(text)}, run=_remove_definition
    ),
    "addEnumValue": Action(
        fields={"fieldName": need(text), "value": need(_VALUE)}, run=_add_value
    ),
    "addLocalizedEnumValue": Action(
        fields={"fieldName": need(text), "value": need(_LOCALIZED_VALUE)},
        run=_add_value,
    ),
    "changeLabel": Action(
        fields={"fieldName": need(text), "label": need(localized)}, run=_change_label
    ),
}
