"""The CRM's socket against an account that has its moods."""

from collections import Counter

import pytest
from aiohttp.test_utils import unused_port

from crosswalk.domain.faults import Fault
from crosswalk.domain.model import Kind, Lane
from crosswalk.freshsales.gateway import CustomFields, Freshsales, Options
from tests.clocks import SkippingClock
from tests.freshsales.accounts import WANTED, failure_of, fresh_email, spend_freely
from tests.freshsales.conftest import Make
from tests.simulated import Simulator

pytestmark = pytest.mark.anyio


async def test_every_call_is_spent_in_its_lane(
    crm: Freshsales, spent: Counter[Lane], simulated_crm: Simulator
) -> None:
    """
    What the account counts is what was spent, settings and selectors included.
    """
    person = await crm.claim(fresh_email())
    await crm.on(Lane.BACKFILL).update(Kind.PERSON, person.id, {"city": "Bonn"})
    await crm.on(Lane.RECONCILE).page(Kind.PERSON, 1)
    assert spent == {
        Lane.ACTION: 3,  # two times fields, one selector
        Lane.LIVE: 1,
        Lane.BACKFILL: 1,
        Lane.RECONCILE: 2,  # views and page
    }
    assert sum(simulated_crm.calls().values()) == spent.total()


async def test_the_view_of_all_records_is_found_once(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    Two pages cost two calls and one look for the view.
    """
    await crm.page(Kind.PERSON, 1)
    await crm.page(Kind.PERSON, 2)
    calls = simulated_crm.calls()
    assert sum(n for line, n in calls.items() if "filters" in line) == 1


async def test_an_unknown_choice_is_looked_for_once_a_minute(
    crm: Freshsales, clock: SkippingClock, simulated_crm: Simulator
) -> None:
    """
    A stage that was just added is found; a mistake does not cost a call every time.
    """
    person = await crm.claim(fresh_email())
    clock.skipped += 61
    stage = {"id": 4711, "name": "Fan", "contact_status_ids": [], "position": 9}
    simulated_crm.seed([("lifecycle_stages", stage)])
    fields = {"lifecycle_stage": "Fan"}
    stored = await crm.update(Kind.PERSON, person.id, fields)
    assert stored.fields["lifecycle_stage"] == "Fan"
    before = sum(simulated_crm.calls().values())
    error = await failure_of(
        crm.update(Kind.PERSON, person.id, {"lifecycle_stage": "Foe"})
    )
    assert (error.fault, error.field) == (Fault.REFUSED, "lifecycle_stage")
    assert sum(simulated_crm.calls().values()) == before


async def test_fields_are_read_anew_after_a_while(
    crm: Freshsales, clock: SkippingClock, simulated_crm: Simulator
) -> None:
    """
    The schema is kept for half an hour.
    """
    clock.skipped += 1799
    await crm.schema(Kind.COMPANY)
    clock.skipped += 2
    await crm.schema(Kind.COMPANY)
    calls = simulated_crm.calls()
    settings = [n for line, n in calls.items() if "fields" in line]
    assert sum(settings) == 3


@pytest.mark.parametrize("mode", list(CustomFields))
async def test_an_update_keeps_the_custom_fields_it_does_not_name(
    make: Make, simulated_crm: Simulator, mode: CustomFields
) -> None:
    """
    Whether the account merges or replaces them, a field not sent keeps its value,
    singly and in bulk.
    """
    simulated_crm.switch(custom_field_update=mode)
    crm = await make(Options(wanted=WANTED, custom_fields=mode))
    person = await crm.claim(fresh_email())
    await crm.update(Kind.PERSON, person.id, {"cf_a": "1", "cf_b": "1"})
    stored = await crm.update(Kind.PERSON, person.id, {"cf_b": "2"})
    assert (stored.fields["cf_a"], stored.fields["cf_b"]) == ("1", "2")
    rows = [(person.id, {"cf_b": "3"}), ("1", {"cf_b": "3"})]
    job = await crm.bulk_update(Kind.PERSON, rows)
    read = await crm.read(Kind.PERSON, person.id)
    assert read is not None
    assert (read.fields["cf_a"], read.fields["cf_b"]) == ("1", "3")
    assert list(job.refused) == [1]


async def test_a_lost_answer_to_a_write_is_ambiguous(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A create whose connection is lost may have been done, and is not repeated.
    """
    simulated_crm.switch(drop_after_commit_next=1)
    email = fresh_email()
    error = await failure_of(crm.create(Kind.PERSON, {"email": email}))
    assert (error.fault, error.status) == (Fault.AMBIGUOUS, 0)
    found = await crm.find(Kind.PERSON, "email", email)
    assert [record.emails for record in found] == [(email,)]


async def test_a_lost_server_is_transient_before_anything_is_sent(
    clock: SkippingClock,
) -> None:
    """
    Where nobody listens nothing was sent, so a write may be repeated.
    """
    url = f"http://127.0.0.1:{unused_port()}/crm/sales"
    async with Freshsales(url, "key", spend=spend_freely, clock=clock) as crm:
        assert (await failure_of(crm.claim("a@b.c"))).fault is Fault.TRANSIENT


@pytest.mark.parametrize(
    ("switches", "fault", "retry_after"),
    [
        ({"edge_throttle_next": 1, "edge_retry_after": 240}, Fault.THROTTLED, 240.0),
        ({"inner_throttle_next": 1}, Fault.THROTTLED, None),
        ({"server_error_next": 1}, Fault.AMBIGUOUS, None),
        ({"server_error_next": 1, "server_error_status": 503}, Fault.TRANSIENT, None),
    ],
)
async def test_a_write_that_fails_says_how(
    crm: Freshsales,
    simulated_crm: Simulator,
    switches: dict[str, int],
    fault: Fault,
    retry_after: float | None,
) -> None:
    """
    Throttling is known in each of its disguises, and nothing is sent again.
    """
    person = await crm.claim(fresh_email())
    before = sum(simulated_crm.calls().values())
    simulated_crm.switch(**switches)
    error = await failure_of(crm.update(Kind.PERSON, person.id, {"city": "Bonn"}))
    assert (error.fault, error.retry_after) == (fault, retry_after)
    assert sum(simulated_crm.calls().values()) == before + 1


async def test_a_forbidden_lookup_is_no_matter_of_credentials(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A 403 on a look-up passes.
    """
    simulated_crm.switch(lookup_forbidden_next=1)
    error = await failure_of(crm.find(Kind.PERSON, "email", "a@b.c"))
    assert (error.fault, error.status) == (Fault.TRANSIENT, 403)


async def test_a_wrong_key_is_denied(
    simulated_crm: Simulator, clock: SkippingClock
) -> None:
    """
    A key that nobody issued is told as a failed login.
    """
    async with Freshsales(
        simulated_crm.url, "no", spend=spend_freely, clock=clock
    ) as crm:
        error = await failure_of(crm.page(Kind.PERSON, 1))
    assert (error.fault, error.status) == (Fault.DENIED, 401)
    assert error.messages[0] == "login failed"


async def test_a_view_that_was_taken_away_is_looked_for_again(
    simulated_crm: Simulator, clock: SkippingClock
) -> None:
    """
    After a forbidden page the next one asks for the views anew.
    """
    simulated_crm.seed([("keys", {"token": "short-lived", "user_id": 1})])
    async with Freshsales(
        simulated_crm.url, "short-lived", spend=spend_freely, clock=clock
    ) as crm:
        await crm.page(Kind.PERSON, 1)
        simulated_crm.act("revoke_key", token="short-lived")
        assert (await failure_of(crm.page(Kind.PERSON, 1))).fault is Fault.DENIED
        await failure_of(crm.page(Kind.PERSON, 1))
    calls = simulated_crm.calls()
    assert sum(n for line, n in calls.items() if "filters" in line) == 2


async def test_a_deleted_contact_is_gone(
    crm: Freshsales, simulated_crm: Simulator
) -> None:
    """
    A record in the recycle bin is neither read nor found.
    """
    person = await crm.claim(fresh_email())
    simulated_crm.act("delete", id=int(person.id))
    assert await crm.read(Kind.PERSON, person.id) is None
    assert await crm.find(Kind.PERSON, "email", person.emails[0]) == []


async def test_looking_up_takes_any_character(crm: Freshsales) -> None:
    """
    A plus sign in an address is searched for as a plus sign.
    """
    email = f"plus+{fresh_email()}"
    person = await crm.claim(email)
    found = await crm.find(Kind.PERSON, "email", email)
    assert [record.id for record in found] == [person.id]
