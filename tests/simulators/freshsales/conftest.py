"""A fresh account for each test."""

from collections.abc import Iterator

import pytest

from tests.simulators.freshsales.crm import Crm


@pytest.fixture
def crm() -> Iterator[Crm]:
    """Serve a fresh account."""
    with Crm() as running:
        yield running
