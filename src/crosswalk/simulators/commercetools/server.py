"""The simulated commercetools: one HTTP server for the API and for its tokens."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from aiohttp import web

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.commercetools import routes, seeding
from crosswalk.simulators.commercetools.auth import ApiClient, Gate, actor
from crosswalk.simulators.commercetools.errors import (
    ApiError,
    auth_error,
    method_not_allowed,
    uri_not_found,
)
from crosswalk.simulators.commercetools.faults import DroppedError, Faults
from crosswalk.simulators.commercetools.operations import OPERATIONS, Call, answer
from crosswalk.simulators.commercetools.switches import SWITCHES
from crosswalk.simulators.commercetools.world import World
from crosswalk.simulators.control import (
    CALLER,
    ROUTE,
    Control,
    ControlError,
    hang_up,
)
from crosswalk.simulators.switches import Switches

#: Documents are at most 16 MB (contract 1.5).
MOST_BYTES = 16 * 1024 * 1024


class Server:
    """One simulated project with its API clients and its control API."""

    def __init__(self, *, project_key: str, client_id: str, client_secret: str) -> None:
        clock, switches = Clock(), Switches(SWITCHES)
        self._project_key = project_key
        self._world = World(project_key=project_key, clock=clock, switches=switches)
        self._gate = Gate(project_key=project_key, clock=clock, switches=switches)
        self._faults = Faults(switches)
        everything = (f"manage_project:{project_key}",)
        client = ApiClient(client_id=client_id, secret=client_secret, scopes=everything)
        self._gate.add(client)
        self._control = Control(
            name="commercetools",
            switches=switches,
            clock=clock,
            counts=self._counts,
            seed=self._seed,
            dump=self._dump,
            act=self._act,
            questions=routes.QUESTIONS,
        )

    def app(self) -> web.Application:
        """Return the whole server as an application."""
        app = web.Application(
            middlewares=[self._control.middleware], client_max_size=MOST_BYTES
        )
        app.add_routes(self._control.routes())
        app.router.add_route("*", "/oauth/{operation}", self._token)
        app.router.add_route("*", "/{path:.*}", self._api)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        return await self._guarded(request, self._serve_token)

    async def _api(self, request: web.Request) -> web.Response:
        return await self._guarded(request, self._serve)

    async def _guarded(
        self, request: web.Request, serve: Callable[[web.Request], Any]
    ) -> web.Response:
        """Serve *request* and spell what goes wrong as the API does."""
        response: web.Response
        try:
            await self._faults.wait()
            response = await serve(request)
        except DroppedError:
            return hang_up(request)
        except ApiError as error:
            response = answer(orjson.dumps(error.body()), status=error.status)
            response.headers.update(error.headers)
        correlation = request.headers.get("X-Correlation-ID") or str(uuid.uuid4())
        response.headers["X-Correlation-ID"] = correlation
        return response

    async def _serve_token(self, request: web.Request) -> web.Response:
        operations = {"token": self._gate.grant, "introspect": self._gate.introspect}
        operation = operations.get(request.match_info["operation"])
        if operation is None:
            raise uri_not_found(request.path)
        request[ROUTE] = request.path
        if request.method != "POST":
            raise method_not_allowed(request.method, ("POST",))
        self._faults.before_token()
        authorization = request.headers.get("Authorization", "")
        form = await request.post()
        return answer(orjson.dumps(operation(authorization, form)))

    async def _serve(self, request: web.Request) -> web.Response:
        """Find the route, let the caller in, and do what is asked."""
        found = routes.find_route(request.path)
        request[ROUTE] = found.route.pattern
        token = self._gate.authenticate(request.headers.get("Authorization", ""))
        request[CALLER] = token.client_id
        done = routes.operation(found.route, request.method)
        needed = routes.permission(found.route, done)
        self._gate.authorize(token, found.project_key, needed)
        if found.route.b2b and not self._world.switches.on("business_units_enabled"):
            message = f"Insufficient scope: {needed} needs a project with B2B."
            raise auth_error(403, "insufficient_scope", message)
        write = done not in routes.READING
        self._faults.before(write=write)
        call = Call(
            world=self._world,
            found=found,
            request=request,
            actor=actor(token, request.headers),
        )
        response = await OPERATIONS[done](call)
        if write:
            self._faults.after_write()
        return response

    def _counts(self) -> dict[str, int]:
        return {name: len(table.rows) for name, table in self._world.tables.items()}

    def _seed(self, resource: str, record: dict[str, Any]) -> None:
        seeding.seed(self._world, resource, record)

    def _dump(self, resource: str) -> Iterator[bytes]:
        return seeding.dump(self._world, resource)

    def _act(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        match name:
            case "revoke_tokens":
                return {"revoked": self._gate.revoke()}
            case "add_client":
                self._gate.add(_client(arguments))
                return {"added": arguments["client_id"]}
            case "remove_client":
                self._gate.remove(str(arguments.get("client_id")))
                return {"removed": arguments.get("client_id")}
            case _:
                known = "revoke_tokens, add_client, remove_client"
                raise ControlError(f"unknown act '{name}'; known are {known}")


def _client(arguments: dict[str, Any]) -> ApiClient:
    try:
        return ApiClient(
            client_id=arguments["client_id"],
            secret=arguments["client_secret"],
            scopes=tuple(arguments["scopes"]),
            token_seconds=arguments.get("token_seconds"),
        )
    except (KeyError, TypeError) as error:
        message = "add_client takes client_id, client_secret and a list of scopes"
        raise ControlError(message) from error


async def serve(
    *,
    port: int,
    ready: Callable[[str], None],
    host: str = "127.0.0.1",
    project_key: str = "sample",
    client_id: str = "sample-client",
    client_secret: str = "sample-secret",  # noqa: S107 (the secret of an invented shop)
) -> None:
    """Serve until cancelled; *ready* is called with the base URL when listening.

    Port 0 picks a free one. The API and its tokens share the base URL.
    """
    server = Server(
        project_key=project_key, client_id=client_id, client_secret=client_secret
    )
    runner = web.AppRunner(server.app(), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        ready(f"http://{host}:{bound}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
