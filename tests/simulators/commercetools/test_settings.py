"""The project, Types, stores, groups, channels and roles."""

import pytest

from tests.simulators.commercetools.shop import JSON, Shop, visit

FIELD = {
    "name": "crmId",
    "label": {"en": "CRM id"},
    "required": False,
    "type": {"name": "String"},
}
TYPE = {"key": "crm", "name": {"en": "CRM"}, "resourceTypeIds": ["customer"]}


def test_the_project_tells_its_settings_and_changes_them() -> None:
    """
    Seeded settings are shown, an update needs the version, and its languages decide
    which locales customers may have.
    """

    async def steps(shop: Shop) -> None:
        seeded = {"languages": ["de"], "countries": ["DE", "AT"], "currencies": ["EUR"]}
        await shop.seed("project", seeded)
        project = (await shop.get("")).json
        assert seeded.items() <= project.items()
        change = {"action": "changeLanguages", "languages": ["de", "fr"]}
        body = {"version": project["version"], "actions": [change]}
        changed = await shop.post("", body)
        assert changed.json["version"] == project["version"] + 1
        assert (await shop.post("", body)).code == "ConcurrentModification"
        await shop.customer("jane@example.com", locale="fr")
        for days in (0, 91):
            messages = {"enabled": True, "deleteDaysAfterCreation": days}
            action = "changeMessagesConfiguration"
            bad = {"action": action, "messagesConfiguration": messages}
            refused = await shop.post("", {"version": 2, "actions": [bad]})
            assert refused.code == "InvalidField"

    visit(steps)


@pytest.mark.parametrize(
    ("resource", "draft", "actions", "expected"),
    [
        (
            "stores",
            {"key": "de", "languages": ["en"]},
            [
                {"action": "setName", "name": {"en": "Germany"}},
                {"action": "setCountries", "countries": [{"code": "DE"}]},
                {
                    "action": "addDistributionChannel",
                    "distributionChannel": {"key": "c1"},
                },
            ],
            {"name": {"en": "Germany"}, "countries": [{"code": "DE"}]},
        ),
        (
            "customer-groups",
            {"groupName": "VIP", "key": "vip"},
            [
                {"action": "changeName", "name": "Gold"},
                {"action": "setKey", "key": "gold"},
            ],
            {"name": "Gold", "key": "gold"},
        ),
        (
            "channels",
            {"key": "c2", "address": {"country": "DE"}},
            [
                {"action": "addRoles", "roles": ["ProductDistribution"]},
                {"action": "removeRoles", "roles": ["InventorySupply"]},
                {"action": "changeName", "name": {"en": "Partner"}},
            ],
            {"roles": ["ProductDistribution"], "name": {"en": "Partner"}},
        ),
        (
            "associate-roles",
            {"key": "buyer", "name": "Buyer"},
            [
                {"action": "addPermission", "permission": "ViewMyCarts"},
                {"action": "changeBuyerAssignable", "buyerAssignable": False},
            ],
            {"permissions": ["ViewMyCarts"], "buyerAssignable": False},
        ),
        (
            "types",
            TYPE,
            [
                {"action": "addFieldDefinition", "fieldDefinition": FIELD},
                {"action": "changeName", "name": {"en": "Sync"}},
            ],
            {
                "fieldDefinitions": [{**FIELD, "inputHint": "SingleLine"}],
                "name": {"en": "Sync"},
            },
        ),
    ],
)
def test_a_setting_is_created_changed_and_deleted(
    resource: str, draft: JSON, actions: list[JSON], expected: JSON
) -> None:
    """
    Each setting is created with 201, changed by its actions, listed and deleted; its
    key is unique.
    """

    async def steps(shop: Shop) -> None:
        await shop.post("/channels", {"key": "c1"})
        created = await shop.post(f"/{resource}", draft)
        assert created.status == 201, created.json
        assert (await shop.post(f"/{resource}", draft)).code == "DuplicateField"
        changed = await shop.update(f"/{resource}", created.json, *actions)
        assert changed.status == 200, changed.json
        assert expected.items() <= changed.json.items()
        listed = await shop.get(f"/{resource}", where=f'id = "{changed.json["id"]}"')
        assert listed.json["results"] == [changed.json]
        path = f"/{resource}/{changed.json['id']}"
        assert (await shop.delete(path, version="2")).status == 200
        assert (await shop.get(path)).status == 404

    visit(steps)


