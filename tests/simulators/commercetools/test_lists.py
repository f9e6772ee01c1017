"""Lists: filters, order, pages, expansion and lag."""

import pytest

from tests.simulators.commercetools.shop import Shop, visit

HOUR = "2026-11-01T{:02d}:00:00.000Z"


async def furnish(shop: Shop) -> None:
    """Seed five customers, of whom two changed in the same millisecond."""
    for n, (letter, hour) in enumerate(zip("abcde", (1, 3, 2, 3, 5), strict=True)):
        await shop.seed(
            "customers",
            {
                "id": letter,
                "email": f"{letter.upper()}@example.com",
                "externalId": f"x{n}",
                "firstName": "Jane" if n % 2 else "Joe",
                "createdAt": HOUR.format(0),
                "lastModifiedAt": HOUR.format(hour),
            },
        )


def test_a_list_has_a_head_and_its_defaults() -> None:
    """
    A list says its limit, offset, count and total; the total can be left out.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        answer = (await shop.get("/customers")).json
        assert {
            name: answer[name] for name in ("limit", "offset", "count", "total")
        } == {
            "limit": 20,
            "offset": 0,
            "count": 5,
            "total": 5,
        }
        page = await shop.get("/customers", limit="2", offset="4", withTotal="false")
        assert page.json["count"] == 1
        assert "total" not in page.json
        filtered = await shop.get("/customers", where='firstName = "Joe"', limit="1")
        assert (filtered.json["count"], filtered.json["total"]) == (1, 3)

    visit(steps)


def test_a_keyset_loses_and_repeats_no_row() -> None:
    """
    Pages of two by (lastModifiedAt, id) bring every customer once, in order.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        seen: list[str] = []
        moment, last = HOUR.format(0), ""
        for _ in range(4):
            after = f'(lastModifiedAt > "{moment}" or '
            after += f'(lastModifiedAt = "{moment}" and id > "{last}"))'
            answer = await shop.get(
                "/customers",
                where=[f'lastModifiedAt <= "{HOUR.format(4)}"', after],
                sort=["lastModifiedAt asc", "id asc"],
                limit="2",
                withTotal="false",
            )
            rows = answer.json["results"]
            seen += [row["id"] for row in rows]
            if rows:
                moment, last = rows[-1]["lastModifiedAt"], rows[-1]["id"]
        assert seen == ["a", "c", "b", "d"]

    visit(steps)


def test_filters_join_and_variables_fill_them() -> None:
    """
    Several filters all hold, and variables give single values and lists.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        where = ["id in :ids", "firstName = :name"]
        found = await shop.emails(where=where, var_ids=["a", "b", "c"], var_name="Joe")
        assert sorted(found) == ["A@example.com", "C@example.com"]
        lower = await shop.emails(where="lowercaseEmail = :e", var_e="d@example.com")
        assert lower == ["D@example.com"]
        assert await shop.emails(where="email = :e", var_e="d@example.com") == []
        by_crm_id = await shop.emails(where='externalId = "x4"')
        assert by_crm_id == ["E@example.com"]

    visit(steps)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (["lastModifiedAt desc", "id desc"], "edbca"),
        (["firstName", "id desc"], "dbeca"),
        (["id"], "abcde"),
        (["externalId desc"], "edcba"),
    ],
)
def test_a_list_is_in_order(sort: list[str], order: str) -> None:
    """
    A list comes in the order of its sorts, the first being the strongest.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        emails = await shop.emails(sort=sort)
        assert [email[0].lower() for email in emails] == list(order)

    visit(steps)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "501"),
        ("limit", "-1"),
        ("limit", "many"),
        ("offset", "10001"),
        ("withTotal", "yes"),
        ("sort", "nothing asc"),
        ("sort", "email up"),
        ("sort", "addresses asc"),
        ("sort", "createdAt asc, id asc"),
        ("where", 'email ~ "x"'),
        ("where", "id in :ids"),
        ("expand", "nothing"),
        ("page", "2"),
        ("var.a-b", "x"),
    ],
)
def test_a_bad_parameter_is_refused(name: str, value: str) -> None:
    """
    A parameter that is unknown, malformed or out of range is InvalidInput.
    """

    async def steps(shop: Shop) -> None:
        await furnish(shop)
        answer = await shop.get("/customers", **{name: value})
        assert (answer.status, answer.code) == (400, "InvalidInput")

    visit(steps)


