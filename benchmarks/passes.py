"""Passes over a whole shop in a process of their own, and what must come of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from benchmarks.machine import Meter, Spent, in_own_process
from benchmarks.stage import Stage, open_world
from crosswalk.domain.model import Kind
from crosswalk.engine import backfill, quiet
from crosswalk.engine.poll import poll_shop
from crosswalk.store.runs import State

#: Before any shop was opened.
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


async def measured_scan(stage: Stage) -> Spent:
    """Poll the shop from its beginning, in a fresh process, until all is quiet."""
    stage.crm.forget_calls()
    return await in_own_process(run_scan, dict(stage.variables))


async def run_scan(variables: Mapping[str, str]) -> Spent:
    """Poll the shop from its beginning and tell what it cost this process."""
    async with open_world(variables) as world:
        meter = Meter()
        for kind in Kind:
            await poll_shop(kind, world, since=BEGINNING)
        await quiet.until_quiet(world)
        return meter.read()


async def measured_pass(stage: Stage, *, bulk_from: int | None = None) -> Spent:
    """Run a backfill of the stage to its end in a fresh process."""
    stage.crm.forget_calls()
    return await in_own_process(run_backfill, dict(stage.variables), bulk_from)


async def run_backfill(variables: Mapping[str, str], bulk_from: int | None) -> Spent:
    """Run a backfill to its end and tell what it cost this process."""
    async with open_world(variables, bulk_from=bulk_from) as world:
        meter = Meter()
        number = await backfill.begin(world)
        state = await backfill.carry_on(number, world, progress=lambda _: None)
        await quiet.until_quiet(world)
        spent = meter.read()
    assert state is State.DONE, state
    return spent


def check_records(stage: Stage) -> None:
    """Hold what the CRM has to what must come of the sample."""
    contacts = [c for c in stage.crm.records("contacts") if not c.get("is_deleted")]
    accounts = stage.crm.records("sales_accounts")
    assert len(contacts) == stage.truth.contacts_at_end, len(contacts)
    assert len(accounts) == stage.truth.accounts_at_end, len(accounts)
    carried = [c["external_id"] for c in contacts if c["external_id"]]
    assert len(carried) == len(set(carried)), "a customer has two contacts"


def check_no_writes(stage: Stage) -> None:
    """See that the last pass asked the CRM for no change."""
    assert stage.crm.writes() == 0, stage.crm.calls()
