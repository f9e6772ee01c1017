"""A whole world for a test: both simulators, a real database, time that skips.

The engine, its SQL and both gateways are the real ones; only the dispatcher is not
Procrastinate: the test itself runs the drains, so that it knows when all is quiet.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from crosswalk.bootstrap import crm_options, engine_rules, shop_rules
from crosswalk.commercetools.gateway import Access, Commercetools
from crosswalk.domain.model import Change, Kind, partition_of, shop_ref
from crosswalk.engine import census
from crosswalk.engine.combiner import Combiner
from crosswalk.engine.desk import Decision, decide
from crosswalk.engine.drain import drain
from crosswalk.engine.intake import Intake
from crosswalk.engine.poll import poll_shop
from crosswalk.engine.quota import CallQuota
from crosswalk.engine.world import Rules, World
from crosswalk.freshsales.gateway import CustomFields, Freshsales
from crosswalk.settings.config import Config, built_in, make_config
from crosswalk.settings.document import read_yaml
from crosswalk.store import pending, reviews
from crosswalk.store.database import Database
from crosswalk.store.reviews import Review
from tests.clocks import SkippingClock
from tests.simulated import Simulator

#: Entities that are due within so many seconds count as due in a test; what the CRM
#: refused or had enough of waits for longer.
PATIENCE = 55
#: Seconds that a bulk round waits for batches on their way: a slow machine has time.
GATHER = 30.0


@dataclass(slots=True)
class HandWake:
    """Remembers who was woken; the test runs the drains."""

    woken: set[int] = field(default_factory=set)

    async def wake(self, partitions: Collection[int]) -> None:
        """Note the partitions."""
        self.woken |= set(partitions)


@dataclass(slots=True, kw_only=True)
class Town:
    """A world and both of its ends."""

    world: World
    shop: Simulator
    crm: Simulator
    clock: SkippingClock
    #: Seconds that both simulators' clocks were put forward.
    told: float = 0.0

    def pass_time(self, seconds: float = 0.0) -> None:
        """Put every clock forward; the simulators' by what we skipped as well."""
        self.clock.skipped += seconds
        ahead, self.told = self.clock.skipped - self.told, self.clock.skipped
        if ahead:
            self.shop.advance(ahead)
            self.crm.advance(ahead)

    async def look_around(self) -> None:
        """Read who is in the CRM, so that nobody has to be looked up."""
        for kind in Kind:
            await census.take(kind, self.world)

    async def sync(self) -> None:
        """Poll both sides and work everything off that is due soon."""
        for kind in Kind:
            await poll_shop(kind, self.world)
            await census.keep_up(kind, self.world)
        await self.drain()

    async def poll(self) -> None:
        """Take in what changed in the shop, and work on nothing."""
        for kind in Kind:
            await poll_shop(kind, self.world)

    async def announce(self, customer_id: str) -> None:
        """Take in what an event would tell: a customer's present version."""
        version = self.shop_call("GET", f"/customers/{customer_id}")["version"]
        change = Change(
            ref=shop_ref(Kind.PERSON, customer_id),
            revision=f"event {version}",
            version=version,
            seen_at=self.clock.now(),
            source="event",
        )
        await self.world.intake.accept([change])

    async def sync_together(self) -> None:
        """Poll, then run all drains at once, as a worker does."""
        await self.poll()
        async with self.world.database.transaction() as tx:
            due = await pending.due_partitions(tx, now=self.clock.now())
        await asyncio.gather(*map(self.drain_one, due))

    async def drain(self) -> None:
        """Work off what is due; what is due soon is waited for, at no cost."""
        for _ in range(50):
            now = self.clock.now()
            async with self.world.database.transaction() as tx:
                due = await pending.due_partitions(tx, now=now)
                soonest = await pending.next_due(tx)
            for partition in due:
                await self.drain_one(partition)
            if not due:
                wait = (soonest - now).total_seconds() if soonest else PATIENCE
                if wait >= PATIENCE:
                    return
                self.clock.skipped += max(0.1, wait)
            self.pass_time()
        raise AssertionError("the world does not come to rest")

    async def drain_one(self, partition: int) -> None:
        """Work one partition off."""
        now = self.clock.now()
        async with self.world.database.transaction() as tx:
            fence = await pending.take(tx, partition, holder=None, job=None, at=now)
        await drain(self.world, fence)

    async def drain_entity(self, kind: Kind, shop_id: str) -> None:
        """Work off the partition that a shop record is in."""
        key = shop_ref(kind, shop_id).key
        await self.drain_one(partition_of(key, self.world.rules.partitions))

    async def pending(self) -> dict[str, int]:
        """Count what is still to be done, by state."""
        async with self.world.database.transaction() as tx:
            counted = await pending.counts(tx)
        return {
            state: waiting.rows for state, waiting in counted.items() if waiting.rows
        }

    def contacts(self) -> list[dict[str, Any]]:
        """Read the CRM's live contacts."""
        return [c for c in self.crm.records("contacts") if not c.get("is_deleted")]

    def contact(self, customer_id: str) -> dict[str, Any]:
        """Read the one contact that carries a customer's id."""
        (found,) = (c for c in self.contacts() if c["external_id"] == customer_id)
        return found

    def account(self, key: str) -> dict[str, Any]:
        """Read the one account that carries a business unit's key."""
        (found,) = (
            account
            for account in self.crm.records("sales_accounts")
            if account["custom_field"]["cf_commercetools_id"] == key
        )
        return found

    def add_contact(self, **fields: object) -> int:
        """Have a salesperson make a contact; its id."""
        made = self.crm.act("create", resource="contacts", fields=fields)
        return int(made["id"])

    def edit(self, contact_id: int, **fields: object) -> None:
        """Have a salesperson change a contact, long after our own writes."""
        self.pass_time(3600)
        self.crm.act("edit", resource="contacts", id=contact_id, fields=fields)
        self.pass_time(3600)

    def add_unit(self, key: str, parent: str | None = None, **facts: object) -> str:
        """Found a company, or a division under its parent; its key."""
        draft = {"key": key, "name": f"{key} Ltd", "unitType": "Company", **facts}
        if parent:
            draft |= {
                "unitType": "Division",
                "parentUnit": {"typeId": "business-unit", "key": parent},
            }
        self.shop_call("POST", "/business-units", draft)
        return key

    def change_unit(self, key: str, *actions: Mapping[str, object]) -> None:
        """Change a business unit in the shop."""
        path = f"/business-units/key={key}"
        version = self.shop_call("GET", path)["version"]
        self.shop_call("POST", path, {"version": version, "actions": list(actions)})

    async def question(self) -> Review:
        """Read the one open question."""
        async with self.world.database.transaction() as tx:
            (found,) = await reviews.pile(tx)
        return found

    async def decide(self, verb: str, crm_id: object = None) -> None:
        """Answer the one open question, and let the answer be carried out."""
        asked = await self.question()
        chosen = None if crm_id is None else str(crm_id)
        answer = Decision(number=asked.number, verb=verb, crm_id=chosen, actor="ann")
        await decide(answer, self.world)
        await self.drain()

    async def stands(self, kind: Kind, shop_id: str) -> Any:  # noqa: ANN401 - a row
        """Read what is still to be done about a shop record; None for nothing."""
        async with self.world.database.transaction() as tx:
            return await pending.show(tx, shop_ref(kind, shop_id).key)

    def stores(self) -> list[dict[str, Any]]:
        """Read the shop's stores."""
        return self.shop.records("stores")

    def add_customer(self, email: str, **facts: object) -> str:
        """Register a customer in the shop; their id."""
        draft = {"email": email, "authenticationMode": "ExternalAuth", **facts}
        answer = self.shop_call("POST", "/customers", draft)
        return str(answer["customer"]["id"])

    def change(self, customer_id: str, *actions: Mapping[str, object]) -> None:
        """Change a customer in the shop, as the shop's front end would."""
        path = f"/customers/{customer_id}"
        version = self.shop_call("GET", path)["version"]
        self.shop_call("POST", path, {"version": version, "actions": list(actions)})

    def shop_call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Call the shop's real API as somebody else."""
        token = self.shop.fetch(
            "POST",
            "/oauth/token",
            b"grant_type=client_credentials",
            {
                "Authorization": "Basic c2FtcGxlLWNsaWVudDpzYW1wbGUtc2VjcmV0",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }
        data = None if body is None else orjson.dumps(body)
        return self.shop.fetch(method, f"/sample{path}", data, headers)


def configuration(text: str | None = None, **sync: int) -> Config:
    """Read a configuration, the built-in one unless told, that settles at once."""
    content = text or built_in()
    config = make_config(read_yaml(content.encode(), name="crosswalk.yaml"))
    changed = config.sync.model_copy(update={"settle": 0, **sync})
    return replace(config, sync=changed)


@asynccontextmanager
async def town(
    database: Database,
    shop: Simulator,
    crm: Simulator,
    config: Config | None = None,
    *,
    custom_fields: CustomFields = CustomFields.MERGE,
) -> AsyncIterator[Town]:
    """Build a world between two simulators."""
    config = config or configuration()
    clock, rules, wake = SkippingClock(), engine_rules(config), HandWake()
    quota = CallQuota(clock=clock, per_hour=10**9, per_minute=10**9, reserve_percent=0)
    access = Access(
        api_url=shop.url,
        auth_url=shop.url,
        project_key="sample",
        client_id="sample-client",
        client_secret="sample-secret",
    )
    crm_gateway = Freshsales(
        crm.url,
        "sample-key",
        spend=quota.reserve,
        clock=clock,
        options=replace(crm_options(config), custom_fields=custom_fields),
    )
    shop_gateway = Commercetools(access, rules=shop_rules(config), clock=clock)
    async with (
        shop_gateway,
        crm_gateway,
        Combiner(
            crm_gateway, bulk_from=config.sync.bulk_from, gather=GATHER
        ) as combiner,
    ):
        world = World(
            database=database,
            shop=shop_gateway,
            crm=crm_gateway,
            combiner=combiner,
            intake=_intake(database, wake, clock, rules),
            wake=wake,
            quota=quota,
            clock=clock,
            chance=random.Random(1),  # noqa: S311 - one world, one course of events
            rules=rules,
        )
        yield Town(world=world, shop=shop, crm=crm, clock=clock)


def _intake(
    database: Database, wake: HandWake, clock: SkippingClock, rules: Rules
) -> Intake:
    return Intake(
        database, wake, clock, partitions=rules.partitions, config_hash=rules.hash
    )
