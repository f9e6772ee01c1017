"""What every implementation of `crosswalk.ports.Shop` must do."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Final

import pytest

from crosswalk.commercetools.gateway import Access, Commercetools
from crosswalk.commercetools.translate import Rules
from crosswalk.domain.model import Kind
from crosswalk.ports import Mark, Shop
from crosswalk.simulators.sample import shop_records
from tests.clocks import SkippingClock
from tests.simulated import Simulator, simulator

pytestmark = pytest.mark.anyio

#: Settings of a real project; without them only the simulator is tested.
LIVE: Final = {
    name: os.environ.get(f"CROSSWALK_LIVE_COMMERCETOOLS_{name.upper()}", "")
    for name in ("api_url", "auth_url", "project_key", "client_id", "client_secret")
}

IMPLEMENTATIONS: Final = [
    pytest.param("simulator"),
    *([pytest.param("live", marks=pytest.mark.live)] if all(LIVE.values()) else []),
]


@pytest.fixture(scope="session")
def sample_shop() -> Iterator[Simulator]:
    """Run a simulated shop of its own with the sample customers."""
    with simulator("commercetools") as running:
        running.seed(shop_records(customers=60, seed=7))
        yield running


@pytest.fixture(params=IMPLEMENTATIONS)
async def shop(
    request: pytest.FixtureRequest, sample_shop: Simulator
) -> AsyncIterator[Shop]:
    """Speak to each implementation in turn."""
    simulated = {
        "api_url": sample_shop.url,
        "auth_url": sample_shop.url,
        "project_key": "sample",
        "client_id": "sample-client",
        "client_secret": "sample-secret",
    }
    access = Access(**(LIVE if request.param == "live" else simulated))
    async with Commercetools(access, rules=Rules(), clock=SkippingClock()) as gateway:
        yield gateway


async def test_a_project_tells_what_it_is(shop: Shop) -> None:
    """
    Languages, currencies, countries, and what the token may do, at the shop's time.
    """
    project = await shop.project()
    assert project.key
    assert project.languages
    assert project.currencies
    scopes = await shop.scopes()
    assert any(scope.endswith(f":{project.key}") for scope in scopes)
    assert project.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("kind", list(Kind))
async def test_pages_list_every_record_once_in_order(shop: Shop, kind: Kind) -> None:
    """
    Page by page from the first mark, all records come by, the oldest change first.
    """
    marks: list[Mark] = []
    more = True
    while more:
        after = marks[-1] if marks else Mark()
        page = await shop.page(kind, after=after, limit=7)
        marks.extend(head.mark for head in page.heads)
        more = page.more
    assert marks == sorted(set(marks))
    assert len(marks) == await shop.count(kind, after=Mark())


async def test_a_count_begins_after_its_mark(shop: Shop) -> None:
    """
    Behind the third record there are three fewer than in all.
    """
    page = await shop.page(Kind.PERSON, after=Mark(), limit=3)
    every = await shop.count(Kind.PERSON, after=Mark())
    rest = await shop.count(Kind.PERSON, after=page.heads[-1].mark)
    assert every is not None
    assert rest == every - 3


@pytest.mark.parametrize("kind", list(Kind))
async def test_records_are_loaded_as_they_were_listed(shop: Shop, kind: Kind) -> None:
    """
    Version and time of a record are those of its head, and the missing are left out.
    """
    page = await shop.page(kind, after=Mark(), limit=20)
    ids = [head.id for head in page.heads]
    records = await shop.load(kind, [*ids, "00000000-0000-4000-8000-000000000000"])
    assert set(records) == set(ids)
    for head in page.heads:
        record = records[head.id]
        assert record.ref.id == head.id
        assert (record.version, record.modified_at) == (head.version, head.modified_at)
        assert record.document["modified_at"] == head.mark.modified_at


async def test_loading_nothing_is_no_trouble(shop: Shop) -> None:
    """
    No ids, no records.
    """
    assert await shop.load(Kind.PERSON, []) == {}


async def test_persons_and_companies_agree_on_membership(shop: Shop) -> None:
    """
    Who is an associate of a company has it among its companies, inherited or not.
    """
    page = await shop.page(Kind.COMPANY, after=Mark(), limit=50)
    companies = await shop.load(Kind.COMPANY, [head.id for head in page.heads])
    members = {
        (associate["id"], record.document["key"], associate["inherited"])
        for record in companies.values()
        for associate in record.document["associates"]
    }
    ids = sorted({member for member, _, _ in members})[:100]
    persons = await shop.load(Kind.PERSON, ids)
    told = {
        (id_, membership["key"])
        for id_, record in persons.items()
        for membership in record.document["companies"]
    }
    assert told == {(id_, key) for id_, key, _ in members if id_ in persons}
    assert told


async def test_a_record_is_found_by_what_people_call_it(shop: Shop) -> None:
    """
    The id of a customer leads to that customer, a word that fits none to nobody.
    """
    page = await shop.page(Kind.PERSON, after=Mark(), limit=1)
    (head,) = page.heads
    assert await shop.find(Kind.PERSON, head.id) == [head.id]
    assert await shop.find(Kind.PERSON, "nobody") == []
