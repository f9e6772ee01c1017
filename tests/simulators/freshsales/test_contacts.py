"""Contacts, one at a time."""

import re
from typing import Any

import pytest

from tests.simulators.freshsales.crm import Crm


def test_a_new_contact_has_the_recorded_shape(crm: Crm) -> None:
    """
    A contact made from an e-mail alone shows the defaults that were recorded.
    """
    contact = crm.contact(email="Ann@Example.com")
    assert contact["display_name"] == "Ann@Example.com"
    assert contact["emails"][0] | {"id": 1} == {
        "id": 1,
        "value": "Ann@Example.com",
        "is_primary": True,
        "label": None,
        "_destroy": False,
    }
    expected = {
        "lead_score": 0,
        "customer_fit": 0,
        "subscription_status": 1,
        "subscription_types": "2;3;4;5;1",
        "whatsapp_subscription_status": 2,
        "sms_subscription_status": 2,
        "tags": [],
        "phone_numbers": [],
        "custom_field": {},
        "is_deleted": False,
        "first_name": None,
        "record_type_id": "71010794476",
    }
    assert {name: contact[name] for name in expected} == expected
    assert 10**10 < contact["id"] < 10**12
    assert contact["mcr_id"] > 2**53
    assert contact["created_at"] == contact["updated_at"]
    assert contact["created_at"].endswith("Z")
    assert contact["links"]["notes"] == f"/crm/sales/contacts/{contact['id']}/notes"


def test_references_show_only_with_include(crm: Crm) -> None:
    """
    Without include= no reference key is there; with it key and array appear.
    """
    record_id = crm.contact(email="a@example.com")["id"]
    plain = crm.get(f"/contacts/{record_id}").body
    assert plain["meta"] == {}
    assert not [k for k in plain["contact"] if k in ("owner_id", "lifecycle_stage_id")]
    include = "owner,lifecycle_stage,contact_status,creater,territory"
    full = crm.get(f"/contacts/{record_id}?include={include}").body
    assert full["contact"]["owner_id"] is None
    assert [stage["name"] for stage in full["lifecycle_stages"]] == ["Lead"]
    assert [status["name"] for status in full["contact_status"]] == ["New"]
    assert [user["display_name"] for user in full["users"]] == ["API User"]
    assert full["territories"] == []


def test_timestamps_carry_the_offset_of_the_account(crm: Crm) -> None:
    """
    An account in New York spells its timestamps with its own offset.
    """
    crm.switch(time_zone="America/New_York")
    assert crm.contact(email="a@example.com")["created_at"][-6:] in ("-05:00", "-04:00")


def test_timestamps_may_carry_milliseconds(crm: Crm) -> None:
    """
    With the switch timestamps are finer than a second.
    """
    crm.switch(millisecond_timestamps=True)
    stamp = crm.contact(email="a@example.com")["updated_at"]
    assert re.fullmatch(r"[-0-9]{10}T[:0-9]{8}[.][0-9]{3}Z", stamp)


@pytest.mark.parametrize("status", [200, 201])
def test_the_status_of_a_create_is_a_switch(crm: Crm, status: int) -> None:
    """
    Sources disagree between 200 and 201 for a create.
    """
    crm.switch(create_status=status)
    reply = crm.post("/contacts", {"contact": {"email": "a@example.com"}})
    assert reply.status == status


def test_a_bare_body_is_taken_like_a_wrapped_one(crm: Crm) -> None:
    """
    Attributes may stand without the word contact around them.
    """
    reply = crm.post("/contacts", {"email": "a@example.com", "first_name": "Ann"})
    assert reply.body["contact"]["first_name"] == "Ann"


def test_an_update_changes_only_what_was_sent(crm: Crm) -> None:
    """
    Keys not sent keep their value, null clears, unknown keys are ignored.
    """
    made = crm.contact(email="a@example.com", first_name="Ann", job_title="Chief")
    sent = {"job_title": None, "city": "Ulm", "custom_fields": {"x": 1}, "colour": 3}
    reply = crm.put(f"/contacts/{made['id']}", {"contact": sent})
    changed = reply.body["contact"]
    assert (changed["first_name"], changed["job_title"]) == ("Ann", None)
    assert changed["city"] == "Ulm"
    assert "colour" not in changed


