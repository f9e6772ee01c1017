"""Quotas, ordered faults, people's acts and the command line."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.simulators.freshsales.crm import LOST, Crm


def test_the_hourly_quota_is_shared_and_refills(crm: Crm) -> None:
    """
    Refused calls and other apps spend the account's quota; the next hour restores it.
    """
    crm.switch(calls_per_hour=5)
    assert crm.get("/nothing").headers["x-ratelimit-remaining"] == "4"
    crm.act("spend_calls", calls=3)
    last = crm.get("/contacts/filters")
    assert last.headers["x-ratelimit-limit"] == "5"
    assert last.headers["x-ratelimit-remaining"] == "0"
    refused = crm.get("/contacts/filters")
    assert refused.status == 429
    assert refused.messages == ["Too many requests"]
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    crm.switch(retry_after=False)
    assert "Retry-After" not in crm.get("/contacts/filters").headers
    crm.advance(3600)
    assert crm.get("/contacts/filters").status == 200


def test_the_quota_per_minute_is_its_own(crm: Crm) -> None:
    """
    A used-up minute refuses although the hour has calls left.
    """
    crm.switch(calls_per_hour=1000, calls_per_minute=2, rate_limit_window="sliding")
    statuses = [crm.get("/contacts/filters").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    crm.advance(61)
    assert crm.get("/contacts/filters").status == 200


def test_a_sliding_hour_gives_calls_back_one_by_one(crm: Crm) -> None:
    """
    In a sliding window a call returns an hour after it was spent.
    """
    crm.switch(calls_per_hour=2, rate_limit_window="sliding")
    crm.get("/contacts/filters")
    crm.advance(1800)
    crm.get("/contacts/filters")
    assert crm.get("/contacts/filters").status == 429
    crm.advance(1801)
    assert crm.get("/contacts/filters").status == 200
    assert crm.get("/contacts/filters").status == 429


@pytest.mark.parametrize(
    ("spelling", "digits"), [("date", 12), ("epoch", 10), ("seconds", 4)]
)
def test_the_reset_is_spelled_as_asked(crm: Crm, spelling: str, digits: int) -> None:
    """
    x-ratelimit-reset is a date, a Unix time or seconds, as the switch says.
    """
    crm.switch(calls_per_hour=5, rate_limit_reset=spelling)
    reset = crm.get("/contacts/filters").headers["x-ratelimit-reset"]
    assert reset.isdecimal()
    assert len(reset) <= digits
    crm.switch(rate_limit_headers=False)
    assert "x-ratelimit-reset" not in crm.get("/contacts/filters").headers


def test_the_edge_throttles_before_authentication(crm: Crm) -> None:
    """
    An edge 429 is HTML with a long Retry-After, whoever calls, and spends nothing.
    """
    crm.switch(edge_throttle_next=1, calls_per_hour=5)
    reply = crm.call("GET", "/contacts/filters", key="wrong")
    assert reply.status == 429
    assert reply.body.startswith(b"<html>")
    assert reply.headers["Retry-After"] == "300"
    assert crm.get("/contacts/filters").headers["x-ratelimit-remaining"] == "4"


@pytest.mark.parametrize(
    ("switch", "path", "status"),
    [
        ("server_error_next", "/contacts/filters", 500),
        ("inner_throttle_next", "/contacts/filters", 400),
        ("lookup_forbidden_next", "/lookup?q=a&f=email&entities=contact", 403),
    ],
)
def test_a_fault_strikes_as_often_as_ordered(
    crm: Crm, switch: str, path: str, status: int
) -> None:
    """
    The next n calls of its paths meet the fault, all others nothing.
    """
    crm.switch(**{switch: 2})
    if switch != "server_error_next":
        assert crm.get("/selector/owners").status == 200
    replies = [crm.get(path) for _ in range(3)]
    assert [reply.status for reply in replies] == [status, status, 200]
    if switch == "inner_throttle_next":
        assert "response_code :: 429" in replies[0].messages[0]


def test_the_status_of_a_server_error_is_a_switch(crm: Crm) -> None:
    """
    A server error can be any status, and nothing was done.
    """
    crm.switch(server_error_next=1, server_error_status=503)
    assert crm.post("/contacts", {"email": "a@example.com"}).status == 503
    assert crm.dump("contacts") == []


def test_bulk_may_be_busy(crm: Crm) -> None:
    """
    A busy bulk endpoint answers 405 and takes the rows later.
    """
    crm.switch(bulk_busy_next=1)
    body = {"contacts": [{"emails": "a@example.com", "data": {"city": "Ulm"}}]}
    statuses = [crm.post("/contacts/bulk_upsert", body).status for _ in range(2)]
    assert statuses == [405, 200]


@pytest.mark.parametrize(
    ("switch", "stored"),
    [("drop_after_commit_next", 1), ("drop_before_commit_next", 0)],
)
def test_a_lost_connection_leaves_the_caller_unsure(
    crm: Crm, switch: str, stored: int
) -> None:
    """
    A dropped write was done or not, reads are spared, and the log notes status 0.
    """
    crm.switch(**{switch: 1})
    assert crm.get("/contacts/filters").status == 200
    with pytest.raises(LOST):
        crm.post("/contacts", {"email": "a@example.com"})
    assert len(crm.dump("contacts")) == stored
    calls = crm.send("GET", "/_control/calls", None, {}).body["calls"]
    assert [call["status"] for call in calls] == [200, 0]


def test_latency_delays_but_answers(crm: Crm) -> None:
    """
    A slow server still answers.
    """
    crm.switch(latency_ms=1.0)
    assert crm.get("/contacts/filters").status == 200


def test_a_merge_keeps_one_contact_with_what_all_had(crm: Crm) -> None:
    """
    The losers are gone for good; e-mails and tags are joined and updated_at moves.
    """
    kept = crm.contact(email="a@example.com", tags=["x"], city="Ulm")
    lost = crm.contact(email="b@example.com", tags=["y", "x"])
    crm.advance(60)
    merged = crm.act("merge", survivor=kept["id"], losers=[lost["id"]]).body
    assert merged["tags"] == ["x", "y"]
    assert [e["value"] for e in merged["emails"]] == ["a@example.com", "b@example.com"]
    assert (merged["email"], merged["city"]) == ("a@example.com", "Ulm")
    assert merged["updated_at"] > kept["updated_at"]
    assert crm.get(f"/contacts/{lost['id']}").status == 404
    assert crm.dump("deleted_contacts") == []


def test_an_edit_by_a_person_is_no_call(crm: Crm) -> None:
    """
    People create, edit, delete, restore and forget without spending calls.
    """
    crm.switch(calls_per_hour=3)
    made = crm.contact(email="a@example.com")
    who = crm.selector("owners", "Sam Sales")
    edit = {"resource": "contacts", "id": made["id"]}
    assert crm.act("edit", **edit, fields={"city": "Ulm"}, by=who).status == 200
    for act in ("delete", "restore"):
        assert crm.act(act, **edit).status == 200
    reply = crm.get(f"/contacts/{made['id']}?include=updater,creater")
    assert reply.body["contact"]["city"] == "Ulm"
    assert reply.body["contact"]["updater_id"] == who
    assert reply.headers["x-ratelimit-remaining"] == "0"
    assert crm.act("forget", **edit).status == 200
    new = {"resource": "sales_accounts", "fields": {"name": "Acme"}}
    assert crm.act("create", **new).body["id"] == crm.dump("sales_accounts")[0]["id"]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("dance", {}),
        ("edit", {"id": 1, "fields": {}}),
        ("merge", {"survivor": 1, "losers": []}),
        ("edit", {}),
        ("delete", {"resource": "nothing", "id": 1}),
    ],
)
def test_an_act_that_cannot_be_done_is_refused(
    crm: Crm, name: str, facts: dict[str, object]
) -> None:
    """
    Unknown acts, records and resources answer 400 with a reason.
    """
    reply = crm.act(name, **facts)
    assert reply.status == 400
    assert reply.body["error"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"resource":"nothing","record":{}}',
        b'{"resource":"contacts","record":{"colour":"red"}}',
        b'{"resource":"contacts","record":{"custom_field":{"cf_x":1}}}',
        b'{"resource":"contacts","record":{"first_name":1}}',
        b'{"resource":"contacts","record":{"updated_at":"soon"}}',
        b'{"resource":"fields","record":{"module":"deals","name":"cf_x","label":"x"}}',
        b'{"resource":"fields","record":{"module":"contacts","name":"x","label":"x"}}',
        b'{"resource":"fields","record":{"module":"contacts","name":"cf_x"}}',
        b'{"resource":"keys","record":{"token":"x"}}',
    ],
)
def test_a_seed_that_means_nothing_is_refused(crm: Crm, line: bytes) -> None:
    """
    A wrong line is refused with its number instead of being half stored.
    """
    reply = crm.send("POST", "/_control/seed", line, {})
    assert (reply.status, reply.body["line"]) == (400, 1)


def test_a_dump_of_nothing_known_is_refused(crm: Crm) -> None:
    """
    The control API has no records of a resource that does not exist.
    """
    assert crm.send("GET", "/_control/records/nothing", None, {}).status == 404


def test_a_seed_is_older_than_the_rules(crm: Crm) -> None:
    """
    Seeded contacts may share an e-mail, lack one, carry ids, or be deleted.
    """
    crm.seed(
        "contacts",
        {"id": 70042009999, "emails": "a@example.com", "tags": ["old"]},
        {"emails": "A@example.com", "created_at": "2020-01-01T00:00:00+02:00"},
        {"first_name": "Nobody"},
        {"emails": "gone@example.com", "is_deleted": True},
    )
    assert [c["id"] for c in crm.dump("contacts")] == [
        70042009999,
        70042010000,
        70042010001,
    ]
    assert crm.dump("contacts")[1]["created_at"] == "2019-12-31T22:00:00Z"
    counts = crm.send("GET", "/_control", None, {}).body["counts"]
    assert (counts["contacts"], counts["deleted_contacts"]) == (3, 1)


def test_selectors_have_stock_entries_and_take_more(crm: Crm) -> None:
    """
    Stages, statuses, pipeline and activity types are stock; seeds add to them.
    """
    stages = crm.get("/selector/lifecycle_stages?include=contact_statuses").body
    assert [s["name"] for s in stages["lifecycle_stages"]] == [
        "Lead",
        "Sales Qualified Lead",
        "Customer",
    ]
    assert len(stages["lifecycle_stages"][0]["contact_status_ids"]) == 4
    assert len(stages["contact_statuses"]) == 8
    (pipeline,) = crm.get("/selector/deal_pipelines").body["deal_pipelines"]
    assert [s["probability"] for s in pipeline["deal_stages"]][-2:] == [100, 0]
    path = f"/selector/deal_pipelines/{pipeline['id']}/deal_stages"
    assert crm.get(path).body["deal_stages"] == pipeline["deal_stages"]
    types = crm.get("/selector/sales_activity_types").body["sales_activity_types"]
    assert types[2]["internal_name"] == "appointment"
    path = f"/selector/sales_activity_types/{types[0]['id']}/sales_activity_outcomes"
    assert crm.get(path).body["sales_activity_outcomes"]
    crm.seed("lifecycle_stages", {"id": 5, "name": "Partner"})
    status = {"id": 6, "name": "Signed", "lifecycle_stage_id": 5}
    crm.seed("contact_statuses", status)
    made = crm.contact(email="a@example.com", lifecycle_stage_id=5)
    reply = crm.get(f"/contacts/{made['id']}?include=contact_status")
    assert reply.body["contact"]["contact_status_id"] == 6
    assert {row["name"] for row in crm.dump("lifecycle_stages")} >= {"Partner"}
    assert crm.dump("fields")[0]["module"] == "contacts"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_when_it_is_ready_and_stops_quietly(
    number: signal.Signals,
) -> None:
    """
    ``python -m`` prints its URL, answers there, and ends with code 0 on a signal.
    """
    source = Path(__file__).parents[3] / "src"
    with subprocess.Popen(
        [sys.executable, "-m", "crosswalk.simulators.freshsales", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(source)},
    ) as process:
        assert process.stdout is not None
        word, url = process.stdout.readline().split()
        assert word == "ready"
        request = urllib.request.Request(  # noqa: S310 a server on loopback
            f"{url}/api/contacts/filters",
            headers={"Authorization": "Token token=sample-key"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 the same
            assert answer.status == 200
        process.send_signal(number)
        _, complaints = process.communicate(timeout=10)
    assert (process.returncode, complaints) == (0, "")
