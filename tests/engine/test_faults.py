"""Calls that fail: what is tried again, what is not, and what it must never lead to."""

import pytest

from crosswalk.domain.model import Kind
from crosswalk.engine.batch import sync_batch
from crosswalk.store import pending
from crosswalk.store.database import FencedError
from tests.worlds import Town

pytestmark = pytest.mark.anyio

PRELOADED = pytest.mark.parametrize("preloaded", [True, False])
LAG = pytest.mark.parametrize("lag", [0, 20])


def _field(module: str, name: str, **facts: object) -> tuple[str, dict[str, object]]:
    label = name.removeprefix("cf_").replace("_", " ").capitalize()
    field = {"module": module, "name": name, "label": label, "type": "text", **facts}
    return "fields", field


def _tier(*choices: str) -> tuple[str, dict[str, object]]:
    kind = {"type": "dropdown", "choices": list(choices)}
    return _field("contacts", "cf_loyalty_tier", **kind)


def _tiered(tier: str) -> dict[str, object]:
    kind = {"typeId": "type", "key": "sample-customer"}
    return {"custom": {"type": kind, "fields": {"loyaltyTier": tier}}}


@PRELOADED
async def test_a_choice_that_the_crm_drops_is_parked(
    here: Town, *, preloaded: bool
) -> None:
    """
    A dropdown value that was valid when the schema was read, and is dropped without a
    word, is a parked field; the other fields are stored (F65).
    """
    if preloaded:
        await here.look_around()
    await here.world.crm.schema(Kind.PERSON)
    here.crm.seed([_tier("bronze", "silver")])
    customer = here.add_customer("ada@example.com", firstName="Ada", **_tiered("gold"))
    await here.sync()
    contact = here.contact(customer)
    assert contact["first_name"] == "Ada"
    assert contact["custom_field"]["cf_loyalty_tier"] is None
    row = await here.stands(Kind.PERSON, customer)
    assert (row["state"], row["because"]) == ("parked", "not_stored")
    fields = row["detail"]["detail"]["fields"]
    assert [field["field"] for field in fields] == ["cf_loyalty_tier"]


async def test_a_choice_known_to_be_none_is_not_sent(here: Town) -> None:
    """
    What the CRM's schema does not list is parked with a remedy, the rest is stored.
    """
    here.crm.seed([_tier("bronze")])
    customer = here.add_customer("ada@example.com", firstName="Ada", **_tiered("gold"))
    await here.sync()
    assert here.contact(customer)["first_name"] == "Ada"
    row = await here.stands(Kind.PERSON, customer)
    assert row["state"] == "parked"
    assert row["detail"]["remedy"]


@PRELOADED
async def test_a_required_field_unfilled_is_parked(
    here: Town, *, preloaded: bool
) -> None:
    """
    A record that the CRM will not take as it stands is parked with its words, once.
    """
    if preloaded:
        await here.look_around()
    here.crm.seed([_field("contacts", "cf_shoe_size", required=True)])
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    row = await here.stands(Kind.PERSON, customer)
    assert (row["state"], row["because"]) == ("parked", "remote_refused")
    assert "Shoe size" in row["detail"]["what"]
    here.crm.forget_calls()
    await here.sync()
    assert here.crm.writes() == 0


@PRELOADED
async def test_a_create_whose_answer_was_lost_made_one_contact(
    here: Town, *, preloaded: bool
) -> None:
    """
    The CRM did it and could not say so: the contact is found again, not made twice
    (F24).
    """
    if preloaded:
        await here.look_around()
    here.crm.switch(index_lag_seconds=20, drop_after_commit_next=1)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    assert here.contact(customer)["first_name"] == "Ada"
    assert len(here.contacts()) == 1
    assert await here.pending() == {}


@PRELOADED
@LAG
async def test_an_account_whose_answer_was_lost_is_one(
    here: Town, lag: int, *, preloaded: bool
) -> None:
    """
    An account is searched by its id once the index surely knows it, then adopted; it
    is never posted blindly a second time (F24).
    """
    if preloaded:
        await here.look_around()
    here.crm.switch(index_lag_seconds=lag, drop_after_commit_next=1)
    here.add_unit("acme")
    await here.sync()
    assert here.account("acme")["name"] == "acme Ltd"
    assert len(here.crm.records("sales_accounts")) == 1
    posts = [call for call in here.crm.calls() if call.startswith("POST /sales_acc")]
    # An answer that was lost has no status.
    assert posts == ["POST /sales_accounts 0"]
    assert await here.pending() == {}


