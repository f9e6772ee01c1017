"""Companies come before their divisions, and people are linked to them with roles."""

import pytest

from crosswalk.domain.model import Kind
from crosswalk.engine.poll import poll_shop
from tests.simulation.crashes import Death, Fate, doomed
from tests.worlds import Town

pytestmark = pytest.mark.anyio

#: How an associate is known in the shop.
BUYER, ADMIN = "buyer", "admin"


def _associate(customer: str, *roles: str) -> dict[str, object]:
    return {
        "customer": {"typeId": "customer", "id": customer},
        "associateRoleAssignments": [
            {"associateRole": {"typeId": "associate-role", "key": role}}
            for role in roles
        ],
    }


def _accounts(here: Town, customer: str) -> list[tuple[int, bool]]:
    """List the accounts of a contact, the primary one first."""
    links = here.contact(customer)["sales_accounts"]
    found = [(link["id"], link["is_primary"]) for link in links]
    return sorted(found, key=lambda link: not link[1])


async def test_a_tree_of_three_levels_arrives_with_its_parents(here: Town) -> None:
    """
    Each division hangs below the account of its parent; an account costs one create
    and, where its id field is not filled by that, no more.
    """
    here.add_unit("group")
    here.add_unit("north", "group")
    here.add_unit("depot", "north")
    await here.sync()
    group, north, depot = map(here.account, ("group", "north", "depot"))
    assert group["parent_sales_account_id"] is None
    assert north["parent_sales_account_id"] == group["id"]
    assert depot["parent_sales_account_id"] == north["id"]
    assert here.crm.calls()["POST /sales_accounts 200"] == 3
    assert here.crm.writes() == 3
    assert await here.pending() == {}


async def test_a_division_waits_for_its_parent_and_is_woken(here: Town) -> None:
    """
    Waiting is not failing: the division's own drain leaves it waiting, and the drain
    that links its parent wakes it.
    """
    here.add_unit("group")
    here.add_unit("north", "group")
    await poll_shop(Kind.COMPANY, here.world)
    await here.drain_entity(Kind.COMPANY, "north")
    row = await here.stands(Kind.COMPANY, "north")
    assert (row["state"], row["attempts"]) == ("waiting", 0)
    assert row["waits_for"] == "company:shop:group"
    assert here.crm.writes() == 0
    await here.drain_entity(Kind.COMPANY, "group")
    assert (await here.stands(Kind.COMPANY, "north"))["state"] == "ready"
    await here.drain()
    parent = here.account("north")["parent_sales_account_id"]
    assert parent == here.account("group")["id"]


async def test_a_parent_whose_drain_died_wakes_its_divisions(here: Town) -> None:
    """
    A drain that dies after it linked the parent, and before it could say so, leaves
    nobody waiting: the next one tells them.
    """
    custom = {"cf_commercetools_id": "group"}
    fields = {"name": "Group", "custom_field": custom}
    here.crm.act("create", resource="sales_accounts", fields=fields)
    here.add_unit("group")
    here.add_unit("north", "group")
    await here.poll()
    await here.drain_entity(Kind.COMPANY, "north")
    alive, here.world = here.world, doomed(here.world, Fate("before call"))
    with pytest.raises(Death):
        await here.drain_entity(Kind.COMPANY, "group")
    here.world = alive
    await here.drain()
    parent = here.account("north")["parent_sales_account_id"]
    assert parent == here.account("group")["id"]
    assert await here.pending() == {}


async def test_equal_names_are_no_identity(here: Town) -> None:
    """
    A company never takes over an account that merely has its name.
    """
    fields = {"name": "Acme"}
    stranger = here.crm.act("create", resource="sales_accounts", fields=fields)["id"]
    here.add_unit("acme-1", name="Acme")
    here.add_unit("acme-2", name="Acme")
    await here.sync()
    ids = {here.account(key)["id"] for key in ("acme-1", "acme-2")}
    assert len(ids) == 2
    assert stranger not in ids


async def test_associates_are_linked_with_their_roles(here: Town) -> None:
    """
    A customer's companies are accounts of the contact, the first one primary, and the
    roles stand beside them.
    """
    ada = here.add_customer("ada@example.com", firstName="Ada")
    for key, role in (("acme", ADMIN), ("bolt", BUYER)):
        here.add_unit(key, associates=[_associate(ada, role)])
    await here.sync()
    acme, bolt = (here.account(key)["id"] for key in ("acme", "bolt"))
    assert _accounts(here, ada) == [(acme, True), (bolt, False)]
    roles = here.contact(ada)["custom_field"]["cf_company_roles"]
    assert roles == "acme Ltd: Admin; bolt Ltd: Buyer"
    assert await here.pending() == {}


async def test_a_new_associate_reaches_a_contact_that_exists(here: Town) -> None:
    """
    The company changed and not the customer; the contact is linked all the same.
    """
    ada = here.add_customer("ada@example.com", firstName="Ada")
    here.add_unit("acme")
    await here.sync()
    assert _accounts(here, ada) == []
    add = {"action": "addAssociate", "associate": _associate(ada, BUYER)}
    here.change_unit("acme", add)
    await here.sync()
    assert _accounts(here, ada) == [(here.account("acme")["id"], True)]


async def test_an_associate_removed_leaves_the_account(here: Town) -> None:
    """
    Who is no member any more loses the shop's link, and keeps the salesperson's.
    """
    ada = here.add_customer("ada@example.com", firstName="Ada")
    here.add_unit("acme", associates=[_associate(ada, ADMIN)])
    here.add_unit("bolt", associates=[_associate(ada, ADMIN)])
    await here.sync()
    fields = {"name": "Sales' own"}
    own = here.crm.act("create", resource="sales_accounts", fields=fields)["id"]
    contact = here.contact(ada)
    links = [*contact["sales_accounts"], {"id": own, "is_primary": False}]
    here.edit(contact["id"], sales_accounts=links)
    remove = {
        "action": "removeAssociate",
        "customer": {"typeId": "customer", "id": ada},
    }
    here.change_unit("bolt", remove)
    await here.sync()
    await here.sync()
    acme = here.account("acme")["id"]
    assert {account for account, _ in _accounts(here, ada)} == {acme, own}
    assert here.contact(ada)["custom_field"]["cf_company_roles"] == "acme Ltd: Admin"


async def test_a_salespersons_account_survives_the_first_link(here: Town) -> None:
    """
    What a contact had before it was linked is kept beside the shop's accounts.
    """
    fields = {"name": "Sales' own"}
    own = here.crm.act("create", resource="sales_accounts", fields=fields)["id"]
    links = [{"id": own, "is_primary": True}]
    here.add_contact(emails="ada@example.com", sales_accounts=links)
    await here.look_around()
    ada = here.add_customer("ada@example.com", firstName="Ada")
    here.add_unit("acme", associates=[_associate(ada, BUYER)])
    await here.sync()
    acme = here.account("acme")["id"]
    assert dict(_accounts(here, ada)).keys() == {own, acme}


async def test_a_moved_division_moves_in_the_crm(here: Town) -> None:
    """
    A division under another parent hangs below that one's account.
    """
    for key in ("one", "two"):
        here.add_unit(key)
    here.add_unit("north", "one")
    await here.sync()
    parent = {"typeId": "business-unit", "key": "two"}
    here.change_unit("north", {"action": "changeParentUnit", "parentUnit": parent})
    here.crm.forget_calls()
    await here.sync()
    moved = here.account("north")["parent_sales_account_id"]
    assert moved == here.account("two")["id"]
    assert here.crm.writes() == 1
