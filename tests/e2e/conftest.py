"""A shop, a CRM and a database for the commands of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosswalk.simulators import sample
from tests.e2e.shell import Shell, settings_of
from tests.simulated import Simulator, simulator

#: The size of the sample shop.
CUSTOMERS = 60
SEED = 7


@pytest.fixture
def shop() -> Iterator[Simulator]:
    """Run a shop with the sample's customers and companies."""
    with simulator("commercetools") as running:
        running.seed(sample.shop_records(seed=SEED, customers=CUSTOMERS))
        yield running


@pytest.fixture
def crm() -> Iterator[Simulator]:
    """Run a CRM that knows some of them."""
    with simulator("freshsales") as running:
        running.seed(sample.crm_records(seed=SEED, customers=CUSTOMERS))
        yield running


@pytest.fixture
def shell(tmp_path: Path, shop: Simulator, crm: Simulator, database_url: str) -> Shell:
    """Open a shell in an empty folder, with everything set that is needed."""
    environ = settings_of(shop, crm, database_url)
    return Shell(folder=tmp_path, shop=shop, crm=crm, environ=environ)
