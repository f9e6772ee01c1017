"""The shapes of values in request bodies.

A shape takes the world, the name of the field for errors, and the value; it returns
the value as it is stored, or raises ApiError as the API would answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from typing import Any, Final

from crosswalk.simulators.commercetools.countries import COUNTRIES
from crosswalk.simulators.commercetools.errors import (
    duplicate_field,
    invalid_field,
    invalid_json,
    limit_exceeded,
    reference_not_found,
    required_field,
)
from crosswalk.simulators.commercetools.kinds import ADDRESS_TEXTS
from crosswalk.simulators.commercetools.world import World

Shape = Callable[[World, str, Any], Any]

KEY: Final = re.compile(r"[A-Za-z0-9_-]{2,256}")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body."""

    shape: Shape
    required: bool = False


Fields = Mapping[str, Field]


def need(shape: Shape) -> Field:
    """Return a field that must be there."""
    return Field(shape, required=True)


def may(shape: Shape) -> Field:
    """Return a field that may be left out."""
    return Field(shape)


def read_fields(
    world: World, path: str, body: object, *, fields: Fields
) -> dict[str, Any]:
    """Return the *fields* of *body* as they are stored; nulls count as left out.

    Raises:
        ApiError: something is missing, unknown or not of its shape.
    """
    if not isinstance(body, dict):
        raise invalid_json(f"{path or 'body'}: expected an object")
    if world.switches.text("unknown_body_field") == "refuse":
        unknown = sorted(body.keys() - fields.keys())
        if unknown:
            raise invalid_json(f"{_join(path, unknown[0])}: unknown field")
    read: dict[str, Any] = {}
    for name, field in fields.items():
        value = body.get(name)
        if value is not None:
            read[name] = field.shape(world, _join(path, name), value)
        elif field.required:
            raise required_field(_join(path, name))
    return read


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _typed(kind: type, word: str) -> Shape:
    def shape(_: World, path: str, value: object) -> object:
        if type(value) is not kind:
            raise invalid_json(f"{path}: expected {word}")
        return value

    return shape


text: Final = _typed(str, "a string")
flag: Final = _typed(bool, "true or false")
integer: Final = _typed(int, "an integer")


def anything(_: World, __: str, value: object) -> object:
    """Accept whatever comes; something else will judge it."""
    return value


def filled(world: World, path: str, value: object) -> object:
    """Accept a text that is not blank."""
    if not str(text(world, path, value)).strip():
        raise required_field(path)
    return value


def key(world: World, path: str, value: object) -> object:
    """Accept a user-defined key."""
    if not KEY.fullmatch(str(text(world, path, value))):
        raise invalid_field(path, value)
    return value


def email(world: World, path: str, value: object) -> object:
    """Accept what looks like an e-mail address, in its own case."""
    if not EMAIL.fullmatch(str(text(world, path, value))):
        raise invalid_field(path, value)
    return value


def date(world: World, path: str, value: object) -> object:
    """Accept a date as YYYY-MM-DD."""
    try:
        return calendar_date.fromisoformat(str(text(world, path, value))).isoformat()
    except ValueError as error:
        raise invalid_field(path, value) from error


def country(world: World, path: str, value: object) -> object:
    """Accept an ISO 3166-1 alpha-2 code."""
    if text(world, path, value) not in COUNTRIES:
        raise invalid_field(path, value)
    return value


def project_locale(world: World, path: str, value: object) -> object:
    """Accept one of the project's languages."""
    languages = world.project["languages"]
    if value not in languages:
        raise invalid_field(path, value, allowed=languages)
    return value


def localized(world: World, path: str, value: object) -> object:
    """Accept a text per language."""
    if not isinstance(value, dict):
        raise invalid_json(f"{path}: expected an object")
    return {name: text(world, f"{path}.{name}", one) for name, one in value.items()}


def one_of(*allowed: str) -> Shape:
    """Accept one of the *allowed* words."""

    def shape(_: World, path: str, value: object) -> object:
        if value not in allowed:
            raise invalid_field(path, value, allowed=list(allowed))
        return value

    return shape


def whole(low: int, high: int) -> Shape:
    """Accept an integer from *low* to *high*."""

    def shape(world: World, path: str, value: object) -> object:
        if not low <= integer(world, path, value) <= high:
            raise invalid_field(path, value)
        return value

    return shape


def many(each: Shape, *, most: int | None = None) -> Shape:
    """Accept a list of at most *most* values."""

    def shape(world: World, path: str, value: object) -> object:
        if not isinstance(value, list):
            raise invalid_json(f"{path}: expected an array")
        if most is not None and len(value) > most:
            raise limit_exceeded(path, f"'{path}' holds at most {most} elements.")
        return [each(world, f"{path}[{n}]", one) for n, one in enumerate(value)]

    return shape


def structure(fields: Fields) -> Shape:
    """Accept an object of *fields*."""

    def shape(world: World, path: str, value: object) -> object:
        return read_fields(world, path, value, fields=fields)

    return shape


def reference(type_id: str) -> Shape:
    """Accept a resource identifier and point at the record by its id."""

    def shape(world: World, path: str, value: object) -> object:
        record = _pointed_at(world, path, value, type_id)
        return {"typeId": type_id, "id": record["id"]}

    return shape


def key_reference(type_id: str) -> Shape:
    """Accept a resource identifier and point at the record by its key."""

    def shape(world: World, path: str, value: object) -> object:
        record = _pointed_at(world, path, value, type_id)
        return {"typeId": type_id, "key": record["key"]}

    return shape


def _pointed_at(world: World, path: str, value: object, type_id: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid_json(f"{path}: expected an object")
    if value.get("typeId", type_id) != type_id:
        raise invalid_field(f"{path}.typeId", value["typeId"], allowed=[type_id])
    by = "id" if value.get("id") is not None else "key"
    wanted = value.get(by)
    if not isinstance(wanted, str):
        raise required_field(f"{path}.id")
    row = world.pointed_at(type_id, by=by, value=wanted)
    if row is None:
        raise reference_not_found(type_id, by, wanted)
    return row.record


def unique(values: list[Any], path: str) -> None:
    """Refuse a value that stands in a list twice."""
    for n, value in enumerate(values):
        if value is not None and value in values[:n]:
            raise duplicate_field(path, value)


#: The fields of an address except its custom fields.
ADDRESS_FIELDS: Final[Fields] = {
    "id": may(text),
    **{name: may(text) for name in ADDRESS_TEXTS},
    "key": may(key),
    "country": need(country),
}
