"""The paths of the API below ``/{projectKey}``, and what each needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crosswalk.simulators.commercetools.errors import (
    method_not_allowed,
    uri_not_found,
)
from crosswalk.simulators.commercetools.resources import RESOURCES

LIST: Final = "list"
CREATE: Final = "create"
ONE: Final = "one"
UPDATE: Final = "update"
DELETE: Final = "delete"
PROJECT: Final = "project"
CHANGE_PROJECT: Final = "change project"
ASSOCIATE: Final = "associate"
SEARCH: Final = "search"

READING: Final = frozenset({LIST, ONE, PROJECT, ASSOCIATE, SEARCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One path of the API."""

    #: The path with names for its variable parts.
    pattern: str
    #: What each method does.
    methods: Mapping[str, str]
    #: What its scopes are called.
    permission: str
    resource: str = ""
    b2b: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A route with the variable parts of one path."""

    route: Route
    project_key: str
    #: The field that names the record: id or key.
    by: str = "id"
    value: str = ""
    #: The customer of an associates path.
    customer_id: str = ""


_READ_LIST: Final = {"GET": LIST, "HEAD": LIST}
_READ_ONE: Final = {"GET": ONE, "HEAD": ONE}
_WRITE_ONE: Final = {"POST": UPDATE, "DELETE": DELETE}


def _resource_routes() -> dict[tuple[str, str], Route]:
    """Return the routes by resource and by the form of what follows it."""
    forms: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("", "", {**_READ_LIST, "POST": CREATE}),
        ("id", "/{id}", {**_READ_ONE, **_WRITE_ONE}),
        ("key", "/key={key}", {**_READ_ONE, **_WRITE_ONE}),
    )
    return {
        (name, form): _route_of(name, tail, methods, b2b=resource.b2b)
        for name, resource in RESOURCES.items()
        for form, tail, methods in forms
    }


def _route_of(
    resource: str, tail: str, methods: Mapping[str, str], *, b2b: bool = False
) -> Route:
    return Route(
        pattern=f"/{{projectKey}}/{resource}{tail}",
        methods=methods,
        permission=resource.replace("-", "_"),
        resource=resource,
        b2b=b2b,
    )


def _other_routes() -> dict[tuple[str, str], Route]:
    units, associate = "business-units", {"GET": ASSOCIATE}
    searching = {"POST": SEARCH, "HEAD": SEARCH}
    return {
        ("", ""): Route(
            pattern="/{projectKey}",
            methods={"GET": PROJECT, "HEAD": PROJECT, "POST": CHANGE_PROJECT},
            permission="project_settings",
        ),
        ("messages", ""): _route_of("messages", "", _READ_LIST),
        ("messages", "id"): _route_of("messages", "/{id}", _READ_ONE),
        ("customers", "search"): _route_of("customers", "/search", searching),
        (units, "search"): _route_of(units, "/search", searching, b2b=True),
        (units, "id/associates"): _route_of(
            units, "/{id}/associates/{associateId}", associate, b2b=True
        ),
        (units, "key/associates"): _route_of(
            units, "/key={key}/associates/{associateId}", associate, b2b=True
        ),
    }


ROUTES: Final = {**_resource_routes(), **_other_routes()}

#: POST routes that only ask.
QUESTIONS: Final = frozenset(
    {"/oauth/token", "/oauth/introspect"}
    | {r.pattern for r in ROUTES.values() if r.methods.get("POST") in READING}
)


def find_route(path: str) -> Found:
    """Find the route of *path*.

    Raises:
        ApiError: there is none.
    """
    match path.split("/")[1:]:
        case [project_key] if project_key:
            return Found(route=ROUTES["", ""], project_key=project_key)
        case [project_key, resource]:
            return Found(route=_route(path, resource, ""), project_key=project_key)
        case [project_key, resource, "search"]:
            route = _route(path, resource, "search")
            return Found(route=route, project_key=project_key)
        case [project_key, resource, which]:
            by, value = _which(which)
            route = _route(path, resource, by)
            return Found(route=route, project_key=project_key, by=by, value=value)
        case [project_key, resource, which, "associates", customer_id]:
            by, value = _which(which)
            return Found(
                route=_route(path, resource, f"{by}/associates"),
                project_key=project_key,
                by=by,
                value=value,
                customer_id=customer_id,
            )
        case _:
            raise uri_not_found(path)


def operation(route: Route, method: str) -> str:
    """Return what *method* does on *route*.

    Raises:
        ApiError: the route has no such method.
    """
    found = route.methods.get(method)
    if found is None:
        raise method_not_allowed(method, tuple(route.methods))
    return found


def permission(route: Route, done: str) -> str:
    """Return the scope, without its project, that an operation needs."""
    return f"{'view' if done in READING else 'manage'}_{route.permission}"


def _which(segment: str) -> tuple[str, str]:
    if segment.startswith("key="):
        return "key", segment.removeprefix("key=")
    return "id", segment


def _route(path: str, resource: str, form: str) -> Route:
    route = ROUTES.get((resource, form)) if resource else None
    if route is None:
        raise uri_not_found(path)
    return route
