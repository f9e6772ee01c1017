"""What a sync costs, and what it may never do to anybody's record."""

import pytest

from crosswalk.domain.model import Kind
from crosswalk.engine import census
from tests.worlds import Town

pytestmark = pytest.mark.anyio


async def test_a_new_customer_becomes_one_contact_in_two_calls(here: Town) -> None:
    """
    A customer whom nobody looked up before costs a claim and a write.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada", lastName="King")
    await here.sync()
    contact = here.contact(customer)
    assert (contact["first_name"], contact["last_name"]) == ("Ada", "King")
    assert here.crm.writes() == 2


async def test_with_a_census_a_new_customer_costs_one_write(here: Town) -> None:
    """
    Where the CRM's records are known, one create is enough.
    """
    await census.take(Kind.PERSON, here.world)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    assert here.contact(customer)["first_name"] == "Ada"
    assert here.crm.writes() == 1


async def test_a_changed_customer_costs_one_call(here: Town) -> None:
    """
    What is linked is neither looked up nor read again.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.crm.forget_calls()
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert here.contact(customer)["first_name"] == "Augusta"
    assert here.crm.total() == 1


async def test_an_unmapped_change_costs_nothing(here: Town) -> None:
    """
    A change that no mapping looks at makes no call at all.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.crm.forget_calls()
    here.change(customer, {"action": "setSalutation", "salutation": "Countess"})
    await here.sync()
    assert here.crm.total() == 0


async def test_a_hundred_changed_customers_cost_three_calls(here: Town) -> None:
    """
    Many waiting changes go out together: submit, ask, read back.
    """
    customers = [here.add_customer(f"c{n}@example.com") for n in range(100)]
    await here.sync()
    for customer in customers:
        here.change(customer, {"action": "setFirstName", "firstName": "Ada"})
    here.crm.forget_calls()
    await here.sync_together()
    assert all(contact["first_name"] == "Ada" for contact in here.contacts())
    assert here.crm.total() <= 3


async def test_two_customers_of_one_email_never_overwrite_each_other(
    here: Town,
) -> None:
    """
    The second customer of an e-mail address waits for a person, whatever changes.
    """
    stores = [{"typeId": "store", "key": store["key"]} for store in here.stores()[:2]]
    first = here.add_customer("ada@example.com", firstName="Ada", stores=stores[:1])
    await here.sync()
    second = here.add_customer("ada@example.com", firstName="Bea", stores=stores[1:])
    await here.sync()
    for name in ("Carla", "Dora"):
        here.change(second, {"action": "setFirstName", "firstName": name})
        await here.sync()
    assert here.contact(first)["first_name"] == "Ada"
    assert len(here.contacts()) == 1
    assert await here.pending() == {"review": 1}


async def test_an_email_changed_twenty_times_is_still_one_contact(here: Town) -> None:
    """
    The link is the identity; e-mail only found it once.
    """
    customer = here.add_customer("ada0@example.com")
    await here.sync()
    for turn in range(1, 21):
        email = f"ada{turn}@example.com"
        here.change(customer, {"action": "changeEmail", "email": email})
        await here.sync()
    assert [contact["email"] for contact in here.contacts()] == ["ada20@example.com"]
    assert here.contact(customer)


async def test_our_own_write_coming_back_costs_no_write(here: Town) -> None:
    """
    The CRM's listing shows what we wrote; it equals the base, and that is all.
    """
    await census.take(Kind.PERSON, here.world)
    here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.crm.forget_calls()
    here.clock.skipped += 3600
    await here.sync()
    assert here.crm.writes() == 0
    assert not any(call.startswith("GET /contacts/{id}") for call in here.crm.calls())


async def test_a_persons_edit_of_a_shop_owned_field_is_put_back_once(
    here: Town,
) -> None:
    """
    The owner's value stands; it takes one read and one write, and then all is quiet.
    """
    await census.take(Kind.PERSON, here.world)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    contact = here.contact(customer)
    edit = {"first_name": "Bea", "job_title": "Engineer"}
    here.crm.act("edit", resource="contacts", id=contact["id"], fields=edit)
    here.clock.skipped += 3600
    here.crm.forget_calls()
    await here.sync()
    await here.sync()
    contact = here.contact(customer)
    assert (contact["first_name"], contact["job_title"]) == ("Ada", "Engineer")
    assert here.crm.writes() == 1
