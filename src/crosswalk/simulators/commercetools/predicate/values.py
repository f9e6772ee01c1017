"""The values of a predicate, in the type of the field that they are held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from crosswalk.simulators.commercetools.kinds import Kind, Scalar
from crosswalk.simulators.commercetools.moments import normal_moment
from crosswalk.simulators.commercetools.predicate.syntax import (
    PredicateError,
    Value,
    Variable,
)

WORDS_OF_FLAGS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a predicate may refer to beside the record."""

    #: Values of ``var.<name>`` in the order given.
    variables: Mapping[str, list[str]] = field(default_factory=dict)
    #: The kind of a custom field by resource type and name; None when undefined.
    custom_kind: Callable[[str, str], Kind | None] = lambda *_: None
    #: Names that exist on records but cannot be asked for today.
    hidden: frozenset[str] = frozenset()
    #: Whether an undefined custom field is an error or simply never there.
    refuse_unknown_custom: bool = True


def one_value(value: Value | Variable, kind: Scalar, scope: Scope) -> Value:
    """Return the single value that *value* stands for.

    Raises:
        PredicateError: it is of another type, or a variable without one value.
    """
    values = all_values((value,), kind, scope)
    if len(values) != 1:
        raise PredicateError("A comparison takes one value, not a list.")
    return values[0]


def all_values(
    values: tuple[Value | Variable, ...], kind: Scalar, scope: Scope
) -> list[Value]:
    """Return the values that a list stands for, variables replaced by theirs."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Variable):
            found.extend(_typed(v, kind) for v in _given(value.name, kind, scope))
        else:
            found.append(_typed(value, kind))
    return found


def _given(name: str, kind: Scalar, scope: Scope) -> list[Value]:
    if name not in scope.variables:
        raise PredicateError(f"The variable '{name}' is not defined.")
    return [_unspelled(text, kind) for text in scope.variables[name]]


def _unspelled(text: str, kind: Scalar) -> Value:
    """Read the text of a variable: strings may, but need not, be quoted."""
    if kind is Scalar.FLAG:
        return WORDS_OF_FLAGS.get(text, text)
    if kind is not Scalar.NUMBER and not (len(text) > 1 and text[0] == text[-1] == '"'):
        return text
    try:
        value: Value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value


def _typed(value: Value, kind: Scalar) -> Value:
    match kind, value:
        case (Scalar.FLAG, bool()) | (Scalar.TEXT, str()):
            return value
        case Scalar.NUMBER, (int() | float()) if not isinstance(value, bool):
            return value
        case Scalar.MOMENT, str():
            moment = normal_moment(value)
            if moment is not None:
                return moment
        case _:
            pass
    raise PredicateError(f"The value '{value}' is not a {kind}.")
