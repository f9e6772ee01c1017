"""A small sample, made once."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from crosswalk.simulators.sample import (
    ShopChange,
    Truth,
    changes,
    crm_records,
    ground_truth,
    shop_records,
)

SEED = 7
CUSTOMERS = 200

Records = dict[str, list[dict[str, Any]]]


def _by_resource(stream: Iterable[tuple[str, dict[str, Any]]]) -> Records:
    grouped: Records = defaultdict(list)
    for resource, record in stream:
        grouped[resource].append(record)
    return grouped


@pytest.fixture(scope="package")
def shop() -> Records:
    """The shop of 200 customers, by resource."""
    return _by_resource(shop_records(seed=SEED, customers=CUSTOMERS))


@pytest.fixture(scope="package")
def crm() -> Records:
    """The CRM beside it, by resource."""
    return _by_resource(crm_records(seed=SEED, customers=CUSTOMERS))


@pytest.fixture(scope="package")
def truth() -> Truth:
    """What must come of the two."""
    return ground_truth(seed=SEED, customers=CUSTOMERS)


@pytest.fixture(scope="package")
def some() -> list[ShopChange]:
    """The first changes of the shop."""
    return list(itertools.islice(changes(seed=SEED, customers=CUSTOMERS), 400))
