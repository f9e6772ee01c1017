"""The query parameters of a request, checked as the API checks them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from multidict import MultiMapping

from crosswalk.simulators.commercetools.errors import ApiError, invalid_input

MOST_LIMIT: Final = 500
MOST_OFFSET: Final = 10_000
DEFAULT_LIMIT: Final = 20

_VARIABLE: Final = re.compile(r"var[.]([a-zA-Z0-9]+)")
_FLAGS: Final = {"true": True, "false": False}
_LIST_NAMES: Final = frozenset(
    {"where", "sort", "limit", "offset", "withTotal", "expand"}
)


def malformed(name: str, why: str) -> ApiError:
    """Refuse a parameter."""
    return invalid_input(f"Malformed parameter: {name}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListParameters:
    """What a list request asks for."""

    where: list[str]
    sort: list[str]
    expand: list[str]
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    with_total: bool = True
    variables: dict[str, list[str]] = field(default_factory=dict)


def read_list(query: MultiMapping[str]) -> ListParameters:
    """Read the parameters of a list.

    Raises:
        ApiError: one is unknown, malformed or out of its range.
    """
    variables: dict[str, list[str]] = {}
    for name in query:
        match = _VARIABLE.fullmatch(name)
        if match:
            variables[match[1]] = query.getall(name)
        elif name not in _LIST_NAMES:
            raise malformed(name, "unknown parameter.")
    return ListParameters(
        where=query.getall("where", []),
        sort=query.getall("sort", []),
        expand=query.getall("expand", []),
        limit=_number(query, "limit", default=DEFAULT_LIMIT, most=MOST_LIMIT),
        offset=_number(query, "offset", default=0, most=MOST_OFFSET),
        with_total=flag(query, "withTotal", default=True),
        variables=variables,
    )


def only(query: MultiMapping[str], names: Iterable[str]) -> None:
    """Refuse every parameter that is not among *names*.

    Raises:
        ApiError: there is one.
    """
    for name in query:
        if name not in names:
            raise malformed(name, "unknown parameter.")


def flag(query: MultiMapping[str], name: str, *, default: bool) -> bool:
    """Read a true-or-false parameter.

    Raises:
        ApiError: it is neither.
    """
    text = query.get(name)
    if text is None:
        return default
    if text not in _FLAGS:
        raise malformed(name, f"'{text}' is neither true nor false.")
    return _FLAGS[text]


def version(query: MultiMapping[str]) -> int:
    """Read the required version of a deletion.

    Raises:
        ApiError: it is missing or no number.
    """
    text = query.get("version")
    if text is None:
        raise invalid_input("Missing required parameter: version")
    if not text.isdecimal():
        raise malformed("version", f"'{text}' is not a number.")
    return int(text)


def _number(query: MultiMapping[str], name: str, *, default: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) > most:
        raise malformed(name, f"'{text}' is not between 0 and {most}.")
    return int(text)
