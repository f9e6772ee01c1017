"""The types that a custom field can have: what they accept and what may be asked."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, Final

from crosswalk.simulators.commercetools.kinds import (
    FLAG,
    MOMENT,
    MONEY,
    NUMBER,
    TEXT,
    Kind,
    Localized,
    Many,
    Reference,
)
from crosswalk.simulators.commercetools.moments import normal_moment

#: Digits after the point of the currencies that do not have two (ISO 4217, and the
#: vendor's own codes for currencies that are used without digits).
FRACTION_DIGITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF"), 0),
    **dict.fromkeys(("CZK0", "HUF0", "ILS0", "KZT0", "TRY0", "TWD0"), 0),
}

_SCALAR_KINDS: Final[Mapping[str, Kind]] = {
    "Boolean": FLAG,
    "Number": NUMBER,
    "String": TEXT,
    "LocalizedString": Localized(),
    "Enum": TEXT,
    "LocalizedEnum": TEXT,
    "Money": MONEY,
    "Date": TEXT,
    "Time": TEXT,
    "DateTime": MOMENT,
}

NAMES: Final = frozenset({*_SCALAR_KINDS, "Reference", "Set"})


class FieldValueError(Exception):
    """A value that a custom field does not take; the argument names what it does."""

    def __init__(self, allowed: list[str] | None = None) -> None:
        self.allowed = allowed
        super().__init__()


def kind_of_field(field_type: Mapping[str, Any]) -> Kind:
    """Return what predicates may ask of a custom field of *field_type*."""
    name = field_type["name"]
    if name == "Set":
        return Many(kind_of_field(field_type["elementType"]))
    if name == "Reference":
        return Reference(field_type["referenceTypeId"])
    return _SCALAR_KINDS[name]


def normal_value(field_type: Mapping[str, Any], value: object) -> object:
    """Return *value* as the API stores it in a field of *field_type*.

    Raises:
        FieldValueError: the field does not take this value.
    """
    return _NORMAL[field_type["name"]](field_type, value)


def _keep(*kinds: type) -> Callable[[Mapping[str, Any], object], object]:
    def check(_: Mapping[str, Any], value: object) -> object:
        if type(value) not in kinds:
            raise FieldValueError
        return value

    return check


def _text_by(read: Callable[[str], object]) -> Callable[..., object]:
    """Accept texts that *read* can read."""

    def check(_: Mapping[str, Any], value: object) -> object:
        if not isinstance(value, str):
            raise FieldValueError
        try:
            read(value)
        except ValueError as error:
            raise FieldValueError from error
        return value

    return check


def _moment(_: Mapping[str, Any], value: object) -> object:
    moment = normal_moment(value) if isinstance(value, str) else None
    if moment is None:
        raise FieldValueError
    return moment


def _localized(_: Mapping[str, Any], value: object) -> object:
    if not isinstance(value, dict) or not all(map(_is_text, value.values())):
        raise FieldValueError
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _enum(field_type: Mapping[str, Any], value: object) -> object:
    keys = [one["key"] for one in field_type["values"]]
    if value not in keys:
        raise FieldValueError(keys)
    return value


def _money(_: Mapping[str, Any], value: object) -> object:
    if not isinstance(value, dict):
        raise FieldValueError
    currency, amount = value.get("currencyCode"), value.get("centAmount")
    known = isinstance(currency, str) and re.fullmatch(r"[A-Z]{3}0?", currency)
    if not known or type(amount) is not int:
        raise FieldValueError
    digits = FRACTION_DIGITS.get(str(currency), 2)
    return {
        "type": "centPrecision",
        "currencyCode": currency,
        "centAmount": amount,
        "fractionDigits": digits,
    }


def _reference(field_type: Mapping[str, Any], value: object) -> object:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise FieldValueError
    type_id = field_type["referenceTypeId"]
    if value.get("typeId", type_id) != type_id:
        raise FieldValueError
    return {"typeId": type_id, "id": value["id"]}


def _set(field_type: Mapping[str, Any], value: object) -> object:
    if not isinstance(value, list):
        raise FieldValueError
    unique: list[object] = []
    for one in value:
        element = normal_value(field_type["elementType"], one)
        if element not in unique:
            unique.append(element)
    return unique


_NORMAL: Final[Mapping[str, Callable[..., object]]] = {
    "Boolean": _keep(bool),
    "Number": _keep(int, float),
    "String": _keep(str),
    "LocalizedString": _localized,
    "Enum": _enum,
    "LocalizedEnum": _enum,
    "Money": _money,
    "Date": _text_by(date.fromisoformat),
    "Time": _text_by(time.fromisoformat),
    "DateTime": _moment,
    "Reference": _reference,
    "Set": _set,
}
