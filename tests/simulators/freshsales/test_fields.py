"""Custom fields, uniqueness and sales accounts."""

from typing import Any

import pytest

from tests.simulators.freshsales.crm import Crm

CUSTOM: list[dict[str, Any]] = [
    {"name": "cf_text", "label": "Text"},
    {"name": "cf_number", "label": "Number", "type": "number"},
    {"name": "cf_decimal", "label": "Decimal", "type": "decimal"},
    {"name": "cf_flag", "label": "Flag", "type": "checkbox"},
    {"name": "cf_day", "label": "Day", "type": "date"},
    {"name": "cf_time", "label": "Time", "type": "date_time"},
    {"name": "cf_pick", "label": "Pick", "type": "dropdown", "choices": ["A", "B"]},
    {
        "name": "cf_many",
        "label": "Many",
        "type": "multi_select_dropdown",
        "choices": ["A", "B"],
    },
    {"name": "cf_sum", "label": "Sum", "type": "formula"},
    {"name": "cf_key", "label": "Key", "unique": True},
]


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """An account with a custom field of every type in both modules."""
    for module in ("contacts", "sales_accounts"):
        crm.seed("fields", *({"module": module, **field} for field in CUSTOM))
    return crm


def custom(crm: Crm, **values: object) -> dict[str, Any]:
    """Create a contact with custom fields and return them as answered."""
    made = crm.contact(email="a@example.com", custom_field=values)
    return dict(made["custom_field"])


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("cf_text", "x", "x"),
        ("cf_number", 3, 3),
        ("cf_decimal", 1.5, 1.5),
        ("cf_flag", True, True),
        ("cf_day", "2026-01-02", "2026-01-02"),
        ("cf_time", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("cf_pick", "A", "A"),
        ("cf_many", "B;A", "B;A"),
        ("cf_pick", "C", None),
        ("cf_many", "A;C", "A"),
        ("cf_many", "C", None),
        ("cf_sum", "9", None),
        ("cf_unknown", "x", None),
    ],
)
def test_a_custom_value_is_stored_or_lost_without_a_word(
    crm: Crm, name: str, value: object, stored: object
) -> None:
    """
    A fitting value is stored; a wrong choice or unknown field vanishes in a 200.
    """
    values = custom(crm, **{name: value})
    assert values.get(name) == stored
    assert values.keys() == {field["name"] for field in CUSTOM}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cf_text", 3),
        ("cf_text", "x" * 256),
        ("cf_number", "3"),
        ("cf_number", True),
        ("cf_decimal", "1.5"),
        ("cf_flag", "yes"),
        ("cf_day", "soon"),
        ("cf_time", "soon"),
        ("cf_pick", 1),
        ("cf_many", ["A"]),
    ],
)
def test_an_ill_typed_custom_value_refuses_the_record(
    crm: Crm, name: str, value: object
) -> None:
    """
    A custom value of the wrong type or length answers 400 for the whole record.
    """
    contact = {"email": "a@example.com", "custom_field": {name: value}}
    assert crm.post("/contacts", {"contact": contact}).status == 400
    assert crm.dump("contacts") == []


@pytest.mark.parametrize(
    ("switch", "values"),
    [
        ({"unknown_custom_field": "refuse"}, {"cf_unknown": 1}),
        ({"invalid_choice": "refuse"}, {"cf_pick": "C"}),
        ({"invalid_choice": "refuse"}, {"cf_many": "A;C"}),
    ],
)
def test_silent_losses_can_be_refusals(
    crm: Crm, switch: dict[str, str], values: dict[str, object]
) -> None:
    """
    With their switches unknown fields and wrong choices answer 400.
    """
    crm.switch(**switch)
    contact = {"email": "a@example.com", "custom_field": values}
    assert crm.post("/contacts", {"contact": contact}).status == 400


@pytest.mark.parametrize(("mode", "kept"), [("merge", "x"), ("replace", None)])
def test_custom_fields_of_an_update_merge_or_replace(
    crm: Crm, mode: str, kept: str | None
) -> None:
    """
    Custom keys that an update leaves out stay, or are lost where the map is replaced.
    """
    crm.switch(custom_field_update=mode)
    made = crm.contact(email="a@example.com", custom_field={"cf_text": "x"})
    path = f"/contacts/{made['id']}"
    changed = crm.put(path, {"custom_field": {"cf_number": 1}}).body["contact"]
    assert changed["custom_field"]["cf_text"] == kept
    assert changed["custom_field"]["cf_number"] == 1
    cleared = crm.put(path, {"custom_field": {"cf_number": None}}).body["contact"]
    assert cleared["custom_field"]["cf_number"] is None


