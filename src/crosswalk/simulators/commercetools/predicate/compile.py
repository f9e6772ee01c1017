"""The tree of a predicate to a function that tests one record."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from crosswalk.simulators.commercetools.kinds import (
    REFERENCE_FIELDS,
    TEXT,
    CustomFields,
    Kind,
    Localized,
    Many,
    Object,
    Reference,
    Scalar,
)
from crosswalk.simulators.commercetools.predicate.syntax import (
    All,
    Compare,
    Negation,
    Nested,
    Node,
    PredicateError,
    Presence,
    Some,
    Within,
)
from crosswalk.simulators.commercetools.predicate.values import (
    Scope,
    all_values,
    one_value,
)

Record = Mapping[str, Any]
Test = Callable[[Record], bool]
Container = Object | Reference | Localized | CustomFields

#: Fields that can be asked for but are stored nowhere.
VIRTUAL: Final[Mapping[str, Callable[[Record], Any]]] = {
    "lowercaseEmail": lambda record: record["email"].lower(),
}

_ORDERED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def compile_test(node: Node, kind: Container, scope: Scope) -> Test:
    """Return the test that *node* is, for records of *kind*.

    Raises:
        PredicateError: a field does not exist or cannot be asked that way.
    """
    match node:
        case All(parts):
            return _conjunction([compile_test(part, kind, scope) for part in parts])
        case Some(parts):
            return _disjunction([compile_test(part, kind, scope) for part in parts])
        case Negation(part):
            test = compile_test(part, kind, scope)
            return lambda record: not test(record)
        case Nested() | Compare() | Within() | Presence():
            return _condition(node, field_kind(node.field, kind, scope), scope)


def _condition(
    node: Nested | Compare | Within | Presence, kind: Kind, scope: Scope
) -> Test:
    """Return the test of one field, which holds *kind*."""
    match node:
        case Nested():
            return _nested(node, kind, scope)
        case Compare(field, op, value):
            scalar = _scalar(field, kind)
            return _comparison(field, op, one_value(value, scalar, scope))
        case Within():
            return _membership(node, kind, scope)
        case Presence(field, word, negated):
            _check_presence(field, word, kind)
            return _presence(field, negated=negated, empty=word == "empty")


def field_kind(field: str, kind: Container, scope: Scope) -> Kind:
    """Return what *field* of a record of *kind* holds.

    Raises:
        PredicateError: there is no such field.
    """
    found: Kind | None
    match kind:
        case Object(fields):
            found = None if field in scope.hidden else fields.get(field)
        case Reference():
            found = REFERENCE_FIELDS.fields.get(field)
        case Localized():
            found = TEXT
        case CustomFields(resource_type):
            found = scope.custom_kind(resource_type, field)
            if found is None and not scope.refuse_unknown_custom:
                found = TEXT
    if found is None:
        raise PredicateError(f"The field '{field}' does not exist.")
    return found


def _conjunction(tests: list[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) and second(record)
    return lambda record: all(test(record) for test in tests)


def _disjunction(tests: list[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) or second(record)
    return lambda record: any(test(record) for test in tests)


def _nested(node: Nested, kind: Kind, scope: Scope) -> Test:
    field, inside = node.field, node.inside
    match kind:
        case Many(Object() | Reference() as each):
            test = compile_test(inside, each, scope)
            return lambda record: any(test(one) for one in record.get(field) or ())
        case Object() | Reference() | Localized() | CustomFields():
            test = compile_test(inside, kind, scope)
            return lambda record: (
                (inner := record.get(field)) is not None and test(inner)
            )
        case _:
            raise PredicateError(f"The field '{field}' has no fields of its own.")


def _scalar(field: str, kind: Kind) -> Scalar:
    if isinstance(kind, Scalar):
        return kind
    raise PredicateError(f"The field '{field}' cannot be compared with a value.")


def _getter(field: str) -> Callable[[Record], Any]:
    return VIRTUAL.get(field) or (lambda record: record.get(field))


def _comparison(field: str, op: str, wanted: Any) -> Test:  # noqa: ANN401 (any scalar)
    if op in _ORDERED:
        if isinstance(wanted, bool):
            raise PredicateError(f"The field '{field}' has no order.")
        compare = _ORDERED[op]
        return lambda record: (
            (value := record.get(field)) is not None and compare(value, wanted)
        )
    get = _getter(field)
    if op == "=":
        return lambda record: bool(get(record) == wanted)
    return lambda record: bool(get(record) != wanted)


def _membership(node: Within, kind: Kind, scope: Scope) -> Test:
    field = node.field
    if node.op in {"in", "not in"}:
        scalar = _scalar(field, kind)
        wanted = frozenset(all_values(node.values, scalar, scope))
        get = _getter(field)
        if node.op == "in":
            return lambda record: get(record) in wanted
        return lambda record: get(record) not in wanted
    if not isinstance(kind, Many) or not isinstance(kind.of, Scalar):
        raise PredicateError(f"The field '{field}' is not a list of values.")
    wanted = frozenset(all_values(node.values, kind.of, scope))
    if node.op == "contains all":
        return lambda record: wanted <= set(record.get(field) or ())
    return lambda record: not wanted.isdisjoint(record.get(field) or ())


def _check_presence(field: str, word: str, kind: Kind) -> None:
    if word == "empty" and not isinstance(kind, Many | Localized):
        raise PredicateError(f"The field '{field}' is not a collection.")


def _presence(field: str, *, negated: bool, empty: bool) -> Test:
    if empty:
        return lambda record: bool(record.get(field)) is negated
    return lambda record: (record.get(field) is not None) is not negated
