"""The simulated account, opened as usual or by a test's own options."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from crosswalk.domain.model import Kind, Lane
from crosswalk.freshsales.gateway import Freshsales, Options
from tests.clocks import SkippingClock
from tests.freshsales.accounts import WANTED
from tests.simulated import (
    Simulator,
    running_commercetools,
    running_freshsales,
    simulated_crm,
    simulated_shop,
)

__all__ = [
    "running_commercetools",
    "running_freshsales",
    "simulated_crm",
    "simulated_shop",
]

Make = Callable[[Options], Awaitable[Freshsales]]


@pytest.fixture
def clock() -> SkippingClock:
    """Make a clock to move."""
    return SkippingClock()


@pytest.fixture
def spent() -> Counter[Lane]:
    """Count the calls spent, by lane."""
    return Counter()


@pytest.fixture
async def make(
    simulated_crm: Simulator, clock: SkippingClock, spent: Counter[Lane]
) -> AsyncIterator[Make]:
    """Give a way to open the simulated account."""
    opened: list[Freshsales] = []
    for name in ("cf_a", "cf_b"):
        simulated_crm.seed(
            [("fields", {"module": "contacts", "name": name, "label": name})]
        )

    async def spend(lane: Lane) -> None:
        spent[lane] += 1

    async def open_account(options: Options) -> Freshsales:
        gateway = Freshsales(
            simulated_crm.url, "sample-key", spend=spend, clock=clock, options=options
        )
        opened.append(await gateway.__aenter__())
        return gateway

    yield open_account
    for gateway in opened:
        await gateway.__aexit__(None, None, None)


@pytest.fixture
async def crm(make: Make) -> Freshsales:
    """Open the account as usual, with what it remembers already read."""
    gateway = await make(Options(wanted=WANTED))
    for kind in Kind:
        await gateway.on(Lane.ACTION).schema(kind)
    return gateway
