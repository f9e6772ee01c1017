"""Sending to one server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.transport.connection import Connection, Limits
from crosswalk.transport.message import Request

pytestmark = pytest.mark.anyio

#: How often each path was asked for that drops the connection.
seen: Counter[str] = Counter()

READ = Request(method="GET", path="/echo", query="a=b%2Bc")


async def echo(request: web.Request) -> web.Response:
    """Answer with what was asked for."""
    said = f"{request.raw_path} {request.headers['User-Agent']}"
    return web.Response(text=said, headers={"X-Seen": request.headers["X-Us"]})


async def move(_: web.Request) -> web.Response:
    """Point elsewhere."""
    return web.Response(status=302, headers={"Location": "/base/echo"})


async def hang_up(request: web.Request) -> web.Response:
    """Drop the connection."""
    seen[request.path] += 1
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def dawdle(_: web.Request) -> web.Response:
    """Never answer."""
    await asyncio.Event().wait()
    return web.Response()


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    """Serve all of these below /base."""
    app = web.Application()
    for name, handler in {
        "echo": echo,
        "move": move,
        "hang-up": hang_up,
        "dawdle": dawdle,
    }.items():
        app.router.add_route("*", f"/base/{name}", handler)
    running = TestServer(app)
    await running.start_server()
    yield running
    await running.close()


def connection(url: str, *, total: float = 30.0) -> Connection:
    """Make a connection to the server."""
    return Connection(url, headers={"X-Us": "us"}, limits=Limits(total=total))


async def test_a_request_arrives_as_it_was_built(server: TestServer) -> None:
    """
    Path and query are sent as they are encoded, with our headers and name.
    """
    async with connection(f"{server.make_url('/base')}/") as opened:
        answer = await opened.send(READ)
    assert answer.body.startswith(b"/base/echo?a=b%2Bc crosswalk/")
    assert answer.headers["x-seen"] == "us"
    assert answer.succeeded


async def test_a_redirect_is_not_followed(server: TestServer) -> None:
    """
    A 302 is an answer like any other.
    """
    async with connection(str(server.make_url("/base"))) as opened:
        answer = await opened.send(Request(method="GET", path="/move"))
    assert answer.status == 302
    assert not answer.succeeded


@pytest.mark.parametrize("path", ["/hang-up", "/dawdle"])
@pytest.mark.parametrize(
    ("method", "fault"), [("GET", Fault.TRANSIENT), ("POST", Fault.AMBIGUOUS)]
)
async def test_a_lost_answer_leaves_only_a_write_in_doubt(
    server: TestServer, path: str, method: str, fault: Fault
) -> None:
    """
    After a reset or a timeout a write is ambiguous and a read has merely failed.
    """
    request = Request(method=method, path=path, writes=method == "POST")
    async with connection(str(server.make_url("/base")), total=0.2) as opened:
        with pytest.raises(RemoteError) as caught:
            await opened.send(request)
    assert caught.value.fault is fault
    assert caught.value.status == 0
    assert caught.value.messages


async def test_nothing_is_sent_twice(server: TestServer) -> None:
    """
    A PUT that breaks on a kept connection is told, not repeated.
    """
    write = Request(method="PUT", path="/hang-up", writes=True)
    async with connection(str(server.make_url("/base"))) as opened:
        await opened.send(READ)
        before = seen["/base/hang-up"]
        with pytest.raises(RemoteError) as caught:
            await opened.send(write)
    assert caught.value.fault is Fault.AMBIGUOUS
    assert seen["/base/hang-up"] == before + 1


async def test_a_refused_connection_has_sent_nothing() -> None:
    """
    A write to a port where nobody listens is transient: it was never sent.
    """
    request = Request(method="POST", path="/x", writes=True)
    async with connection(f"http://127.0.0.1:{unused_port()}") as opened:
        with pytest.raises(RemoteError) as caught:
            await opened.send(request)
    assert caught.value.fault is Fault.TRANSIENT


async def test_nothing_is_sent_outside_the_context() -> None:
    """
    A connection that was never opened says so.
    """
    with pytest.raises(RuntimeError, match="inside its context"):
        await connection("http://127.0.0.1:1").send(READ)
