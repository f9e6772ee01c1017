"""The shop's socket against a shop that has its moods."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import stamina

from crosswalk.commercetools.gateway import REFERENCE_TTL, Access, Commercetools
from crosswalk.commercetools.translate import Rules
from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.model import Json, Kind
from crosswalk.ports import Mark
from tests.clocks import SkippingClock
from tests.simulated import Simulator

pytestmark = pytest.mark.anyio

TOKENS = "POST /oauth/token 200"


def person_id(number: int) -> str:
    """Name a customer of these tests."""
    return f"c0000000-0000-4000-8000-{number:012}"


def customer(number: int, **facts: Json) -> tuple[str, Json]:
    """Make a customer."""
    email = f"gateway.{number}@example.com"
    return "customers", {"id": person_id(number), "email": email, **facts}


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Let reads be repeated without a pause."""
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


@pytest.fixture
def clock() -> SkippingClock:
    """Make a clock to move."""
    return SkippingClock()


@pytest.fixture
def access(simulated_shop: Simulator) -> Access:
    """Name the simulated project."""
    return Access(
        api_url=simulated_shop.url,
        auth_url=simulated_shop.url,
        project_key="sample",
        client_id="sample-client",
        client_secret="sample-secret",
    )


@pytest.fixture
async def shop(access: Access, clock: SkippingClock) -> AsyncIterator[Commercetools]:
    """Speak to the simulated project."""
    async with Commercetools(access, rules=Rules(), clock=clock) as gateway:
        yield gateway


def count_of(calls: dict[str, int], words: str) -> int:
    """Count the calls whose line has all of *words*."""
    return sum(n for line, n in calls.items() if all(w in line for w in words.split()))


