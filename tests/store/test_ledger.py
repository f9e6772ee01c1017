"""Changes are stored once, under the right entity, and mark work to do."""

import asyncio
import random

import pytest

from crosswalk.domain.model import Kind, Lane, Link, crm_ref, partition_of
from crosswalk.store import links
from crosswalk.store.database import Database
from crosswalk.store.pending import Ends
from tests.notices import (
    CONFIG,
    NOON,
    PARTITIONS,
    accept,
    balance,
    due,
    ended,
    later,
    notice,
    person,
    settle,
    stands,
    take,
)

pytestmark = pytest.mark.anyio
ANNA = person("anna")
HOME = partition_of(ANNA.key, PARTITIONS)


async def _link(database: Database, shop_version: int, config_hash: str) -> None:
    link = Link(
        kind=Kind.PERSON,
        shop_id="anna",
        crm_id="77",
        rule="email",
        shop_version=shop_version,
    )
    async with database.transaction() as tx:
        refused = await links.remember(tx, [link], at=NOON, config_hash=config_hash)
    assert not refused


async def test_a_change_is_counted_and_marks_its_entity(database: Database) -> None:
    """
    A new change is fresh, and its entity is due in its partition.
    """
    accepted = await accept(database, notice(ANNA))
    assert (accepted.fresh, accepted.duplicates) == (1, 0)
    assert accepted.partitions == {HOME}
    (row,) = await due(database, HOME)
    assert (row.ref, row.version, row.generation) == (ANNA, 1, 1)
    assert await balance(database) == {"received": 1}


async def test_a_change_received_again_marks_nothing(database: Database) -> None:
    """
    The same change again, even twice in one batch, is a duplicate and wakes nobody.
    """
    await accept(database, notice(ANNA))
    again = await accept(database, notice(ANNA), notice(ANNA))
    assert (again.fresh, again.duplicates, again.partitions) == (0, 2, frozenset())
    assert await balance(database) == {"received": 1}


async def test_copies_sent_at_the_same_moment_are_one(database: Database) -> None:
    """
    Of thirty-two concurrent copies of one change exactly one is fresh (F01).
    """
    copies = [accept(database, notice(ANNA)) for _ in range(32)]
    answers = await asyncio.gather(*copies)
    assert sum(answer.fresh for answer in answers) == 1
    assert sum(answer.duplicates for answer in answers) == 31


async def test_changes_of_one_entity_are_one_piece_of_work(database: Database) -> None:
    """
    Several changes leave one row: the highest version, the most urgent lane, the
    arrival of the first.
    """
    await accept(database, notice(ANNA, 5, lane=Lane.BACKFILL))
    await accept(database, notice(ANNA, 7, lane=Lane.LIVE), at=later(9))
    await accept(database, notice(ANNA, 6, lane=Lane.RETRY), at=later(10))
    (row,) = await due(database, HOME, later(10))
    assert (row.version, row.lane, row.generation) == (7, Lane.LIVE, 3)
    assert row.first_at == NOON


async def test_what_the_base_reflects_is_superseded(database: Database) -> None:
    """
    A version that the last sync reflects marks nothing; a newer one does (F04).
    """
    await _link(database, shop_version=4, config_hash=CONFIG)
    old = await accept(database, notice(ANNA, 3), notice(ANNA, 4))
    assert (old.superseded, old.fresh, old.partitions) == (2, 0, frozenset())
    new = await accept(database, notice(ANNA, 5))
    assert (new.superseded, new.fresh) == (0, 1)
    assert await balance(database) == {"superseded": 2, "received": 1}


async def test_another_configuration_reflects_nothing(database: Database) -> None:
    """
    What was agreed on under another configuration is worked on again.
    """
    await _link(database, shop_version=4, config_hash="configuration-0")
    accepted = await accept(database, notice(ANNA, 4))
    assert (accepted.superseded, accepted.fresh) == (0, 1)


async def test_both_sides_of_a_pair_share_one_entity(database: Database) -> None:
    """
    A change of a linked crm record marks the shop record and says who moved.
    """
    await _link(database, shop_version=4, config_hash=CONFIG)
    touched = crm_ref(Kind.PERSON, "77")
    accepted = await accept(database, notice(touched, revision="later", version=0))
    assert accepted.partitions == {HOME}
    (row,) = await due(database, HOME)
    assert (row.ref, row.crm_moved, row.version) == (ANNA, True, 0)


async def test_an_unlinked_crm_record_is_its_own_entity(database: Database) -> None:
    """
    A change of a crm record without a link is worked on under its own key.
    """
    stranger = crm_ref(Kind.PERSON, "78")
    (partition,) = (await accept(database, notice(stranger))).partitions
    (row,) = await due(database, partition)
    assert row.ref == stranger


@pytest.mark.parametrize(
    ("ends", "also"),
    [(Ends.PARKED, {"because": "x"}), (Ends.WAIT, {"waits_for": "company:shop:c"})],
)
async def test_a_newer_change_takes_an_entity_out_again(
    database: Database, ends: Ends, also: dict[str, str]
) -> None:
    """
    A parked or waiting entity becomes ready with its next change.
    """
    await accept(database, notice(ANNA, 1))
    fence = await take(database, HOME)
    (row,) = await due(database, HOME)
    await settle(database, fence, [ended(row, ends, attempts=3, **also)])
    assert await due(database, HOME) == []
    accepted = await accept(database, notice(ANNA, 2))
    assert accepted.partitions == {HOME}
    assert [row.generation for row in await due(database, HOME)] == [2]


async def test_an_open_question_stays_open(database: Database) -> None:
    """
    A newer change does not answer an open question, but counts.
    """
    await accept(database, notice(ANNA, 1))
    fence = await take(database, HOME)
    (row,) = await due(database, HOME)
    await settle(database, fence, [ended(row, Ends.REVIEW, because="V101")])
    accepted = await accept(database, notice(ANNA, 2))
    assert (accepted.fresh, accepted.partitions) == (1, frozenset())
    standing = await stands(database, ANNA.key)
    assert (standing["state"], standing["because"]) == ("review", "V101")


async def test_intake_and_drains_do_not_deadlock(database: Database) -> None:
    """
    Intakes in any order and drains that settle the same entities all get through
    (trap e).
    """
    names = [person(f"p{number}") for number in range(40)]
    chance = random.Random(7)  # noqa: S311 - an order, not a secret

    async def take_in(version: int) -> None:
        order = [notice(ref, version) for ref in names]
        chance.shuffle(order)
        await accept(database, *order)

    async def drain(partition: int) -> None:
        fence = await take(database, partition)
        rows = await due(database, partition)
        chance.shuffle(rows)
        await settle(database, fence, [ended(row) for row in rows])

    await take_in(0)
    for version in range(1, 9):
        await asyncio.gather(
            *(take_in(version * 10 + n) for n in range(3)),
            *(drain(partition) for partition in range(PARTITIONS)),
        )
    assert sum((await balance(database)).values()) == 40 * 25
