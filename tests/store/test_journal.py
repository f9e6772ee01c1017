"""Every write is announced before it is sent and concluded afterwards."""

import pytest

from crosswalk.store import journal
from crosswalk.store.database import Database, FencedError
from crosswalk.store.journal import Conclusion, Entry, State
from tests.notices import NOON, take

pytestmark = pytest.mark.anyio


def _entry(name: str) -> Entry:
    return Entry(entity=name, verb="create", fields={"email": [None, f"{name}@x.de"]})


async def test_numbers_come_in_the_order_of_the_entries(database: Database) -> None:
    """
    The n-th number announces the n-th entry.
    """
    fence = await take(database, 0)
    names = [f"e{number % 7}-{number}" for number in range(50)]
    async with database.transaction() as tx:
        numbers = await journal.intend(tx, fence, [_entry(n) for n in names], at=NOON)
        open_ = await journal.unknown(tx, names)
    assert [open_[name][0].number for name in names] == numbers
    assert open_[names[0]][0].email == f"{names[0]}@x.de"


async def test_a_fenced_drain_announces_nothing(database: Database) -> None:
    """
    A drain that was replaced may not send anything (I9).
    """
    fence = await take(database, 0)
    await take(database, 0)
    with pytest.raises(FencedError):
        async with database.transaction() as tx:
            await journal.intend(tx, fence, [_entry("a")], at=NOON)
    async with database.single() as tx:
        assert await journal.unknown(tx, ["a"]) == {}


async def test_what_was_not_answered_stays_in_doubt(database: Database) -> None:
    """
    A concluded write is no longer in doubt; one without an answer is (F24).
    """
    fence = await take(database, 0)
    async with database.transaction() as tx:
        entries = [_entry("done"), _entry("lost"), _entry("open")]
        done, lost, _ = await journal.intend(tx, fence, entries, at=NOON)
        conclusions = [
            Conclusion(number=done, state=State.DONE, crm_id="7", answer={"ok": 1}),
            Conclusion(number=lost, state=State.UNKNOWN),
        ]
        await journal.conclude(tx, conclusions, at=NOON)
        in_doubt = await journal.unknown(tx, ["done", "lost", "open"])
        (line,) = await journal.history(tx, "done")
    assert in_doubt.keys() == {"lost", "open"}
    assert (line.state, line.crm_id, line.answer) == (State.DONE, "7", {"ok": 1})
    assert line.fields == {"email": [None, "done@x.de"]}
