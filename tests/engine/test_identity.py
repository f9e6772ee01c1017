"""Which contact a customer is: found, made, or asked about; never guessed."""

import pytest

from crosswalk.domain.model import Kind
from tests.engine.conftest import join_shared, twins
from tests.simulated import Simulator
from tests.worlds import Town, town

pytestmark = pytest.mark.anyio

#: Whether the CRM's records were read before: the index answers, or the CRM is asked.
PRELOADED = pytest.mark.parametrize("preloaded", [True, False])


async def _look_around(here: Town, *, preloaded: bool) -> None:
    if preloaded:
        await here.look_around()
    here.crm.forget_calls()


@PRELOADED
async def test_a_contact_of_the_customers_id_is_theirs(
    here: Town, *, preloaded: bool
) -> None:
    """
    The external id finds the contact, whatever its e-mail address is, if it is known.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    contact = here.add_contact(external_id=customer, emails="king@example.com")
    await _look_around(here, preloaded=preloaded)
    await here.sync()
    if preloaded:
        assert here.contact(customer)["id"] == contact
        assert here.contact(customer)["email"] == "ada@example.com"
        assert len(here.contacts()) == 1
    else:
        # A claim goes by the e-mail address; the CRM then says that the id is taken.
        assert (await here.question()).sort in ("conflict", "ambiguous")


@PRELOADED
async def test_an_email_in_another_case_is_the_same(
    here: Town, *, preloaded: bool
) -> None:
    """
    A contact is found by its e-mail address without regard to case, and keeps its id.
    """
    contact = here.add_contact(emails="Ada@Example.COM", job_title="Countess")
    await _look_around(here, preloaded=preloaded)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    found = here.contact(customer)
    assert (found["id"], found["first_name"]) == (contact, "Ada")
    assert found["job_title"] == "Countess"
    assert len(here.contacts()) == 1
    assert here.crm.writes() == (1 if preloaded else 2)


async def test_two_contacts_of_one_email_are_a_persons_matter(here: Town) -> None:
    """
    An ambiguous match shows its candidates and writes nothing at all.
    """
    here.crm.switch(unique_email=False)
    contacts = [here.add_contact(emails="ada@example.com") for _ in range(2)]
    await here.look_around()
    here.crm.forget_calls()
    here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    asked = await here.question()
    assert asked.sort == "ambiguous"
    assert sorted(c["crm_id"] for c in asked.candidates) == sorted(map(str, contacts))
    assert here.crm.writes() == 0
    assert await here.pending() == {"review": 1}


@PRELOADED
async def test_a_contact_of_somebody_else_is_never_reassigned(
    here: Town, *, preloaded: bool
) -> None:
    """
    A contact that carries another external id is a conflict, and stays as it is.
    """
    here.add_contact(emails="ada@example.com", external_id="erp-7", first_name="Bea")
    await _look_around(here, preloaded=preloaded)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert (await here.question()).sort == "conflict"
    (contact,) = here.contacts()
    assert (contact["external_id"], contact["first_name"]) == ("erp-7", "Bea")


@PRELOADED
async def test_a_shared_email_is_asked_about(here: Town, *, preloaded: bool) -> None:
    """
    The contact of one customer is not the other's without a person's word.
    """
    await _look_around(here, preloaded=preloaded)
    first, second = await twins(here)
    asked = await here.question()
    assert asked.sort == "shared"
    assert await here.stands(Kind.PERSON, first) is None
    assert asked.entity == f"person:shop:{second}"
    assert here.contact(first)["first_name"] == "Ada"


async def test_a_joined_customer_writes_nothing(
    here: Town, shop: Simulator, crm: Simulator
) -> None:
    """
    With the policy to join, the second customer is a secondary link of the contact:
    its changes cost nothing and overwrite nothing.
    """
    async with town(here.world.database, shop, crm, join_shared()) as joining:
        first, second = await twins(joining)
        crm.forget_calls()
        joining.change(second, {"action": "setFirstName", "firstName": "Bea"})
        await joining.sync()
        assert joining.contact(first)["first_name"] == "Ada"
        assert crm.total() == 0
        assert await joining.pending() == {}


async def test_the_link_outlives_the_email(here: Town) -> None:
    """
    Two customers who swap their e-mail addresses keep their own contacts.
    """
    await here.look_around()
    ada = here.add_customer("ada@example.com", firstName="Ada")
    bea = here.add_customer("bea@example.com", firstName="Bea")
    await here.sync()
    ids = [here.contact(who)["id"] for who in (ada, bea)]
    for who, email in (
        (ada, "parked@example.com"),
        (bea, "ada@example.com"),
        (ada, "bea@example.com"),
    ):
        here.change(who, {"action": "changeEmail", "email": email})
    for _ in range(4):
        await here.sync()
        here.pass_time(3600)
    assert [here.contact(who)["id"] for who in (ada, bea)] == ids
    assert [here.contact(who)["first_name"] for who in (ada, bea)] == ["Ada", "Bea"]
