"""Simulators and a world of its own for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from crosswalk.simulators import sample
from crosswalk.store.database import Database
from tests.simulated import Simulator, simulator
from tests.worlds import Town, town

#: What an account holds before its first record comes.
SETTING_OF_CRM = ("fields", "owners")


@pytest.fixture
def shop() -> Iterator[Simulator]:
    """Run a shop that has its stores and types, and no customer."""
    with simulator("commercetools") as running:
        records = sample.shop_records(seed=7, customers=0)
        running.seed(r for r in records if r[0] != "business-units")
        yield running


@pytest.fixture
def crm() -> Iterator[Simulator]:
    """Run an account that has its fields, and no contact."""
    with simulator("freshsales") as running:
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
