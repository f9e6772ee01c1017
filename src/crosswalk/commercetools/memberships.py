"""Who belongs to which company, and as what; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from crosswalk.commercetools.reference import Reference
from crosswalk.domain.model import Json, Membership

#: Whether members are inherited -> where a unit lists them.
_MEMBERS: Final[Mapping[bool, str]] = {
    False: "associates",
    True: "inheritedAssociates",
}


def _first_explicit(found: Sequence[Membership]) -> Membership | None:
    return next((entry for entry in found if not entry["inherited"]), None)


def _first(found: Sequence[Membership]) -> Membership | None:
    return next(iter(found), None)


#: How a primary company may be chosen among memberships in their order.
COMPANY_RULES: Final[
    Mapping[str, Callable[[Sequence[Membership]], Membership | None]]
] = {"first_explicit": _first_explicit, "first": _first}


def memberships(
    customer_id: str,
    units: Iterable[Json],
    reference: Reference,
    rules: Sequence[str],
) -> list[Membership]:
    """List a customer's companies: own ones before inherited, each oldest first.

    The primary one is chosen by *rules*, names of `COMPANY_RULES`.
    """
    found: dict[str, Membership] = {}
    oldest_first = sorted(units, key=_age)
    for inherited in (False, True):
        for unit in oldest_first:
            roles = _roles_of(customer_id, unit, reference, inherited=inherited)
            if roles is not None:
                found.setdefault(
                    unit["id"], _membership(unit, roles, inherited=inherited)
                )
    listed = list(found.values())
    chosen = (COMPANY_RULES[name](listed) for name in rules)
    primary = next((membership for membership in chosen if membership), None)
    if primary is not None:
        primary["primary"] = True
    return listed


def member_ids(unit: Json, *, inherited: bool) -> set[str]:
    """List the customers that a unit has as members; *inherited* counts those too."""
    lists = [name for kind, name in _MEMBERS.items() if inherited or not kind]
    return {entry["customer"]["id"] for name in lists for entry in unit.get(name) or ()}


def members(unit: Json, known: Reference) -> list[dict[str, Json]]:
    """List a unit's members with their roles, own ones before inherited."""
    return [
        {
            "id": entry["customer"]["id"],
            "roles": _roles(entry, known),
            "inherited": inherited,
        }
        for inherited, name in _MEMBERS.items()
        for entry in unit.get(name) or ()
    ]


def _roles_of(
    customer_id: str, unit: Json, known: Reference, *, inherited: bool
) -> list[str] | None:
    """Name a customer's roles in a unit; None where it is no such member."""
    for entry in unit.get(_MEMBERS[inherited]) or ():
        if entry["customer"]["id"] == customer_id:
            return _roles(entry, known)
    return None


def _membership(unit: Json, roles: list[str], *, inherited: bool) -> Membership:
    return {
        "id": unit["id"],
        "key": unit["key"],
        "name": unit["name"],
        "roles": roles,
        "inherited": inherited,
        "primary": False,
    }


def _roles(entry: Json, known: Reference) -> list[str]:
    """Name an associate's roles once each; a role we know nothing of by its key."""
    assignments = entry.get("associateRoleAssignments") or ()
    keys = dict.fromkeys(given["associateRole"]["key"] for given in assignments)
    return [
        known.roles[key].get("name", key) if key in known.roles else key for key in keys
    ]


def _age(unit: Json) -> tuple[str, str]:
    return unit.get("createdAt", ""), unit["id"]
