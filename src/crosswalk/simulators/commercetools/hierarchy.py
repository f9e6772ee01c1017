"""The tree of business units and what flows down in it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crosswalk.simulators.commercetools.errors import invalid_operation
from crosswalk.simulators.commercetools.world import World

#: Levels of a tree, its company included (contract 1.5).
MOST_LEVELS: Final = 5

Unit = dict[str, Any]


def key_reference(unit: Unit) -> dict[str, str]:
    """Return the reference to a unit."""
    return {"typeId": "business-unit", "key": unit["key"]}


def parent_of(world: World, unit: Unit) -> Unit | None:
    """Return the parent of *unit*; None for a company."""
    if "parentUnit" not in unit:
        return None
    row = world.tables["business-units"].by("key", unit["parentUnit"]["key"])
    return row.record if row else None


def children_of(world: World, unit: Mapping[str, Any]) -> Iterator[Unit]:
    """Yield the direct divisions of *unit*."""
    table = world.tables["business-units"]
    for unit_id in sorted(table.ids("parentUnit.key", unit["key"])):
        yield table.rows[unit_id].record


def check_place(world: World, unit: Unit) -> None:
    """Refuse a circle, or a tree that is too deep.

    Raises:
        ApiError: the unit cannot have this parent.
    """
    levels, above = 1, parent_of(world, unit)
    while above is not None:
        if above["id"] == unit["id"]:
            raise invalid_operation("A business unit can not be below itself.")
        levels, above = levels + 1, parent_of(world, above)
    if levels + _depth_below(world, unit) > MOST_LEVELS:
        message = f"A business unit tree has at most {MOST_LEVELS} levels."
        raise invalid_operation(message)


def _depth_below(world: World, unit: Unit) -> int:
    depths = [1 + _depth_below(world, child) for child in children_of(world, unit)]
    return max(depths, default=0)


def inherit(world: World, unit: Unit) -> None:
    """Fill what *unit* has from its parent: top unit, associates and stores."""
    parent = parent_of(world, unit)
    for name in ("inheritedAssociates", "inheritedStores"):
        unit.pop(name, None)
    if parent is None:
        unit["topLevelUnit"] = key_reference(unit)
        return
    unit["topLevelUnit"] = parent["topLevelUnit"]
    if unit["associateMode"] == "ExplicitAndFromParent":
        unit["inheritedAssociates"] = _handed_down(parent)
    if unit["storeMode"] == "FromParent":
        unit["inheritedStores"] = parent.get(
            "inheritedStores" if parent["storeMode"] == "FromParent" else "stores", []
        )


def _handed_down(parent: Unit) -> list[dict[str, Any]]:
    """Return the associates that a child of *parent* inherits, with their source."""
    roles: dict[str, list[dict[str, Any]]] = {}
    for associate in parent["associates"]:
        roles[associate["customer"]["id"]] = [
            {"associateRole": one["associateRole"], "source": key_reference(parent)}
            for one in associate["associateRoleAssignments"]
            if one["inheritance"] == "Enabled"
        ]
    for associate in parent.get("inheritedAssociates", []):
        inherited = roles.setdefault(associate["customer"]["id"], [])
        inherited.extend(associate["associateRoleAssignments"])
    return [
        {
            "customer": {"typeId": "customer", "id": customer_id},
            "associateRoleAssignments": assignments,
        }
        for customer_id, assignments in roles.items()
        if assignments
    ]
