"""Links are the identity; the schema keeps them unambiguous."""

import asyncio

import pytest

from crosswalk.domain.model import Both, CrmRecord, Kind, Link, Role
from crosswalk.store import identity, links, memberships
from crosswalk.store.database import Database
from tests.notices import CONFIG, NOON, later

pytestmark = pytest.mark.anyio
PERSON = Kind.PERSON


def _link(shop_id: str, crm_id: str, role: Role = Role.PRIMARY) -> Link:
    base = {
        "first_name": Both(shop="Ann", crm="Ann"),
        "mobile": Both(shop="", crm=None),
    }
    return Link(
        kind=PERSON,
        shop_id=shop_id,
        crm_id=crm_id,
        role=role,
        rule="email",
        evidence={"email": "ann@example.com"},
        base=base,
        shop_version=3,
    )


async def _remember(database: Database, *wanted: Link) -> list[Link]:
    async with database.transaction() as tx:
        return await links.remember(tx, wanted, at=NOON, config_hash=CONFIG)


async def test_a_link_is_read_back_as_it_was_remembered(database: Database) -> None:
    """
    A link comes back with its base from either side, and gets a number.
    """
    link = _link("a", "1")
    assert await _remember(database, link) == []
    async with database.single() as tx:
        by_shop = await links.of_shop(tx, PERSON, ["a", "b"])
        by_crm = await links.of_crm(tx, PERSON, ["1"])
    assert by_shop.keys() == {"a"}
    assert by_crm["1"] == by_shop["a"]
    assert by_shop["a"].number > 0
    assert (by_shop["a"].base, by_shop["a"].evidence) == (link.base, link.evidence)


async def test_links_are_told_by_their_ids_alone(database: Database) -> None:
    """
    The crm ids of live links are told by shop id; whoever is not linked is left out.
    """
    await _remember(database, _link("a", "1"), _link("b", "2"))
    async with database.single() as tx:
        found = await links.of_shop(tx, PERSON, ["b"])
        await links.end(tx, [found["b"].number], because="split", at=NOON)
        assert await links.crm_ids(tx, PERSON, ["a", "b", "c"]) == {"a": "1"}
        assert await links.crm_ids(tx, PERSON, []) == {}


@pytest.mark.parametrize("late", [_link("b", "1"), _link("a", "2")])
async def test_one_link_a_record(database: Database, late: Link) -> None:
    """
    A link whose shop or crm record has another live link is not stored, and said so;
    the others of its batch are.
    """
    await _remember(database, _link("a", "1"))
    assert await _remember(database, late, _link("c", "3")) == [late]
    async with database.single() as tx:
        assert (await links.count(tx))[PERSON] == 2


async def test_of_two_drains_that_link_at_once_one_succeeds(database: Database) -> None:
    """
    Two shop records linked to one crm record at the same moment: one is refused (P4).
    """
    answers = await asyncio.gather(
        *(_remember(database, _link(f"shop-{n}", "1")) for n in range(6))
    )
    assert sum(len(refused) for refused in answers) == 5


async def test_linking_again_is_one_link(database: Database) -> None:
    """
    A link that is live already is found, not refused; its base is replaced.
    """
    await _remember(database, _link("a", "1"))
    assert await _remember(database, _link("a", "1")) == []
    async with database.transaction() as tx:
        held = await links.reserve(tx, [_link("a", "1"), _link("b", "1")], at=NOON)
    assert held.keys() == {(PERSON, "a")}


async def test_a_second_shop_record_may_share_a_contact(database: Database) -> None:
    """
    A secondary link stands beside the primary one, which the contact answers to.
    """
    await _remember(database, _link("b", "1", Role.SECONDARY))
    await _remember(database, _link("a", "1"))
    async with database.single() as tx:
        both = await links.of_shop(tx, PERSON, ["a", "b"])
        assert {link.crm_id for link in both.values()} == {"1"}
        assert (await links.of_crm(tx, PERSON, ["1"]))["1"].shop_id == "a"


async def test_an_ended_link_makes_room(database: Database) -> None:
    """
    After the end of its link a record can be linked anew.
    """
    await _remember(database, _link("a", "1"))
    async with database.transaction() as tx:
        (link,) = (await links.of_shop(tx, PERSON, ["a"])).values()
        await links.end(tx, [link.number], because="decided", at=NOON)
        assert await links.of_shop(tx, PERSON, ["a"]) == {}
    assert await _remember(database, _link("b", "1")) == []


async def test_every_link_is_gone_through_once(database: Database) -> None:
    """
    Paging through all links skips none.
    """
    await _remember(database, *(_link(f"s{n}", f"c{n}") for n in range(7)))
    seen = [link.shop_id async for link in links.every(database, PERSON, page=3)]
    assert sorted(seen) == [f"s{n}" for n in range(7)]


def _record(crm_id: str, *emails: str, age: float = 0, **fields: str) -> CrmRecord:
    return CrmRecord(
        kind=PERSON, id=crm_id, emails=emails, updated_at=later(-age), fields=fields
    )


async def test_a_crm_record_is_found_by_whatever_is_known(database: Database) -> None:
    """
    An e-mail in any case or a mobile number finds the record and who owns it.
    """
    await _remember(database, _link("a", "1"))
    async with database.transaction() as tx:
        records = [
            _record("1", "Ann@Example.com"),
            _record("2", mobile_number="+4930"),
            _record("3", "ben@example.com"),
        ]
        await identity.put(tx, PERSON, records, at=NOON)
        found = await identity.candidates(
            tx, PERSON, email_keys=["ann@example.com"], mobiles=["+4930"]
        )
    assert [(row.crm_id, row.linked_to) for row in found] == [("1", "a"), ("2", None)]
    assert found[0].candidate.emails == ("Ann@Example.com",)
    assert found[1].record(without={"mobile_number"}).fields == {}


async def test_an_older_showing_does_not_replace_a_newer_one(
    database: Database,
) -> None:
    """
    A list page read late does not undo what an answer showed meanwhile (P3).
    """
    async with database.transaction() as tx:
        await identity.put(tx, PERSON, [_record("1", "new@example.com")], at=NOON)
        old = _record("1", "old@example.com", age=60)
        await identity.put(tx, PERSON, [old], at=NOON)
        keys = ["new@example.com", "old@example.com"]
        (row,) = await identity.candidates(tx, PERSON, email_keys=keys)
        assert row.emails == ("new@example.com",)
        await identity.drop(tx, PERSON, ["1"])
        assert await identity.candidates(tx, PERSON, email_keys=keys) == []


async def test_members_that_join_or_leave_are_told(database: Database) -> None:
    """
    Replacing a company's members answers whose membership changed, of those we know.
    """
    await _remember(database, *(_link(name, name) for name in "abc"))
    async with database.transaction() as tx:
        assert await memberships.replace(tx, {"acme": ["a", "b", "x"]}) == {"a", "b"}
        assert await memberships.replace(tx, {"acme": ["b", "c"]}) == {"a", "c"}
        assert await memberships.replace(tx, {"acme": ["b", "c"]}) == frozenset()
        everybody = await memberships.replace(
            tx, {"acme": ["b", "c"]}, everybody=["acme"]
        )
    assert everybody == {"b", "c"}
