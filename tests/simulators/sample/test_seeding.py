"""Pouring records into a simulator."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.control import Control, ControlError
from crosswalk.simulators.freshsales import make_app
from crosswalk.simulators.sample import SeedingError, crm_records, ground_truth, seed
from crosswalk.simulators.switches import Switches

Stored = list[tuple[str, dict[str, Any]]]


def _with_shelf(steps: Callable[[str, Stored], Awaitable[None]]) -> None:
    """Run *steps* against a control API that keeps what it is given."""
    stored: Stored = []

    def keep(resource: str, record: dict[str, Any]) -> None:
        if resource == "dragons":
            raise ControlError("here be none")
        stored.append((resource, record))

    def dump(_: str) -> Iterator[bytes]:
        return iter(())

    control = Control(
        name="shelf",
        switches=Switches(()),
        clock=Clock(),
        counts=dict,
        seed=keep,
        dump=dump,
        act=lambda _name, arguments: arguments,
    )

    async def run() -> None:
        app = web.Application(middlewares=[control.middleware])
        app.add_routes(control.routes())
        async with TestServer(app) as server:
            await steps(str(server.make_url("/crm/sales")), stored)

    asyncio.run(run())


def test_everything_arrives_in_order() -> None:
    """
    A simulator holds every record, in the order of the stream, and progress is told
    up to the last.
    """
    records = list(crm_records(seed=1, customers=4000))
    told: list[int] = []

    async def steps(url: str, stored: Stored) -> None:
        await seed(url, records, progress=told.append)
        assert stored == records

    _with_shelf(steps)
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1] == len(records)


def test_a_refused_record_is_told() -> None:
    """
    What the simulator says about a record it refuses comes with the error.
    """

    async def steps(url: str, _: Stored) -> None:
        with pytest.raises(SeedingError, match="here be none") as caught:
            await seed(url, [("dragons", {"id": 1})])
        assert caught.value.status == 400

    _with_shelf(steps)


def test_no_records_are_no_request() -> None:
    """
    Nothing to store is nothing to send.
    """

    async def steps(url: str, stored: Stored) -> None:
        await seed(url, [])
        assert stored == []

    _with_shelf(steps)


def test_the_crm_simulator_takes_the_sample() -> None:
    """
    The simulator refuses no record of the CRM, and holds as many as the truth says.
    """
    truth = ground_truth(seed=2, customers=600)

    async def run() -> dict[str, int]:
        async with TestServer(make_app("key")) as server, ClientSession() as session:
            await seed(str(server.make_url("/")), crm_records(seed=2, customers=600))
            async with session.get(server.make_url("/_control")) as answer:
                counts: dict[str, int] = (await answer.json())["counts"]
                return counts

    counts = asyncio.run(run())
    assert counts["contacts"] == truth.contacts_before
    assert counts["deleted_contacts"] == truth.contacts_deleted
    assert counts["sales_accounts"] == truth.accounts_before
