"""Business units: the tree, its associates and what flows down."""

from tests.simulators.commercetools.shop import JSON, Shop, visit

BUYER = {"typeId": "associate-role", "key": "buyer"}
DE = {"typeId": "store", "key": "de"}


def associate(customer: JSON, inheritance: str = "Disabled") -> JSON:
    """Describe a buyer."""
    return {
        "customer": {"typeId": "customer", "id": customer["id"]},
        "associateRoleAssignments": [
            {"associateRole": BUYER, "inheritance": inheritance}
        ],
    }


async def furnish(shop: Shop) -> JSON:
    """Create a store, a role and a customer; return the customer."""
    await shop.post("/stores", {"key": "de"})
    role = {"key": "buyer", "permissions": ["ViewMyCarts"]}
    await shop.post("/associate-roles", role)
    return await shop.customer("jane@example.com")


def test_a_division_takes_from_its_parent() -> None:
    """
    A unit is created bare with 201; a division has the top unit of its parent, its
    stores and those associates whose roles are handed down, each with its source.
    """

    async def steps(shop: Shop) -> None:
        jane, joe = await furnish(shop), await shop.customer("joe@example.com")
        both = [associate(jane, "Enabled"), associate(joe)]
        company = await shop.unit("acme", associates=both, stores=[DE])
        assert company["topLevelUnit"]["key"] == "acme"
        assert company["storeMode"] == "Explicit"
        await shop.unit("acme-de", "acme")
        city = await shop.unit("acme-berlin", "acme-de")
        source = {"typeId": "business-unit", "key": "acme"}
        assert city["topLevelUnit"] == source
        assert city["inheritedStores"] == [DE]
        assert city["inheritedAssociates"] == [
            {
                "customer": {"typeId": "customer", "id": jane["id"]},
                "associateRoleAssignments": [
                    {"associateRole": BUYER, "source": source}
                ],
            }
        ]
        inside = f'inheritedAssociates(customer(id = "{jane["id"]}"))'
        found = await shop.get("/business-units", where=inside)
        assert found.json["total"] == 2

    visit(steps)


def test_a_change_of_the_parent_reaches_the_divisions() -> None:
    """
    When a unit loses its associate, or moves, the divisions below it follow.
    """

    async def steps(shop: Shop) -> None:
        jane = await furnish(shop)
        company = await shop.unit("acme", associates=[associate(jane, "Enabled")])
        other = await shop.unit("other")
        branch = await shop.unit("acme-de", "acme")
        leaf = await shop.unit("acme-berlin", "acme-de")
        gone = {"action": "removeAssociate", "customer": {"id": jane["id"]}}
        await shop.update("/business-units", company, gone)
        leaf = (await shop.get(f"/business-units/{leaf['id']}")).json
        assert leaf["inheritedAssociates"] == []
        assert leaf["version"] == 1
        move = {"action": "changeParentUnit", "parentUnit": {"key": "other"}}
        await shop.update("/business-units", branch, move)
        leaf = (await shop.get(f"/business-units/{leaf['id']}")).json
        assert leaf["topLevelUnit"]["key"] == other["key"]
        assert leaf["version"] == 2
        tree = await shop.get("/business-units", where='topLevelUnit(key = "other")')
        assert tree.json["total"] == 3

    visit(steps)


def test_a_tree_has_rules() -> None:
    """
    A division needs a parent, a company has none, no unit is below itself, five
    levels are the most, a key is unique, and a parent cannot be deleted.
    """

    async def steps(shop: Shop) -> None:
        draft = {"key": "x1", "name": "X", "unitType": "Division"}
        orphan = await shop.post("/business-units", draft)
        assert (orphan.code, orphan.error["field"]) == ("RequiredField", "parentUnit")
        top = await shop.unit("u1")
        for level in range(2, 5):
            await shop.unit(f"u{level}", f"u{level - 1}")
        unit = await shop.unit("u5", "u4")
        deep = {**draft, "parentUnit": {"key": "u5"}}
        assert (await shop.post("/business-units", deep)).code == "InvalidOperation"
        path = "/business-units"
        loop = {"action": "changeParentUnit", "parentUnit": {"key": "u5"}}
        second = (await shop.get(f"{path}/key=u2")).json
        assert (await shop.update(path, second, loop)).code == "InvalidOperation"
        assert (await shop.update(path, top, loop)).code == "InvalidOperation"
        assert (await shop.delete(f"{path}/key=u4", version="1")).code == (
            "ReferenceExists"
        )
        assert (await shop.delete(f"{path}/key=u5", version="1")).json == unit
        again = {"key": "u1", "name": "X", "unitType": "Company"}
        assert (await shop.post(path, again)).code == "DuplicateField"

    visit(steps)


