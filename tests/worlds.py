"""A whole world for a test: both simulators, a real database, time in its hand.

The engine, its SQL and both gateways are the real ones; only the dispatcher is not
Procrastinate: the test itself runs the drains, so that it knows when all is quiet.
"""

import random
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crosswalk.bootstrap import engine_rules, shop_rules
from crosswalk.commercetools.gateway import Access, Commercetools
from crosswalk.domain.model import Kind, Lane
from crosswalk.engine.combiner import Combiner
from crosswalk.engine.drain import drain
from crosswalk.engine.intake import Intake
from crosswalk.engine.poll import poll_shop
from crosswalk.engine.quota import CallQuota
from crosswalk.engine.world import World
from crosswalk.freshsales.gateway import Freshsales, Options
from crosswalk.settings.config import Config
from crosswalk.store import pending
from crosswalk.store.database import Database
from tests.simulated import Simulator


@dataclass(slots=True)
class HandClock:
    """Time that moves when the test says so; a sleep passes at once."""

    at: datetime = datetime(2026, 11, 1, 8, tzinfo=UTC)
    passed: float = 0.0

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        return self.at + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Tell seconds that never step back."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Move time on."""
        self.passed += seconds


@dataclass(slots=True)
class HandWake:
    """Remembers who was woken; the test runs the drains."""

    woken: set[int] = field(default_factory=set)

    async def wake(self, partitions: Collection[int]) -> None:
        """Note the partitions."""
        self.woken |= set(partitions)
