"""Records that come from the control API: stored as given, without messages."""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from crosswalk.simulators.commercetools.actions.addresses import new_address_id
from crosswalk.simulators.commercetools.errors import ApiError
from crosswalk.simulators.commercetools.hierarchy import children_of, inherit
from crosswalk.simulators.commercetools.moments import normal_moment
from crosswalk.simulators.commercetools.resources import RESOURCES, Resource
from crosswalk.simulators.commercetools.world import World, new_id
from crosswalk.simulators.commercetools.writes import check_unique
from crosswalk.simulators.control import ControlError

#: Settings of the project that a seed may choose.
PROJECT_FIELDS: Final = ("name", "countries", "currencies", "languages", "messages")


def seed(world: World, resource_name: str, record: dict[str, Any]) -> None:
    """Store *record* as it stands; ids, version and times are filled in if missing.

    Raises:
        ControlError: the resource is unknown, or the record clashes with another.
    """
    if not isinstance(record, dict):
        raise ControlError("the record must be an object")
    if resource_name == "project":
        _seed_project(world, record)
        return
    if resource_name not in RESOURCES:
        known = ", ".join(["project", *RESOURCES])
        raise ControlError(f"unknown resource {resource_name}; known are {known}")
    try:
        _seed_record(world, RESOURCES[resource_name], record)
    except ApiError as error:
        raise ControlError(error.message) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ControlError(f"the record is not of its shape: {error!r}") from error


def _seed_project(world: World, record: dict[str, Any]) -> None:
    unknown = sorted(record.keys() - set(PROJECT_FIELDS))
    if unknown:
        raise ControlError(f"unknown project setting {unknown[0]}")
    world.project.update(record)


def _seed_record(world: World, resource: Resource, record: dict[str, Any]) -> None:
    table = world.tables[resource.name]
    full = {**_missing(world, record), **record}
    for name in ("createdAt", "lastModifiedAt"):
        full[name] = _moment(name, full[name])
    resource.fill(full)
    for address in full.get("addresses", []):
        if "id" not in address:
            address["id"] = new_address_id()
    if full["id"] in table.rows:
        raise ControlError(f"the id {full['id']} is taken")
    check_unique(table, full)
    resource.check(world, full)
    if resource.name == "business-units":
        _place(world, full)
    else:
        table.put(full)


def _missing(world: World, record: dict[str, Any]) -> dict[str, Any]:
    """Return what every record has, as far as *record* does not say it."""
    actor = {"isPlatformClient": True}
    filled = {"version": 1, "createdBy": actor, "lastModifiedBy": actor}
    if "id" not in record:
        filled["id"] = new_id()
    known = record.get("createdAt") or record.get("lastModifiedAt")
    filled["createdAt"] = filled["lastModifiedAt"] = known or world.clock.text()
    return filled


def _moment(name: str, text: str) -> str:
    """Spell a timestamp as the tables are ordered by it."""
    moment = normal_moment(text)
    if moment is None:
        raise ControlError(f"{name} is no timestamp: {text}")
    return moment


def _place(world: World, unit: dict[str, Any]) -> None:
    """Store a unit and hand down to divisions that were seeded before it."""
    inherit(world, unit)
    world.tables["business-units"].put(unit)
    for child in children_of(world, unit):
        _place(world, dict(child))


def dump(world: World, resource_name: str) -> Iterator[bytes]:
    """Yield every record of a resource as JSON.

    Raises:
        ControlError: the resource is unknown.
    """
    if resource_name == "project":
        return iter([orjson.dumps(world.project)])
    if resource_name not in world.tables:
        raise ControlError(f"unknown resource {resource_name}")
    return (row.body for row in world.tables[resource_name].rows.values())
