"""The control API that both simulators carry beside the API they imitate.

Everything here lives under ``/_control``, asks for no credentials and never
appears in the log of calls, so a test cannot mistake it for the real API.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from crosswalk.simulators.calls import Call, CallLog
from crosswalk.simulators.clock import Clock
from crosswalk.simulators.switches import SwitchError, Switches

PREFIX: Final = "/_control"

#: What a simulator may leave on a request: its route pattern, and its caller.
ROUTE: Final = web.RequestKey("route", str)
CALLER: Final = web.RequestKey("caller", str)
DROPPED: Final = web.RequestKey("dropped", bool)

READING_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ControlError(Exception):
    """The control API was asked for something that does not exist or cannot be."""


def hang_up(request: web.Request) -> web.Response:
    """Drop the connection of *request* without an answer."""
    request[DROPPED] = True
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


@dataclass(kw_only=True)
class Control:
    """The control API of one simulator, over the hooks that reach its state."""

    #: The simulator's name.
    name: str
    switches: Switches
    clock: Clock
    #: How many records there are of each resource.
    counts: Callable[[], Mapping[str, int]]
    #: Store one record of a resource as it stands; ControlError when refused.
    seed: Callable[[str, dict[str, Any]], None]
    #: Every record of a resource as JSON; ControlError for an unknown resource.
    dump: Callable[[str], Iterator[bytes]]
    #: Do what only this simulator can; ControlError for an unknown name.
    act: Callable[[str, dict[str, Any]], dict[str, Any]]
    #: Routes whose POST only asks a question (a search, a log-in, a token).
    questions: AbstractSet[str] = frozenset()
    calls: CallLog = field(default_factory=CallLog)

    @property
    def middleware(self) -> Middleware:
        """The outermost middleware: logs every call that is not a control call."""

        @web.middleware
        async def log_call(
            request: web.Request, handler: Handler
        ) -> web.StreamResponse:
            if request.path.startswith(PREFIX):
                return await handler(request)
            status = 500
            try:
                answer = await handler(request)
                status = answer.status
            except web.HTTPException as error:
                status = error.status
                raise
            finally:
                self._remember(request, status)
            return answer

        return log_call

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the control API."""
        return [
            web.get(PREFIX, self._overview),
            web.get(f"{PREFIX}/switches", self._explain_switches),
            web.put(f"{PREFIX}/switches", self._change_switches),
            web.get(f"{PREFIX}/calls", self._list_calls),
            web.get(f"{PREFIX}/calls/summary", self._summarise_calls),
            web.delete(f"{PREFIX}/calls", self._clear_calls),
            web.post(f"{PREFIX}/seed", self._seed),
            web.get(f"{PREFIX}/records/{{resource}}", self._dump),
            web.post(f"{PREFIX}/clock", self._advance_clock),
            web.post(f"{PREFIX}/act", self._act),
        ]

    def _remember(self, request: web.Request, status: int) -> None:
        route = request.get(ROUTE, "unmatched")
        reading = request.method in READING_METHODS or (
            request.method == "POST" and route in self.questions
        )
        call = Call(
            n=self.calls.total + 1,
            at=self.clock.text(),
            method=request.method,
            path=request.path,
            route=route,
            query=request.query_string,
            status=0 if DROPPED in request else status,
            write=not reading,
            key=request.get(CALLER, ""),
        )
        self.calls.add(call)

    async def _overview(self, _: web.Request) -> web.Response:
        return _answer(
            {
                "simulator": self.name,
                "counts": dict(self.counts()),
                "switches": self.switches.values,
                "calls": self.calls.totals(),
            }
        )

    async def _explain_switches(self, _: web.Request) -> web.Response:
        table = [
            {
                "name": switch.name,
                "value": self.switches.values[switch.name],
                "default": switch.default,
                "choices": switch.choices,
                "meaning": switch.meaning,
            }
            for switch in self.switches.table.values()
        ]
        return _answer({"switches": table})

    async def _change_switches(self, request: web.Request) -> web.Response:
        try:
            self.switches.change(await _body(request))
        except (SwitchError, ControlError) as error:
            return _refusal(error)
        return _answer(self.switches.values)

    async def _list_calls(self, request: web.Request) -> web.Response:
        try:
            since = int(request.query.get("since", "0"))
            limit = int(request.query.get("limit", "1000"))
        except ValueError as error:
            return _refusal(error)
        return _answer(self.calls.page(since, limit))

    async def _summarise_calls(self, _: web.Request) -> web.Response:
        return _answer(dict(sorted(self.calls.summary.items())))

    async def _clear_calls(self, _: web.Request) -> web.Response:
        self.calls.clear()
        return _answer(self.calls.totals())

    async def _seed(self, request: web.Request) -> web.Response:
        seeded: dict[str, int] = {}
        number, rest = 0, b""
        try:
            async for chunk in request.content.iter_any():
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    number += 1
                    self._seed_line(line, seeded)
            number += 1
            self._seed_line(rest, seeded)
        except ControlError as error:
            return _refusal(error, line=number, seeded=seeded)
        return _answer({"seeded": seeded})

    def _seed_line(self, line: bytes, seeded: dict[str, int]) -> None:
        if not line.strip():
            return
        try:
            entry = orjson.loads(line)
            resource, record = entry["resource"], entry["record"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            message = 'a line must be {"resource": name, "record": {...}}'
            raise ControlError(message) from error
        self.seed(resource, record)
        seeded[resource] = seeded.get(resource, 0) + 1

    async def _dump(self, request: web.Request) -> web.StreamResponse:
        try:
            records = list(self.dump(request.match_info["resource"]))
        except ControlError as error:
            return _refusal(error, status=404)
        answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await answer.prepare(request)
        for start in range(0, len(records), 1000):
            lines = b"\n".join(records[start : start + 1000]) + b"\n"
            await answer.write(lines)
        return answer

    async def _advance_clock(self, request: web.Request) -> web.Response:
        try:
            seconds = (await _body(request)).get("advance_seconds", 0)
        except ControlError as error:
            return _refusal(error)
        if not isinstance(seconds, int | float) or seconds < 0:
            return _refusal(ControlError("advance_seconds takes a number from 0"))
        self.clock.advance(seconds)
        return _answer({"now": self.clock.text()})

    async def _act(self, request: web.Request) -> web.Response:
        try:
            body = await _body(request)
            result = self.act(str(body.pop("act", "")), body)
        except ControlError as error:
            return _refusal(error)
        return _answer(result)


async def _body(request: web.Request) -> dict[str, Any]:
    text = await request.read()
    try:
        body = orjson.loads(text or b"{}")
    except orjson.JSONDecodeError as error:
        raise ControlError(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def _answer(content: object, *, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(content), status=status, content_type="application/json"
    )


def _refusal(error: Exception, *, status: int = 400, **facts: object) -> web.Response:
    return _answer({"error": str(error), **facts}, status=status)
