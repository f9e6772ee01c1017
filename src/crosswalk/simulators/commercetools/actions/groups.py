"""Customer groups and stores as customers and business units carry them."""

from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
)
from crosswalk.simulators.commercetools.errors import invalid_operation
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    key_reference,
    many,
    may,
    need,
    reference,
    structure,
    unique,
)

#: As contract 1.5 tells.
MOST_GROUPS = 500

store = key_reference("store")
group = reference("customer-group")
assignment = structure({"customerGroup": need(group)})
assignments = many(assignment, most=MOST_GROUPS)

GROUP_DRAFT: Fields = {"customerGroupAssignments": may(assignments)}


def _say(change: Change, message: str, **payload: object) -> None:
    """Raise ``CustomerGroup...`` or ``BusinessUnitCustomerGroup...``."""
    change.say(
        message if change.family == "Customer" else f"Customer{message}", **payload
    )


def _add_group(change: Change, arguments: Arguments) -> None:
    new = arguments["customerGroupAssignment"]
    held = change.record["customerGroupAssignments"]
    if new in held:
        return
    held.append(new)
    _say(change, "GroupAssignmentAdded", customerGroupAssignment=new)


def _remove_group(change: Change, arguments: Arguments) -> None:
    old = {"customerGroup": arguments["customerGroup"]}
    held = change.record["customerGroupAssignments"]
    if old not in held:
        raise invalid_operation("The customer group is not assigned.")
    held.remove(old)
    _say(change, "GroupAssignmentRemoved", customerGroupAssignment=old)


def _set_groups(change: Change, arguments: Arguments) -> None:
    new = arguments.get("customerGroupAssignments", [])
    unique(new, "customerGroupAssignments")
    old = change.record["customerGroupAssignments"]
    if change.set("customerGroupAssignments", new):
        _say(
            change,
            "GroupAssignmentsSet",
            customerGroupAssignments=new,
            oldCustomerGroupAssignments=old,
        )


GROUP_ACTIONS: Actions = {
    "addCustomerGroupAssignment": Action(
        fields={"customerGroupAssignment": need(assignment)}, run=_add_group
    ),
    "removeCustomerGroupAssignment": Action(
        fields={"customerGroup": need(group)}, run=_remove_group
    ),
    "setCustomerGroupAssignments": Action(fields=GROUP_DRAFT, run=_set_groups),
}