async def test_calls_at_the_same_time_share_one_token(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    Ten calls without a token ask for one.
    """
    await asyncio.gather(*(shop.project() for _ in range(10)))
    assert count_of(simulated_shop.calls(), "/oauth 200") == 1


async def test_a_token_is_renewed_before_its_end(
    shop: Commercetools, simulated_shop: Simulator, clock: SkippingClock
) -> None:
    """
    A tenth of its life before the end the next call asks for another; none fails.
    """
    simulated_shop.switch(token_seconds=100)
    await shop.project()
    clock.skipped += 89
    await shop.project()
    assert count_of(simulated_shop.calls(), "/oauth 200") == 1
    clock.skipped += 2
    await shop.project()
    assert count_of(simulated_shop.calls(), "/oauth 200") == 2
    assert count_of(simulated_shop.calls(), "401") == 0


async def test_a_token_that_is_not_taken_is_replaced_once(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    After a 401 one new token serves everybody who was turned away.
    """
    await shop.project()
    simulated_shop.act("revoke_tokens")
    await asyncio.gather(*(shop.project() for _ in range(5)))
    calls = simulated_shop.calls()
    assert count_of(calls, "/oauth 200") == 2
    assert count_of(calls, "GET 401") == 5


async def test_wrong_credentials_are_denied_with_facts(access: Access) -> None:
    """
    A client that the shop does not know is DENIED at its first call.
    """
    wrong = replace(access, client_secret="wrong")
    async with Commercetools(wrong, rules=Rules(), clock=SkippingClock()) as shop:
        with pytest.raises(RemoteError) as caught:
            await shop.project()
    assert caught.value.fault is Fault.DENIED
    assert caught.value.call == "POST /oauth/token"
    assert caught.value.messages


@pytest.mark.parametrize("status", ["500", "502", "503", "504"])
async def test_a_read_that_fails_in_passing_is_repeated(
    shop: Commercetools, simulated_shop: Simulator, status: str
) -> None:
    """
    Three failures in a row are not seen from outside.
    """
    await shop.project()
    simulated_shop.switch(fail_next=3, fail_status=status)
    assert (await shop.project()).key == "sample"


async def test_a_read_that_keeps_failing_is_given_up(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    After four tries the failure is told, with the id that both sides know it by.
    """
    await shop.project()
    simulated_shop.switch(fail_rate=1.0)
    with pytest.raises(RemoteError) as caught:
        await shop.project()
    assert (caught.value.fault, caught.value.status) == (Fault.TRANSIENT, 503)
    assert caught.value.request_id
    assert count_of(simulated_shop.calls(), "503") == 4


async def test_throttling_is_told_at_once(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    A 429 is not repeated; how long to wait comes along.
    """
    await shop.project()
    simulated_shop.switch(limit_every_nth=1, retry_after_seconds=7)
    with pytest.raises(RemoteError) as caught:
        await shop.project()
    assert (caught.value.fault, caught.value.retry_after) == (Fault.THROTTLED, 7.0)
    assert count_of(simulated_shop.calls(), "429") == 1


async def test_a_wrong_project_is_not_there(access: Access) -> None:
    """
    Another project's key ends in an error with its status and without repeating.
    """
    lost = replace(access, project_key="nowhere")
    async with Commercetools(lost, rules=Rules(), clock=SkippingClock()) as shop:
        with pytest.raises(RemoteError) as caught:
            await shop.page(Kind.PERSON, after=Mark())
    assert caught.value.call == "GET /customers"
    assert caught.value.status in (403, 404)


async def test_hundred_persons_cost_two_queries(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    Once the reference is known, customers are one query and their units another.
    """
    ids = [person_id(n) for n in range(1000, 1100)]
    simulated_shop.seed(customer(n) for n in range(1000, 1100))
    simulated_shop.seed(
        [("business-units", {"key": "two-queries", "unitType": "Company", "name": "T"})]
    )
    await shop.load(Kind.PERSON, ids[:1])
    before = sum(simulated_shop.calls().values())
    assert len(await shop.load(Kind.PERSON, ids)) == 100
    assert sum(simulated_shop.calls().values()) == before + 2


async def test_an_unknown_store_is_looked_up_once(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    A store that is new since the last reading is read; what no reading finds is not
    looked for again.
    """
    simulated_shop.seed([customer(1)])
    await shop.load(Kind.PERSON, [person_id(1)])
    store = {"id": "st-new", "key": "st-new", "name": {"en": "New"}}
    link = {"typeId": "store", "key": "st-new"}
    ghost = {"typeId": "customer-group", "id": "ghost"}
    simulated_shop.seed([("stores", store), customer(2, stores=[link])])
    simulated_shop.seed([customer(3, customerGroup=ghost)])
    loaded = await shop.load(Kind.PERSON, [person_id(2), person_id(3)])
    assert loaded[person_id(2)].document["stores"][0]["name"] == "New"
    assert loaded[person_id(3)].document["groups"] == [{"id": "ghost"}]
    await shop.load(Kind.PERSON, [person_id(2), person_id(3)])
    assert count_of(simulated_shop.calls(), "GET /stores") == 2


async def test_the_reference_is_read_anew_after_a_while(
    shop: Commercetools, simulated_shop: Simulator, clock: SkippingClock
) -> None:
    """
    A renamed store is seen when the reference has served its time.
    """
    simulated_shop.seed([customer(4)])
    await shop.load(Kind.PERSON, [person_id(4)])
    clock.skipped += REFERENCE_TTL
    await shop.load(Kind.PERSON, [person_id(4)])
    assert count_of(simulated_shop.calls(), "GET /stores") == 2


async def test_a_project_without_units_is_not_asked_for_them(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    Where units are forbidden, persons have no companies and cost one query.
    """
    simulated_shop.switch(business_units_enabled=False)
    simulated_shop.seed([customer(5)])
    loaded = await shop.load(Kind.PERSON, [person_id(5)])
    assert loaded[person_id(5)].document["companies"] == []
    before = sum(simulated_shop.calls().values())
    await shop.load(Kind.PERSON, [person_id(5)])
    assert sum(simulated_shop.calls().values()) == before + 1


async def test_a_shop_that_cannot_ask_for_inherited_members_is_asked_for_own_ones(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    A refused predicate is not repeated; own memberships are found without it (C6).
    """
    simulated_shop.switch(inherited_in_predicates=False)
    member = {"customer": {"typeId": "customer", "id": person_id(66)}}
    unit = {"key": "own-only", "unitType": "Company", "name": "T"}
    roles: dict[str, Json] = {"associateRoleAssignments": []}
    simulated_shop.seed([customer(66)])
    simulated_shop.seed([("business-units", unit | {"associates": [member | roles]})])
    for _ in range(2):
        loaded = await shop.load(Kind.PERSON, [person_id(66)])
        companies = loaded[person_id(66)].document["companies"]
        assert [company["key"] for company in companies] == ["own-only"]
    assert count_of(simulated_shop.calls(), "GET /business-units 400") == 1


async def test_units_are_asked_for_once_one_was_seen(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    A company that appears after the reference was read makes persons have companies.
    """
    simulated_shop.switch(business_units_enabled=False)
    simulated_shop.seed([customer(6)])
    await shop.load(Kind.PERSON, [person_id(6)])
    simulated_shop.switch(business_units_enabled=True)
    associate = {
        "customer": {"typeId": "customer", "id": person_id(6)},
        "associateRoleAssignments": [],
    }
    unit = {
        "key": "late",
        "unitType": "Company",
        "name": "Late",
        "associates": [associate],
    }
    simulated_shop.seed([("business-units", unit)])
    await shop.load(Kind.COMPANY, ["late"])
    loaded = await shop.load(Kind.PERSON, [person_id(6)])
    assert [c["key"] for c in loaded[person_id(6)].document["companies"]] == ["late"]


async def test_more_units_than_a_page_are_all_found(
    shop: Commercetools, simulated_shop: Simulator
) -> None:
    """
    A person in 501 companies has 501 companies.
    """
    associate = {
        "customer": {"typeId": "customer", "id": person_id(7)},
        "associateRoleAssignments": [],
    }
    simulated_shop.seed([customer(7)])
    simulated_shop.seed(
        (
            "business-units",
            {
                "key": f"many-{n}",
                "unitType": "Company",
                "name": f"Many {n}",
                "associates": [associate],
            },
        )
        for n in range(501)
    )
    loaded = await shop.load(Kind.PERSON, [person_id(7)])
    assert len(loaded[person_id(7)].document["companies"]) == 501
