"""The control API that both simulators carry."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.control import (
    CALLER,
    ROUTE,
    Control,
    ControlError,
    hang_up,
)
from crosswalk.simulators.switches import Switch, Switches

Client = TestClient[web.Request, web.Application]
Steps = Callable[[Client], Awaitable[None]]

TABLE = (
    Switch(name="lag_seconds", default=0.0, meaning="How late lists are."),
    Switch(name="faulty", default=False, meaning="Whether it fails."),
    Switch(name="mode", default="a", meaning="How.", choices=("a", "b")),
)


class Shelf:
    """A simulator small enough to see through: it holds boxes."""

    def __init__(self) -> None:
        self.boxes: list[dict[str, Any]] = []
        self.control = Control(
            name="shelf",
            switches=Switches(TABLE),
            clock=Clock(),
            counts=lambda: {"boxes": len(self.boxes)},
            seed=self.seed,
            dump=self.dump,
            act=self.act,
            questions=frozenset({"/boxes/search"}),
        )

    def seed(self, resource: str, record: dict[str, Any]) -> None:
        """Keep a box."""
        if resource != "boxes":
            raise ControlError(f"no resource {resource}")
        self.boxes.append(record)

    def dump(self, resource: str) -> Iterator[bytes]:
        """List the boxes."""
        if resource != "boxes":
            raise ControlError(f"no resource {resource}")
        return iter([orjson.dumps(box) for box in self.boxes])

    def act(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Say what was asked."""
        return {"did": name, "with": arguments}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer any real path."""
        request[ROUTE] = request.path
        request[CALLER] = "somebody"
        return hang_up(request) if request.path == "/gone" else web.Response()

    def app(self) -> web.Application:
        """Return the whole server."""
        app = web.Application(middlewares=[self.control.middleware])
        app.add_routes(self.control.routes())
        app.router.add_route("*", "/{tail:.*}", self.answer)
        return app


def run(steps: Steps) -> None:
    """Run *steps* against a shelf that listens on a loopback port."""

    async def session() -> None:
        async with TestClient(TestServer(Shelf().app())) as client:
            await steps(client)

    asyncio.run(session())


def test_calls_are_logged_and_control_calls_are_not() -> None:
    """
    The log numbers real calls from 1, tells writes from questions, names the caller
    and the route, and never shows a control call.
    """

    async def steps(client: Client) -> None:
        await client.get("/boxes?limit=2")
        await client.post("/boxes")
        await client.post("/boxes/search")
        await client.get("/_control")
        log = await (await client.get("/_control/calls?since=0&limit=2")).json()
        assert [
            (c["n"], c["method"], c["route"], c["write"]) for c in log["calls"]
        ] == [
            (1, "GET", "/boxes", False),
            (2, "POST", "/boxes", True),
        ]
        assert log["calls"][0]["query"] == "limit=2"
        assert log["calls"][0]["key"] == "somebody"
        rest = await (await client.get(f"/_control/calls?since={log['next']}")).json()
        assert [(c["n"], c["write"]) for c in rest["calls"]] == [(3, False)]
        overview = await (await client.get("/_control")).json()
        assert overview["calls"] == {"total": 3, "reads": 2, "writes": 1}

    run(steps)


def test_the_summary_counts_and_a_reset_forgets() -> None:
    """
    The summary counts calls by method, route and status, and a reset starts anew.
    """

    async def steps(client: Client) -> None:
        await client.get("/boxes")
        await client.get("/boxes")
        summary = await (await client.get("/_control/calls/summary")).json()
        assert summary == {"GET /boxes 200": 2}
        await client.delete("/_control/calls")
        assert await (await client.get("/_control/calls/summary")).json() == {}

    run(steps)


def test_a_dropped_connection_is_logged_with_status_zero() -> None:
    """
    A client whose connection is dropped sees no answer, and the log says status 0.
    """

    async def steps(client: Client) -> None:
        with pytest.raises(aiohttp.ClientError):
            await client.post("/gone")
        summary = await (await client.get("/_control/calls/summary")).json()
        assert summary == {"POST /gone 0": 1}

    run(steps)


def test_switches_change_together_or_not_at_all() -> None:
    """
    A good change is answered with all values; an unknown name, a wrong type or a
    wrong choice is refused and changes nothing.
    """

    async def steps(client: Client) -> None:
        url = "/_control/switches"
        changed = await client.put(url, json={"lag_seconds": 2, "mode": "b"})
        values = {"lag_seconds": 2.0, "faulty": False, "mode": "b"}
        assert await changed.json() == values
        unknown = await client.put(url, json={"faulty": True, "lagg": 1})
        assert unknown.status == 400
        assert "lag_seconds" in (await unknown.json())["error"]
        for wrong in ({"faulty": 1}, {"mode": "c"}, {"lag_seconds": -1}):
            assert (await client.put(url, json=wrong)).status == 400
        overview = await (await client.get("/_control")).json()
        assert overview["switches"] == values

    run(steps)


def test_a_seeded_record_can_be_dumped_again() -> None:
    """
    Records seeded as NDJSON, with or without a last line break, come back as NDJSON.
    """

    async def steps(client: Client) -> None:
        lines = [{"resource": "boxes", "record": {"id": n}} for n in range(3)]
        body = b"\n".join(orjson.dumps(line) for line in lines)
        answer = await client.post("/_control/seed", data=body)
        assert await answer.json() == {"seeded": {"boxes": 3}}
        dump = await (await client.get("/_control/records/boxes")).text()
        assert dump == '{"id":0}\n{"id":1}\n{"id":2}\n'
        assert (await client.get("/_control/records/books")).status == 404

    run(steps)


@pytest.mark.parametrize("bad", [b"{", b'{"resource":"boxes"}', b"[]", b'"x"'])
def test_a_bad_seed_line_is_named(bad: bytes) -> None:
    """
    The answer to a seed that goes wrong names the line.
    """

    async def steps(client: Client) -> None:
        good = b'{"resource":"boxes","record":{}}'
        answer = await client.post("/_control/seed", data=good + b"\n" + bad)
        assert answer.status == 400
        report = await answer.json()
        assert (report["line"], report["seeded"]) == (2, {"boxes": 1})

    run(steps)


def test_the_clock_advances() -> None:
    """
    The clock moves by what is asked, and an empty body only tells the time.
    """

    async def steps(client: Client) -> None:
        before = await (await client.post("/_control/clock")).json()
        ahead = {"advance_seconds": 86400 * 400}
        after = await (await client.post("/_control/clock", json=ahead)).json()
        assert int(after["now"][:4]) > int(before["now"][:4])
        back = await client.post("/_control/clock", json={"advance_seconds": -1})
        assert back.status == 400

    run(steps)


def test_an_act_reaches_the_simulator() -> None:
    """
    An act is handed to the simulator by name with its other arguments.
    """

    async def steps(client: Client) -> None:
        answer = await client.post("/_control/act", json={"act": "dance", "n": 2})
        assert await answer.json() == {"did": "dance", "with": {"n": 2}}
        assert (await client.post("/_control/act", data=b"[]")).status == 400

    run(steps)
