"""Bulk calls: every row has its own end, whatever the job's report says."""

import pytest

from crosswalk.domain.model import Kind
from tests.worlds import Town

pytestmark = pytest.mark.anyio

REPORTS = pytest.mark.parametrize("report", ["identified", "bare", "empty"])


async def _crowd(here: Town, size: int) -> list[str]:
    """Bring so many customers over."""
    customers = [here.add_customer(f"c{n}@example.com") for n in range(size)]
    await here.poll()
    await here.sync_together()
    await here.drain()
    assert len(here.contacts()) == size
    return customers


def _rename(here: Town, customers: list[str], name: str = "Ada") -> None:
    for customer in customers:
        here.change(customer, {"action": "setFirstName", "firstName": name})


@REPORTS
@pytest.mark.parametrize("reverse", [False, True])
async def test_one_bad_row_of_many_harms_nobody_else(
    here: Town, report: str, *, reverse: bool
) -> None:
    """
    One of twenty rows is refused: it alone is a person's matter, the others are
    stored, however the job names its failures and in whatever order it works (F28).
    """
    customers = await _crowd(here, 20)
    bad = customers[7]
    stranger = here.add_contact(emails="taken@example.com", first_name="Bea")
    here.crm.switch(bulk_failure_report=report, bulk_reverse_order=reverse)
    _rename(here, customers)
    here.change(bad, {"action": "changeEmail", "email": "taken@example.com"})
    await here.sync_together()
    await here.drain()
    row = await here.stands(Kind.PERSON, bad)
    assert row["state"] == "review"
    assert await here.pending() == {"review": 1}
    assert here.contact(bad)["first_name"] != "Ada"
    others = {c["external_id"]: c["first_name"] for c in here.contacts()}
    assert all(others[customer] == "Ada" for customer in customers if customer != bad)
    (untouched,) = (c for c in here.contacts() if c["id"] == stranger)
    assert (untouched["first_name"], untouched["external_id"]) == ("Bea", None)


async def test_one_bad_row_of_a_hundred_is_parked(here: Town) -> None:
    """
    A row that the CRM refuses is parked with its reason, ninety-nine are done, and the
    bulk call is not repeated for them.
    """
    customers = await _crowd(here, 100)
    bad = customers[41]
    _rename(here, customers)
    here.change(bad, {"action": "setVatId", "vatId": "x" * 256})
    here.crm.forget_calls()
    await here.sync_together()
    await here.drain()
    names = [contact["first_name"] for contact in here.contacts()]
    assert names.count("Ada") == 99
    assert await here.pending() == {"parked": 1}
    assert (await here.stands(Kind.PERSON, bad))["because"] == "remote_refused"
    assert here.crm.calls()["POST /contacts/bulk_upsert 200"] == 1


async def test_a_busy_account_is_asked_again(here: Town) -> None:
    """
    405 on a bulk call means busy: it is handed in again, and every row is stored once.
    """
    customers = await _crowd(here, 10)
    _rename(here, customers)
    here.crm.switch(bulk_busy_next=2)
    here.crm.forget_calls()
    await here.sync_together()
    await here.drain()
    assert {contact["first_name"] for contact in here.contacts()} == {"Ada"}
    assert here.crm.calls()["POST /contacts/bulk_upsert 405"] == 2
    assert here.crm.calls()["POST /contacts/bulk_upsert 200"] == 1
    assert await here.pending() == {}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_bulk_call_without_an_answer_doubles_nothing(
    here: Town, moment: str
) -> None:
    """
    The job's id was lost: rows are looked up or sent again, and each is stored once
    (F26).
    """
    customers = [here.add_customer(f"c{n}@example.com") for n in range(10)]
    here.crm.switch(**{f"drop_{moment}_commit_next": 1})
    await here.poll()
    await here.sync_together()
    for _ in range(3):
        await here.drain()
        here.pass_time(60)
    assert sorted(c["external_id"] for c in here.contacts()) == sorted(customers)
    assert await here.pending() == {}


async def test_a_slow_job_is_waited_for(here: Town) -> None:
    """
    A bulk job that takes its time is asked for again, and not handed in twice.
    """
    customers = await _crowd(here, 10)
    here.crm.switch(bulk_delay_seconds=0.3)
    _rename(here, customers)
    here.crm.forget_calls()
    await here.sync_together()
    await here.drain()
    assert {contact["first_name"] for contact in here.contacts()} == {"Ada"}
    assert here.crm.calls()["POST /contacts/bulk_upsert 200"] == 1


async def test_a_bulk_call_loses_no_account(here: Town) -> None:
    """
    A bulk job ignores associations without a word, so they are sent singly.
    """
    customers = [here.add_customer(f"c{n}@example.com") for n in range(10)]
    associates = [
        {
            "customer": {"typeId": "customer", "id": customer},
            "associateRoleAssignments": [
                {"associateRole": {"typeId": "associate-role", "key": "buyer"}}
            ],
        }
        for customer in customers
    ]
    here.add_unit("acme", associates=associates)
    await here.poll()
    await here.drain_entity(Kind.COMPANY, "acme")
    await here.sync_together()
    await here.drain()
    acme = here.account("acme")["id"]
    for customer in customers:
        links = here.contact(customer)["sales_accounts"]
        assert [link["id"] for link in links] == [acme]