def test_an_update_moves_updated_at(crm: Crm) -> None:
    """
    updated_at follows the server's clock, created_at stays.
    """
    made = crm.contact(email="a@example.com")
    crm.advance(60)
    changed = crm.put(f"/contacts/{made['id']}", {"city": "Ulm"}).body["contact"]
    assert changed["updated_at"] > made["updated_at"]
    assert changed["created_at"] == made["created_at"]


@pytest.mark.parametrize("bumps", [True, False])
def test_an_update_without_a_change_may_keep_updated_at(
    crm: Crm, *, bumps: bool
) -> None:
    """
    Whether a write that changes nothing moves updated_at is a switch.
    """
    crm.switch(unchanged_update_bumps=bumps)
    made = crm.contact(email="a@example.com", city="Ulm")
    crm.advance(60)
    same = crm.put(f"/contacts/{made['id']}", {"city": "Ulm"}).body["contact"]
    assert (same["updated_at"] > made["updated_at"]) == bumps


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"first_name": "Ann"}, "Need to fill this Email to submit the form."),
        ({"email": ""}, "invalid email address"),
        ({"email": "a@"}, "invalid email address"),
        ({"email": "not-an-email"}, "invalid email address"),
        ({"email": "a b@example.com"}, "invalid email address"),
        ({"email": "a" * 65 + "@example.com"}, "invalid email address"),
        ({"first_name": "a" * 300}, "First name not in required length"),
        ({"contact_status_id": 1}, "Invalid contact status provided."),
        ({"lifecycle_stage_id": 1}, "Invalid lifecycle stage provided."),
        ({"owner_id": 1}, "Invalid owner provided."),
        ({"sales_accounts": [{"id": 1}]}, "Invalid sales account provided."),
        ({"sales_accounts": [{"id": 1}] * 11}, "Invalid sales accounts provided."),
        ({"emails": ["b@example.com"]}, "invalid email address"),
        ({"emails": [{"value": "b@"}]}, "invalid email address"),
        ({"custom_field": "cf_x"}, "Invalid value for custom_field"),
        ({"first_name": 7}, "Invalid value for First name"),
        ({"tags": "vip"}, "Invalid value for Tags"),
    ],
)
def test_a_wrong_value_refuses_the_whole_contact(
    crm: Crm, attributes: dict[str, Any], message: str
) -> None:
    """
    One wrong value answers 400 with its text, and nothing is stored.
    """
    whole = {"email": "x@example.com", **attributes}
    if attributes == {"first_name": "Ann"}:
        whole = attributes
    reply = crm.post("/contacts", {"contact": whole})
    assert reply.status == 400
    assert message in reply.messages
    assert crm.dump("contacts") == []


def test_a_required_field_cannot_be_emptied(crm: Crm) -> None:
    """
    An update may leave a required field out, but not clear it.
    """
    made = crm.contact(email="a@example.com")
    assert crm.put(f"/contacts/{made['id']}", {"city": "Ulm"}).status == 200
    reply = crm.put(f"/contacts/{made['id']}", {"email": None})
    assert reply.messages == ["Need to fill this Email to submit the form."]


def test_an_administrator_may_require_another_field(crm: Crm) -> None:
    """
    A workspace that requires Mobile instead of Email refuses a contact without.
    """
    crm.seed(
        "fields", {"module": "contacts", "name": "mobile_number", "required": True}
    )
    crm.seed("fields", {"module": "contacts", "name": "emails", "required": False})
    reply = crm.post("/contacts", {"contact": {"first_name": "Ann"}})
    assert reply.messages == ["Need to fill this Mobile to submit the form."]
    assert crm.contact(mobile_number="+49 30 1")["display_name"] == "+49 30 1"


