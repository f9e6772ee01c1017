"""Views, search, lookup and filtered search."""

from typing import Any

import pytest

from tests.simulators.freshsales.crm import Crm, Reply


def seed_many(crm: Crm, count: int) -> None:
    """Store contacts; the later their number, the earlier their change."""
    crm.seed(
        "contacts",
        *(
            {
                "emails": f"p{n:03d}@example.com",
                "first_name": f"Name{n:03d}",
                "updated_at": f"2026-01-01T00:{59 - n // 60:02d}:{59 - n % 60:02d}Z",
                "created_at": "2025-01-01T00:00:00Z",
            }
            for n in range(count)
        ),
    )


def emails(reply: Reply) -> list[str]:
    """Return who is on a page."""
    return [contact["email"] for contact in reply.body["contacts"]]


def test_the_stock_views_are_listed(crm: Crm) -> None:
    """
    Both modules tell their views with ids.
    """
    views = crm.get("/contacts/filters").body["filters"]
    assert {"All Contacts", "My Contacts", "Recycle Bin"} <= {v["name"] for v in views}
    assert views[0]["model_class_name"] == "Contact"
    ids = [v["id"] for v in views + crm.get("/sales_accounts/filters").body["filters"]]
    assert len(set(ids)) == len(ids)


def test_an_unknown_view_is_forbidden(crm: Crm) -> None:
    """
    A view that does not exist, or is not shared, answers 403.
    """
    assert crm.get("/contacts/view/123").status == 403
    assert crm.get("/contacts/scroll/123").status == 403


def test_pages_follow_updated_at(crm: Crm) -> None:
    """
    25 rows a page in the asked order, the counts in meta, then empty pages.
    """
    seed_many(crm, 60)
    query = "?sort=updated_at&sort_type=desc"
    first = crm.view("All Contacts", query)
    assert len(emails(first)) == 25
    assert emails(first)[0] == "p000@example.com"
    assert first.body["meta"] == {"total_pages": 3, "total": 60}
    last = crm.view("All Contacts", "?sort=updated_at&page=3")
    assert emails(last) == [f"p{n:03d}@example.com" for n in range(9, -1, -1)]
    beyond = crm.view("All Contacts", f"{query}&page=4")
    assert (beyond.status, emails(beyond)) == (200, [])


@pytest.mark.parametrize("sort", ["updated_at", "first_name", "id", ""])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_every_order_shows_every_record_once(
    crm: Crm, sort: str, direction: str
) -> None:
    """
    Walking the pages of any order meets each contact exactly once.
    """
    seed_many(crm, 23)
    query = f"?sort={sort}&sort_type={direction}&per_page=5&page="
    met = [
        e for n in range(1, 6) for e in emails(crm.view("All Contacts", query + str(n)))
    ]
    assert len(met) == len(set(met)) == 23


