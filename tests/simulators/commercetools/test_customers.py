"""Customers: drafts, updates, uniqueness and deletion."""

import pytest

from tests.simulators.commercetools.shop import JSON, Shop, visit

CRM_TYPE = {
    "key": "crm",
    "name": {"en": "CRM"},
    "resourceTypeIds": ["customer", "address"],
    "fieldDefinitions": [
        {"name": name, "label": {"en": name}, "required": False, "type": field_type}
        for name, field_type in {
            "crmId": {"name": "String"},
            "score": {"name": "Number"},
            "since": {"name": "Date"},
            "seen": {"name": "DateTime"},
            "spent": {"name": "Money"},
            "motto": {"name": "LocalizedString"},
            "stage": {"name": "Enum", "values": [{"key": "lead", "label": "Lead"}]},
            "tags": {"name": "Set", "elementType": {"name": "String"}},
            "friend": {"name": "Reference", "referenceTypeId": "customer"},
        }.items()
    ],
}
CRM = {"typeId": "type", "key": "crm"}
DE = {"typeId": "store", "key": "de"}


async def furnish(shop: Shop) -> None:
    """Create two stores, a group and a Type."""
    for key in ("de", "at"):
        await shop.post("/stores", {"key": key})
    await shop.post("/customer-groups", {"groupName": "VIP", "key": "vip"})
    await shop.post("/types", CRM_TYPE)


def test_a_new_customer_has_what_every_customer_has() -> None:
    """
    A created customer comes wrapped with 201, version 1, ids for its addresses, its
    author and no trace of its password; it is found by id and by key.
    """

    async def steps(shop: Shop) -> None:
        draft = {
            "key": "jane",
            "email": "Jane@Example.com",
            "password": "secret",
            "addresses": [{"country": "DE"}, {"country": "AT", "id": "mine"}],
            "defaultShippingAddress": 1,
            "billingAddresses": [0],
        }
        answer = await shop.post("/customers", draft, X_External_User_ID="crosswalk")
        assert answer.status == 201
        jane = answer.json["customer"]
        first, second = (address["id"] for address in jane["addresses"])
        assert jane["version"] == 1
        assert "mine" not in {first, second}
        assert jane["defaultShippingAddressId"] == second
        assert jane["shippingAddressIds"] == [second]
        assert jane["billingAddressIds"] == [first]
        assert jane["password"] == "****aGg="
        assert jane["stores"] == []
        assert jane["createdBy"] == jane["lastModifiedBy"]
        assert jane["lastModifiedBy"] == {
            "clientId": "sample-client",
            "isPlatformClient": False,
            "externalUserId": "crosswalk",
        }
        assert (await shop.get(f"/customers/{jane['id']}")).json == jane
        assert (await shop.get("/customers/key=jane")).json == jane
        assert (await shop.call("HEAD", "/customers/key=jane")).status == 200
        assert (await shop.call("HEAD", "/customers/key=joe")).status == 404
        assert (await shop.get("/customers/none")).code == "ResourceNotFound"

    visit(steps)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"email": None}, "RequiredField", "email"),
        ({"email": "jane"}, "InvalidField", "email"),
        ({"email": 5}, "InvalidJsonInput", None),
        ({"authenticationMode": None}, "RequiredField", "password"),
        ({"authenticationMode": "None"}, "InvalidField", "authenticationMode"),
        ({"locale": "fr"}, "InvalidField", "locale"),
        ({"dateOfBirth": "31.01.1990"}, "InvalidField", "dateOfBirth"),
        ({"key": "a b"}, "InvalidField", "key"),
        ({"phone": "+49"}, "InvalidJsonInput", None),
        ({"addresses": [{}]}, "RequiredField", "addresses[0].country"),
        ({"addresses": [{"country": "XX"}]}, "InvalidField", "addresses[0].country"),
        ({"defaultBillingAddress": 0}, "InvalidField", "defaultBillingAddress"),
        ({"stores": [{"key": "no"}]}, "ReferencedResourceNotFound", None),
        (
            {"custom": {"type": CRM, "fields": {"stage": "x"}}},
            "InvalidField",
            "stage",
        ),
    ],
)
def test_a_bad_draft_is_refused(change: JSON, code: str, field: str | None) -> None:
    """
    A draft that misses or mistakes something is answered 400 with the code and field.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        good = {"email": "a@example.com", "authenticationMode": "ExternalAuth"}
        answer = await shop.post("/customers", {**good, **change})
        assert (answer.status, answer.code) == (400, code)
        assert answer.error.get("field") == field
        if field == "locale":
            assert answer.error["allowedValues"] == ["de-DE", "en"]

    visit(steps)


def test_a_body_must_be_json() -> None:
    """
    What is no JSON is refused with the details.
    """

    async def steps(shop: Shop) -> None:
        answer = await shop.call("POST", "/customers", data=b"{")
        assert answer.code == "InvalidJsonInput"
        assert answer.error["detailedErrorMessage"]

    visit(steps)


def test_an_email_is_unique_among_global_customers_whatever_its_case() -> None:
    """
    A second global customer with one e-mail is a DuplicateField, by create and update.
    """

    async def steps(shop: Shop) -> None:
        await shop.customer("jane@example.com")
        draft = {"email": "JANE@example.com", "password": "x"}
        answer = await shop.post("/customers", draft)
        assert answer.code == "DuplicateField"
        assert answer.error["field"] == "email"
        assert answer.error["duplicateValue"] == "JANE@example.com"
        joe = await shop.customer("joe@example.com")
        change = {"action": "changeEmail", "email": "Jane@example.com"}
        assert (await shop.update("/customers", joe, change)).code == "DuplicateField"

    visit(steps)


def test_stores_have_emails_of_their_own() -> None:
    """
    One e-mail may belong to a customer of each store, and to a global one only as
    long as the switch allows it.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        email = "jane@example.com"
        at = {"typeId": "store", "key": "at"}
        await shop.customer(email, stores=[DE])
        in_austria = await shop.customer(email, stores=[at])
        move = {"action": "setStores", "stores": [DE]}
        refused = await shop.update("/customers", in_austria, move)
        assert refused.code == "DuplicateField"
        await shop.customer(email)
        found = await shop.get("/customers", where=f'lowercaseEmail = "{email}"')
        assert found.json["total"] == 3
        await shop.act("switches", {"global_store_email_clash": "refuse"})
        draft = {"email": "x@example.com", "authenticationMode": "ExternalAuth"}
        await shop.post("/customers", draft)
        clash = await shop.post("/customers", {**draft, "stores": [DE]})
        assert clash.code == "DuplicateField"

    visit(steps)


