"""Upserts, single and in bulk, and the other bulk calls."""

from typing import Any

import orjson
import pytest

from tests.simulators.freshsales.crm import API, Crm, Reply


def upsert(
    crm: Crm, unique: object, module: str = "contacts", **attributes: object
) -> Reply:
    """Upsert one record."""
    singular = module.removesuffix("s")
    body = {"unique_identifier": unique, singular: attributes}
    return crm.post(f"/{module}/upsert", body)


def job(crm: Crm, url: str) -> dict[str, Any]:
    """Return a job's status with its data decoded."""
    status: dict[str, Any] = crm.get(url[url.index(API) + len(API) :]).body
    if status["data"] is not None:
        status["data"] = orjson.loads(status["data"])
    return status


def bulk(crm: Crm, *rows: object, module: str = "contacts") -> str:
    """Send rows in bulk and return where their job tells its status."""
    reply = crm.post(f"/{module}/bulk_upsert", {module: rows})
    assert reply.status == 200, reply.body
    url: str = reply.body["job_status_url"]
    return url


def test_an_upsert_creates_once_and_then_updates(crm: Crm) -> None:
    """
    The first upsert answers 201, the next one 200 with the same id, case ignored.
    """
    made = upsert(crm, {"emails": "a@example.com"}, first_name="Ann")
    again = upsert(crm, {"emails": "A@EXAMPLE.com"}, emails="a@example.com", city="Ulm")
    assert (made.status, again.status) == (201, 200)
    assert again.body["contact"]["id"] == made.body["contact"]["id"]
    assert again.body["contact"]["first_name"] == "Ann"
    assert made.body["contact"]["email"] == "a@example.com"


def test_an_upsert_may_always_answer_200(crm: Crm) -> None:
    """
    With the switch a creating upsert answers 200 too.
    """
    crm.switch(upsert_always_200=True)
    assert upsert(crm, {"emails": "a@example.com"}, city="Ulm").status == 200


def test_concurrent_upserts_of_one_email_make_one_contact(crm: Crm) -> None:
    """
    Ten upserts at once leave one contact behind.
    """
    body = {
        "unique_identifier": {"emails": "a@example.com"},
        "contact": {"emails": "a@example.com"},
    }
    replies = crm.send_together(*[("POST", "/contacts/upsert", body)] * 10)
    assert sorted(reply.status for reply in replies) == [200] * 9 + [201]
    assert len(crm.dump("contacts")) == 1


@pytest.mark.parametrize(
    "unique",
    [
        None,
        {},
        {"emails": "a@example.com", "id": 1},
        {"email": "a@example.com"},
        {"emails": ""},
        {"emails": None},
        {"first_name": "Ann"},
    ],
)
def test_an_upsert_needs_exactly_one_known_identifier(crm: Crm, unique: object) -> None:
    """
    No identifier, two of them or one that identifies nothing answers 400.
    """
    assert upsert(crm, unique, city="Ulm").status == 400


@pytest.mark.parametrize(("allowed", "status"), [(True, 201), (False, 400)])
@pytest.mark.parametrize("name", ["external_id", "cf_key"])
def test_other_unique_fields_may_identify(
    crm: Crm, name: str, *, allowed: bool, status: int
) -> None:
    """
    Whether external_id or a unique custom field identifies an upsert is a switch.
    """
    field = {"module": "contacts", "name": "cf_key", "label": "Key", "unique": True}
    crm.seed("fields", field)
    crm.switch(upsert_by_unique_field=allowed)
    assert upsert(crm, {name: "7"}, email="a@example.com").status == status
    if allowed:
        again = upsert(crm, {name: "7"}, email="b@example.com")
        assert again.status == 200
        assert len(crm.dump("contacts")) == 1


def test_an_upsert_by_id_never_creates(crm: Crm) -> None:
    """
    An id that is not in the CRM answers 404.
    """
    made = crm.contact(email="a@example.com")
    assert upsert(crm, {"id": str(made["id"])}, city="Ulm").status == 200
    assert upsert(crm, {"id": 12345678901}, city="Ulm").status == 404


def test_an_account_is_upserted_by_name(crm: Crm) -> None:
    """
    Equal names meet the oldest account of that name.
    """
    crm.switch(unique_account_name="off")
    first = crm.account(name="Acme")
    crm.account(name="Acme")
    reply = upsert(crm, {"name": "Acme"}, "sales_accounts", city="Ulm")
    assert reply.body["sales_account"]["id"] == first["id"]


@pytest.mark.parametrize("revives", [True, False])
def test_an_upsert_may_revive_a_deleted_contact(crm: Crm, *, revives: bool) -> None:
    """
    Whether an upsert that meets a deleted contact restores it is a switch.
    """
    crm.switch(upsert_revives_deleted=revives)
    made = crm.contact(email="a@example.com")
    crm.call("DELETE", f"/contacts/{made['id']}")
    reply = upsert(crm, {"emails": "a@example.com"}, city="Ulm")
    assert (reply.body["contact"]["id"] == made["id"]) == revives
    assert reply.status == (200 if revives else 201)


def test_a_bulk_job_tells_what_became_of_its_rows(crm: Crm) -> None:
    """
    A bad row fails alone, and the job succeeds with data as JSON in a string.
    """
    made = crm.contact(email="a@example.com", first_name="Ann")
    url = bulk(
        crm,
        {"id": str(made["id"]), "data": {"city": "Ulm"}},
        {"emails": "b@example.com", "data": {"city": "Bonn"}},
        {"emails": "broken", "data": {"city": "Kiel"}},
        {"emails": "c@example.com"},
        {"emails": "c@example.com", "id": 1, "data": {}},
    )
    assert url.startswith("http://")
    status = job(crm, url)
    assert (status["status"], status["progress"]) == ("SUCCESS", 100)
    assert status["data"]["record_status"] == {"succeeded": 2, "failed": 3}
    report = status["data"]["detailed_failure_report"]
    assert report[0] == {"emails": "broken", "message": ["invalid email address"]}
    cities = {c["email"]: c["city"] for c in crm.dump("contacts")}
    assert cities == {"a@example.com": "Ulm", "b@example.com": "Bonn"}