def test_dates_may_come_back_as_timestamps(crm: Crm) -> None:
    """
    With the switch a custom date returns with a time.
    """
    crm.switch(dates_as_datetimes=True)
    assert custom(crm, cf_day="2026-01-02")["cf_day"] == "2026-01-02T00:00:00Z"


def test_a_removed_field_is_unknown_from_then_on(crm: Crm) -> None:
    """
    When an administrator removes a field, answers lose it and writes ignore it.
    """
    made = crm.contact(email="a@example.com", custom_field={"cf_key": "x"})
    crm.act("remove_field", module="contacts", name="cf_key")
    path = f"/contacts/{made['id']}"
    assert "cf_key" not in crm.get(path).body["contact"]["custom_field"]
    changed = crm.put(path, {"custom_field": {"cf_key": "y"}}).body["contact"]
    assert "cf_key" not in changed["custom_field"]
    upsert = {"unique_identifier": {"cf_key": "x"}, "contact": {"city": "Ulm"}}
    assert crm.post("/contacts/upsert", upsert).status == 400


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "a@example.com"}, {"email": "A@Example.com"}),
        ({"external_id": "1"}, {"external_id": "1"}),
        ({"custom_field": {"cf_key": "1"}}, {"custom_field": {"cf_key": "1"}}),
    ],
)
def test_a_unique_value_is_taken_once(
    crm: Crm, first: dict[str, Any], second: dict[str, Any]
) -> None:
    """
    A second holder of a unique value is refused; e-mails match whatever their case.
    """
    crm.contact(**{"email": "one@example.com", **first})
    reply = crm.post("/contacts", {"email": "two@example.com", **second})
    assert reply.status == 400
    assert reply.messages[0].endswith(" already exists.")
    assert "error_code" not in reply.body["errors"]
    crm.switch(duplicate_text="not_unique", uniqueness_error_code=True)
    reply = crm.post("/contacts", {"email": "two@example.com", **second})
    assert reply.messages[0].endswith(" is not unique")
    assert reply.body["errors"]["error_code"] == 3002


def test_only_the_primary_email_is_unique(crm: Crm) -> None:
    """
    A secondary e-mail may be another contact's primary one.
    """
    crm.contact(email="a@example.com")
    second = {"value": "a@example.com"}
    crm.contact(emails=[{"value": "b@example.com", "is_primary": True}, second])
    assert len(crm.dump("contacts")) == 2


def test_uniqueness_of_emails_can_be_switched_off(crm: Crm) -> None:
    """
    An account may allow equal e-mails, but never equal external ids.
    """
    crm.switch(unique_email=False)
    crm.contact(email="a@example.com", external_id="1")
    crm.contact(email="a@example.com", external_id="2")
    reply = crm.post("/contacts", {"email": "a@example.com", "external_id": "2"})
    assert reply.status == 400


def test_a_contact_keeps_its_own_unique_values(crm: Crm) -> None:
    """
    Writing a record's own e-mail again is no clash, another's is.
    """
    made = crm.contact(email="a@example.com")
    crm.contact(email="b@example.com")
    path = f"/contacts/{made['id']}"
    assert crm.put(path, {"email": "A@example.com"}).status == 200
    assert crm.put(path, {"email": "b@example.com"}).status == 400


@pytest.mark.parametrize(("blocks", "status"), [(False, 200), (True, 400)])
def test_a_deleted_email_may_block(crm: Crm, *, blocks: bool, status: int) -> None:
    """
    Whether a soft-deleted contact still holds its e-mail is a switch.
    """
    crm.switch(deleted_blocks_unique=blocks)
    made = crm.contact(email="a@example.com")
    crm.call("DELETE", f"/contacts/{made['id']}")
    assert crm.post("/contacts", {"email": "a@example.com"}).status == status


def test_a_restore_cannot_break_uniqueness(crm: Crm) -> None:
    """
    A deleted contact whose e-mail was taken meanwhile stays deleted.
    """
    made = crm.contact(email="a@example.com")
    crm.call("DELETE", f"/contacts/{made['id']}")
    crm.contact(email="a@example.com")
    assert crm.call("PUT", f"/contacts/{made['id']}/restore").status == 400
    assert len(crm.dump("deleted_contacts")) == 1


