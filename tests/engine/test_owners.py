"""Who may change a field, end to end; the rules themselves are tested in the domain."""

import pytest

from crosswalk.settings.config import Config, built_in
from crosswalk.store.database import Database
from tests.engine.conftest import owned
from tests.simulated import Simulator
from tests.worlds import Town, configuration, town

pytestmark = pytest.mark.anyio


async def test_a_stage_that_a_salesperson_chose_is_not_moved_back(here: Town) -> None:
    """
    The lifecycle stage is given once; from then on it is the salespeople's.
    """
    await here.look_around()
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    contact = here.contact(customer)
    stages = {stage["name"]: stage["id"] for stage in here.crm.records(STAGES)}
    assert contact["lifecycle_stage_id"] == stages["Lead"]
    here.edit(contact["id"], lifecycle_stage_id=stages["Customer"])
    here.crm.forget_calls()
    await here.sync()
    here.change(customer, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    contact = here.contact(customer)
    assert contact["lifecycle_stage_id"] == stages["Customer"]
    assert contact["first_name"] == "Augusta"
    assert here.crm.writes() == 1


async def test_a_contact_that_was_there_keeps_its_stage(here: Town) -> None:
    """
    A salesperson's contact, found by e-mail, is not made a lead again.
    """
    stages = {stage["name"]: stage["id"] for stage in here.crm.records(STAGES)}
    customer_stage = stages["Customer"]
    here.add_contact(emails="ada@example.com", lifecycle_stage_id=customer_stage)
    customer = here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    assert here.contact(customer)["lifecycle_stage_id"] == customer_stage


async def test_tags_are_added_and_a_salespersons_kept(
    database: Database, shop: Simulator, crm: Simulator
) -> None:
    """
    The shop's groups come and go as tags; what a salesperson tagged stays.
    """
    async with town(database, shop, crm, _tagged()) as here:
        await here.look_around()
        groups = {group["name"]: group["id"] for group in shop.records(GROUPS)}
        customer = here.add_customer("ada@example.com", customerGroup=_group(groups))
        await here.sync()
        contact = here.contact(customer)
        assert contact["tags"] == ["Retail"]
        here.edit(contact["id"], tags=["Retail", "golf"])
        await here.sync()
        here.change(
            customer, {"action": "setCustomerGroup", "customerGroup": _group(groups, 1)}
        )
        await here.sync()
        await here.sync()
        assert sorted(here.contact(customer)["tags"]) == ["Wholesale", "golf"]


@pytest.mark.parametrize(
    ("shop_says", "crm_says", "stands"),
    [
        (False, "subscribed", "unsubscribed"),
        (True, "unsubscribed", "unsubscribed"),
        (True, "unknown", "subscribed"),
    ],
)
async def test_the_more_restrictive_consent_stands(
    here: Town, *, shop_says: bool, crm_says: str, stands: str
) -> None:
    """
    A no on either side wins over a yes, and a yes over not knowing.
    """
    contact = here.add_contact(
        emails="ada@example.com", custom_field={"cf_email_consent": crm_says}
    )
    custom = {
        "type": {"typeId": "type", "key": "sample-customer"},
        "fields": {"marketingOptIn": shop_says},
    }
    customer = here.add_customer("ada@example.com", custom=custom)
    await here.sync()
    found = here.contact(customer)
    assert found["id"] == contact
    assert found["custom_field"]["cf_email_consent"] == stands
    here.crm.forget_calls()
    await here.sync()
    assert here.crm.writes() == 0


async def test_a_field_of_the_crm_is_never_written(
    database: Database, shop: Simulator, crm: Simulator
) -> None:
    """
    What the CRM owns stays, whatever the shop says.
    """
    async with town(database, shop, crm, owned("last_name", "crm")) as here:
        contact = here.add_contact(emails="ada@example.com", last_name="King")
        customer = here.add_customer("ada@example.com", lastName="Lovelace")
        await here.sync()
        here.change(customer, {"action": "setLastName", "lastName": "Byron"})
        await here.sync()
        found = here.contact(customer)
        assert (found["id"], found["last_name"]) == (contact, "King")


@pytest.mark.parametrize("later", ["shop", "crm"])
async def test_the_newest_edit_stands(
    database: Database, shop: Simulator, crm: Simulator, later: str
) -> None:
    """
    Of two edits of one field the later stands.
    """
    async with town(database, shop, crm, owned("first_name", "newest")) as here:
        await here.look_around()
        customer = here.add_customer("ada@example.com", firstName="Ada")
        await here.sync()
        contact = here.contact(customer)["id"]

        def shop_edits() -> None:
            here.pass_time(3600)
            edit = {"action": "setFirstName", "firstName": "Augusta"}
            here.change(customer, edit)
            here.pass_time(3600)

        if later == "crm":
            shop_edits()
        here.edit(contact, first_name="Adele")
        if later == "shop":
            shop_edits()
        await here.sync()
        name = {"shop": "Augusta", "crm": "Adele"}[later]
        assert here.contact(customer)["first_name"] == name


STAGES, GROUPS = "lifecycle_stages", "customer-groups"


def _group(groups: dict[str, str], number: int = 0) -> dict[str, str]:
    name = ("Retail", "Wholesale")[number]
    return {"typeId": "customer-group", "id": groups[name]}


def _tagged() -> Config:
    line = '    - {crm: tags, shop: "groups[].name", owner: append, empty: clear}\n'
    start = "    - {crm: sales_accounts"
    return configuration(built_in().replace(start, line + start))