def test_equal_moments_are_ordered_by_id(crm: Crm) -> None:
    """
    Contacts changed in one second follow each other by id.
    """
    stamp = "2026-01-01T00:00:00Z"
    crm.seed(
        "contacts",
        *({"emails": f"{n}@example.com", "updated_at": stamp} for n in range(5)),
    )
    rows = crm.view("All Contacts", "?sort=updated_at").body["contacts"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(
    ("per_page", "rows"), [("0", 0), ("7", 7), ("1000", 100), ("x", 0)]
)
def test_the_size_of_a_page_is_capped(crm: Crm, per_page: str, rows: int) -> None:
    """
    per_page beyond the cap gives the cap, and 0 gives nothing.
    """
    seed_many(crm, 120)
    reply = crm.view("All Contacts", f"?per_page={per_page}")
    assert (reply.status, len(emails(reply))) == (200, rows)


def test_short_pages_still_show_everybody(crm: Crm) -> None:
    """
    With the switch pages are short before the end, and only an empty one ends.
    """
    seed_many(crm, 30)
    crm.switch(short_pages=True)
    pages = [
        emails(crm.view("All Contacts", f"?per_page=10&page={n}")) for n in range(1, 6)
    ]
    assert [len(page) for page in pages] == [9, 9, 9, 3, 0]
    assert len({email for page in pages for email in page}) == 30


def test_rows_are_thin(crm: Crm) -> None:
    """
    Rows lack references without include=, and custom_field where the switch says.
    """
    owner = crm.selector("owners", "Sam Sales")
    account = crm.account(name="Acme", owner_id=owner)
    crm.contact(email="a@example.com", owner_id=owner, sales_account_id=account["id"])
    row = crm.view("All Contacts").body["contacts"][0]
    assert not {"owner_id", "sales_accounts"} & row.keys()
    assert "custom_field" in row
    reply = crm.view("All Contacts", "?include=owner,sales_accounts")
    assert reply.body["contacts"][0]["owner_id"] == owner
    assert reply.body["contacts"][0]["sales_accounts"][0]["name"] == "Acme"
    assert [user["id"] for user in reply.body["users"]] == [owner]
    accounts = crm.view("All Accounts", module="sales_accounts").body["sales_accounts"]
    assert "owner_id" not in accounts[0]
    crm.switch(rows_carry_custom_field=False)
    assert "custom_field" not in crm.view("All Contacts").body["contacts"][0]


def test_views_filter(crm: Crm) -> None:
    """
    My Contacts shows what the key's user owns, New Contacts what is a week old.
    """
    me = crm.selector("owners", "API User")
    crm.contact(email="mine@example.com", owner_id=me)
    seed_many(crm, 1)
    assert emails(crm.view("My Contacts")) == ["mine@example.com"]
    assert emails(crm.view("New Contacts")) == ["mine@example.com"]
    assert len(emails(crm.view("Never Contacted"))) == 2


def test_a_scroll_goes_on_after_the_last_id(crm: Crm) -> None:
    """
    The cursor form walks all contacts by id.
    """
    seed_many(crm, 5)
    view_id = crm.get("/contacts/filters").body["filters"][2]["id"]
    path = f"/contacts/scroll/{view_id}?limit=3"
    first = crm.get(path).body["contacts"]
    rest = crm.get(f"{path}&last_fetched_id={first[-1]['id']}").body["contacts"]
    assert (len(first), len(rest)) == (3, 2)
    assert rest[0]["id"] > first[-1]["id"]


def test_search_finds_by_prefix(crm: Crm) -> None:
    """
    /search is a bare array with ids as strings, for any word of a name.
    """
    made = crm.contact(email="ann@example.com", first_name="Ann", last_name="Ångström")
    crm.account(name="Annex Ltd")
    rows = crm.get("/search?q=ann&include=contact,sales_account").body
    assert {row["type"] for row in rows} == {"contact", "sales_account"}
    (row,) = crm.get("/search?q=ångs&include=contact").body
    assert row["id"] == str(made["id"])
    assert (row["name"], row["stage_name"]) == ("Ann Ångström", "Lead")
    assert crm.get("/search?q=zzz&include=contact,deal,user").body == []
    assert len(crm.get("/search?q=ann").body) == 2


def test_search_is_capped(crm: Crm) -> None:
    """
    A broad term gives ten rows unless per_page asks for more.
    """
    seed_many(crm, 30)
    assert len(crm.get("/search?q=name&include=contact").body) == 10
    assert len(crm.get("/search?q=name&include=contact&per_page=20").body) == 20


def test_search_and_lookup_lag_behind(crm: Crm) -> None:
    """
    Within the lag a new contact is not found, nor is an old value forgotten.
    """
    crm.switch(index_lag_seconds=20.0)
    made = crm.contact(email="a@example.com", first_name="Ann")
    rule = {"attribute": "email", "operator": "is", "value": "a@example.com"}
    filtered = {"filter_rule": [rule]}
    lookup = "/lookup?f=email&entities=contact&q="
    assert crm.get("/search?q=ann&include=contact").body == []
    assert emails_found(crm, lookup + "a@example.com") == []
    assert emails(crm.post("/filtered_search/contact", filtered)) == []
    assert emails(crm.view("All Contacts")) == ["a@example.com"]
    crm.advance(21)
    assert len(crm.get("/search?q=ann&include=contact").body) == 1
    assert emails_found(crm, lookup + "a@example.com") == ["a@example.com"]
    assert emails(crm.post("/filtered_search/contact", filtered)) == ["a@example.com"]
    crm.put(f"/contacts/{made['id']}", {"email": "b@example.com"})
    assert emails_found(crm, lookup + "b@example.com") == []
    assert emails_found(crm, lookup + "a@example.com") == ["b@example.com"]
    crm.advance(21)
    assert emails_found(crm, lookup + "a@example.com") == []
    assert emails_found(crm, lookup + "b@example.com") == ["b@example.com"]


def emails_found(crm: Crm, path: str) -> list[str]:
    """Return whom a lookup finds."""
    return emails(Reply(status=200, body=crm.get(path).body["contacts"], headers={}))


@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("email", "ANN@example.com", 1),
        ("email", "ann@example.co", 0),
        ("mobile_number", "%2B49 30 1", 1),
        ("mobile_number", "+49 30 1", 0),
        ("mobile_number", "%2B49301", 0),
        ("work_number", "110", 1),
        ("name", "ann lee", 1),
        ("name", "ann", 0),
        ("external_id", "X1", 1),
        ("cf_no", "7", 1),
        ("cf_no", "70", 0),
    ],
)
def test_lookup_matches_exactly(crm: Crm, field: str, text: str, found: int) -> None:
    """
    /lookup nests twice and takes whole values only; a raw plus sign is a blank.
    """
    crm.seed("fields", {"module": "contacts", "name": "cf_no", "label": "No"})
    crm.contact(
        email="ann@example.com",
        first_name="Ann",
        last_name="Lee",
        mobile_number="+49 30 1",
        work_number="110",
        external_id="X1",
        custom_field={"cf_no": "7"},
    )
    path = f"/lookup?q={text}&f={field}&entities=contact,sales_account"
    body = crm.get(path).body
    assert len(body["contacts"]["contacts"]) == found
    assert body["contacts"]["meta"] == {"total": found}
    assert body["sales_accounts"]["sales_accounts"] == []


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([("email", "is", "P001@example.com")], 1),
        ([("contact_email.email", "is_in", ["p001@example.com", "x"])], 1),
        ([("contact_email.email", "is_in", "p001@example.com")], 1),
        ([("first_name", "contains", "NAME00")], 3),
        ([("name", "is", "Name001")], 1),
        ([("updated_at", "is_after", "2026-01-01T00:59:57Z")], 2),
        ([("updated_at", "is_before", "2026-01-01T00:59:58Z")], 1),
        ([("external_id", "is_not_null", "")], 0),
        ([("first_name", "is_not_null", "")], 3),
        ([("lifecycle_stage_id", "is_in", ["1"])], 0),
        ([("created_at", "is_before", "2025-06-01")], 3),
        ([("cf_rooms", "is", "3")], 0),
        (
            [
                ("first_name", "contains", "name"),
                ("updated_at", "is_after", "2026-01-01T00:59:58Z"),
            ],
            1,
        ),
        ([("deleted", "is", 1)], 0),
    ],
)
def test_filtered_search_joins_rules_with_and(
    crm: Crm, rules: list[tuple[str, str, Any]], found: int
) -> None:
    """
    Every rule must hold; texts are compared without regard to case.
    """
    field = {"module": "contacts", "name": "cf_rooms", "label": "R", "type": "number"}
    crm.seed("fields", field)
    seed_many(crm, 3)
    names = ("attribute", "operator", "value")
    body = {"filter_rule": [dict(zip(names, rule, strict=True)) for rule in rules]}
    reply = crm.post("/filtered_search/contact", body)
    assert reply.body["meta"]["total"] == found
    assert len(emails(reply)) == found