@LAG
@pytest.mark.parametrize("kind", ["contact", "account"])
async def test_a_create_that_never_arrived_is_made_once(
    here: Town, kind: str, lag: int
) -> None:
    """
    A connection lost before anything was done costs a wait, and then one record.
    """
    await here.look_around()
    here.crm.switch(index_lag_seconds=lag, drop_before_commit_next=1)
    if kind == "contact":
        here.add_customer("ada@example.com", firstName="Ada")
    else:
        here.add_unit("acme")
    await here.sync()
    assert len(here.contacts()) + len(here.crm.records("sales_accounts")) == 1
    assert await here.pending() == {}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_an_update_whose_answer_was_lost_is_repeated(
    here: Town, moment: str
) -> None:
    """
    A second update with the same values is harmless (F25).
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.crm.switch(**{f"drop_{moment}_commit_next": 1})
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert here.contact(customer)["first_name"] == "Augusta"
    assert await here.pending() == {}


@pytest.mark.parametrize("told", [True, False])
async def test_a_throttled_call_is_no_attempt(here: Town, *, told: bool) -> None:
    """
    429, with and without Retry-After: everybody waits, nothing is lost, and no
    attempt is counted (F46, F47).
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    if told:
        here.crm.switch(edge_throttle_next=1, edge_retry_after=40)
    else:
        here.crm.switch(inner_throttle_next=1)
    await here.poll()
    await here.drain_entity(Kind.PERSON, customer)
    row = await here.stands(Kind.PERSON, customer)
    assert (row["state"], row["attempts"]) == ("ready", 0)
    assert row["because"] == "remote_throttled"
    wait = (row["not_before"] - here.clock.now()).total_seconds()
    assert wait <= (40 if told else 60)
    here.pass_time(61)
    await here.drain()
    assert here.contact(customer)["first_name"] == "Augusta"
    assert await here.pending() == {}


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_burst_of_errors_is_survived(here: Town, status: int) -> None:
    """
    Five failing calls in a row: each record is tried again later, none is doubled
    (F50).
    """
    await here.look_around()
    here.crm.switch(server_error_next=5, server_error_status=status)
    customers = [here.add_customer(f"c{n}@example.com") for n in range(3)]
    await here.poll()
    for _ in range(8):
        await here.drain()
        here.pass_time(700)
    assert sorted(c["external_id"] for c in here.contacts()) == sorted(customers)
    assert await here.pending() == {}


async def test_the_shop_may_lag_behind_its_notice(here: Town) -> None:
    """
    A version older than the one announced is waited for, never written (F08).
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.shop.switch(list_lag_seconds=3)
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.announce(customer)
    here.crm.forget_calls()
    await here.drain_entity(Kind.PERSON, customer)
    row = await here.stands(Kind.PERSON, customer)
    assert (row["state"], row["because"]) == ("ready", "R102")
    assert here.crm.total() == 0
    await here.drain()
    assert here.contact(customer)["first_name"] == "Augusta"
    assert here.crm.writes() == 1


async def test_a_record_not_readable_yet_is_not_gone(here: Town) -> None:
    """
    A customer announced before it can be read is waited for (F07).
    """
    here.shop.switch(list_lag_seconds=3)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.announce(customer)
    await here.drain_entity(Kind.PERSON, customer)
    assert (await here.stands(Kind.PERSON, customer))["because"] == "R102"
    await here.drain()
    assert here.contact(customer)["first_name"] == "Ada"


async def test_a_revoked_key_stops_everything_at_once(here: Town) -> None:
    """
    Refused credentials cost one call, and the queue waits intact (F55).
    """
    customers = [here.add_customer(f"c{n}@example.com") for n in range(4)]
    await here.world.crm.schema(Kind.PERSON)
    here.crm.act("revoke_key", token="sample-key")
    here.crm.forget_calls()
    await here.sync()
    assert here.crm.total() <= 2
    assert await here.pending() == {"ready": 4}
    here.crm.seed([("keys", {"token": "sample-key", "user_id": 1})])
    here.world.quota.try_again()
    here.pass_time(61)
    await here.drain()
    assert sorted(c["external_id"] for c in here.contacts()) == sorted(customers)


async def test_a_fenced_drain_sends_nothing(here: Town) -> None:
    """
    A drain whose partition another has taken neither writes nor remembers (F36).
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.poll()
    async with here.world.database.transaction() as tx:
        (number,) = await pending.due_partitions(tx, now=here.clock.now())
        now = here.clock.now()
        old = await pending.take(tx, number, holder=None, job=None, at=now)
        await pending.take(tx, number, holder=None, job=None, at=now)
        rows = await pending.due(tx, number, now=now)
    with pytest.raises(FencedError):
        await sync_batch(rows, here.world, old)
    assert here.crm.writes() == 0
    await here.drain()
    assert here.contact(customer)["first_name"] == "Ada"