def test_one_email_is_primary_and_email_mirrors_it(crm: Crm) -> None:
    """
    Entries merge by id and value, one is primary, and _destroy removes one.
    """
    made = crm.contact(
        emails=[
            {"value": "a@example.com", "is_primary": False},
            {"value": "b@example.com", "is_primary": True, "label": "work"},
        ]
    )
    assert made["email"] == "b@example.com"
    gone = {"id": made["emails"][1]["id"], "_destroy": True}
    new = {"value": "c@example.com"}
    reply = crm.put(f"/contacts/{made['id']}", {"contact": {"emails": [gone, new]}})
    emails = reply.body["contact"]["emails"]
    assert [(e["value"], e["is_primary"]) for e in emails] == [
        ("a@example.com", True),
        ("c@example.com", False),
    ]
    assert reply.body["contact"]["email"] == "a@example.com"


def test_the_same_address_is_kept_once(crm: Crm) -> None:
    """
    An address given again, in any case, is the entry that is there already.
    """
    made = crm.contact(email="a@example.com")
    given = [{"value": "A@example.com", "label": "work"}, {"value": "b@example.com"}]
    path = f"/contacts/{made['id']}"
    emails = crm.put(path, {"emails": given}).body["contact"]["emails"]
    assert [(e["value"], e["label"]) for e in emails] == [
        ("A@example.com", "work"),
        ("b@example.com", None),
    ]
    primary = crm.put(path, {"email": "B@example.com"}).body["contact"]
    assert primary["email"] == "B@example.com"
    assert [e["is_primary"] for e in primary["emails"]] == [False, True]


def test_a_new_primary_email_replaces_the_old_one(crm: Crm) -> None:
    """
    email, or emails as text, changes the primary entry in place.
    """
    made = crm.contact(email="a@example.com")
    reply = crm.put(f"/contacts/{made['id']}", {"emails": "b@example.com"})
    emails = reply.body["contact"]["emails"]
    assert [e["value"] for e in emails] == ["b@example.com"]
    assert emails[0]["id"] == made["emails"][0]["id"]


def test_tags_and_accounts_are_replaced(crm: Crm) -> None:
    """
    A sent list takes the place of the former one; exactly one account is primary.
    """
    one, two = crm.account(name="One")["id"], crm.account(name="Two")["id"]
    made = crm.contact(
        email="a@x.example", tags=["a", "b"], sales_accounts=[{"id": one}]
    )
    path = f"/contacts/{made['id']}?include=sales_accounts"
    links = [{"id": two, "is_primary": True}, {"id": one, "is_primary": True}]
    changed = crm.put(path, {"tags": ["c"], "sales_accounts": links}).body["contact"]
    assert changed["tags"] == ["c"]
    shown = changed["sales_accounts"]
    assert [(a["id"], a["is_primary"]) for a in shown] == [(two, True), (one, False)]
    assert all(account["partial"] for account in shown)
    text = crm.put(path, {"sales_account_id": str(one)}).body["contact"]
    assert (one, True) in {(a["id"], a["is_primary"]) for a in text["sales_accounts"]}
    emptied = crm.put(path, {"sales_accounts": []}).body["contact"]
    assert emptied["sales_accounts"] == []


def test_a_status_belongs_to_its_stage(crm: Crm) -> None:
    """
    A new stage brings its first status; a status of another stage is refused.
    """
    made = crm.contact(email="a@example.com")
    path = f"/contacts/{made['id']}?include=lifecycle_stage,contact_status"
    customer = crm.selector("lifecycle_stages", "Customer")
    moved = crm.put(path, {"lifecycle_stage_id": customer}).body
    assert [row["name"] for row in moved["contact_status"]] == ["Won"]
    new = crm.selector("contact_statuses", "New")
    assert crm.put(path, {"contact_status_id": new}).messages == [
        "Invalid contact status provided."
    ]
    crm.switch(stage_ids_on_update="ignore")
    lead = crm.selector("lifecycle_stages", "Lead")
    kept = crm.put(path, {"lifecycle_stage_id": lead}).body
    assert kept["contact"]["lifecycle_stage_id"] == customer


