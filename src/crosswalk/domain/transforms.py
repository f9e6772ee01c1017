"""The transforms that a mapping can name, in one table.

A transform is a pure function ``(value, context, **arguments) -> value`` that raises
TransformError for a value that it cannot take. To add one: write the function, add its
row here and its heading to docs/reference/transforms.md.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin

from crosswalk.domain import amounts, locales, texts
from crosswalk.domain.context import Context, TransformError
from crosswalk.domain.lint import suggest
from crosswalk.domain.model import Json

__all__ = ["TAKES_EMPTY", "TRANSFORMS", "Context", "Step", "Transform"]
__all__ += ["TransformError", "UnfitError", "bind"]


#: A named pure function from a shop value towards a crm value: takes the value, the
#: context and its own keyword arguments.
Transform: TypeAlias = Callable[..., Json]

TRANSFORMS: Final[Mapping[str, Transform]] = MappingProxyType(
    {
        "trim": texts.trim,
        "lower": texts.lower,
        "upper": texts.upper,
        "truncate": texts.truncate,
        "email": texts.email,
        "join": texts.join,
        "names": texts.names,
        "keys": texts.keys,
        "roles": texts.roles,
        "default": texts.default,
        "lookup": texts.lookup,
        "checkbox": texts.checkbox,
        "yes_no": texts.yes_no,
        "e164": locales.e164,
        "country": locales.country,
        "language": locales.language,
        "localized": locales.localized,
        "date": locales.iso_date,
        "date_time": locales.date_time,
        "decimal": amounts.decimal,
        "money": amounts.money,
    }
)

#: The transforms that are asked even where the document has nothing.
TAKES_EMPTY: Final = frozenset({"default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transform with its arguments."""

    name: str
    apply: Transform
    arguments: Mapping[str, Json] = field(default_factory=dict)


class UnfitError(ValueError):
    """A step of a mapping is none; with the finding code of the reason."""

    def __init__(self, code: str, what: str, remedy: str) -> None:
        self.code = code
        self.what = what
        self.remedy = remedy
        super().__init__(what)


def bind(step: str | Mapping[str, Json]) -> Step:
    """Read a configured step: ``trim``, ``{truncate: 80}``, ``{join: {separator: /}}``.

    A plain argument is the transform's first one. UnfitError says what does not fit.
    """
    name, given = _named(step)
    if name not in TRANSFORMS:
        raise UnfitError("M102", f"'{name}' is no transform", suggest(name, TRANSFORMS))
    apply = TRANSFORMS[name]
    known = dict(_arguments(apply))
    if given is not None and not isinstance(given, Mapping):
        given = {next(iter(known), name): given}
    arguments = given or {}
    for complaint, remedy in _complaints(known, arguments):
        raise UnfitError("M108", f"{name}: {complaint}", remedy)
    return Step(name=name, apply=apply, arguments=arguments)


def _named(step: str | Mapping[str, Json]) -> tuple[str, Json]:
    """Part a step into its name and what is given to it."""
    if isinstance(step, str):
        return step, None
    if len(step) != 1:
        raise UnfitError(
            "M108",
            f"a step names one transform, this one {len(step)}",
            "begin a new list entry for each",
        )
    ((name, given),) = step.items()
    return str(name), given


def _arguments(apply: Transform) -> Iterator[tuple[str, inspect.Parameter]]:
    """List what a transform takes besides value and context."""
    for name, parameter in inspect.signature(apply).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            yield name, parameter


def _complaints(
    known: Mapping[str, inspect.Parameter], given: Mapping[str, Json]
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the arguments given, and the way out."""
    for name, value in given.items():
        if name not in known:
            yield f"it takes no '{name}'", _takes(known, name)
        elif not _fits(value, known[name].annotation):
            yield f"'{name}' cannot be {value!r}", f"give {_wanted(known[name])}"
    for name, parameter in known.items():
        if name not in given and parameter.default is inspect.Parameter.empty:
            yield f"it needs '{name}'", f"give {_wanted(parameter)}"


def _takes(known: Mapping[str, inspect.Parameter], name: str) -> str:
    return suggest(name, known) if known else "leave the arguments out"


#: What may stand for each annotation of an argument, and how a person calls it.
_KINDS: Final[Mapping[Any, tuple[tuple[type, ...], str]]] = MappingProxyType(
    {
        int: ((int,), "a whole number"),
        str: ((str,), "a text"),
        str | None: ((str,), "a text"),
        Mapping[str, Json]: ((Mapping,), "a table"),
        Json: ((object,), "a value"),
    }
)


def _fits(value: Json, annotation: Json) -> bool:
    if choices := _choices(annotation):
        return value in choices
    wanted, _ = _KINDS[annotation]
    return isinstance(value, wanted) and not (isinstance(value, bool) and int in wanted)


def _wanted(parameter: inspect.Parameter) -> str:
    if choices := _choices(parameter.annotation):
        return f"one of: {', '.join(choices)}"
    return f"{_KINDS[parameter.annotation][1]} as '{parameter.name}'"


def _choices(annotation: Json) -> tuple[str, ...]:
    """List the values of a Literal; none for any other annotation."""
    origin: Json = get_origin(annotation)
    return get_args(annotation) if origin is Literal else ()
