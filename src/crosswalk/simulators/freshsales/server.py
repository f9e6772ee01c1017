"""The HTTP server: authentication, quota, ordered faults, then the endpoint."""

import asyncio
import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import orjson
from aiohttp import web

from crosswalk.simulators.control import CALLER, ROUTE, Control, hang_up
from crosswalk.simulators.freshsales import acts
from crosswalk.simulators.freshsales.account import Key
from crosswalk.simulators.freshsales.calls import Answer, Call, Endpoint, no_such_path
from crosswalk.simulators.freshsales.endpoints import ENDPOINTS
from crosswalk.simulators.freshsales.errors import (
    RefusalError,
    UnauthenticatedError,
    error_content,
    missing_attributes,
)
from crosswalk.simulators.freshsales.faults import edge_throttle, refuse_ordered_fault
from crosswalk.simulators.freshsales.modules import BY_SINGULAR, MODULES
from crosswalk.simulators.freshsales.queries import QUERIES
from crosswalk.simulators.freshsales.tenant import Tenant

#: The alias's path; the API is below it.
SALES: Final = "/crm/sales"
PREFIX: Final = f"{SALES}/api/"

#: What counts as an id in a path.
ID: Final = re.compile(r"[0-9]{1,18}")

SCHEME: Final = "Token token="

#: Bodies up to this size are read, in bytes.
LARGEST_BODY: Final = 16 * 1024 * 1024

ROUTES: Final[Mapping[tuple[str, str], Endpoint]] = {
    (endpoint.method, endpoint.path): endpoint for endpoint in (*ENDPOINTS, *QUERIES)
}

#: POST routes that only ask.
QUESTIONS: Final = frozenset(f"/filtered_search/{entity}" for entity in BY_SINGULAR)


def make_app(api_key: str) -> web.Application:
    """Return the server of a fresh account that knows one key."""
    tenant = Tenant(api_key)
    control = Control(
        name="freshsales",
        switches=tenant.switches,
        clock=tenant.clock,
        counts=partial(acts.counts, tenant),
        seed=partial(acts.seed, tenant),
        dump=partial(acts.dump, tenant),
        act=partial(acts.act, tenant),
        questions=QUESTIONS,
    )
    app = web.Application(
        middlewares=[control.middleware], client_max_size=LARGEST_BODY
    )
    app.add_routes(control.routes())
    app.router.add_route("*", "/{path:.*}", Server(tenant).handle)
    return app


async def serve(
    *,
    host: str = "127.0.0.1",
    port: int,
    api_key: str = "sample-key",
    ready: Callable[[str], None],
) -> None:
    """Serve until cancelled; *ready* gets the URL once calls are answered.

    Port 0 picks a free one.
    """
    runner = web.AppRunner(make_app(api_key), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        ready(f"http://{host}:{bound}{SALES}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


class Server:
    """Answers the API's calls of one account."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, or drop its connection where a test ordered that."""
        tenant = self._tenant
        latency = tenant.switches.number("latency_ms")
        if latency:
            await asyncio.sleep(latency / 1000)
        throttled = edge_throttle(tenant.switches)
        if throttled is not None:
            return _response(throttled, {})
        tenant.jobs.run_due()
        try:
            answer = await self._answer(request)
        except RefusalError as error:
            content = error_content(error, tenant.switches)
            retry = {"Retry-After": error.retry_after} if error.retry_after else {}
            answer = Answer(status=error.status, body=content, headers=retry)
        if answer is None:
            return hang_up(request)
        return _response(answer, tenant.quota.headers())

    async def _answer(self, request: web.Request) -> Answer | None:
        """Return the answer; None where the connection is to be dropped."""
        switches = self._tenant.switches
        segments = _segments(request.path)
        request[ROUTE] = "/" + "/".join(_named(segments))
        key = self._authenticate(request)
        request[CALLER] = key.token
        self._spend_call()
        endpoint = ROUTES.get((request.method, "/".join(_shape(segments))))
        if endpoint is None:
            request[ROUTE] = "unmatched"
            raise no_such_path()
        refuse_ordered_fault("/".join(segments), switches)
        body = await _read_body(request) if _has_body(request, endpoint) else {}
        if endpoint.writes and switches.take("drop_before_commit_next"):
            return None
        call = Call(
            tenant=self._tenant,
            key=key,
            segments=segments,
            base=f"{request.scheme}://{request.host}{PREFIX.rstrip('/')}",
            query=request.query,
            body=body,
        )
        if call.strict and not endpoint.parameters.issuperset(call.query):
            raise missing_attributes()
        answer = endpoint.respond(call)
        if endpoint.writes and switches.take("drop_after_commit_next"):
            return None
        return answer

    def _authenticate(self, request: web.Request) -> Key:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix(SCHEME)
        key = self._tenant.account.keys.get(token)
        if key is None or token == header:
            raise UnauthenticatedError("Authentication failed")
        return key

    def _spend_call(self) -> None:
        wait = self._tenant.quota.spend()
        if wait is None:
            return
        seconds = str(math.ceil(wait))
        retry = seconds if self._tenant.switches.on("retry_after") else ""
        raise RefusalError("Too many requests", status=429, retry_after=retry)


def _segments(path: str) -> tuple[str, ...]:
    """Return the words behind the prefix; ".json" and a last slash mean nothing."""
    if not path.startswith(PREFIX):
        return ()
    words = path.removeprefix(PREFIX).removesuffix("/").removesuffix(".json")
    return tuple(words.split("/"))


def _named(segments: Iterable[str]) -> list[str]:
    return ["{id}" if ID.fullmatch(word) else word for word in segments]


def _shape(segments: tuple[str, ...]) -> list[str]:
    """Return the words with the first module and every id as placeholders."""
    words = _named(segments)
    for n, word in enumerate(words):
        if word in MODULES:
            words[n] = "{module}"
            break
    if words[0:1] == ["filtered_search"] and words[-1] in BY_SINGULAR:
        words[-1] = "{entity}"
    return words


def _has_body(request: web.Request, endpoint: Endpoint) -> bool:
    return endpoint.takes_body or (endpoint.writes and bool(request.content_length))


async def _read_body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request; anything else is refused."""
    if request.content_type != "application/json":
        raise missing_attributes()
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise missing_attributes() from error
    if not isinstance(body, dict) or not body:
        raise missing_attributes()
    return body


def _response(answer: Answer, headers: Mapping[str, str]) -> web.Response:
    return web.Response(
        status=answer.status,
        body=answer.body,
        headers={**headers, **answer.headers},
        content_type=answer.content_type if answer.body else None,
    )