def test_associates_are_added_changed_and_removed_once() -> None:
    """
    A customer is an associate once; only an associate can be changed or removed; and
    a customer that is one cannot be deleted unless the switch allows it.
    """

    async def steps(shop: Shop) -> None:
        jane = await furnish(shop)
        unit, path = await shop.unit("acme"), "/business-units"
        add = {"action": "addAssociate", "associate": associate(jane)}
        remove = {"action": "removeAssociate", "customer": {"id": jane["id"]}}
        assert (await shop.update(path, unit, remove)).code == "InvalidOperation"
        unit = (await shop.update(path, unit, add)).json
        assert (await shop.update(path, unit, add)).code == "InvalidOperation"
        found = await shop.get(
            path, where="associates(customer(id = :c))", var_c=jane["id"]
        )
        assert found.json["results"] == [unit]
        customer = f"/customers/{jane['id']}"
        refused = await shop.delete(customer, version="1")
        assert refused.code == "ReferenceExists"
        await shop.act("switches", {"delete_associate": "allow"})
        assert (await shop.delete(customer, version="1")).status == 200

    visit(steps)


def test_an_associate_is_shown_with_roles_and_permissions() -> None:
    """
    The associates path answers own and inherited roles, and 404 for anybody else.
    """

    async def steps(shop: Shop) -> None:
        jane = await furnish(shop)
        await shop.unit("acme", associates=[associate(jane, "Enabled")])
        await shop.unit("acme-de", "acme")
        shown = await shop.get(f"/business-units/key=acme-de/associates/{jane['id']}")
        assert shown.json["associateRoles"] == []
        assert shown.json["inheritedAssociateRoles"][0]["key"] == "buyer"
        assert shown.json["permissions"] == ["ViewMyCarts"]
        nobody = await shop.get("/business-units/key=acme-de/associates/nobody")
        assert nobody.status == 404

    visit(steps)


def test_inherited_associates_can_be_made_explicit() -> None:
    """
    Changing the associate mode can turn inherited associates into the unit's own.
    """

    async def steps(shop: Shop) -> None:
        jane = await furnish(shop)
        await shop.unit("acme", associates=[associate(jane, "Enabled")])
        unit = await shop.unit("acme-de", "acme")
        mode = {
            "action": "changeAssociateMode",
            "associateMode": "Explicit",
            "makeInheritedAssociatesExplicit": True,
        }
        unit = (await shop.update("/business-units", unit, mode)).json
        assert unit["associates"] == [associate(jane)]
        assert "inheritedAssociates" not in unit

    visit(steps)


def test_stores_belong_to_explicit_units_only() -> None:
    """
    A division with its parent's stores refuses stores of its own until its mode says
    otherwise.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        await shop.unit("acme", stores=[DE])
        unit, path = await shop.unit("acme-de", "acme"), "/business-units"
        add = {"action": "addStore", "store": DE}
        assert (await shop.update(path, unit, add)).code == "InvalidOperation"
        mode = {"action": "setStoreMode", "storeMode": "Explicit"}
        unit = (await shop.update(path, unit, mode, add)).json
        assert unit["stores"] == [DE]
        assert "inheritedStores" not in unit

    visit(steps)


def test_a_project_without_b2b_has_no_units() -> None:
    """
    Without B2B the paths of units and associate roles are out of scope.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"business_units_enabled": False})
        for path in ("/business-units", "/associate-roles"):
            assert (await shop.get(path)).code == "insufficient_scope"
        assert "businessUnits" not in (await shop.get("")).json

    visit(steps)
