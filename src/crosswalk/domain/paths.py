"""JMESPath expressions over a document: checked when loaded, quick when used.

A plain path (``address.city``), a literal and alternatives of them (``a || b``) become
look-ups, several times faster than the interpreter that everything else is left to.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias, get_args, get_origin, get_type_hints

import jmespath
from jmespath.exceptions import EmptyExpressionError, ParseError
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

from crosswalk.domain.lint import suggest
from crosswalk.domain.model import Company, Document, Json, Kind, Person, is_empty

Path: TypeAlias = Callable[[Document], Json]

#: A node of jmespath's syntax tree.
Node: TypeAlias = Mapping[str, Any]

#: What a part of a document holds: a TypedDict, list[...], Mapping[str, ...], a plain
#: type; Any where nothing is known.
Shape: TypeAlias = Any

#: Code, what and remedy of something wrong with an expression.
Complaint: TypeAlias = tuple[str, str, str]

#: What each kind of record looks like to an expression.
SHAPES: Final[Mapping[Kind, Shape]] = {Kind.PERSON: Person, Kind.COMPANY: Company}

_FUNCTIONS: Final[Mapping[str, Any]] = Functions.FUNCTION_TABLE


def compile_path(expression: str, shape: Shape) -> tuple[Path, list[Complaint]]:
    """Compile an expression and list all that is wrong with it."""
    try:
        compiled = jmespath.compile(expression)
    except EmptyExpressionError:
        return _nothing, [
            ("M104", "the expression is empty", "name a part of the document")
        ]
    except ParseError as error:
        return _nothing, [_parse_complaint(expression, error)]
    tree = compiled.parsed
    complaints: list[Complaint] = []
    _shape_of(tree, shape, complaints)
    return _quick(tree) or partial(TreeInterpreter().visit, tree), complaints


def _nothing(_: Document) -> None:
    """Stand in for an expression that could not be compiled."""


def _parse_complaint(expression: str, error: ParseError) -> Complaint:
    position = error.lex_position
    return (
        "M104",
        f"'{expression}' is no JMESPath: it breaks off at character {position + 1}",
        "correct it there; names with a dash need double quotes",
    )


def _quick(tree: Node) -> Path | None:
    """Build look-ups for literal, plain path or alternatives; None for all else."""
    if tree["type"] == "literal":
        return _constant(tree["value"])
    if tree["type"] == "or_expression":
        first, second = (_quick(child) for child in tree["children"])
        return _either(first, second) if first and second else None
    nodes = tree["children"] if tree["type"] == "subexpression" else [tree]
    if any(node["type"] != "field" for node in nodes):
        return None
    names = tuple(node["value"] for node in nodes)
    return _look_up(names[0]) if len(names) == 1 else _look_through(names)


def _constant(value: Json) -> Path:
    return lambda _: value


def _look_up(name: str) -> Path:
    return lambda document: document.get(name)


def _look_through(names: Sequence[str]) -> Path:
    first, *rest = names

    def search(document: Document) -> Json:
        found = document.get(first)
        for name in rest:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    return search


def _either(first: Path, second: Path) -> Path:
    def search(document: Document) -> Json:
        found = first(document)
        return second(document) if found is False or is_empty(found) else found

    return search


def _shape_of(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """Work out what a node yields, noting complaints; Any where it cannot be told."""
    visit = _VISITS.get(node["type"], _visit_parts)
    return visit(node, shape, into)


def _visit_field(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """Look a name up in what is known of the document."""
    name = node["value"]
    if _is_list(shape):
        remedy = f"choose from the list, as in [].{name} or [0].{name}"
        into.append(("M106", f"'{name}' is asked of a list", remedy))
        return Any
    if get_origin(shape) is not None:
        return get_args(shape)[-1]
    known = _names_of(shape)
    if shape is Any or name in known:
        return known.get(name, Any)
    remedy = suggest(name, known) if known else "end the path one name earlier"
    into.append(("M106", f"the document has no '{name}' there", remedy))
    return Any


def _visit_chain(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """Each part reads what the part before it yields."""
    for child in node["children"]:
        shape = _shape_of(child, shape, into)
    return shape


def _visit_projection(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """The second part reads every entry that the first yields, and a filter too."""
    base, each, *tests = node["children"]
    entry = _entry_of(_shape_of(base, shape, into))
    for test in tests:
        _shape_of(test, entry, into)
    return list[_shape_of(each, entry, into)]  # type: ignore[misc]  # a shape is a type


def _visit_flatten(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """A list of lists becomes one list."""
    listed = _shape_of(node["children"][0], shape, into)
    return _entry_of(listed) if _is_list(_entry_of(listed)) else listed


def _visit_index(_: Node, shape: Shape, __: list[Complaint]) -> Shape:
    return _entry_of(shape)


def _visit_same(_: Node, shape: Shape, __: list[Complaint]) -> Shape:
    return shape


def _visit_function(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """A function must exist and get as many arguments as it takes."""
    name, given = node["value"], node["children"]
    into.extend(_function_complaints(name, len(given)))
    plain = [child for child in given if child["type"] != "expref"]
    shapes = [_shape_of(child, shape, into) for child in plain]
    entry = _entry_of(shapes[0]) if shapes else Any
    for child in given:
        if child["type"] == "expref":
            _shape_of(child["children"][0], entry, into)
    return {"sort_by": shapes[:1], "max_by": [entry], "min_by": [entry]}.get(
        name, [Any]
    )[0]


def _visit_parts(node: Node, shape: Shape, into: list[Complaint]) -> Shape:
    """All parts read the same; what comes out is not known."""
    for child in node["children"]:
        _shape_of(child, shape, into)
    return Any


_VISITS: Final[Mapping[str, Callable[[Node, Shape, list[Complaint]], Shape]]] = {
    "field": _visit_field,
    "subexpression": _visit_chain,
    "index_expression": _visit_chain,
    "pipe": _visit_chain,
    "projection": _visit_projection,
    "value_projection": _visit_projection,
    "filter_projection": _visit_projection,
    "flatten": _visit_flatten,
    "index": _visit_index,
    "slice": _visit_same,
    "identity": _visit_same,
    "current": _visit_same,
    "function_expression": _visit_function,
}


def _is_list(shape: Shape) -> bool:
    origin: Any = get_origin(shape)
    return origin is list


def _entry_of(shape: Shape) -> Shape:
    """What one entry of a list, or one value of an object, holds."""
    return get_args(shape)[-1] if get_origin(shape) is not None else Any


def _names_of(shape: Shape) -> Mapping[str, Shape]:
    """The names of a TypedDict; none for anything else."""
    return get_type_hints(shape) if hasattr(shape, "__required_keys__") else {}


def _function_complaints(name: str, given: int) -> Iterator[Complaint]:
    if name not in _FUNCTIONS:
        yield "M105", f"JMESPath has no function '{name}'", suggest(name, _FUNCTIONS)
        return
    wanted = _FUNCTIONS[name]["signature"]
    variadic = bool(wanted) and wanted[-1].get("variadic", False)
    if given < len(wanted) or (given > len(wanted) and not variadic):
        least = "at least " if variadic else ""
        what = f"'{name}' got {given} arguments"
        yield "M109", what, f"give it {least}{len(wanted)}"