def test_the_largest_page_is_served() -> None:
    """
    A limit of 500 and an offset of 10,000 are the last that are allowed.
    """

    async def steps(shop: Shop) -> None:
        answer = await shop.get("/customers", limit="500", offset="10000")
        assert answer.status == 200

    visit(steps)


def test_the_query_only_email_field_can_be_switched_off() -> None:
    """
    With the switch off, lowercaseEmail is an unknown field.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"lowercase_email": False})
        answer = await shop.get("/customers", where='lowercaseEmail = "a@example.com"')
        assert answer.code == "InvalidInput"

    visit(steps)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/widgets", 404),
        ("GET", "/customers/a/b", 404),
        ("GET", "/customers/", 404),
        ("PUT", "/customers", 405),
        ("PATCH", "/customers/a", 405),
        ("DELETE", "", 405),
        ("POST", "/messages", 405),
        ("POST", "/customers/search", 409),
        ("GET", "/customers/search", 405),
    ],
)
def test_a_path_that_is_not_there_is_no_success(
    method: str, path: str, status: int
) -> None:
    """
    Unknown paths, wrong methods and searches without an index are errors.
    """

    async def steps(shop: Shop) -> None:
        answer = await shop.call(method, path)
        assert answer.status == status
        assert answer.json["statusCode"] == status

    visit(steps)


def test_references_are_expanded_beside_themselves() -> None:
    """
    An expanded reference keeps its id and gains the record; one by key stays as it is.
    """

    async def steps(shop: Shop) -> None:
        await shop.post("/customer-groups", {"groupName": "VIP", "key": "vip"})
        await shop.post("/stores", {"key": "de"})
        group = {"typeId": "customer-group", "key": "vip"}
        await shop.customer(
            "jane@example.com",
            customerGroup=group,
            customerGroupAssignments=[{"customerGroup": group}],
            stores=[{"typeId": "store", "key": "de"}],
        )
        assigned = "customerGroupAssignments[*].customerGroup"
        paths = ["customerGroup", assigned, "stores[*]"]
        (jane,) = (await shop.get("/customers", expand=paths)).json["results"]
        assert jane["customerGroup"]["obj"]["name"] == "VIP"
        inner = jane["customerGroupAssignments"][0]["customerGroup"]
        assert inner["obj"]["id"] == inner["id"]
        assert jane["stores"] == [{"typeId": "store", "key": "de"}]

    visit(steps)


def test_lists_lag_and_reads_by_id_do_not() -> None:
    """
    Within the lag a list shows the old record, misses the new one and still has the
    deleted one; reads by id know better unless they lag too; then time heals it all.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        joe = await shop.customer("joe@example.com")
        await shop.act("switches", {"list_lag_seconds": 30})
        email = {"action": "changeEmail", "email": "new@example.com"}
        await shop.update("/customers", jane, email)
        await shop.delete(f"/customers/{joe['id']}", version="1")
        ann = await shop.customer("ann@example.com")
        order = {"sort": ["lastModifiedAt asc", "id asc"]}
        stale = ["jane@example.com", "joe@example.com"]
        assert sorted(await shop.emails()) == stale
        assert sorted(await shop.emails(**order)) == stale
        assert await shop.emails(where='email = "new@example.com"') == []
        assert (await shop.get("/customers")).json["total"] == 2
        one = f"/customers/{jane['id']}"
        assert (await shop.get(one)).json["email"] == "new@example.com"
        await shop.act("switches", {"lag_by_id": True})
        assert (await shop.get(one)).json == jane
        assert (await shop.get(f"/customers/{ann['id']}")).status == 404
        await shop.act("clock", {"advance_seconds": 31})
        now = ["ann@example.com", "new@example.com"]
        assert sorted(await shop.emails(**order)) == now
        assert (await shop.get(one)).json["email"] == "new@example.com"

    visit(steps)
