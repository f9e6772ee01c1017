"""Where sources disagree about the CRM, the engine is right either way."""

import pytest

from crosswalk.freshsales.gateway import CustomFields
from crosswalk.simulators.freshsales.switches import SWITCHES
from crosswalk.store.database import Database
from tests.simulated import Simulator
from tests.worlds import Town, configuration, town

pytestmark = pytest.mark.anyio

#: Every doubtful behaviour that a sync could stumble over: the switch, the other way.
DOUBTFUL = [
    ("create_status", 201),
    ("upsert_always_200", True),
    ("error_message_as_string", True),
    ("uniqueness_error_code", True),
    ("duplicate_text", "not_unique"),
    ("time_zone", "America/New_York"),
    ("millisecond_timestamps", True),
    ("unchanged_update_bumps", False),
    ("respell_phones", True),
    ("trim_text", True),
    ("title_case_country", True),
    ("lower_case_emails", True),
    ("dates_as_datetimes", True),
    ("index_lag_seconds", 20),
    ("rows_carry_custom_field", False),
    ("short_pages", True),
    ("per_page_cap", 2),
    ("upsert_by_unique_field", False),
    ("invalid_choice", "refuse"),
]

PRELOADED = pytest.mark.parametrize(
    "preloaded", [False, pytest.param(True, marks=pytest.mark.slow)]
)


@PRELOADED
@pytest.mark.parametrize(("switch", "value"), DOUBTFUL)
async def test_a_doubtful_behaviour_changes_nothing(
    here: Town, switch: str, value: object, *, preloaded: bool
) -> None:
    """
    New, known, shared and changed customers end as they should, and the next pass
    writes nothing, whichever way the CRM behaves.
    """
    here.crm.switch(**{switch: value})
    known = here.add_contact(emails="Bea@Example.com", job_title="Boss")
    here.add_contact(emails="eve@example.com", external_id="erp-7")
    if preloaded:
        await here.look_around()
    ada = here.add_customer("Ada@example.com", firstName="Ada", **_details())
    bea = here.add_customer("bea@example.com", firstName="Bea")
    here.add_customer("eve@example.com", firstName="Eve")
    await here.sync()
    assert here.contact(bea)["id"] == known
    assert here.contact(bea)["job_title"] == "Boss"
    contact = here.contact(ada)
    assert contact["city"] == "Dresden"
    assert contact["custom_field"]["cf_customer_number"] == "C-1"
    assert await here.pending() == {"review": 1}
    here.change(ada, {"action": "setFirstName", "firstName": "Augusta"})
    await here.sync()
    contact = here.contact(ada)
    assert contact["first_name"] == "Augusta"
    assert contact["custom_field"]["cf_customer_number"] == "C-1"
    assert contact["custom_field"]["cf_date_of_birth"].startswith("1990-12-10")
    here.pass_time(3600)
    await here.sync()
    here.crm.forget_calls()
    await here.sync()
    assert here.crm.writes() == 0
    assert len(here.contacts()) == 3


def test_every_doubtful_behaviour_named_here_is_a_switch() -> None:
    """
    Each row is a switch of the simulator, and not at its default.
    """
    defaults = {switch.name: switch.default for switch in SWITCHES}
    assert all(defaults[name] != value for name, value in DOUBTFUL)


async def test_an_account_that_replaces_custom_fields_loses_none(
    database: Database, shop: Simulator, crm: Simulator
) -> None:
    """
    Where an update clears the custom fields that it does not name, all are named, also
    those that only the salespeople fill.
    """
    crm.switch(custom_field_update="replace")
    label = {"module": "contacts", "label": "Shoe size", "type": "text"}
    crm.seed([("fields", {**label, "name": "cf_shoe_size"})])
    mode = CustomFields.REPLACE
    async with town(database, shop, crm, configuration(), custom_fields=mode) as here:
        customers = [
            here.add_customer(f"c{n}@example.com", **_details(n)) for n in range(7)
        ]
        await here.sync()
        for customer in customers:
            fields = {"custom_field": {"cf_shoe_size": "42"}}
            custom = here.contact(customer)["custom_field"]
            fields = {"custom_field": custom | fields["custom_field"]}
            here.edit(here.contact(customer)["id"], **fields)
            edit = {"action": "setKey", "key": f"key-{customer}"}
            here.change(customer, edit)
        await here.sync_together()
        await here.drain()
        for n, customer in enumerate(customers):
            custom = here.contact(customer)["custom_field"]
            assert custom["cf_shop_key"] == f"key-{customer}"
            assert custom["cf_shoe_size"] == "42"
            assert custom["cf_customer_number"] == f"C-{n}"


def _details(number: int = 1) -> dict[str, object]:
    """Give a customer everything that a CRM may respell."""
    address = {
        "key": "home",
        "country": "DE",
        "city": "Dresden",
        "streetName": "Hauptstr. ",
        "mobile": "0171 2345678",
        "phone": "0351 123456",
    }
    return {
        "customerNumber": f"C-{number}",
        "dateOfBirth": "1990-12-10",
        "addresses": [address],
        "defaultBillingAddress": 0,
    }
