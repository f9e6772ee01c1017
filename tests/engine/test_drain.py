"""A record that breaks the program is its own affair."""

from dataclasses import replace

import pytest

from crosswalk.domain.context import Context
from crosswalk.domain.model import Document
from tests.worlds import Town

pytestmark = pytest.mark.anyio


async def test_a_record_that_breaks_the_mapping_stops_nobody_else(here: Town) -> None:
    """
    One poisonous record is parked, its neighbours are synced (F14).
    """
    customers = [
        here.add_customer(f"c{n}@example.com", firstName="Ada") for n in range(9)
    ]
    poison = here.add_customer("poison@example.com", firstName="Eve")
    rules = here.world.rules

    def context(document: Document) -> Context:
        if document["email"] == "poison@example.com":
            raise RuntimeError("nobody foresaw this")
        return rules.context(document)

    here.world = replace(here.world, rules=replace(rules, context=context))
    await here.sync()
    named = {c["external_id"] for c in here.contacts() if c["first_name"] == "Ada"}
    assert named == set(customers)
    assert poison not in named
    assert await here.pending() == {"parked": 1}
