"""Authentication, paths and bodies."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulators.freshsales.crm import API, Crm


@pytest.mark.parametrize(
    "header", ["", "Token token=wrong", "Bearer sample-key", "sample-key"]
)
def test_a_call_without_a_known_key_fails_to_log_in(crm: Crm, header: str) -> None:
    """
    Without a key that was issued the answer is 401 in the log-in shape.
    """
    headers = {"Authorization": header} if header else {}
    reply = crm.send("GET", f"{API}/contacts/filters", None, headers)
    assert reply.status == 401
    assert reply.body == {"login": "failed", "message": "Authentication failed"}


def test_a_revoked_key_fails_to_log_in(crm: Crm) -> None:
    """
    A key that its user regenerated is refused from then on.
    """
    crm.act("revoke_key", token="sample-key")
    assert crm.get("/contacts/filters").status == 401


def test_a_restricted_key_may_not_list_owners(crm: Crm) -> None:
    """
    A second, restricted key works, but owners are forbidden to it.
    """
    owner = crm.selector("owners", "Sam Sales")
    crm.seed("keys", {"token": "small", "user_id": owner, "restricted": True})
    assert crm.call("GET", "/contacts/filters", key="small").status == 200
    assert crm.call("GET", "/selector/owners", key="small").status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/contacts/12345678901"),
        ("GET", "/contacts/12345678901/contacts"),
        ("GET", "/contacts/abc"),
        ("PATCH", "/contacts/12345678901"),
        ("GET", "/leads/filters"),
        ("GET", "/settings/leads/fields"),
        ("GET", "/selector/nothing"),
        ("DELETE", "/contacts"),
        ("GET", "/job_statuses/12345678901"),
        ("GET", "/selector/deal_pipelines/1/deal_stages"),
    ],
)
def test_an_unknown_path_or_id_is_not_in_the_crm(
    crm: Crm, method: str, path: str
) -> None:
    """
    What does not exist answers 404 in the main error shape.
    """
    reply = crm.call(method, path)
    assert reply.status == 404
    assert reply.body["errors"]["code"] == 404
    assert "not in the CRM" in reply.messages[0]


@pytest.mark.parametrize("path", ["/", "/crm/sales", "/crm/sales/contacts/filters"])
def test_nothing_is_served_outside_the_prefix(crm: Crm, path: str) -> None:
    """
    Outside /crm/sales/api a valid key finds nothing.
    """
    headers = {"Authorization": "Token token=sample-key"}
    assert crm.send("GET", path, None, headers).status == 404


def test_there_is_no_list_of_contacts_without_a_view(crm: Crm) -> None:
    """
    A bare GET /contacts is forbidden.
    """
    reply = crm.get("/contacts")
    assert reply.status == 403
    assert reply.messages == ["You are not authorised to perform this operation."]


@pytest.mark.parametrize("suffix", ["", "/", ".json"])
def test_json_suffix_and_last_slash_mean_nothing(crm: Crm, suffix: str) -> None:
    """
    /filters, /filters/ and /filters.json are one path.
    """
    assert crm.get(f"/contacts/filters{suffix}").status == 200


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"contact":{"email":"a@example.com"}}', "text/plain"),
        (b'{"contact":', "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b'{"contact":{}}', "application/json"),
        (b'{"contact":"text"}', "application/json"),
        (b"", "application/json"),
    ],
)
def test_a_body_without_attributes_is_refused(
    crm: Crm, content: bytes, content_type: str
) -> None:
    """
    A body of another type, or one that holds no attributes, answers 400.
    """
    headers = {
        "Authorization": "Token token=sample-key",
        "Content-Type": content_type,
    }
    reply = crm.send("POST", f"{API}/contacts", content, headers)
    assert reply.status == 400
    assert reply.messages == ["Invalid or missing attributes"]


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/filters?page=1",
        "/contacts/71010700003?include=owner",
        "/contacts/view/71010700003?include=nothing",
        "/contacts/view/71010700003?sort=nothing",
        "/contacts/view/71010700003?sort=id&sort_type=up",
        "/search?q=a&include=contacts",
        "/search",
        "/lookup?q=a&f=email",
        "/lookup?q=a&f=nothing&entities=contact",
    ],
)
def test_an_unknown_parameter_is_not_taken_silently(crm: Crm, path: str) -> None:
    """
    A parameter or value that means nothing is refused, not overlooked.
    """
    assert crm.get(path).status in (400, 404)


def test_unknown_parameters_can_be_ignored(crm: Crm) -> None:
    """
    With the switch, unknown parameters and includes change nothing.
    """
    crm.switch(unknown_parameter="ignore")
    assert crm.get("/contacts/filters?colour=red").status == 200
    assert crm.view("All Contacts", "?include=nothing&sort=nothing").status == 200


def test_an_error_message_can_be_one_string(crm: Crm) -> None:
    """
    With the switch, errors.message is text instead of an array.
    """
    crm.switch(error_message_as_string=True)
    message = crm.get("/nothing").body["errors"]["message"]
    assert message == "The requested path is not in the CRM"


def test_calls_are_logged_by_route(crm: Crm) -> None:
    """
    The control API tells which routes were called, and which calls wrote.
    """
    record_id = crm.contact(email="a@example.com")["id"]
    crm.get(f"/contacts/{record_id}")
    rule = {"attribute": "email", "operator": "is", "value": "a@example.com"}
    crm.post("/filtered_search/contact", {"filter_rule": [rule]})
    calls = crm.send("GET", "/_control/calls", None, {}).body["calls"]
    assert [(c["route"], c["status"], c["write"], c["key"]) for c in calls] == [
        ("/contacts", 200, True, "sample-key"),
        ("/contacts/{id}", 200, False, "sample-key"),
        ("/filtered_search/contact", 200, False, "sample-key"),
    ]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["", "x", "a@example.com", "2026-01-01", "cf_key", "70042000001"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["id", "value", "is_primary", "_destroy", "cf_key"]), inner
        ),
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(
    [
        "emails",
        "email",
        "external_id",
        "id",
        "tags",
        "sales_accounts",
        "sales_account_id",
        "custom_field",
        "owner_id",
        "contact_status_id",
        "lifecycle_stage_id",
        "subscription_status",
        "name",
        "created_at",
        "cf_key",
    ]
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
FILTERS = st.fixed_dictionaries(
    {
        "attribute": NAMES | st.just("updated_at"),
        "operator": st.sampled_from(
            ["is", "is_in", "contains", "is_after", "is_before", "is_not_null"]
        ),
        "value": VALUES,
    }
)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(record=OBJECTS, unique=OBJECTS, rule=FILTERS, sort=NAMES)
def test_no_json_makes_the_server_fail(
    crm: Crm,
    record: dict[str, Any],
    unique: dict[str, Any],
    rule: dict[str, Any],
    sort: str,
) -> None:
    """
    Whatever a client sends is taken or refused; it never ends in a server error.
    """
    field = {"module": "contacts", "name": "cf_key", "label": "Key", "unique": True}
    crm.seed("fields", field)
    crm.switch(writable_timestamps=True)
    contact = {"email": "a@example.com", **record}
    post = partial(crm.call, "POST")
    replies = [
        post("/contacts", {"contact": record}),
        post("/contacts/upsert", {"unique_identifier": unique, "contact": contact}),
        post("/contacts/bulk_upsert", {"contacts": [{**unique, "data": record}]}),
        post("/sales_accounts", {"sales_account": record}),
        post("/filtered_search/contact", {"filter_rule": [rule], "sort": sort}),
        post("/contacts/bulk_destroy", {"selected_ids": record.get("id")}),
        crm.view("All Contacts", f"?sort={sort}&sort_type=desc"),
    ]
    assert {reply.status for reply in replies} <= {200, 201, 400, 404}