@pytest.mark.parametrize(
    ("detail", "report"),
    [("bare", [{"message": ["invalid email address"]}]), ("empty", [])],
)
def test_a_failure_report_may_say_less(
    crm: Crm, detail: str, report: list[object]
) -> None:
    """
    The report of failed rows may leave out which they are, or say nothing at all.
    """
    crm.switch(bulk_failure_report=detail)
    status = job(crm, bulk(crm, {"emails": "broken", "data": {}}))
    assert status["data"]["detailed_failure_report"] == report
    assert status["data"]["record_status"]["failed"] == 1


def test_a_bulk_job_is_processed_after_its_delay(crm: Crm) -> None:
    """
    Until its time a job tells progress and another word, and nothing is stored.
    """
    crm.switch(bulk_delay_seconds=100.0)
    url = bulk(crm, {"emails": "a@example.com", "data": {"city": "Ulm"}})
    crm.advance(50)
    status = job(crm, url)
    assert (status["status"], status["data"]) == ("IN_PROGRESS", None)
    assert 50 <= status["progress"] < 100
    assert crm.dump("contacts") == []
    crm.advance(50)
    assert len(crm.dump("contacts")) == 1
    assert job(crm, url)["status"] == "SUCCESS"


def test_a_job_is_forgotten_after_its_retention(crm: Crm) -> None:
    """
    With a retention the status of an old job answers 404.
    """
    crm.switch(job_retention_seconds=60.0)
    url = bulk(crm, {"emails": "a@example.com", "data": {"city": "Ulm"}})
    path = url[url.index(API) + len(API) :]
    assert crm.get(path).status == 200
    crm.advance(61)
    assert crm.get(path).status == 404


def test_the_status_url_can_point_elsewhere(crm: Crm) -> None:
    """
    With the switch job_status_url names another host, which no client may call.
    """
    crm.switch(job_status_base="http://evil.example/api")
    url = bulk(crm, {"emails": "a@example.com", "data": {"city": "Ulm"}})
    assert url.startswith("http://evil.example/api/job_statuses/")


@pytest.mark.parametrize("drops", [True, False])
def test_bulk_may_drop_associations(crm: Crm, *, drops: bool) -> None:
    """
    sales_accounts in a bulk row vanish without an error unless the switch is off.
    """
    crm.switch(bulk_drops_associations=drops)
    account = crm.account(name="Acme")["id"]
    data = {"city": "Ulm", "sales_accounts": [{"id": account}]}
    url = bulk(crm, {"emails": "a@example.com", "data": data})
    assert job(crm, url)["data"]["record_status"]["failed"] == 0
    (stored,) = crm.dump("contacts")
    assert bool(stored["sales_accounts"]) != drops


@pytest.mark.parametrize(("reverse", "last"), [(False, "2"), (True, "1")])
def test_rows_are_processed_in_either_order(
    crm: Crm, *, reverse: bool, last: str
) -> None:
    """
    Of two rows for one e-mail the last one processed stays.
    """
    crm.switch(bulk_reverse_order=reverse)
    rows = [{"emails": "a@example.com", "data": {"city": n}} for n in ("1", "2")]
    bulk(crm, *rows)
    assert crm.dump("contacts")[0]["city"] == last


@pytest.mark.parametrize("rows", [[], "text", [{}] * 101])
def test_a_bulk_call_takes_one_to_a_hundred_rows(crm: Crm, rows: object) -> None:
    """
    No rows, or more than 100, answer 400.
    """
    assert crm.post("/contacts/bulk_upsert", {"contacts": rows}).status == 400


def test_accounts_are_upserted_in_bulk_by_name(crm: Crm) -> None:
    """
    Account rows are identified by name.
    """
    bulk(crm, {"name": "Acme", "data": {"city": "Ulm"}}, module="sales_accounts")
    assert [a["name"] for a in crm.dump("sales_accounts")] == ["Acme"]


def test_selected_records_are_destroyed_or_assigned(crm: Crm) -> None:
    """
    bulk_destroy and bulk_assign_owner act on every selected id that exists.
    """
    one = crm.contact(email="a@example.com")["id"]
    two = crm.contact(email="b@example.com")["id"]
    owner = crm.selector("owners", "Sam Sales")
    body = {"selected_ids": [one, 1], "owner_id": owner}
    assert crm.post("/contacts/bulk_assign_owner", body).status == 200
    assert [c.get("owner_id") for c in crm.dump("contacts")] == [owner, None]
    bad = {"selected_ids": [one], "owner_id": 1}
    assert crm.post("/contacts/bulk_assign_owner", bad).status == 400
    assert crm.post("/contacts/bulk_destroy", {"selected_ids": [str(two)]}).body.keys()
    assert [c["id"] for c in crm.dump("contacts")] == [one]
    assert crm.post("/contacts/bulk_destroy", {"selected_ids": []}).status == 400


def test_an_account_may_take_its_contacts_along(crm: Crm) -> None:
    """
    delete_associated_contacts_deals deletes the linked contacts too.
    """
    account = crm.account(name="Acme")["id"]
    crm.contact(email="a@example.com", sales_account_id=account)
    body = {"selected_ids": [account], "delete_associated_contacts_deals": True}
    crm.post("/sales_accounts/bulk_destroy", body)
    assert crm.dump("contacts") == crm.dump("sales_accounts") == []
