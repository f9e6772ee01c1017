"""Runs, questions, rulings and whom the database belongs to."""

from functools import partial

import pytest

from crosswalk.domain.faults import ConfigurationError
from crosswalk.domain.model import Side
from crosswalk.store import configurations, cursors, reviews, rulings, runs
from crosswalk.store.database import Database
from crosswalk.store.reviews import Question
from crosswalk.store.runs import BusyError, State
from tests.notices import CONFIG, NOON, accept, later, notice, person

pytestmark = pytest.mark.anyio


async def _start(database: Database, kind: str = "backfill") -> int:
    async with database.transaction() as tx:
        return await runs.start(tx, kind, options={}, at=NOON, config_hash=CONFIG)


async def test_one_backfill_at_a_time(database: Database) -> None:
    """
    A backfill cannot start while another is running or paused; afterwards it can.
    """
    number = await _start(database)
    with pytest.raises(BusyError):
        await _start(database)
    async with database.transaction() as tx:
        assert await runs.turn(tx, number, State.PAUSED, at=NOON)
        assert await runs.turn(tx, number, State.CANCELLED, at=NOON)
    assert await _start(database) > number


@pytest.mark.parametrize("state", list(State))
async def test_an_ended_run_stays_ended(database: Database, state: State) -> None:
    """
    A run that is done comes into no other state.
    """
    number = await _start(database)
    async with database.transaction() as tx:
        assert await runs.turn(tx, number, State.DONE, at=later(1))
        assert not await runs.turn(tx, number, state, at=later(2))
        run = await runs.show(tx, number)
    assert run
    assert (run.state, run.ended_at) == (State.DONE, later(1))


async def test_a_run_learns_that_it_was_paused(database: Database) -> None:
    """
    Keeping its progress tells a run the state that a person gave it.
    """
    number = await _start(database)
    async with database.transaction() as tx:
        await runs.turn(tx, number, State.PAUSED, at=NOON)
        cursor, totals = {"page": 2}, {"rows": 7}
        state = await runs.progress(tx, number, cursor=cursor, totals=totals, at=NOON)
        (run,) = await runs.latest(tx, kind="backfill")
    assert state is State.PAUSED
    assert (run.cursor, run.totals) == (cursor, totals)


async def test_a_question_is_asked_once(database: Database) -> None:
    """
    Asking again while the question is open brings the newer facts, not a second one.
    """
    async with database.transaction() as tx:
        await reviews.ask(tx, [Question(entity="e", sort="gone")], at=NOON)
        await reviews.ask(tx, [Question(entity="e", sort="conflict")], at=NOON)
        (question,) = await reviews.pile(tx)
    assert question.sort == "conflict"


async def test_the_first_answer_counts(database: Database) -> None:
    """
    A question that was answered keeps its answer, and makes room for another.
    """
    async with database.transaction() as tx:
        await reviews.ask(tx, [Question(entity="e", sort="gone")], at=NOON)
        (question,) = await reviews.pile(tx)
        number = question.number
        decide = partial(reviews.decide, tx, number, chosen="7", at=NOON)
        assert await decide(verb="link", actor="a")
        assert not await decide(verb="ignore", actor="b")
        decided = await reviews.show(tx, number)
        await reviews.ask(tx, [Question(entity="e", sort="gone")], at=NOON)
        assert len(await reviews.pile(tx)) == len(await reviews.pile(tx, decided=True))
    assert decided
    assert (decided.verb, decided.actor, decided.chosen) == ("link", "a", "7")


async def test_a_ruling_replaces_the_one_before(database: Database) -> None:
    """
    One ruling is in force for an entity, until it is undone.
    """
    async with database.transaction() as tx:
        await rulings.rule(tx, "e", "create", actor="a", at=NOON)
        await rulings.rule(tx, "e", "ignore", actor="a", at=NOON)
        assert await rulings.of(tx, ["e", "f"]) == {"e": "ignore"}
        await rulings.undo(tx, ["e"], at=NOON)
        assert await rulings.of(tx, ["e"]) == {}


async def test_a_database_belongs_to_one_project(database: Database) -> None:
    """
    A database that knows a record of one project refuses another (F95).
    """
    async with database.transaction() as tx:
        await configurations.claim(tx, Side.SHOP, "mistyped", at=NOON)
        await configurations.claim(tx, Side.SHOP, "live", at=NOON)
    await accept(database, notice(person("anna")))
    async with database.transaction() as tx:
        assert await configurations.owners(tx) == {Side.SHOP: "live"}
        await configurations.claim(tx, Side.SHOP, "live", at=NOON)
        with pytest.raises(ConfigurationError, match="belongs to the shop 'live'"):
            await configurations.claim(tx, Side.SHOP, "sandbox", at=NOON)


async def test_a_configuration_is_kept_under_its_hash(database: Database) -> None:
    """
    What a journal line's hash stands for can be looked up.
    """
    async with database.transaction() as tx:
        await configurations.store(tx, "h1", {"match": ["email"]}, at=NOON)
        await configurations.store(tx, "h1", {"match": ["other"]}, at=NOON)
        assert await configurations.show(tx, "h1") == {"match": ["email"]}
        assert await configurations.show(tx, "h2") is None


async def test_a_cursor_that_was_dropped_starts_from_nothing(
    database: Database,
) -> None:
    """
    A cursor is what was saved last, and nothing after it was dropped.
    """
    async with database.transaction() as tx:
        await cursors.save(tx, "page", {"id": "a"}, at=NOON)
        await cursors.save(tx, "page", {"id": "b"}, at=NOON)
        assert await cursors.get(tx, "page") == {"id": "b"}
        await cursors.drop(tx, "page")
        assert await cursors.get(tx, "page") is None
