"""Simulators and a world of its own for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from crosswalk.simulators import sample
from crosswalk.store.database import Database
from tests.simulated import Simulator, backstage, quick_simulator
from tests.worlds import Town, town

__all__ = ["backstage"]

#: What an account holds before its first record comes.
SETTING_OF_CRM = ("fields", "owners")


@pytest.fixture
def shop(backstage: asyncio.AbstractEventLoop) -> Iterator[Simulator]:
    """Run a shop that has its stores and types, and no customer."""
    with quick_simulator("commercetools", backstage) as running:
        records = sample.shop_records(seed=7, customers=0)
        running.seed(r for r in records if r[0] != "business-units")
        yield running


@pytest.fixture
def crm(backstage: asyncio.AbstractEventLoop) -> Iterator[Simulator]:
    """Run an account that has its fields, and no contact."""
    with quick_simulator("freshsales", backstage) as running:
        records = sample.crm_records(seed=7, customers=0)
        running.seed(r for r in records if r[0] in SETTING_OF_CRM)
        yield running


@pytest.fixture
async def here(
    database: Database, shop: Simulator, crm: Simulator
) -> AsyncIterator[Town]:
    """Stand between the two, with nothing synced yet."""
    async with town(database, shop, crm) as built:
        yield built
