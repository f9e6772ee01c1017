"""What the API does, once a caller is let in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from aiohttp import web

from crosswalk.simulators.commercetools import parameters, routes
from crosswalk.simulators.commercetools.actions.project import PROJECT_ACTIONS
from crosswalk.simulators.commercetools.changes import Change, run_actions
from crosswalk.simulators.commercetools.errors import (
    ApiError,
    invalid_json,
    not_found,
    reference_not_found,
)
from crosswalk.simulators.commercetools.expansion import expand_row
from crosswalk.simulators.commercetools.messages import expire_messages, wanted
from crosswalk.simulators.commercetools.queries import Page, run_query
from crosswalk.simulators.commercetools.resources import RESOURCES
from crosswalk.simulators.commercetools.routes import Found
from crosswalk.simulators.commercetools.shapes import read_fields
from crosswalk.simulators.commercetools.store import Row, Table
from crosswalk.simulators.commercetools.world import World
from crosswalk.simulators.commercetools.writes import UPDATE, Writer, check_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that found its route and whose caller is known and allowed."""

    world: World
    found: Found
    request: web.Request
    #: The caller, as ``lastModifiedBy`` shows it.
    actor: Mapping[str, Any]

    @property
    def table(self) -> Table:
        """The table of the route's resource."""
        return self.world.tables[self.found.route.resource]

    @property
    def writer(self) -> Writer:
        """What writes to the route's resource for this caller."""
        resource = RESOURCES[self.found.route.resource]
        return Writer(world=self.world, resource=resource, actor=self.actor)

    async def json(self) -> Any:  # noqa: ANN401 (any JSON)
        """Return the body.

        Raises:
            ApiError: it is no JSON.
        """
        try:
            return orjson.loads(await self.request.read())
        except orjson.JSONDecodeError as error:
            raise invalid_json(str(error)) from error

    def row(self) -> Row:
        """Return the row that the path names, as it is now.

        Raises:
            ApiError: there is none.
        """
        by, value = self.found.by, self.found.value
        row = self.table.rows.get(value) if by == "id" else self.table.by(by, value)
        if row is None:
            raise self._missing()
        return row

    def seen_row(self) -> Row:
        """Return the row that the path names, as late as reads by id are.

        Raises:
            ApiError: there is none, or was none yet.
        """
        if not self.world.switches.on("lag_by_id"):
            return self.row()
        past = self.world.past(self.table)
        by, value = self.found.by, self.found.value
        for row in past.values():
            if row is not None and row.record.get(by) == value:
                return row
        row = self.row()
        if row.record["id"] in past:
            raise self._missing()
        return row

    def answer(self, row: Row, *, wrapper: str = "", status: int = 200) -> web.Response:
        """Answer with one record, expanded as asked."""
        paths = self.request.query.getall("expand", [])
        body = row.body
        if paths:
            body = orjson.dumps(
                expand_row(self.world, self.table.spec, row, paths=paths)
            )
        if wrapper:
            body = b'{"%s":%s}' % (wrapper.encode(), body)
        return answer(body, status=status)

    def _missing(self) -> ApiError:
        by = "ID" if self.found.by == "id" else self.found.by
        return not_found(f"{by} '{self.found.value}'")


def answer(body: bytes, *, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=body, status=status, content_type="application/json")


async def list_records(call: Call) -> web.Response:
    """Answer a list; to HEAD only whether it would hold anything."""
    asked = parameters.read_list(call.request.query)
    table = _readable(call)
    page = run_query(call.world, table, asked)
    if call.request.method == "HEAD":
        return answer(b"", status=200 if page.rows else 404)
    bodies = [row.body for row in page.rows]
    if asked.expand:
        spec, world = table.spec, call.world
        bodies = [
            orjson.dumps(expand_row(world, spec, row, paths=asked.expand))
            for row in page.rows
        ]
    return answer(_page_body(asked, page, bodies))


def _readable(call: Call) -> Table:
    """Return the table of the route; messages only as far as the project keeps them."""
    table = call.table
    if table.spec.name != "messages":
        return table
    expire_messages(call.world)
    return table if wanted(call.world) else Table(table.spec)


