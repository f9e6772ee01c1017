"""Simulators and a world of its own for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from crosswalk.settings.config import Config, built_in
from crosswalk.simulators import sample
from crosswalk.store.database import Database
from tests.simulated import Simulator, backstage, quick_simulator
from tests.worlds import Town, configuration, town

__all__ = ["backstage"]

#: What an account holds before its first record comes.
SETTING_OF_CRM = ("fields", "owners")


@pytest.fixture
def shop(backstage: asyncio.AbstractEventLoop) -> Iterator[Simulator]:
    """Run a shop that has its stores and types, and no customer."""
    with quick_simulator("commercetools", backstage) as running:
        furnish_shop(running)
        yield running


@pytest.fixture
def crm(backstage: asyncio.AbstractEventLoop) -> Iterator[Simulator]:
    """Run an account that has its fields, and no contact."""
    with quick_simulator("freshsales", backstage) as running:
        furnish_crm(running)
        yield running


@pytest.fixture
async def here(
    database: Database, shop: Simulator, crm: Simulator
) -> AsyncIterator[Town]:
    """Stand between the two, with nothing synced yet."""
    async with town(database, shop, crm) as built:
        yield built


def furnish_shop(shop: Simulator) -> None:
    """Put stores, groups, roles and types in place."""
    records = sample.shop_records(seed=7, customers=0)
    shop.seed(r for r in records if r[0] != "business-units")


def furnish_crm(crm: Simulator) -> None:
    """Put custom fields and owners in place."""
    records = sample.crm_records(seed=7, customers=0)
    crm.seed(r for r in records if r[0] in SETTING_OF_CRM)


def join_shared() -> Config:
    """Configure that customers who share an e-mail address are one contact."""
    return configuration(
        built_in().replace("shared_email: review", "shared_email: join")
    )


async def twins(here: Town) -> tuple[str, str]:
    """Bring over two customers of two stores with one e-mail address."""
    stores = [{"typeId": "store", "key": store["key"]} for store in here.stores()[:2]]
    first = here.add_customer("ada@example.com", firstName="Ada", stores=stores[:1])
    await here.sync()
    second = here.add_customer("ada@example.com", firstName="Eve", stores=stores[1:])
    await here.sync()
    return first, second


def owned(field: str, owner: str) -> Config:
    """Configure that a field of the contacts has another owner than usual."""
    line = f"    - {{crm: {field}, shop: {field}"
    assert line in built_in()
    return configuration(built_in().replace(line, f"{line}, owner: {owner}"))
