"""What a predicate promises about the records that pass it, so that an index helps.

A hint may promise too little, never too much: every record that a hint leaves is
still tested.
"""

from collections.abc import Iterator
from typing import Final

from crosswalk.simulators.commercetools.kinds import Scalar
from crosswalk.simulators.commercetools.predicate.syntax import (
    All,
    Compare,
    Nested,
    Node,
    Some,
    Variable,
    Within,
)
from crosswalk.simulators.commercetools.predicate.values import (
    Scope,
    all_values,
    one_value,
)

#: Sorts after every id.
LAST: Final = "\U0010ffff"

#: A place in an index ordered by (value, id).
Place = tuple[str, str]


def equalities(node: Node, scope: Scope) -> Iterator[tuple[str, list[str]]]:
    """Yield dotted paths with the only texts that pass there."""
    match node:
        case All(parts):
            for part in parts:
                yield from equalities(part, scope)
        case Nested(field, inside) if not isinstance(inside, All):
            for path, values in equalities(inside, scope):
                yield f"{field}.{path}", values
        case Compare(field, "=", value) if isinstance(value, str | Variable):
            yield field, _texts((value,), scope)
        case Within(field, "in", values):
            yield field, _texts(values, scope)
        case _:
            pass


def lowest(node: Node, field: str, scope: Scope) -> Place | None:
    """Return a place before which nothing passes, in the order of (*field*, id)."""
    match node:
        case Compare(name, ">" | ">=" | "=" as op, value) if name == field:
            text = str(one_value(value, _kind(field), scope))
            return (text, LAST if op == ">" and field != "id" else "")
        case All(parts):
            places = [lowest(part, field, scope) for part in parts]
            known = [place for place in places if place is not None]
            tied = _tie(parts, field, scope)
            return max([*known, tied] if tied else known, default=None)
        case Some(parts):
            places = [lowest(part, field, scope) for part in parts]
            known = [place for place in places if place is not None]
            return min(known) if len(known) == len(places) else None
        case _:
            return None


def highest(node: Node, field: str, scope: Scope) -> Place | None:
    """Return a place after which nothing passes, in the order of (*field*, id)."""
    match node:
        case Compare(name, "<" | "<=" | "=", value) if name == field:
            return (str(one_value(value, _kind(field), scope)), LAST)
        case All(parts):
            places = [highest(part, field, scope) for part in parts]
            return min((p for p in places if p is not None), default=None)
        case Some(parts):
            places = [highest(part, field, scope) for part in parts]
            known = [place for place in places if place is not None]
            return max(known) if len(known) == len(places) else None
        case _:
            return None


def _tie(parts: tuple[Node, ...], field: str, scope: Scope) -> Place | None:
    """Read ``field = x and id > y``, the second half of a keyset."""
    values, ids = [], []
    for part in parts:
        match part:
            case Compare(name, "=", value) if name == field:
                values.append(str(one_value(value, _kind(field), scope)))
            case Compare("id", ">" | ">=", value):
                ids.append(str(one_value(value, Scalar.TEXT, scope)))
            case _:
                pass
    return (values[0], ids[0]) if values and ids else None


def _kind(order: str) -> Scalar:
    """Return what a field that tables are ordered by holds."""
    return Scalar.TEXT if order == "id" else Scalar.MOMENT


def _texts(values: tuple[object, ...], scope: Scope) -> list[str]:
    known = tuple(v for v in values if isinstance(v, str | Variable))
    return [str(value) for value in all_values(known, Scalar.TEXT, scope)]