def _page_body(
    asked: parameters.ListParameters, page: Page, bodies: list[bytes]
) -> bytes:
    total = b"" if page.total is None else b'"total":%d,' % page.total
    head = b'{"limit":%d,"offset":%d,"count":%d,%s"results":[' % (
        asked.limit,
        asked.offset,
        len(bodies),
        total,
    )
    return b"%s%s]}" % (head, b",".join(bodies))


async def read_one(call: Call) -> web.Response:
    """Answer one record."""
    parameters.only(call.request.query, {"expand"})
    if (
        call.found.value not in _readable(call).rows
        and call.table.spec.name == "messages"
    ):
        raise not_found(f"ID '{call.found.value}'")
    return call.answer(call.seen_row())


async def create(call: Call) -> web.Response:
    """Create a record."""
    parameters.only(call.request.query, {"expand"})
    writer = call.writer
    row = writer.create(await call.json())
    return call.answer(row, wrapper=writer.resource.wrapper, status=201)


async def update(call: Call) -> web.Response:
    """Run update actions on a record."""
    parameters.only(call.request.query, {"expand"})
    body = await call.json()
    return call.answer(call.writer.update(call.row(), body))


async def delete(call: Call) -> web.Response:
    """Delete a record and answer with what it was."""
    query = call.request.query
    parameters.only(query, {"version", "dataErasure", "expand"})
    version = parameters.version(query)
    erase = parameters.flag(query, "dataErasure", default=False)
    return call.answer(call.writer.delete(call.row(), version=version, erase=erase))


async def read_project(call: Call) -> web.Response:
    """Answer the settings of the project."""
    parameters.only(call.request.query, ())
    return _project(call.world)


async def change_project(call: Call) -> web.Response:
    """Run update actions on the settings of the project."""
    parameters.only(call.request.query, ())
    body, world = await call.json(), call.world
    settings = world.project
    asked = read_fields(world, "", body, fields=UPDATE)
    check_version({**settings, "id": settings["key"]}, asked["version"])
    record = orjson.loads(orjson.dumps(settings))
    change = Change(world=world, record=record, family="Project")
    run_actions(change, asked["actions"], PROJECT_ACTIONS)
    if record != settings:
        record["version"] += 1
        world.project = record
    return _project(world)


def _project(world: World) -> web.Response:
    shown = dict(world.project)
    if not world.switches.on("business_units_enabled"):
        del shown["businessUnits"]
    return answer(orjson.dumps(shown))


async def read_associate(call: Call) -> web.Response:
    """Answer what one customer may do in a unit.

    The shape is the vendor's BusinessUnitAssociateResponse.
    """
    parameters.only(call.request.query, ())
    unit, customer_id = call.row().record, call.found.customer_id
    own = _roles(call.world, unit["associates"], customer_id)
    inherited = _roles(call.world, unit.get("inheritedAssociates", []), customer_id)
    if own is None and inherited is None:
        raise not_found(f"associate '{customer_id}'")
    roles = (own or []) + (inherited or [])
    permissions = [one for role in roles for one in role["permissions"]]
    body = {
        "customer": {"typeId": "customer", "id": customer_id},
        "associateRoles": own or [],
        "inheritedAssociateRoles": inherited or [],
        "permissions": list(dict.fromkeys(permissions)),
    }
    return answer(orjson.dumps(body))


def _roles(
    world: World, associates: list[dict[str, Any]], customer_id: str
) -> list[dict[str, Any]] | None:
    for associate in associates:
        if associate["customer"]["id"] == customer_id:
            keys = [
                one["associateRole"]["key"]
                for one in associate["associateRoleAssignments"]
            ]
            return [_role(world, key) for key in keys]
    return None


def _role(world: World, key: str) -> dict[str, Any]:
    row = world.pointed_at("associate-role", by="key", value=key)
    if row is None:
        raise reference_not_found("associate-role", "key", key)
    return row.record


async def search(_: Call) -> web.Response:
    """Refuse a search: the simulated project has no search index."""
    message = "The search feature is not activated for this project."
    raise ApiError(409, "SearchDeactivated", message)


OPERATIONS: Final[Mapping[str, Callable[[Call], Awaitable[web.Response]]]] = {
    routes.LIST: list_records,
    routes.ONE: read_one,
    routes.CREATE: create,
    routes.UPDATE: update,
    routes.DELETE: delete,
    routes.PROJECT: read_project,
    routes.CHANGE_PROJECT: change_project,
    routes.ASSOCIATE: read_associate,
    routes.SEARCH: search,
}
