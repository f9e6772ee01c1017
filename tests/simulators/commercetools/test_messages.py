"""Messages: which updates raise them, with what, and who may read them."""

import pytest

from tests.simulators.commercetools.shop import JSON, Shop, visit

ENABLE = {
    "action": "changeMessagesConfiguration",
    "messagesConfiguration": {"enabled": True, "deleteDaysAfterCreation": 15},
}
ORDER = ["createdAt asc", "id asc"]


async def enable(shop: Shop) -> None:
    """Switch messages on as a client would."""
    answer = await shop.post("", {"version": 1, "actions": [ENABLE]})
    assert answer.status == 200, answer.json


async def told(shop: Shop, record: JSON) -> list[JSON]:
    """Return the messages of a record by their number."""
    where = f'resource(id = "{record["id"]}")'
    answer = await shop.get("/messages", where=where, sort="sequenceNumber asc")
    messages: list[JSON] = answer.json["results"]
    return messages


def test_only_messages_after_enabling_are_kept() -> None:
    """
    What happened before messages were enabled is never queryable, though it used up
    its numbers.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        assert (await shop.get("/messages")).json["results"] == []
        await enable(shop)
        name = {"action": "setFirstName", "firstName": "Jane"}
        await shop.update("/customers", jane, name)
        (message,) = await told(shop, jane)
        assert message["type"] == "CustomerFirstNameSet"
        assert message["firstName"] == "Jane"
        assert message["sequenceNumber"] == 2
        assert message["resourceVersion"] == 2
        assert message["version"] == 1
        assert message["resource"] == {"typeId": "customer", "id": jane["id"]}
        by_id = await shop.get(f"/messages/{message['id']}")
        assert by_id.json == message

    visit(steps)


@pytest.mark.parametrize(
    ("action", "message", "payload"),
    [
        (
            {"action": "changeEmail", "email": "new@example.com"},
            "CustomerEmailChanged",
            {"email": "new@example.com", "oldEmail": "jane@example.com"},
        ),
        (
            {"action": "setStores", "stores": [{"key": "de"}]},
            "CustomerStoresSet",
            {"stores": [{"typeId": "store", "key": "de"}], "oldStores": []},
        ),
        ({"action": "setTitle"}, "CustomerTitleSet", {}),
        ({"action": "setTitle", "title": "Dr"}, None, {}),
        ({"action": "setLocale", "locale": "en"}, None, {}),
        ({"action": "setKey", "key": "jane"}, None, {}),
        ({"action": "setVatId", "vatId": "DE1"}, None, {}),
        ({"action": "setSalutation", "salutation": "Ms"}, None, {}),
        ({"action": "addStore", "store": {"key": "de"}}, None, {}),
    ],
)
def test_an_update_raises_its_message(
    action: JSON, message: str | None, payload: JSON
) -> None:
    """
    Each update raises its own message with its payload; some, and those that change
    nothing, raise none.
    """

    async def steps(shop: Shop) -> None:
        await shop.post("/stores", {"key": "de"})
        jane = await shop.customer("jane@example.com", title="Dr")
        await shop.act("switches", {"messages_enabled": True})
        await shop.update("/customers", jane, action)
        messages = await told(shop, jane)
        assert [one["type"] for one in messages] == ([message] if message else [])
        for one in messages:
            assert payload.items() <= one.items()

    visit(steps)


def test_custom_fields_have_messages_and_units_call_the_old_value_otherwise() -> None:
    """
    A changed custom field tells its previous value under the name of its family.
    """

    async def steps(shop: Shop) -> None:
        field = {"name": "crmId", "label": {"en": "x"}, "required": False}
        draft = {
            "key": "crm",
            "name": {"en": "CRM"},
            "resourceTypeIds": ["customer", "business-unit"],
            "fieldDefinitions": [{**field, "type": {"name": "String"}}],
        }
        await shop.post("/types", draft)
        await shop.act("switches", {"messages_enabled": True})
        custom = {"type": {"key": "crm"}, "fields": {"crmId": "1"}}
        jane = await shop.customer("jane@example.com", custom=custom)
        unit = await shop.unit("acme", custom=custom)
        action = {"action": "setCustomField", "name": "crmId", "value": "2"}
        await shop.update("/customers", jane, action)
        await shop.update("/business-units", unit, action)
        created, changed = await told(shop, jane)
        assert created["customer"] == jane
        assert changed["type"] == "CustomerCustomFieldChanged"
        assert (changed["value"], changed["previousValue"]) == ("2", "1")
        _, changed = await told(shop, unit)
        assert changed["type"] == "BusinessUnitCustomFieldChanged"
        assert changed["oldValue"] == "1"

    visit(steps)


def test_a_deletion_tells_the_email_unless_it_erases() -> None:
    """
    CustomerDeleted carries the e-mail; with dataErasure it does not, and nothing that
    was said before remains.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"messages_enabled": True})
        jane = await shop.customer("jane@example.com")
        joe = await shop.customer("joe@example.com")
        await shop.delete(f"/customers/{jane['id']}", version="1")
        erased = {"version": "1", "dataErasure": "true"}
        await shop.delete(f"/customers/{joe['id']}", **erased)
        types = [(one["type"], one.get("email")) for one in await told(shop, jane)]
        assert types == [
            ("CustomerCreated", None),
            ("CustomerDeleted", "jane@example.com"),
        ]
        (only,) = await told(shop, joe)
        assert only["type"] == "CustomerDeleted"
        assert "email" not in only

    visit(steps)


def test_messages_expire() -> None:
    """
    After the configured days a message is gone.
    """

    async def steps(shop: Shop) -> None:
        await enable(shop)
        await shop.act("switches", {"token_seconds": 10_000_000})
        await shop.log_in()
        jane = await shop.customer("jane@example.com")
        await shop.act("clock", {"advance_seconds": 86_400 * 14})
        assert len(await told(shop, jane)) == 1
        await shop.act("clock", {"advance_seconds": 86_400 * 2})
        assert await told(shop, jane) == []

    visit(steps)
