"""Faults: what the switches make of a call, and what a client may then find."""

import aiohttp
import pytest

from tests.simulators.commercetools.shop import Shop, visit

DRAFT = {"email": "jane@example.com", "authenticationMode": "ExternalAuth"}


async def count(shop: Shop) -> int:
    """Count the customers behind the API's back."""
    overview = await shop.send("GET", "/_control")
    customers: int = overview.json["counts"]["customers"]
    return customers


def test_every_nth_call_is_limited() -> None:
    """
    Every third call is 429 with Retry-After, and does nothing.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"limit_every_nth": 3, "retry_after_seconds": 7})
        answers = [await shop.get("/customers") for _ in range(6)]
        assert [one.status for one in answers] == [200, 200, 429, 200, 200, 429]
        assert answers[2].headers["Retry-After"] == "7"

    visit(steps)


def test_the_next_calls_fail_undone() -> None:
    """
    The next n calls fail with the chosen status, the n-th plus one succeeds.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"fail_next": 2, "fail_status": "502"})
        for _ in range(2):
            answer = await shop.post("/customers", DRAFT)
            assert (answer.status, answer.code) == (502, "BadGateway")
        assert await count(shop) == 0
        assert (await shop.post("/customers", DRAFT)).status == 201
        await shop.act("switches", {"fail_rate": 1.0})
        assert (await shop.get("/customers")).status == 502

    visit(steps)


@pytest.mark.parametrize(
    ("switch", "done"),
    [("drop_before_commit_next", 0), ("drop_after_commit_next", 1)],
)
def test_a_write_can_lose_its_connection(switch: str, done: int) -> None:
    """
    A dropped write leaves the client without an answer, and is done or not done as
    the switch says; reads are not touched.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {switch: 1})
        assert (await shop.get("/customers")).status == 200
        with pytest.raises(aiohttp.ClientError):
            await shop.post("/customers", DRAFT)
        assert await count(shop) == done
        summary = await shop.send("GET", "/_control/calls/summary")
        assert summary.json["POST /{projectKey}/customers 0"] == 1

    visit(steps)


def test_a_write_can_be_done_and_answered_with_a_failure() -> None:
    """
    After such a 500 the customer is there, and a blind second try is a duplicate.
    """

    async def steps(shop: Shop) -> None:
        switches = {"fail_after_commit_next": 1, "fail_status": "500"}
        await shop.act("switches", switches)
        assert (await shop.post("/customers", DRAFT)).code == "General"
        assert await count(shop) == 1
        assert (await shop.post("/customers", DRAFT)).code == "DuplicateField"

    visit(steps)


def test_tokens_can_fail_by_themselves() -> None:
    """
    A failing token request leaves the API itself alone.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"token_fail_next": 1})
        assert (await shop.get("/customers")).status == 200
        assert (await shop.log_in()).status == 503
        assert (await shop.log_in()).status == 200

    visit(steps)


def test_a_correlation_id_comes_back() -> None:
    """
    The id of the client is echoed, without one the server makes one, errors included.
    """

    async def steps(shop: Shop) -> None:
        sent = {"X-Correlation-ID": "mine"}
        echoed = await shop.call("GET", "/customers", headers=sent)
        assert echoed.headers["X-Correlation-ID"] == "mine"
        made = await shop.get("/nothing")
        assert made.headers["X-Correlation-ID"]

    visit(steps)


def test_the_log_knows_the_client_and_the_route() -> None:
    """
    Calls are logged with route, API client and whether they write; a token request
    only asks.
    """

    async def steps(shop: Shop) -> None:
        jane = await shop.customer("jane@example.com")
        await shop.get(f"/customers/{jane['id']}")
        log = await shop.send("GET", "/_control/calls")
        assert [
            (one["method"], one["route"], one["key"], one["write"])
            for one in log.json["calls"]
        ] == [
            ("POST", "/oauth/token", "", False),
            ("POST", "/{projectKey}/customers", "sample-client", True),
            ("GET", "/{projectKey}/customers/{id}", "sample-client", False),
        ]

    visit(steps)
