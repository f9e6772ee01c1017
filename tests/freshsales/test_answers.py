"""The CRM's socket against answers that nobody should give."""

from collections.abc import AsyncIterator, Awaitable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Json, Kind, Lane
from crosswalk.freshsales.gateway import Freshsales
from tests.clocks import SkippingClock

pytestmark = pytest.mark.anyio

#: What is answered, by method and path below /api.
ANSWERS: dict[str, Json] = {
    "GET settings/contacts/fields": {"fields": []},
    "GET contacts/1": {},
    "PUT contacts/1": {},
    "POST contacts": {"errors": {"code": 400, "message": ["Email is not unique"]}},
    "POST contacts/upsert": "<html><title>Log in</title></html>",
    "GET contacts/filters": {"filters": []},
    "POST contacts/bulk_upsert": {},
    "GET job_statuses/7": {"status": "FAILED", "data": None},
}


async def answer(request: web.Request) -> web.Response:
    """Answer 200, whatever it is."""
    content = ANSWERS[f"{request.method} {request.match_info['path']}"]
    if isinstance(content, str):
        return web.Response(text=content, content_type="text/html")
    if request.path.endswith("bulk_upsert"):
        url = str(request.url.origin().with_path("/api/job_statuses/7"))
        content = {"job_status_url": url}
    return web.json_response(content)


@pytest.fixture
async def crm() -> AsyncIterator[Freshsales]:
    """Speak to a server that answers such things."""

    async def spend(_: Lane) -> None:
        """Spend freely."""

    app = web.Application()
    app.router.add_route("*", "/api/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("/"))
    async with Freshsales(url, "key", spend=spend, clock=SkippingClock()) as gateway:
        yield gateway
    await server.close()


async def fault_of(call: Awaitable[object]) -> Fault:
    """Take the fault that a call ends in."""
    with pytest.raises(RemoteError) as caught:
        await call
    return caught.value.fault


async def test_a_success_that_cannot_be_read_settles_nothing(crm: Freshsales) -> None:
    """
    A write that is answered without its record, or with a web page, is ambiguous; a
    read has merely failed.
    """
    update = crm.update(Kind.PERSON, "1", {"city": "Bonn"})
    assert await fault_of(update) is Fault.AMBIGUOUS
    assert await fault_of(crm.claim("a@b.c")) is Fault.AMBIGUOUS
    assert await fault_of(crm.read(Kind.PERSON, "1")) is Fault.TRANSIENT


async def test_errors_inside_a_success_are_errors(crm: Freshsales) -> None:
    """
    A 200 around an error is that error.
    """
    create = crm.create(Kind.PERSON, {"email": "a@b.c"})
    assert await fault_of(create) is Fault.DUPLICATE


async def test_an_account_without_views_cannot_be_listed(crm: Freshsales) -> None:
    """
    Without a view of all records there is nothing to page through.
    """
    assert await fault_of(crm.page(Kind.PERSON, 1)) is Fault.SCHEMA


async def test_a_job_that_ends_without_a_word_is_ambiguous(crm: Freshsales) -> None:
    """
    A job that failed as a whole says nothing about its rows.
    """
    assert await fault_of(crm.bulk_claim(["a@b.c"])) is Fault.AMBIGUOUS
