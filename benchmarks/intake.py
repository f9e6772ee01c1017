"""The one door for changes: durable before it answers, many callers in one commit."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.machine import Meter
from benchmarks.measures import Measure, at_least, percentile
from benchmarks.stage import configuration, data_directory
from crosswalk.domain.model import Change, Kind, shop_ref
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.dispatch import Waker
from crosswalk.engine.intake import Intake
from crosswalk.store import embedded, ledger
from crosswalk.store.database import Database
from crosswalk.store.ledger import State
from crosswalk.store.migrate import migrate

#: Callers that wait for an answer at any time, as webhooks do, with one change each.
CALLERS: Final = 256
CLOSED_LOOP: Final = 30_000
#: Rates of the open loop, in changes a second, and for how many seconds.
RATES: Final = (100, 1000)
SECONDS: Final = 10


async def of_single_changes(*, quick: bool) -> Sequence[Measure]:
    """Take in changes one a call: as many as go, then at steady rates."""
    shrink = 50 if quick else 1
    async with _intake() as (intake, database):
        offered = _changes()
        measures = [await _saturated(intake, offered, CLOSED_LOOP // shrink)]
        accepted = CLOSED_LOOP // shrink
        for rate in RATES:
            count = rate * SECONDS // shrink
            measures += await _steady(intake, offered, rate, count)
            accepted += count
        async with database.transaction() as tx:
            balance = await ledger.balance(tx)
        assert balance[State.RECEIVED] == sum(balance.values()) == accepted, balance
        return measures


@asynccontextmanager
async def _intake() -> AsyncIterator[tuple[Intake, Database]]:
    config, clock = configuration(), SystemClock()
    with data_directory() as place, embedded.start(place) as server:
        migrate(server.url)
        async with (
            await Database.open(server.url, max_size=20) as database,
            Waker(database) as wake,
        ):
            intake = Intake(
                database,
                wake,
                clock,
                partitions=config.sync.partitions,
                config_hash=config.hash,
            )
            yield intake, database


def _changes() -> Iterator[Change]:
    """Announce new versions of ten thousand customers in turn, without end."""
    clock, number = SystemClock(), 0
    while True:
        number += 1
        version = number // 10_000 + 1
        yield Change(
            ref=shop_ref(Kind.PERSON, f"00000000-0000-4000-8000-{number % 10_000:012}"),
            revision=str(version),
            version=version,
            seen_at=clock.now(),
            source="webhook",
        )


async def _saturated(intake: Intake, offered: Iterator[Change], count: int) -> Measure:
    """Let every caller hand in its next change as soon as the last one is safe."""
    left = iter(range(count))

    async def call() -> None:
        for _ in left:
            accepted = await intake.accept([next(offered)])
            assert accepted.fresh == 1, accepted

    meter = Meter()
    await asyncio.gather(*(call() for _ in range(CALLERS)))
    spent = meter.read()
    return Measure(
        name="intake.rate",
        value=count / spent.seconds,
        unit="changes/s",
        target=at_least(2500),
        conditions=f"{count:,} changes, {CALLERS} callers of one change each, "
        f"{spent.cpu_seconds / count * 1e6:.0f} us CPU a change",
    )


async def _steady(
    intake: Intake, offered: Iterator[Change], rate: int, count: int
) -> list[Measure]:
    """Hand changes in at their times, whether those before are answered or not."""
    latencies: list[float] = []

    async def call(due: float) -> None:
        accepted = await intake.accept([next(offered)])
        latencies.append((time.perf_counter() - due) * 1000)
        assert accepted.fresh == 1, accepted

    began = time.perf_counter()
    async with asyncio.TaskGroup() as calls:
        for number in range(count):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            calls.create_task(call(due))
    return [
        Measure(
            name=f"intake.p{percent}@{rate}/s",
            value=percentile(latencies, percent),
            unit="ms",
            conditions=f"{count:,} changes at {rate:,}/s, from when each was due",
        )
        for percent in (50, 99)
    ]