def test_filtered_search_knows_ids_and_links(crm: Crm) -> None:
    """
    Contacts are found by id, by owner and by a linked account, spelled as text too.
    """
    account = crm.account(name="Acme")["id"]
    owner = crm.selector("owners", "Sam Sales")
    made = crm.contact(email="a@example.com", sales_account_id=account, owner_id=owner)
    crm.contact(email="b@example.com")
    for attribute, value in (
        ("id", made["id"]),
        ("sales_account_id", str(account)),
        ("owner_id", [str(owner)]),
        ("emails", "a@example.com"),
    ):
        rule = {"attribute": attribute, "operator": "is_in", "value": value}
        reply = crm.post("/filtered_search/contact", {"filter_rule": [rule]})
        assert emails(reply) == ["a@example.com"]


def test_filtered_search_pages_by_body_or_query(crm: Crm) -> None:
    """
    page, per_page, sort and include work in the body and in the query.
    """
    seed_many(crm, 5)
    body = {
        "filter_rule": [{"attribute": "name", "operator": "contains", "value": "n"}],
        "sort": "updated_at",
        "sort_type": "asc",
        "per_page": 2,
        "include": "owner",
        "detail": True,
    }
    first = crm.post("/filtered_search/contact", body)
    assert emails(first) == ["p004@example.com", "p003@example.com"]
    assert first.body["contacts"][0]["owner_id"] is None
    second = crm.post("/filtered_search/contact?page=2", body)
    assert emails(second) == ["p002@example.com", "p001@example.com"]
    assert second.body["meta"] == {"total": 5, "total_pages": 3}


def test_filtered_search_can_look_into_the_recycle_bin(crm: Crm) -> None:
    """
    The attribute deleted with 1 lists what was deleted.
    """
    made = crm.contact(email="a@example.com")
    crm.call("DELETE", f"/contacts/{made['id']}")
    rule = {"attribute": "deleted", "operator": "is", "value": 1}
    reply = crm.post("/filtered_search/contact", {"filter_rule": [rule]})
    assert emails(reply) == ["a@example.com"]


@pytest.mark.parametrize(
    "rules",
    [
        None,
        [],
        ["text"],
        [{"attribute": "email"}],
        [{"attribute": "nothing", "operator": "is", "value": 1}],
        [{"attribute": "email", "operator": "like", "value": 1}],
        [{"attribute": "updated_at", "operator": "is_after", "value": "soon"}],
    ],
)
def test_a_filter_that_means_nothing_is_refused(crm: Crm, rules: object) -> None:
    """
    An unknown attribute or operator, or no rule at all, answers 400.
    """
    reply = crm.post("/filtered_search/contact", {"filter_rule": rules})
    assert reply.status == 400


def test_dates_may_be_compared_by_day(crm: Crm) -> None:
    """
    With day granularity a moment later on the same day is not after.
    """
    seed_many(crm, 1)
    rule = {"attribute": "updated_at", "operator": "is_after"}
    body = {"filter_rule": [{**rule, "value": "2026-01-01T00:00:00Z"}]}
    assert len(emails(crm.post("/filtered_search/contact", body))) == 1
    crm.switch(date_filter_granularity="day")
    assert len(emails(crm.post("/filtered_search/contact", body))) == 0
