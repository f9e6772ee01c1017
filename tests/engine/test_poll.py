"""Polls miss nothing: a cursor is never ahead of the rows that it covers."""

import dataclasses

import pytest

from crosswalk.domain.model import Kind
from crosswalk.engine.intake import Intake
from crosswalk.engine.poll import poll_shop, settled
from crosswalk.ports import Head, Mark, ShopPage
from crosswalk.store.database import Database
from tests.notices import NOON, later
from tests.simulated import Simulator
from tests.worlds import HandWake, Town, configuration, town


@pytest.mark.anyio
async def test_a_page_that_was_not_stored_is_read_again(
    database: Database, database_url: str, shop: Simulator, crm: Simulator
) -> None:
    """
    When a page could not be taken in, the next poll finds all of it, without a look
    back to help (I10).
    """
    async with town(database, shop, crm, configuration(overlap=0)) as here:
        here.add_customer("ada@example.com")
        here.shop.advance(1)
        here.add_customer("bea@example.com")
        async with await Database.open(database_url) as lost:
            intake = Intake(
                lost, HandWake(), here.clock, partitions=16, config_hash="x"
            )
        broken = dataclasses.replace(here.world, intake=intake)
        with pytest.raises(Exception, match="closed"):
            await poll_shop(Kind.PERSON, broken)
        assert await poll_shop(Kind.PERSON, here.world) == 2


@pytest.mark.anyio
async def test_a_poll_looks_back_and_takes_nothing_twice(here: Town) -> None:
    """
    What the look back finds again is no work again.
    """
    here.add_customer("ada@example.com", firstName="Ada")
    await here.sync()
    assert await poll_shop(Kind.PERSON, here.world) == 1
    assert await here.pending() == {}


@pytest.mark.parametrize(
    ("settle", "trusted"), [(0, ["old", "young"]), (30, ["old"]), (600, [])]
)
def test_what_is_too_young_is_left_for_the_next_poll(
    settle: float, trusted: list[str]
) -> None:
    """
    A change rests for the settle time, because its neighbours may not be listed yet.
    """
    heads = [_head("old", 45), _head("young", 5)]
    page = ShopPage(heads=heads, at=NOON, more=False)
    assert [head.id for head in settled(page, settle)] == trusted


def _head(name: str, seconds_ago: float) -> Head:
    at = later(-seconds_ago)
    mark = Mark(modified_at=at.isoformat(), id=name)
    return Head(id=name, version=1, mark=mark, modified_at=at)