def test_an_update_is_all_or_nothing() -> None:
    """
    When the second of two actions is refused, the first has not happened.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        good = {"action": "setFirstName", "firstName": "Jane"}
        for bad in (
            {"action": "setLocale", "locale": "fr"},
            {"action": "setCustomField", "name": "x", "value": "y"},
            {"action": "removeAddress", "addressId": "none"},
            {"action": "fly"},
        ):
            assert (await shop.update("/customers", jane, good, bad)).status == 400
        assert (await shop.get(f"/customers/{jane['id']}")).json == jane

    visit(steps)


def test_versions_guard_updates() -> None:
    """
    An update takes the version one up, one that changes nothing leaves it alone, and
    an old version is refused with the current one.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        name = {"action": "setFirstName", "firstName": "Jane"}
        changed = (await shop.update("/customers", jane, name)).json
        assert changed["version"] == 2
        assert changed["lastModifiedAt"] >= jane["lastModifiedAt"]
        same = (await shop.update("/customers", changed, name)).json
        assert same == changed
        stale = await shop.update("/customers", jane, name)
        assert (stale.status, stale.code) == (409, "ConcurrentModification")
        assert stale.error["currentVersion"] == 2

    visit(steps)


def test_addresses_keep_their_roles() -> None:
    """
    A changed address keeps id and roles, a removed one loses all of them.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        add = {"action": "addAddress", "address": {"key": "hq", "country": "DE"}}
        ship = {"action": "setDefaultShippingAddress", "addressKey": "hq"}
        bill = {"action": "addBillingAddressId", "addressKey": "hq"}
        jane = (await shop.update("/customers", jane, add, ship, bill)).json
        (address,) = jane["addresses"]
        assert (
            jane["shippingAddressIds"] == jane["billingAddressIds"] == [address["id"]]
        )
        moved = {"country": "AT", "city": "Wien"}
        change = {"action": "changeAddress", "addressKey": "hq", "address": moved}
        jane = (await shop.update("/customers", jane, change)).json
        assert jane["addresses"] == [{**moved, "id": address["id"]}]
        remove = {"action": "removeAddress", "addressId": address["id"]}
        jane = (await shop.update("/customers", jane, remove)).json
        assert "defaultShippingAddressId" not in jane
        assert jane["addresses"] == jane["billingAddressIds"] == []

    visit(steps)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("crmId", "7", 7),
        ("score", 1.5, "1.5"),
        ("since", "2026-01-31", "2026-02-31"),
        ("seen", "2026-01-31T10:00:00.000Z", "2026-01-31"),
        ("motto", {"de": "Ja"}, {"de": 1}),
        ("stage", "lead", "customer"),
        ("tags", ["a", "b"], "a"),
        ("friend", {"typeId": "customer", "id": "x"}, {"typeId": "store", "id": "x"}),
    ],
)
def test_a_custom_field_obeys_its_type(name: str, good: object, bad: object) -> None:
    """
    A custom field takes what its type takes, refuses the rest as InvalidField, and is
    removed by null, but only once.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        jane = await shop.customer("jane@example.com", custom={"type": CRM})
        action = {"action": "setCustomField", "name": name}
        refused = await shop.update("/customers", jane, {**action, "value": bad})
        assert (refused.code, refused.error["field"]) == ("InvalidField", name)
        jane = (await shop.update("/customers", jane, {**action, "value": good})).json
        assert jane["custom"]["fields"] == {name: good}
        jane = (await shop.update("/customers", jane, {**action, "value": None})).json
        assert jane["custom"]["fields"] == {}
        again = await shop.update("/customers", jane, action)
        assert again.code == "InvalidOperation"

    visit(steps)


