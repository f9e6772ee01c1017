"""Associates: the customers that act for a business unit, and their roles."""

from typing import Any, Final

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
)
from crosswalk.simulators.commercetools.errors import (
    invalid_operation,
    limit_exceeded,
)
from crosswalk.simulators.commercetools.hierarchy import inherit
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    flag,
    key_reference,
    many,
    may,
    need,
    one_of,
    reference,
    structure,
    unique,
)
from crosswalk.simulators.commercetools.world import World

#: As contract 1.5 tells.
MOST_ASSOCIATES: Final = 2000
MOST_ROLES: Final = 5

_customer = reference("customer")
_assignment = structure(
    {
        "associateRole": need(key_reference("associate-role")),
        "inheritance": may(one_of("Enabled", "Disabled")),
    }
)
_draft = structure(
    {
        "customer": need(_customer),
        "associateRoleAssignments": need(many(_assignment, most=MOST_ROLES)),
    }
)
_mode = one_of("Explicit", "ExplicitAndFromParent")


def _associate(world: World, path: str, value: object) -> dict[str, Any]:
    associate: dict[str, Any] = _draft(world, path, value)
    for assignment in associate["associateRoleAssignments"]:
        assignment.setdefault("inheritance", "Disabled")
    return associate


def _many_associates(world: World, path: str, value: object) -> list[dict[str, Any]]:
    associates: list[dict[str, Any]] = _list(world, path, value)
    unique([one["customer"] for one in associates], f"{path}.customer")
    return associates


_list = many(_associate, most=MOST_ASSOCIATES)

ASSOCIATE_DRAFT: Final[Fields] = {
    "associates": may(_many_associates),
    "associateMode": may(_mode),
}


def _position(change: Change, customer: dict[str, str]) -> int | None:
    for n, associate in enumerate(change.record["associates"]):
        if associate["customer"] == customer:
            return n
    return None


def _known_position(change: Change, customer: dict[str, str]) -> int:
    position = _position(change, customer)
    if position is None:
        message = f"The customer '{customer['id']}' is not an associate."
        raise invalid_operation(message)
    return position


def _add(change: Change, arguments: Arguments) -> None:
    new, held = arguments["associate"], change.record["associates"]
    if _position(change, new["customer"]) is not None:
        customer_id = new["customer"]["id"]
        message = f"The customer '{customer_id}' is already an associate."
        raise invalid_operation(message)
    if len(held) >= MOST_ASSOCIATES:
        message = f"A business unit has at most {MOST_ASSOCIATES} associates."
        raise limit_exceeded("associate", message)
    held.append(new)
    change.say("AssociateAdded", associate=new)


def _change(change: Change, arguments: Arguments) -> None:
    new, held = arguments["associate"], change.record["associates"]
    position = _known_position(change, new["customer"])
    if held[position] != new:
        held[position] = new
        change.say("AssociateChanged", associate=new)


def _remove(change: Change, arguments: Arguments) -> None:
    position = _known_position(change, arguments["customer"])
    old = change.record["associates"].pop(position)
    change.say("AssociateRemoved", associate=old)


def _set(change: Change, arguments: Arguments) -> None:
    if change.set("associates", arguments["associates"]):
        change.say("AssociatesSet", associates=arguments["associates"])


def _change_mode(change: Change, arguments: Arguments) -> None:
    record = change.record
    old, new = record["associateMode"], arguments["associateMode"]
    if new == "Explicit" and arguments["makeInheritedAssociatesExplicit"]:
        inherit(change.world, record)
        _adopt(change)
    if change.set("associateMode", new):
        change.say("AssociateModeChanged", associateMode=new, oldAssociateMode=old)


def _adopt(change: Change) -> None:
    """Make the inherited associates associates of the unit itself."""
    for inherited in change.record.get("inheritedAssociates", []):
        roles = [
            {"associateRole": one["associateRole"], "inheritance": "Disabled"}
            for one in inherited["associateRoleAssignments"]
        ]
        position = _position(change, inherited["customer"])
        if position is None:
            new = {"customer": inherited["customer"], "associateRoleAssignments": roles}
            change.record["associates"].append(new)
            continue
        held = change.record["associates"][position]["associateRoleAssignments"]
        known = {one["associateRole"]["key"] for one in held}
        held.extend(r for r in roles if r["associateRole"]["key"] not in known)


ASSOCIATE_ACTIONS: Final[Actions] = {
    "addAssociate": Action(fields={"associate": need(_associate)}, run=_add),
    "changeAssociate": Action(fields={"associate": need(_associate)}, run=_change),
    "removeAssociate": Action(fields={"customer": need(_customer)}, run=_remove),
    "setAssociates": Action(fields={"associates": need(_many_associates)}, run=_set),
    "changeAssociateMode": Action(
        fields={
            "associateMode": need(_mode),
            "makeInheritedAssociatesExplicit": need(flag),
        },
        run=_change_mode,
    ),
}
