"""Polling goes on whatever happens, in one process of all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import psycopg
import pytest
import structlog
from structlog.testing import LogCapture
from structlog.types import EventDict

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Kind, Side
from crosswalk.engine import census
from crosswalk.engine.pollers import poll, poll_crm_once, poll_shop_once, poll_side
from crosswalk.engine.world import World
from crosswalk.store.singleton import Role, Singleton
from tests.worlds import Town

pytestmark = pytest.mark.anyio

DOWN = RemoteError(Fault.TRANSIENT, call="GET /customers", messages=["no answer"])
BUSY = RemoteError(Fault.THROTTLED, call="GET /customers", status=429)


@pytest.fixture
def log() -> Iterator[LogCapture]:
    """Capture what is logged."""
    capture = LogCapture()
    structlog.configure(processors=[capture])
    yield capture
    structlog.reset_defaults()


async def looks(
    here: Town, *ends: Exception | None
) -> Callable[[World], Awaitable[None]]:
    """Poll a side that answers in these ways, one after the other."""
    stop = asyncio.Event()
    left = list(ends)

    async def look(_: World) -> None:
        end = left.pop(0)
        if not left:
            stop.set()
        if end:
            raise end

    await poll_side(Side.SHOP, look, here.world, every=0, stop=stop)
    return look


async def test_a_lost_side_is_told_once_and_its_return_once(
    here: Town, log: LogCapture
) -> None:
    """
    However long a side is away, there are two lines: lost, and back.
    """
    await looks(here, None, DOWN, DOWN, DOWN, None, None)
    assert [entry["event"] for entry in log.entries] == ["side lost", "side is back"]


async def test_being_busy_is_not_being_lost(here: Town, log: LogCapture) -> None:
    """
    A side that asks us to slow down, and a database that is away, are no news here.
    """
    await looks(here, BUSY, psycopg.OperationalError("gone"), None)
    assert log.entries == []


async def test_what_nobody_foresaw_does_not_end_it(here: Town, log: LogCapture) -> None:
    """
    A poll that breaks is logged, and the next one comes all the same.
    """
    await looks(here, ZeroDivisionError(), None)
    assert [entry["event"] for entry in log.entries] == ["poll failed"]


async def test_whoever_refused_us_is_asked_again(here: Town) -> None:
    """
    A refusal stops all calls only until the next poll tries whether it still holds.
    """
    here.world.quota.stop(RemoteError(Fault.DENIED, call="GET /contacts", status=401))
    await looks(here, None)
    assert here.world.quota.refused is None


async def test_nothing_is_taken_in_before_the_crm_is_known(here: Town) -> None:
    """
    The shop is polled only when the census of the CRM was taken.
    """
    here.add_customer("ada@example.com")
    await poll_shop_once(here.world)
    assert await here.pending() == {}
    await poll_crm_once(here.world)
    assert await census.is_taken(Kind.PERSON, here.world)
    await poll_shop_once(here.world)
    assert await here.pending() == {"ready": 1}


async def test_who_is_not_first_stands_by(here: Town) -> None:
    """
    While another process polls nothing is asked; when it ends we take over.
    """
    stop = asyncio.Event()

    def end(_: object, __: str, ___: EventDict) -> EventDict:
        stop.set()
        raise structlog.DropEvent

    structlog.configure(processors=[end])
    here.crm.switch(server_error_next=1)
    async with Singleton(here.world.database.url, Role.POLLER) as other:
        assert await other.claim()
        polling = asyncio.create_task(
            poll(here.world, every=dict.fromkeys(Side, 0.001), stop=stop)
        )
        for _ in range(50):
            assert await other.claim()
        assert here.crm.total() == 0
    await stop.wait()
    await polling
    structlog.reset_defaults()
    assert here.crm.total() > 0
