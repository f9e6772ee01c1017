"""The order of a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from crosswalk.simulators.commercetools.kinds import Kind, Many, Scalar
from crosswalk.simulators.commercetools.parameters import malformed
from crosswalk.simulators.commercetools.predicate.compile import VIRTUAL, field_kind
from crosswalk.simulators.commercetools.predicate.syntax import PredicateError
from crosswalk.simulators.commercetools.predicate.values import Scope
from crosswalk.simulators.commercetools.store import Row, TableSpec

_SORT: Final = re.compile(r"\s*([A-Za-z0-9_.`-]+)(?:\s+(asc|desc))?\s*")

#: One key of an order: whether the field is there, and its value.
Place = tuple[bool, Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """One field to sort by."""

    path: str
    descending: bool


def read_sort(text: str, spec: TableSpec, scope: Scope) -> Sort:
    """Read one ``sort`` parameter.

    Raises:
        ApiError: it is malformed, or the field is unknown or has no order.
    """
    match = _SORT.fullmatch(text)
    if match is None:
        raise malformed("sort", f"'{text}' is not a field with asc or desc.")
    names = match[1].replace("`", "").split(".")
    kind: Kind = spec.kind
    for name in names:
        if isinstance(kind, Scalar | Many):
            raise malformed("sort", f"There is no single field '{name}'.")
        try:
            kind = field_kind(name, kind, scope)
        except PredicateError as error:
            raise malformed("sort", str(error)) from error
    if not isinstance(kind, Scalar):
        raise malformed("sort", f"The field '{names[-1]}' has no order.")
    return Sort(".".join(names), match[2] == "desc")


def sort_rows(rows: list[Row], sorts: list[Sort]) -> None:
    """Bring *rows* into order; a record without the field comes first ascending."""
    for sort in reversed(sorts):
        rows.sort(key=_place_at(sort.path), reverse=sort.descending)


def _place_at(path: str) -> Callable[[Row], Place]:
    parts = path.split(".")

    def place(row: Row) -> Place:
        value: Any = row.record
        for part in parts:
            read = VIRTUAL.get(part)
            value = read(value) if read else value.get(part)
            if value is None:
                return (False, 0)
        return (True, value)

    return place