def test_what_is_used_cannot_be_deleted() -> None:
    """
    A store, a group and a Type that a customer points at stay, with ReferenceExists.
    """

    async def steps(shop: Shop) -> None:
        await shop.post("/stores", {"key": "de"})
        await shop.post("/customer-groups", {"groupName": "VIP", "key": "vip"})
        await shop.post("/types", TYPE)
        await shop.customer(
            "jane@example.com",
            stores=[{"key": "de"}],
            customerGroup={"key": "vip"},
            custom={"type": {"key": "crm"}},
        )
        for path in ("/stores/key=de", "/customer-groups/key=vip", "/types/key=crm"):
            answer = await shop.delete(path, version="1")
            assert answer.code == "ReferenceExists"
            assert answer.error["referencedBy"] == "customer"

    visit(steps)


def test_types_agree_about_a_field_name() -> None:
    """
    A field name stands once in a Type, and two Types of one resource give it one type.
    """

    async def steps(shop: Shop) -> None:
        first = await shop.post("/types", {**TYPE, "fieldDefinitions": [FIELD]})
        add = {"action": "addFieldDefinition", "fieldDefinition": FIELD}
        twice = await shop.update("/types", first.json, add)
        assert twice.code == "DuplicateField"
        number = {**FIELD, "type": {"name": "Number"}}
        other = {**TYPE, "key": "other", "fieldDefinitions": [number]}
        assert (await shop.post("/types", other)).code == "InvalidField"

    visit(steps)


def test_a_required_custom_field_is_required() -> None:
    """
    A Type with a required field is only set together with that field.
    """

    async def steps(shop: Shop) -> None:
        fields = [{**FIELD, "required": True}]
        await shop.post("/types", {**TYPE, "fieldDefinitions": fields})
        draft = {"email": "j@example.com", "authenticationMode": "ExternalAuth"}
        custom = {"type": {"key": "crm"}}
        refused = await shop.post("/customers", {**draft, "custom": custom})
        assert (refused.code, refused.error["field"]) == ("RequiredField", "crmId")
        custom["fields"] = {"crmId": "1"}
        assert (
            await shop.post("/customers", {**draft, "custom": custom})
        ).status == 201

    visit(steps)


def test_a_seed_is_kept_and_filled_in() -> None:
    """
    Seeded fields stay as given, what every record has is filled in, units may come
    before their parents, and a clash is refused with its line.
    """

    async def steps(shop: Shop) -> None:
        given = {"id": "j", "version": 7, "lastModifiedAt": "2026-01-01T00:00:00.000Z"}
        await shop.seed("customers", {**given, "email": "j@example.com"})
        jane = (await shop.get("/customers/j")).json
        assert given.items() <= jane.items()
        assert jane["createdAt"] == given["lastModifiedAt"]
        assert jane["stores"] == jane["addresses"] == []
        above = {"typeId": "business-unit", "key": "acme"}
        child = {"key": "acme-de", "name": "A", "unitType": "Division"}
        parent = {"key": "acme", "name": "A", "unitType": "Company"}
        await shop.seed("business-units", {**child, "parentUnit": above}, parent)
        tree = await shop.get("/business-units", where='topLevelUnit(key = "acme")')
        assert tree.json["total"] == 2
        assert (await shop.get("/messages")).json["total"] == 0
        await shop.seed(
            "customers",
            {"email": "k@example.com", "createdAt": "2026-01-01T01:00:00+01:00"},
        )
        (kim,) = (await shop.get("/customers", where='email = "k@example.com"')).json[
            "results"
        ]
        assert kim["createdAt"] == "2026-01-01T00:00:00.000Z"
        for bad in (
            b'{"resource":"customers","record":{"email":"J@example.com"}}',
            b'{"resource":"customers","record":{"id":"j","email":"x@example.com"}}',
            b'{"resource":"customers","record":{"createdAt":"now","email":"x@x.de"}}',
            b'{"resource":"customers","record":{}}',
            b'{"resource":"widgets","record":{}}',
        ):
            clash = await shop.send("POST", "/_control/seed", data=bad)
            assert (clash.status, clash.json["line"]) == (400, 1)

    visit(steps)
