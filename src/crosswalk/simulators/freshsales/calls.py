"""A call and its answer as values, between the HTTP server and the endpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from crosswalk.simulators.freshsales.account import Key
from crosswalk.simulators.freshsales.bodies import Tables, parse_include
from crosswalk.simulators.freshsales.errors import NotFoundError, missing_attributes
from crosswalk.simulators.freshsales.modules import BY_SINGULAR, MODULES, Module
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.freshsales.tenant import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An authenticated request for a known path."""

    tenant: Tenant
    key: Key
    #: The path's segments behind the prefix, without ".json".
    segments: tuple[str, ...]
    #: "https://host/crm/sales/api" as the caller spells it.
    base: str
    query: Mapping[str, str]
    #: The decoded JSON object; empty where the method carries none.
    body: Mapping[str, Any]

    @property
    def tables(self) -> Tables:
        """The tables of all modules."""
        return self.tenant.tables

    @property
    def module(self) -> Module:
        """The module that the path names; NotFoundError when it names none."""
        for word in self.segments:
            module = MODULES.get(word) or BY_SINGULAR.get(word)
            if module is not None:
                return module
        raise no_such_path()

    @property
    def table(self) -> Table:
        """The table of that module."""
        return self.tables[self.module.plural]

    @property
    def id(self) -> str:
        """The id in the path."""
        return next(word for word in self.segments if word.isdecimal())

    @property
    def strict(self) -> bool:
        """Whether unknown parameters are refused."""
        return self.tenant.switches.text("unknown_parameter") == "refuse"

    def include(self, values: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """Return the names of include=, from the query unless *values* are given."""
        text = (self.query if values is None else values).get("include", "")
        if not isinstance(text, str):
            raise missing_attributes()
        return parse_include(self.module, text, strict=self.strict)

    def attributes(self, word: str) -> dict[str, Any]:
        """Return what the body says of a record, wrapped in *word* or bare.

        Raises:
            RefusalError: it says nothing.
        """
        attributes = self.body.get(word, self.body)
        if not isinstance(attributes, dict) or not attributes:
            raise missing_attributes()
        return attributes


def answer(content: object, *, status: int = 200) -> Answer:
    """Answer with *content* as JSON."""
    return Answer(status=status, body=orjson.dumps(content))


def no_such_path() -> NotFoundError:
    """Return the refusal of a path that does not exist."""
    return NotFoundError("The requested path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A method and path, and what answers them."""

    method: str
    #: "{module}" stands for any module, "{entity}" for its singular, "{id}" for digits.
    path: str
    respond: Callable[[Call], Answer]
    #: The query parameters that mean something.
    parameters: frozenset[str]
    #: Whether the body must be JSON with at least one key.
    takes_body: bool
    #: Whether records may change; faults of writes ask.
    writes: bool


INCLUDE: Final = frozenset({"include"})
PAGING: Final = frozenset({"page", "per_page", "sort", "sort_type"}) | INCLUDE


def endpoint(
    method: str,
    path: str,
    respond: Callable[[Call], Answer],
    parameters: frozenset[str] = frozenset(),
) -> Endpoint:
    """Return an endpoint; what it takes and does follows from method and path."""
    bodiless = method == "DELETE" or path.endswith(("/restore", "/clone"))
    return Endpoint(
        method=method,
        path=path,
        respond=respond,
        parameters=parameters,
        takes_body=method != "GET" and not bodiless,
        writes=method != "GET" and not path.startswith("filtered_search"),
    )
