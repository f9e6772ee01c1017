"""A person's answers: each is carried out, journalled, and can be taken back."""

import pytest

from crosswalk.domain.model import Kind, shop_ref
from crosswalk.engine import desk
from crosswalk.engine.desk import Decision, NotAllowedError
from crosswalk.store import journal
from tests.engine.conftest import owned, twins
from tests.simulated import Simulator
from tests.worlds import Town, town

pytestmark = pytest.mark.anyio


async def _ambiguous(here: Town) -> tuple[str, list[int]]:
    """Bring a customer to review whose e-mail address two contacts have."""
    here.crm.switch(unique_email=False)
    contacts = [
        here.add_contact(emails="ada@example.com", first_name=name)
        for name in ("Bea", "Cleo")
    ]
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.look_around()
    await here.sync()
    return customer, contacts


async def _deeds(here: Town, customer: str) -> list[tuple[str, str]]:
    """List what the journal tells of a customer: verb and cause, newest first."""
    key = shop_ref(Kind.PERSON, customer).key
    async with here.world.database.transaction() as tx:
        rows = await journal.history(tx, key)
    return [(row.verb, row.cause) for row in rows]


def _content(here: Town, customer: str) -> dict[str, object]:
    """Read a contact without the moment of its last write."""
    return {k: v for k, v in here.contact(customer).items() if k != "updated_at"}


async def test_link_makes_the_chosen_contact_theirs(here: Town) -> None:
    """
    The chosen contact gets the shop's values and our id; the other stays as it was.
    """
    customer, (one, other) = await _ambiguous(here)
    await here.decide("link", one)
    assert here.contact(customer)["id"] == one
    names = {contact["id"]: contact["first_name"] for contact in here.contacts()}
    assert names == {one: "Ada", other: "Cleo"}
    assert ("review link", "ann") in await _deeds(here, customer)
    assert await here.pending() == {}


async def test_create_makes_a_contact_of_their_own(here: Town) -> None:
    """
    Told that it is nobody the CRM knows, a record of its own is made, and once only.
    """
    customer, contacts = await _ambiguous(here)
    await here.decide("create")
    await here.sync()
    assert here.contact(customer)["id"] not in contacts
    assert len(here.contacts()) == 3
    assert await here.pending() == {}


async def test_ignore_leaves_the_customer_out(here: Town) -> None:
    """
    What a person wants left out costs nothing any more, until that is taken back.
    """
    customer, _ = await _ambiguous(here)
    await here.decide("ignore")
    here.crm.forget_calls()
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert here.crm.writes() == 0
    assert await here.pending() == {}
    key = shop_ref(Kind.PERSON, customer).key
    await desk.reopen(key, here.world, actor="ann")
    await here.drain()
    assert (await here.question()).sort == "ambiguous"


async def test_join_is_undone_without_loss(here: Town) -> None:
    """
    A joined customer writes nothing; taken back, the question is open again and the
    contact is as the first customer left it.
    """
    first, second = await twins(here)
    contact = _content(here, first)
    await here.decide("join", contact["id"])
    here.change(second, {"action": "setFirstName", "firstName": "Bea"})
    await here.sync()
    assert _content(here, first) == contact
    assert await here.pending() == {}
    key = shop_ref(Kind.PERSON, second).key
    await desk.reopen(key, here.world, actor="ann")
    await here.drain()
    assert (await here.question()).sort == "shared"
    assert _content(here, first) == contact
    here.change(first, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert here.contact(first)["first_name"] == "Augusta"


async def test_a_join_outlives_the_first_customers_changes(here: Town) -> None:
    """
    The primary link owns the fields, also after the second customer joined.
    """
    first, second = await twins(here)
    await here.decide("join", here.contact(first)["id"])
    here.change(second, {"action": "setLastName", "lastName": "Two"})
    here.change(first, {"action": "setLastName", "lastName": "One"})
    await here.sync()
    assert here.contact(first)["last_name"] == "One"


async def test_answers_that_do_not_fit_are_refused(here: Town) -> None:
    """
    Nothing is done for an answer of another question, without a record, or twice.
    """
    first, _ = await twins(here)
    number = (await here.question()).number
    taken = str(here.contact(first)["id"])
    misfits = [("shop", None), ("link", None), ("link", taken), ("join", "1")]
    for verb, chosen in misfits:
        wrong = Decision(number=number, verb=verb, crm_id=chosen, actor="ann")
        with pytest.raises(NotAllowedError):
            await desk.decide(wrong, here.world)
    assert (await here.question()).decided_at is None
    await here.decide("ignore")
    again = Decision(number=number, verb="ignore", actor="ann")
    with pytest.raises(NotAllowedError):
        await desk.decide(again, here.world)
    with pytest.raises(NotAllowedError):
        await desk.reopen(shop_ref(Kind.PERSON, "nobody").key, here.world, actor="ann")


@pytest.mark.parametrize(("verb", "name"), [("shop", "Augusta"), ("crm", "Adele")])
async def test_a_conflict_of_values_is_a_persons_matter(
    here: Town, shop: Simulator, crm: Simulator, verb: str, name: str
) -> None:
    """
    Where both sides changed a field that neither owns, the person's choice stands, and
    the next pass is quiet.
    """
    config = owned("first_name", "manual")
    async with town(here.world.database, shop, crm, config) as manual:
        await manual.look_around()
        customer = manual.add_customer("ada@example.com", firstName="Ada")
        await manual.sync()
        manual.edit(manual.contact(customer)["id"], first_name="Adele")
        manual.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
        await manual.sync()
        asked = await manual.question()
        assert asked.sort == "both_changed"
        assert manual.contact(customer)["first_name"] == "Adele"
        await manual.decide(verb)
        assert manual.contact(customer)["first_name"] == name
        assert await manual.pending() == {}
        crm.forget_calls()
        await manual.sync()
        assert crm.writes() == 0


async def test_a_contact_that_sales_deleted_is_asked_about(here: Town) -> None:
    """
    A deleted contact is not made anew behind the salespeople's back; told to create,
    a new one is.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    gone = here.contact(customer)["id"]
    here.crm.act("delete", resource="contacts", id=gone)
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert (await here.question()).sort == "gone"
    assert here.contacts() == []
    await here.decide("create")
    assert here.contact(customer)["first_name"] == "Augusta"
    assert here.contact(customer)["id"] != gone


async def test_a_merged_contact_is_linked_to_its_survivor(here: Town) -> None:
    """
    After a merge in the CRM a person says which contact it is now.
    """
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    survivor = here.add_contact(emails="other@example.com", first_name="Adele")
    loser = here.contact(customer)["id"]
    here.crm.act("merge", survivor=survivor, losers=[loser])
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    assert (await here.question()).sort == "gone"
    await here.decide("link", survivor)
    (contact,) = here.contacts()
    assert (contact["id"], contact["external_id"]) == (survivor, customer)
    assert contact["first_name"] == "Augusta"


async def test_what_was_parked_is_worked_on_again(here: Town) -> None:
    """
    Retried, a parked customer is done as soon as its cause is gone.
    """
    here.crm.seed([_number(required=True)])
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    assert await here.pending() == {"parked": 1}
    here.crm.seed([_number(required=False)])
    assert len(await desk.retry(None, here.world, actor="ann")) == 1
    await here.drain()
    assert here.contact(customer)["first_name"] == "Ada"
    assert await here.pending() == {}


def _number(*, required: bool) -> tuple[str, dict[str, object]]:
    return "fields", {
        "module": "contacts",
        "name": "cf_shoe_size",
        "label": "Shoe size",
        "type": "text",
        "required": required,
    }