def test_a_deleted_contact_is_in_the_recycle_bin_until_restored(crm: Crm) -> None:
    """
    A delete answers true, hides the record from every path, and can be undone.
    """
    made = crm.contact(email="a@example.com")
    path = f"/contacts/{made['id']}"
    reply = crm.call("DELETE", path)
    assert (reply.status, reply.body) == (200, True)
    assert crm.get(path).status == 404
    assert crm.call("DELETE", path).status == 404
    assert crm.put(path, {"city": "Ulm"}).status == 404
    assert crm.view("All Contacts").body["contacts"] == []
    binned = crm.view("Recycle Bin").body["contacts"]
    assert [(c["id"], c["is_deleted"]) for c in binned] == [(made["id"], True)]
    assert crm.call("PUT", f"{path}/restore").status == 200
    assert crm.get(path).body["contact"]["is_deleted"] is False
    assert crm.call("PUT", f"{path}/restore").status == 404


def test_a_delete_may_answer_204(crm: Crm) -> None:
    """
    With the switch a delete answers 204 without a body.
    """
    crm.switch(delete_status=204)
    made = crm.contact(email="a@example.com")
    reply = crm.call("DELETE", f"/contacts/{made['id']}")
    assert (reply.status, reply.body) == (204, None)


def test_a_forgotten_contact_is_gone_for_good(crm: Crm) -> None:
    """
    Forget also reaches into the recycle bin, and cannot be undone.
    """
    made = crm.contact(email="a@example.com")
    path = f"/contacts/{made['id']}"
    crm.call("DELETE", path)
    assert crm.call("DELETE", f"{path}/forget").status == 200
    assert crm.call("PUT", f"{path}/restore").status == 404
    assert crm.call("DELETE", f"{path}/forget").status == 404
    assert crm.view("Recycle Bin").body["contacts"] == []


def test_a_clone_leaves_unique_values_behind(crm: Crm) -> None:
    """
    A clone takes the overrides and everything that need not be unique.
    """
    made = crm.contact(email="a@example.com", external_id="1", city="Ulm", tags=["vip"])
    path = f"/contacts/{made['id']}/clone"
    assert crm.post(path, {"contact": {"city": "Bonn"}}).status == 400
    copy = crm.post(path, {"contact": {"email": "b@example.com"}}).body["contact"]
    assert (copy["city"], copy["tags"], copy["external_id"]) == ("Ulm", ["vip"], None)
    assert copy["id"] > made["id"]


def test_timestamps_in_a_write_can_be_taken(crm: Crm) -> None:
    """
    created_at in a write is ignored, or stored where the switch says so.
    """
    stamp = "2020-01-02T03:04:05Z"
    ignored = crm.contact(email="a@example.com", created_at=stamp)
    assert ignored["created_at"] != stamp
    crm.switch(writable_timestamps=True)
    taken = crm.contact(email="b@example.com", created_at=stamp)
    assert taken["created_at"] == stamp


@pytest.mark.parametrize(
    ("switch", "sent", "stored"),
    [
        ("respell_phones", {"mobile_number": "+49 30-123"}, "+49 30123"),
        ("trim_text", {"city": " Ulm "}, "Ulm"),
        ("title_case_country", {"country": "GERMANY"}, "Germany"),
        ("lower_case_emails", {"email": "Ann@Example.com"}, "ann@example.com"),
    ],
)
def test_the_account_may_respell_what_it_is_given(
    crm: Crm, switch: str, sent: dict[str, str], stored: str
) -> None:
    """
    With its switch a value comes back otherwise than it was sent.
    """
    ((name, value),) = sent.items()
    made = crm.contact(**{"email": "x@example.com", **sent})
    assert made[name] == value
    crm.switch(**{switch: True})
    changed = crm.put(f"/contacts/{made['id']}", sent).body["contact"]
    assert changed[name] == stored


def test_emails_beyond_ascii_can_be_refused(crm: Crm) -> None:
    """
    An internationalised e-mail is accepted unless the switch is off.
    """
    assert crm.contact(email="jörg@exämple.com")["email"] == "jörg@exämple.com"
    crm.switch(unicode_emails=False)
    assert crm.post("/contacts", {"email": "zoë@example.com"}).status == 400