def test_another_type_wipes_the_fields_of_the_old_one() -> None:
    """
    Setting a Type replaces all fields, leaving the type out removes everything, and
    without a Type no field can be set.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        custom = {"type": CRM, "fields": {"crmId": "1", "tags": ["a"]}}
        jane = await shop.customer("jane@example.com", custom=custom)
        swap = {"action": "setCustomType", "type": CRM, "fields": {"score": 1}}
        jane = (await shop.update("/customers", jane, swap)).json
        assert jane["custom"]["fields"] == {"score": 1}
        jane = (await shop.update("/customers", jane, {"action": "setCustomType"})).json
        assert "custom" not in jane
        field = {"action": "setCustomField", "name": "crmId", "value": "1"}
        refused = await shop.update("/customers", jane, field)
        assert refused.code == "InvalidOperation"

    visit(steps)


def test_a_type_is_for_the_resources_that_it_names() -> None:
    """
    A Type for customers cannot be set on a unit.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        draft = {"key": "acme", "name": "Acme", "unitType": "Company"}
        refused = await shop.post("/business-units", {**draft, "custom": {"type": CRM}})
        assert (refused.code, refused.error["field"]) == ("InvalidField", "type")

    visit(steps)


def test_a_new_email_is_not_verified() -> None:
    """
    Changing the e-mail takes its verification away.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com", isEmailVerified=True)
        change = {"action": "changeEmail", "email": "new@example.com"}
        jane = (await shop.update("/customers", jane, change)).json
        assert jane["isEmailVerified"] is False

    visit(steps)


def test_an_address_key_is_unique_within_its_customer() -> None:
    """
    A second address with one key is a DuplicateField, by draft, addition and change.
    """

    async def steps(shop: Shop) -> None:
        home = {"key": "hq", "country": "DE"}
        draft = {"email": "joe@example.com", "authenticationMode": "ExternalAuth"}
        twice = await shop.post("/customers", {**draft, "addresses": [home, home]})
        assert twice.code == "DuplicateField"
        both = [home, {"key": "lab", "country": "DE"}]
        jane = await shop.customer("jane@example.com", addresses=both)
        for action in (
            {"action": "addAddress", "address": home},
            {"action": "changeAddress", "addressKey": "lab", "address": home},
        ):
            refused = await shop.update("/customers", jane, action)
            assert refused.code == "DuplicateField"

    visit(steps)


def test_a_customer_number_is_set_once() -> None:
    """
    A customer number is unique, and cannot be changed after it was set.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        joe = await shop.customer("joe@example.com", customerNumber="2")
        number = {"action": "setCustomerNumber", "customerNumber": "1"}
        taken = {"action": "setCustomerNumber", "customerNumber": "2"}
        assert (await shop.update("/customers", jane, taken)).code == "DuplicateField"
        assert (await shop.update("/customers", jane, number)).status == 200
        assert (await shop.update("/customers", joe, number)).code == "InvalidOperation"

    visit(steps)


def test_a_deletion_needs_the_version_and_returns_the_record() -> None:
    """
    A deletion names the version, answers the record as it was, and frees its e-mail.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com", key="jane")
        path = f"/customers/{jane['id']}"
        assert (await shop.delete(path)).code == "InvalidInput"
        assert (await shop.delete(path, version="9")).status == 409
        assert (await shop.delete(path, version="1")).json == jane
        assert (await shop.get(path)).status == 404
        await shop.customer("jane@example.com", key="jane")

    visit(steps)
