"""Bulk calls against an account that has its moods."""

from itertools import count

import pytest

from crosswalk.domain.faults import Fault
from crosswalk.domain.model import Lane
from crosswalk.freshsales.gateway import Freshsales
from tests.clocks import SkippingClock
from tests.freshsales.accounts import failure_of, fresh_email
from tests.simulated import Simulator

pytestmark = pytest.mark.anyio


async def test_a_busy_bulk_call_is_handed_in_again(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A 405 means later, but not for ever.
    """
    simulated_crm.switch(bulk_busy_next=2)
    assert not (await crm.bulk_claim([fresh_email()])).refused
    simulated_crm.switch(bulk_busy_next=99)
    error = await failure_of(crm.bulk_claim([fresh_email()]))
    assert (error.fault, error.status) == (Fault.TRANSIENT, 405)


async def test_a_bulk_call_that_fails_otherwise_is_not_repeated(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    Whether it was taken is not known, so it is told.
    """
    simulated_crm.switch(server_error_next=1)
    assert (await failure_of(crm.bulk_claim([fresh_email()]))).fault is Fault.AMBIGUOUS


async def test_a_job_that_never_ends_is_given_up(
    crm: Freshsales, clock: SkippingClock, simulated_crm: Simulator
) -> None:
    """
    After the deadline its rows are ambiguous, and few calls were spent on asking.
    """
    simulated_crm.switch(bulk_delay_seconds=1e6)
    began = clock.skipped
    error = await failure_of(crm.bulk_claim([fresh_email()]))
    assert error.fault is Fault.AMBIGUOUS
    assert error.call == "POST /contacts/bulk_upsert"
    assert 300 <= clock.skipped - began < 340
    polls = sum(n for line, n in simulated_crm.calls().items() if "job" in line)
    assert polls < 25


async def test_trouble_while_asking_for_a_job_passes(
    simulated_crm: Simulator, clock: SkippingClock
) -> None:
    """
    A question that fails is asked again, and the job's rows are told as ever.
    """
    spent = count(1)

    async def spend(_: Lane) -> None:
        """Break the first question after the submit."""
        if next(spent) == 2:
            simulated_crm.switch(server_error_next=1)

    async with Freshsales(
        simulated_crm.url, "sample-key", spend=spend, clock=clock
    ) as crm:
        job = await crm.bulk_claim([fresh_email(), "no address"])
    assert list(job.refused) == [1]
    failed = [n for line, n in simulated_crm.calls().items() if "500" in line]
    assert failed == [1]


async def test_a_job_that_was_forgotten_is_not_asked_for_again(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    When a job is gone its rows are ambiguous at once.
    """
    simulated_crm.switch(job_retention_seconds=1e-9, bulk_delay_seconds=0.001)
    error = await failure_of(crm.bulk_claim([fresh_email()]))
    assert error.fault is Fault.AMBIGUOUS
    assert sum(n for line, n in simulated_crm.calls().items() if "job" in line) == 1


async def test_a_job_elsewhere_is_never_asked_for(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A status address on another server is refused, and the rows are ambiguous.
    """
    simulated_crm.switch(job_status_base="https://evil.example/crm/sales/api")
    error = await failure_of(crm.bulk_claim([fresh_email()]))
    assert error.fault is Fault.AMBIGUOUS
    assert "evil.example" in str(error)


async def test_rows_of_an_unnamed_failure_are_counted(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A report without identifiers leaves the number of failures.
    """
    simulated_crm.switch(bulk_failure_report="bare")
    job = await crm.bulk_claim([fresh_email(), "no address"])
    assert (dict(job.refused), job.unnamed) == ({}, 1)