def test_a_module_has_only_so_many_unique_fields(crm: Crm) -> None:
    """
    Contacts take four unique fields and sales accounts two.
    """
    field = {"module": "sales_accounts", "label": "More", "unique": True}
    crm.seed("fields", {**field, "name": "cf_second"})
    line = b'{"resource":"fields","record":{"module":"sales_accounts",'
    line += b'"name":"cf_third","label":"Third","unique":true}}'
    assert crm.send("POST", "/_control/seed", line, {}).status == 400


@pytest.mark.parametrize(("wish", "status"), [("auto", 200), ("on", 400), ("off", 200)])
def test_account_names_repeat_where_another_field_is_unique(
    crm: Crm, wish: str, status: int
) -> None:
    """
    Names repeat on an account with a unique custom field unless the switch is on.
    """
    crm.switch(unique_account_name=wish)
    crm.account(name="Acme")
    assert crm.post("/sales_accounts", {"name": "Acme"}).status == status


def test_account_names_are_unique_by_default() -> None:
    """
    Without any unique custom field two accounts cannot share a name.
    """
    with Crm() as fresh:
        fresh.account(name="Acme")
        reply = fresh.post("/sales_accounts", {"name": "Acme"})
    assert reply.messages == ["Acme already exists."]


def test_a_sales_account_has_the_recorded_shape(crm: Crm) -> None:
    """
    A sales account shows owner and parent always, other references by include=.
    """
    parent = crm.account(name="Holding")["id"]
    made = crm.account(name="Acme", parent_sales_account_id=parent, annual_revenue=1.5)
    assert made["parent_sales_account_id"] == parent
    assert made["owner_id"] is None
    assert made["annual_revenue"] == 1.5
    assert "territory_id" not in made
    assert {"phone", "website", "tags", "has_connections", "avatar"} <= made.keys()
    include = "parent_sales_account,child_sales_accounts,contacts,industry_type"
    crm.contact(email="a@example.com", sales_account_id=made["id"])
    body = crm.get(f"/sales_accounts/{made['id']}?include={include}").body
    assert [account["name"] for account in body["parent_sales_accounts"]] == ["Holding"]
    assert [contact["email"] for contact in body["contacts"]] == ["a@example.com"]
    assert body["sales_account"]["industry_type_id"] is None
    children = crm.get(f"/sales_accounts/{parent}?include=child_sales_accounts").body
    assert [a["id"] for a in children["child_sales_accounts"]] == [made["id"]]


def test_a_sales_account_needs_a_name_and_a_real_parent(crm: Crm) -> None:
    """
    Name is required, and a parent must be in the CRM.
    """
    reply = crm.post("/sales_accounts", {"city": "Ulm"})
    assert reply.messages == ["Need to fill this Name to submit the form."]
    reply = crm.post("/sales_accounts", {"name": "A", "parent_sales_account_id": 1})
    assert reply.messages == ["Invalid parent sales account provided."]


def test_the_contacts_of_an_account_are_listed(crm: Crm) -> None:
    """
    /sales_accounts/<id>/contacts lists who is linked, and 404s once it is deleted.
    """
    account = crm.account(name="Acme")["id"]
    made = crm.contact(email="a@example.com", sales_accounts=[{"id": account}])
    crm.contact(email="b@example.com")
    body = crm.get(f"/sales_accounts/{account}/contacts").body
    assert [c["id"] for c in body["contacts"]] == [made["id"]]
    assert body["meta"] == {"total_pages": 1, "total": 1}
    crm.call("DELETE", f"/sales_accounts/{account}")
    assert crm.get(f"/sales_accounts/{account}/contacts").status == 404
    path = f"/contacts/{made['id']}?include=sales_accounts"
    assert crm.get(path).body["contact"]["sales_accounts"] == []


def test_settings_list_standard_and_custom_fields(crm: Crm) -> None:
    """
    The fields of a module tell label, type, required and choices.
    """
    fields = crm.get("/settings/contacts/fields").body["fields"]
    by_name = {field["name"]: field for field in fields}
    assert by_name["emails"]["required"] is True
    assert by_name["emails"]["default"] is True
    pick = by_name["cf_pick"]
    assert (pick["label"], pick["type"], pick["default"]) == ("Pick", "dropdown", False)
    assert [choice["value"] for choice in pick["choices"]] == ["A", "B"]
    grouped = crm.get("/settings/sales_accounts/fields?include=field_group").body
    assert {"name", "cf_text"} <= {field["name"] for field in grouped["fields"]}
    assert grouped["field_groups"]
