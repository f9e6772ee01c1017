"""A shop, a CRM and a sync between them, whose course of events chance decides.

Customers register, change and swap addresses; salespeople edit; notices come twice and
late; calls fail or lose their answer; the process dies anywhere. The oracle reads the
shop's own records and knows a mapping of five fields; it asks nothing of the code under
test.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.model import Change, Kind, shop_ref
from crosswalk.engine import census
from crosswalk.store.database import Database
from tests.conftest import fresh_database
from tests.engine.conftest import furnish_crm, furnish_shop
from tests.simulated import quick_simulator
from tests.simulation.crashes import POINTS, Death, Fate, doomed
from tests.worlds import Town, configuration, town

Answer = TypeVar("Answer")

#: Addresses that customers choose among, and the stores that they register in.
ADDRESSES: Final = tuple(f"{name}@example.com" for name in ("a", "b", "c", "d", "e"))
STORES: Final = ("dach", "uk")
#: One call goes wrong, in each of the ways that there are.
MISHAPS: Final[tuple[Mapping[str, object], ...]] = (
    {"drop_after_commit_next": 1},
    {"drop_before_commit_next": 1},
    {"server_error_next": 1, "server_error_status": 503},
    {"server_error_next": 2, "server_error_status": 500},
    {"edge_throttle_next": 1, "edge_retry_after": 30},
    {"inner_throttle_next": 1},
    {"bulk_busy_next": 1},
)
#: From so many writes on they would go in bulk: none does.
SINGLY: Final = 99
#: Notices that nobody acted on; the newer ones of an open question wait with it.
LEFT_OVER: Final = "SELECT entity FROM ledger WHERE state IN ('received', 'parked')"
#: A claim in doubt is repeated under its own announcement; nothing else is.
ANNOUNCED: Final = (
    "SELECT count(*) AS rows FROM journal WHERE verb IN ('create', 'update')"
)
WRITES: Final = ("PUT /contacts/{id} ", "POST /contacts ")
CALM: Final = {name: 0 for mishap in MISHAPS for name in mishap if "next" in name}

who = st.integers(0, 50)


class Life(RuleBasedStateMachine):
    """A shop, a CRM and a sync between them, until all is quiet."""

    def __init__(self, server: str, backstage: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.server, self.backstage = server, backstage
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.process = AsyncExitStack()
        #: Customers in the order of their registration, with their store.
        self.customers: list[tuple[str, str]] = []
        self.versions: dict[str, int] = defaultdict(int)
        #: Who ever had an address: the ids of customers, and "sales" for salespeople.
        self.holders: dict[str, set[str]] = defaultdict(set)
        #: What salespeople wrote last into a field of their own, by contact.
        self.titles: dict[int, str] = {}
        #: The newest name of each customer that was ever seen in the CRM.
        self.seen: dict[str, int] = defaultdict(int)
        self.fate = Fate()

    @initialize(
        respell=st.booleans(),
        preload=st.booleans(),
        bulk_from=st.sampled_from([2, SINGLY]),
    )
    def begin(self, *, respell: bool, preload: bool, bulk_from: int) -> None:
        """Open the shop."""
        self.bulk_from = bulk_from
        self.run(self._open(respell=respell, preload=preload))

    @rule(address=st.sampled_from(ADDRESSES), store=st.sampled_from(STORES))
    def register(self, address: str, store: str) -> None:
        """A customer registers, where the store has nobody with that address."""
        if self.is_free(address, store):
            number = len(self.customers)
            refer = {"typeId": "store", "key": store}
            name = f"c{number}-1"
            id_ = self.here.add_customer(
                address, firstName=name, lastName=" Smith ", stores=[refer]
            )
            self.customers.append((id_, store))
            self.versions[id_] = 1
            self.holders[address].add(id_)

    @rule(who=who)
    @precondition(lambda self: self.customers)
    def rename(self, who: int) -> None:
        """A customer changes their name: every name is a new one."""
        number, id_ = self.pick(who)
        self.versions[id_] += 1
        name = f"c{number}-{self.versions[id_]}"
        self.here.change(id_, {"action": "setFirstName", "firstName": name})

    @rule(who=who, vat=st.sampled_from(["DE1", "DE2", None]))
    @precondition(lambda self: self.customers)
    def tell_vat_id(self, who: int, vat: str | None) -> None:
        """A customer sets or removes a field that may clear."""
        _, id_ = self.pick(who)
        action = {"action": "setVatId"} | ({"vatId": vat} if vat else {})
        self.here.change(id_, action)

    @rule(who=who, address=st.sampled_from(ADDRESSES))
    @precondition(lambda self: self.customers)
    def move(self, who: int, address: str) -> None:
        """A customer takes another e-mail address."""
        _, id_ = self.pick(who)
        if self.is_free(address, dict(self.customers)[id_]):
            self.here.change(id_, {"action": "changeEmail", "email": address})
            self.holders[address].add(id_)

    @rule(who=who, phone=st.sampled_from(["0351 1234567", "030 7654321"]))
    @precondition(lambda self: self.customers)
    def tell_phone(self, who: int, phone: str) -> None:
        """A customer gets an address with a phone number that a CRM may respell."""
        _, id_ = self.pick(who)
        customer = self.shop_customer(id_)
        place = {"country": "DE", "phone": phone}
        known = customer["addresses"]
        action: dict[str, object] = {"action": "addAddress", "address": place}
        if known:
            action = {"action": "changeAddress", "addressId": known[0]["id"]}
            action["address"] = place
        self.here.change(id_, action)

    @rule(who=who)
    @precondition(lambda self: self.customers)
    def salute(self, who: int) -> None:
        """A customer changes what nobody maps."""
        _, id_ = self.pick(who)
        self.here.change(id_, {"action": "setSalutation", "salutation": f"Dr. {who}"})

    @rule(address=st.sampled_from(ADDRESSES))
    def meet(self, address: str) -> None:
        """A salesperson makes a contact."""
        taken = {
            entry["value"].lower()
            for contact in self.here.contacts()
            for entry in contact["emails"]
        }
        if address not in taken:
            contact = self.here.add_contact(emails=address.title(), job_title="Boss")
            self.titles[contact] = "Boss"
            self.holders[address].add("sales")

    @rule(who=who, title=st.sampled_from(["Boss", "Clerk"]), name=st.booleans())
    def meddle(self, who: int, *, title: str, name: bool) -> None:
        """A salesperson edits a contact: their own field, at times one of the shop."""
        if contacts := self.here.contacts():
            contact = contacts[who % len(contacts)]["id"]
            edit = {"job_title": title} | ({"first_name": "meddled"} if name else {})
            self.here.edit(contact, **edit)
            self.titles[contact] = title

    @rule(who=who, late=st.booleans(), times=st.integers(1, 3))
    @precondition(lambda self: self.customers)
    def announce(self, who: int, *, late: bool, times: int) -> None:
        """Notices arrive again, late and out of order."""
        _, id_ = self.pick(who)
        newest = self.shop_customer(id_)["version"]
        version = 1 if late else newest
        change = Change(
            ref=shop_ref(Kind.PERSON, id_),
            revision=f"event {version}",
            version=version,
            seen_at=self.here.clock.now(),
            source="event",
        )
        for _ in range(times):
            self.run(self.here.world.intake.accept([change]))

    @rule(mishap=st.sampled_from(MISHAPS))
    def suffer(self, mishap: Mapping[str, object]) -> None:
        """The next calls to the CRM go wrong."""
        self.here.crm.switch(**mishap)
        self.run(self._sync_roughly())

    @rule(point=st.sampled_from(POINTS), passes=st.integers(1, 7))
    def die(self, point: str, passes: int) -> None:
        """The process dies on its way, and is started again."""
        self.fate.point, self.fate.passes = point, passes
        self.run(self._sync_roughly())
        self.run(self._restart())

    @rule(seconds=st.sampled_from([1, 30, 4000]))
    def work(self, seconds: int) -> None:
        """Time passes, and what is due is done."""
        self.here.pass_time(seconds)
        self.run(self._sync_roughly())

    def teardown(self) -> None:
        """When all faults stop, both sides come to agree."""
        try:
            if hasattr(self, "here"):
                self.run(self._come_to_rest())
                self.judge()
        finally:
            self.run(self.process.aclose())
            self.run(self.stack.aclose())
            self.runner.close()

    def judge(self) -> None:
        """Hold what both sides hold against the oracle."""
        contacts = self.here.contacts()
        ids = [contact["external_id"] for contact in contacts if contact["external_id"]]
        assert len(ids) == len(set(ids))
        asked = self.run(self._states())
        assert set(asked.values()) <= {"review"}
        for id_, _ in self.customers:
            customer = self.shop_customer(id_)
            if id_ in asked:
                had = [held for held in self.holders.values() if id_ in held]
                assert any(len(held) > 1 for held in had), "asked without a reason"
                continue
            (contact,) = (c for c in contacts if c["external_id"] == id_)
            assert _held(contact) == _expected(customer)
        titles = {contact["id"]: contact["job_title"] for contact in contacts}
        for met, title in self.titles.items():
            assert titles[met] == title

    def look(self) -> None:
        """No contact ever goes back to an older name of its customer."""
        numbers = {id_: n for n, (id_, _) in enumerate(self.customers)}
        for contact in self.here.contacts():
            id_, name = contact["external_id"], contact["first_name"]
            if id_ and name and name != "meddled":
                owner, version = name.removeprefix("c").split("-")
                assert int(owner) == numbers[id_], "somebody else's name"
                assert int(version) >= self.seen[id_], "an older name came back"
                self.seen[id_] = int(version)

    def run(self, what: Awaitable[Answer]) -> Answer:
        """Wait for something."""

        async def wait() -> Answer:
            return await what

        return self.runner.run(wait())

    def pick(self, who: int) -> tuple[int, str]:
        """Choose a customer: number and id."""
        number = who % len(self.customers)
        return number, self.customers[number][0]

    def is_free(self, address: str, store: str) -> bool:
        """Say whether nobody of a store has this address now."""
        return not any(
            customer["email"] == address and customer["stores"][0]["key"] == store
            for customer in self.here.shop.records("customers")
        )

    def shop_customer(self, id_: str) -> dict[str, Any]:
        """Read a customer as the shop holds it."""
        rows = self.here.shop.records("customers")
        return next(row for row in rows if row["id"] == id_)

    async def _open(self, *, respell: bool, preload: bool) -> None:
        url = self.stack.enter_context(fresh_database(self.server))
        self.database = await self.stack.enter_async_context(await Database.open(url))
        self.sides = [
            self.stack.enter_context(quick_simulator(name, self.backstage))
            for name in ("commercetools", "freshsales")
        ]
        furnish_shop(self.sides[0])
        furnish_crm(self.sides[1])
        self.sides[1].switch(respell_phones=respell)
        self.here = await self._start()
        if preload:
            await self.here.look_around()

    async def _start(self) -> Town:
        config = configuration(bulk_from=self.bulk_from)
        shop, crm = self.sides
        here = await self.process.enter_async_context(
            town(self.database, shop, crm, config)
        )
        here.world = doomed(here.world, self.fate)
        return here

    async def _restart(self) -> None:
        self.fate.point = ""
        skipped, told = self.here.clock.skipped, self.here.told
        await self.process.aclose()
        self.here = await self._start()
        self.here.clock.skipped, self.here.told = skipped, told

    async def _sync_roughly(self) -> None:
        """Sync as far as it goes."""
        try:
            for kind in Kind:
                with suppress(RemoteError):
                    # The next poll comes soon enough.
                    await census.keep_up(kind, self.here.world)
            await self.here.poll()
            await self.here.drain()
        except Death:
            await self._restart()
        self.look()

    async def _come_to_rest(self) -> None:
        self.here.crm.switch(**CALM)
        # What salespeople did is seen at the latest when somebody looks through it all.
        self.here.pass_time(4000)
        await self.here.look_around()
        for _ in range(40):
            await self.here.sync()
            self.look()
            states = await self._states()
            if not set(states.values()) - {"review"}:
                break
            self.here.pass_time(4000)
        # What we wrote ourselves comes by once more, and then nothing does.
        self.here.pass_time(4000)
        await self.here.sync()
        await self._judge_books()
        self.here.crm.forget_calls()
        await self.here.sync()
        calls = self.here.crm.calls()
        assert not [c for c in calls if "/view/" not in c and "/filters" not in c]

    async def _judge_books(self) -> None:
        """No notice is left over, and every write was announced."""
        asked = {f"person:shop:{id_}" for id_ in await self._states()}
        async with self.database.single() as tx:
            left = await tx.connection.execute(LEFT_OVER)
            assert {row["entity"] for row in await left.fetchall()} <= asked
            announced = await tx.connection.execute(ANNOUNCED)
            (row,) = await announced.fetchall()
        if self.bulk_from == SINGLY:
            calls = self.here.crm.calls()
            written = [n for call, n in calls.items() if call.startswith(WRITES)]
            assert sum(written) <= row["rows"]

    async def _states(self) -> dict[str, str]:
        """Tell which customers are not done, and how they stand."""
        rows = {
            id_: await self.here.stands(Kind.PERSON, id_) for id_, _ in self.customers
        }
        return {id_: row["state"] for id_, row in rows.items() if row}


def _expected(customer: Mapping[str, Any]) -> dict[str, object]:
    """Say what the CRM must hold of a customer."""
    phones = [place.get("phone") or "" for place in customer["addresses"]]
    return {
        "first_name": customer["firstName"],
        "last_name": customer["lastName"].strip(),
        "email": customer["email"],
        "vat": customer.get("vatId"),
        "phone": "49" + phones[0].replace(" ", "")[1:] if phones else "",
    }


def _held(contact: Mapping[str, Any]) -> dict[str, object]:
    """Read the same of a contact; a phone number by its digits."""
    phone = contact["work_number"] or ""
    return {
        "first_name": contact["first_name"],
        "last_name": contact["last_name"],
        "email": contact["email"],
        "vat": contact["custom_field"]["cf_vat_id"],
        "phone": "".join(filter(str.isdigit, phone)),
    }
