"""The simulator accepts what the vendor's reference accepts."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from tests.simulators.commercetools.shop import JSON, Shop, visit

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT.parent / "shared" / "contracts" / "commercetools-requests.schema.json"

ADDRESS = {"key": "hq", "country": "DE", "city": "Berlin", "phone": "+49301"}
GROUP = {"typeId": "customer-group", "key": "vip"}
STORE = {"typeId": "store", "key": "de"}
CUSTOM = {"type": {"typeId": "type", "key": "crm"}, "fields": {"crmId": "1"}}
CUSTOMER: dict[str, Any] = {
    "key": "jane",
    "customerNumber": "1",
    "externalId": "7",
    "email": "jane@example.com",
    "authenticationMode": "ExternalAuth",
    "firstName": "Jane",
    "dateOfBirth": "1990-01-31",
    "locale": "en",
    "addresses": [ADDRESS],
    "defaultShippingAddress": 0,
    "customerGroup": GROUP,
    "customerGroupAssignments": [{"customerGroup": GROUP}],
    "stores": [STORE],
    "custom": CUSTOM,
}
ACTIONS: list[dict[str, Any]] = [
    {"action": "changeEmail", "email": "new@example.com"},
    {"action": "setFirstName"},
    {"action": "setExternalId", "externalId": "8"},
    {"action": "addAddress", "address": {"country": "AT"}},
    {"action": "changeAddress", "addressKey": "hq", "address": ADDRESS},
    {"action": "setDefaultBillingAddress", "addressKey": "hq"},
    {"action": "setCustomField", "name": "crmId", "value": "2"},
    {"action": "setCustomerGroupAssignments", "customerGroupAssignments": []},
    {"action": "removeStore", "store": STORE},
]
UNIT: dict[str, Any] = {
    "key": "acme",
    "unitType": "Company",
    "name": "Acme",
    "contactEmail": "a@example.com",
    "addresses": [ADDRESS],
    "stores": [STORE],
}


@cache
def definitions() -> dict[str, Any]:
    """Read the schema, if it is at hand."""
    if not SCHEMA.exists():
        pytest.skip("the schema of request bodies is not at hand")
    found: dict[str, Any] = orjson.loads(SCHEMA.read_bytes())["$defs"]
    return found


def check(definition: str, body: JSON) -> None:
    """Hold *body* against a definition of the schema."""
    whole = {"$ref": f"#/$defs/{definition}", "$defs": definitions()}
    jsonschema.Draft202012Validator(whole).validate(body)


async def furnish(shop: Shop) -> None:
    """Create what the bodies point at."""
    field = {"name": "crmId", "label": {"en": "x"}, "required": False}
    draft = {
        "key": "crm",
        "name": {"en": "CRM"},
        "resourceTypeIds": ["customer"],
        "fieldDefinitions": [{**field, "type": {"name": "String"}}],
    }
    check("TypeDraft", draft)
    for path, body in (
        ("/types", draft),
        ("/stores", {"key": "de"}),
        ("/customer-groups", {"groupName": "VIP", "key": "vip"}),
    ):
        assert (await shop.post(path, body)).status == 201


def test_a_customer_that_fits_the_schema_is_accepted() -> None:
    """
    A draft and an update that the vendor's reference allows are done.
    """
    check("CustomerDraft", CUSTOMER)
    check("CustomerUpdate", {"version": 1, "actions": ACTIONS})

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        created = await shop.post("/customers", CUSTOMER)
        assert created.status == 201, created.json
        jane = created.json["customer"]
        updated = await shop.update("/customers", jane, *ACTIONS)
        assert updated.status == 200, updated.json

    visit(steps)


def test_a_unit_that_fits_the_schema_is_accepted() -> None:
    """
    A company that the vendor's reference allows is created.
    """
    check("CompanyDraft", UNIT)

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        assert (await shop.post("/business-units", UNIT)).status == 201

    visit(steps)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        ("CustomerUpdateAction", "/customers"),
        ("BusinessUnitUpdateAction", "/business-units"),
    ],
)
def test_every_action_of_the_schema_is_known(definition: str, path: str) -> None:
    """
    The simulator knows every update action of customers and units.
    """
    names = definitions()[definition]["properties"]["action"]["enum"]

    async def steps(shop: Shop) -> None:
        is_customer = path == "/customers"
        record = await (
            shop.customer("j@example.com") if is_customer else shop.unit("acme")
        )
        refused = await shop.update(path, record, {"action": "fly"})
        assert set(names) <= set(refused.error["allowedValues"])

    visit(steps)
