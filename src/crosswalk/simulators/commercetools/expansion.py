"""Reference expansion: the record itself beside the pointer to it."""

import re
from typing import Any, Final

from crosswalk.simulators.commercetools.kinds import (
    CustomFields,
    Kind,
    Many,
    Object,
    Reference,
)
from crosswalk.simulators.commercetools.parameters import malformed
from crosswalk.simulators.commercetools.predicate.compile import field_kind
from crosswalk.simulators.commercetools.predicate.syntax import PredicateError
from crosswalk.simulators.commercetools.store import Row, TableSpec
from crosswalk.simulators.commercetools.tables import NAME_OF_TYPE
from crosswalk.simulators.commercetools.world import World

_STEP: Final = re.compile(r"([A-Za-z0-9_-]+)(?:\[(\*|\d+)\])?")

#: A field and which of its elements: None for a single value, "*" for all of them.
Step = tuple[str, str | None]


def expand_row(
    world: World, spec: TableSpec, row: Row, *, paths: list[str]
) -> dict[str, Any]:
    """Return the record of *row* with the references at *paths* expanded.

    References to what is gone, and references by key, stay as they are.

    Raises:
        ApiError: a path is malformed or leads through no field.
    """
    record = row.record
    for path in paths:
        try:
            _walk(world, spec.kind, record, steps=_steps(path))
        except PredicateError as error:
            raise malformed("expand", str(error)) from error
    return record


def _steps(path: str) -> list[Step]:
    matches = [_STEP.fullmatch(part) for part in path.split(".")]
    if None in matches:
        raise PredicateError(f"'{path}' is not a path.")
    return [(match[1], match[2]) for match in matches if match is not None]


def _walk(world: World, kind: Kind, value: Any, *, steps: list[Step]) -> None:  # noqa: ANN401 (any JSON)
    if isinstance(kind, Reference):
        _expand(world, kind, value, rest=steps)
        return
    if not steps:
        return
    if not isinstance(kind, Object | CustomFields):
        raise PredicateError(f"'{steps[0][0]}' is no field of a reference.")
    (name, which), *rest = steps
    inner = field_kind(name, kind, world.scope({}))
    if isinstance(inner, Many) != (which is not None):
        raise PredicateError(f"'{name}' needs [*] exactly if it is a list.")
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(inner, Many):
        held = found or []
        chosen = held if which == "*" else held[int(which or 0) :][:1]
        for one in chosen or [None]:
            _walk(world, inner.of, one, steps=rest)
    else:
        _walk(world, inner, found, steps=rest)


def _expand(world: World, kind: Reference, value: Any, *, rest: list[Step]) -> None:  # noqa: ANN401 (any JSON)
    if kind.type_id not in NAME_OF_TYPE or not isinstance(value, dict):
        return
    table = world.table_of(kind.type_id)
    row = table.rows.get(value.get("id", ""))
    if row is None:
        return
    target = value.setdefault("obj", row.record)
    if rest:
        _walk(world, table.spec.kind, target, steps=rest)
