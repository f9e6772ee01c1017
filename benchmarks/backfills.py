"""Backfills: how fast in bulk and singly, how fast when nothing is new."""

from collections.abc import Sequence
from typing import Final

from benchmarks.machine import Spent
from benchmarks.measures import Measure, Target, at_least
from benchmarks.passes import (
    check_no_writes,
    check_records,
    measured_pass,
    measured_scan,
)
from benchmarks.shopper import Errand, shop_for
from benchmarks.stage import Stage, set_stage

CUSTOMERS: Final = 10_000
QUICK_CUSTOMERS: Final = 60
#: More than ever wait at once: every write goes by itself.
NEVER_BULK: Final = 1_000_000


async def in_bulk(*, quick: bool) -> Sequence[Measure]:
    """Bring a shop over in bulk; then look at it again, and touched in vain."""
    async with set_stage(QUICK_CUSTOMERS if quick else CUSTOMERS) as stage:
        first = await measured_pass(stage)
        measures = _told("backfill.bulk", first, stage, at_least(3000))
        check_records(stage)
        measures += _told("backfill.again", await measured_pass(stage), stage)
        check_no_writes(stage)
        unchanged = await measured_scan(stage)
        measures += _told("re-scan.unchanged", unchanged, stage, at_least(8000))
        assert stage.crm.total() == 0, stage.crm.calls()
        errands = [
            Errand(number=number, id=id_, version=version, action=_unmapped(number))
            for number, (id_, version) in enumerate(stage.customers())
        ]
        touched = await shop_for(stage.shop.url, errands)
        measures += _told("re-scan.touched", await measured_scan(stage), stage)
        check_no_writes(stage)
        assert touched == len(errands)
        return measures


async def singly(*, quick: bool) -> Sequence[Measure]:
    """Bring a shop over with one call a record."""
    async with set_stage(QUICK_CUSTOMERS if quick else CUSTOMERS) as stage:
        spent = await measured_pass(stage, bulk_from=NEVER_BULK)
        measures = _told("backfill.single", spent, stage)
        check_records(stage)
        await measured_pass(stage, bulk_from=NEVER_BULK)
        check_no_writes(stage)
        return measures


def _told(
    name: str, spent: Spent, stage: Stage, target: Target | None = None
) -> list[Measure]:
    """Tell the rate of a pass, what it cost this side, and what it asked of the CRM."""
    records = stage.records
    sizes = f"{stage.truth.customers:,} customers, {stage.truth.units:,} companies"
    return [
        Measure(
            name=name,
            value=records / spent.seconds,
            unit="records/s",
            target=target,
            conditions=f"{sizes}, {spent.seconds:.1f} s",
        ),
        Measure(
            name=f"{name}.cpu",
            value=spent.cpu_seconds / records * 1e6,
            unit="us/record",
            conditions="engine's process only",
        ),
        Measure(
            name=f"{name}.calls",
            value=stage.crm.total() / records,
            unit="calls/record",
            conditions=f"{stage.crm.total():,} CRM calls, {stage.crm.writes():,} write",
        ),
    ]


def _unmapped(number: int) -> dict[str, str]:
    return {"action": "setMiddleName", "middleName": f"Middle {number}"}
