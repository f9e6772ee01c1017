"""Builds the world from settings: the only module that knows every other."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from crosswalk.commercetools.gateway import Access, Commercetools
from crosswalk.commercetools.translate import ConsentPaths
from crosswalk.commercetools.translate import Rules as ShopRules
from crosswalk.domain.faults import ConfigurationError
from crosswalk.domain.model import Kind, Side
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.combiner import Combiner
from crosswalk.engine.dispatch import Waker, work
from crosswalk.engine.drain import drain
from crosswalk.engine.intake import Intake
from crosswalk.engine.quota import CallQuota
from crosswalk.engine.world import Rules, World
from crosswalk.freshsales.gateway import Freshsales, Options
from crosswalk.ports import Clock
from crosswalk.settings import variables
from crosswalk.settings.config import Config
from crosswalk.settings.shape import CONTACT_ID_FIELD, ConsentSource
from crosswalk.settings.variables import Environment, Local
from crosswalk.store import configurations, embedded, migrate
from crosswalk.store.database import Database
from crosswalk.store.pending import Fence


@asynccontextmanager
async def open_database(local: Local) -> AsyncIterator[Database]:
    """Open the store: the one configured, or the one that comes with Crosswalk.

    The embedded one is brought to this version's schema; a server of yours is not
    touched unasked: ConfigurationError then says what to do.
    """
    async with AsyncExitStack() as stack:
        if local.database_url:
            url = local.database_url.get_secret_value()
            _refuse_other_schema(url)
        else:
            server = await asyncio.to_thread(embedded.start, local.data_dir)
            stack.enter_context(server)
            url = server.url
            await asyncio.to_thread(migrate.migrate, url)
        yield await stack.enter_async_context(await Database.open(url, max_size=20))


@asynccontextmanager
async def open_sides(
    environment: Environment, config: Config, clock: Clock
) -> AsyncIterator[tuple[Commercetools, Freshsales, CallQuota]]:
    """Open the way to both sides, and the quota that calls to the CRM are paid from."""
    quota = call_quota(environment.freshsales, config, clock)
    shop = shop_side(environment.commercetools, config, clock)
    crm = crm_side(environment.freshsales, config, quota, clock=clock)
    async with shop, crm:
        yield shop, crm, quota


@asynccontextmanager
async def open_world(environment: Environment, config: Config) -> AsyncIterator[World]:
    """Open everything that the engine works with; nothing runs yet.

    Raises ConfigurationError when the database belongs to another project or account.
    """
    clock, rules = SystemClock(), engine_rules(config)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(environment))
        await _settle_in(database, environment, config, clock)
        shop, crm, quota = await stack.enter_async_context(
            open_sides(environment, config, clock)
        )
        combiner = Combiner(crm, bulk_from=config.sync.bulk_from)
        await stack.enter_async_context(combiner)
        wake = await stack.enter_async_context(Waker(database))
        yield World(
            database=database,
            shop=shop,
            crm=crm,
            combiner=combiner,
            intake=Intake(
                database,
                wake,
                clock,
                partitions=rules.partitions,
                config_hash=rules.hash,
            ),
            wake=wake,
            quota=quota,
            clock=clock,
            chance=random.Random(),  # noqa: S311 - it spreads retries, no more
            rules=rules,
        )


@asynccontextmanager
async def working(world: World) -> AsyncIterator[None]:
    """Run a worker of this process while the context is open."""
    _collect_rarely()
    stop = asyncio.Event()

    async def drain_one(fence: Fence) -> None:
        await drain(world, fence)

    worker = asyncio.create_task(
        work(
            world.database,
            drain_one,
            clock=world.clock,
            concurrency=world.rules.partitions,
            stop=stop,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await worker


def shop_side(
    settings: variables.Commercetools, config: Config, clock: Clock
) -> Commercetools:
    """Make the way to the shop; it is open inside its context only."""
    return Commercetools(access(settings), rules=shop_rules(config), clock=clock)


def crm_side(
    settings: variables.Freshsales, config: Config, quota: CallQuota, *, clock: Clock
) -> Freshsales:
    """Make the way to the CRM; it is open inside its context only."""
    return Freshsales(
        settings.url,
        settings.api_key.get_secret_value(),
        spend=quota.reserve,
        clock=clock,
        options=crm_options(config),
    )


def call_quota(
    settings: variables.Freshsales, config: Config, clock: Clock
) -> CallQuota:
    """Make the purse that calls to the CRM are paid from."""
    return CallQuota(
        clock=clock,
        per_hour=settings.calls_per_hour,
        per_minute=settings.calls_per_minute,
        reserve_percent=config.sync.reserve_percent,
    )


def access(settings: variables.Commercetools) -> Access:
    """Say where the shop is and who we are there."""
    return Access(
        api_url=settings.api_url,
        auth_url=settings.auth_url,
        project_key=settings.project_key,
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        scopes=settings.scopes.split(),
    )


def shop_name(settings: variables.Commercetools) -> str:
    """Name the shop that a database belongs to."""
    return f"{settings.api_url}/{settings.project_key}"


def _collect_rarely() -> None:
    """Let the cycle collector run seldom: records and plans have no cycles.

    With Python's defaults it takes half of the time of mapping and planning.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def shop_rules(config: Config) -> ShopRules:
    """Say how the shop's records are read."""
    return ShopRules(
        primary_address=config.contacts.primary_address,
        primary_company=config.contacts.primary_company,
        languages=config.locale.languages,
        consent=_consent_paths(config.consent),
    )


def crm_options(config: Config) -> Options:
    """Say which parts of the CRM's records are wanted."""
    return Options(
        account_id_field=config.accounts.id_field,
        wanted={kind: [r.crm for r in config.maps[kind].rules] for kind in Kind},
    )


def engine_rules(config: Config) -> Rules:
    """Take from the configuration what the engine needs."""
    return Rules(
        maps=config.maps,
        match={
            Kind.PERSON: tuple(config.contacts.match),
            Kind.COMPANY: tuple(config.accounts.match),
        },
        id_field={
            Kind.PERSON: CONTACT_ID_FIELD,
            Kind.COMPANY: config.accounts.id_field,
        },
        join_shared=config.contacts.shared_email == "join",
        context=config.context,
        partitions=config.sync.partitions,
        settle=config.sync.settle,
        overlap=config.sync.overlap,
        hash=config.hash,
    )


def _consent_paths(consent: Mapping[str, ConsentSource]) -> dict[str, ConsentPaths]:
    return {
        channel: ConsentPaths(
            state=_in_custom(source.state),
            at=_in_custom(source.at or ""),
            source=_in_custom(source.source or ""),
        )
        for channel, source in consent.items()
    }


def _in_custom(path: str) -> str:
    return path.removeprefix("custom.")


async def _settle_in(
    database: Database, environment: Environment, config: Config, clock: Clock
) -> None:
    """Bind the database to its two targets, and keep the configuration in use."""
    now = clock.now()
    shop = shop_name(environment.commercetools)
    async with database.transaction() as tx:
        await configurations.claim(tx, Side.SHOP, shop, at=now)
        await configurations.claim(tx, Side.CRM, environment.freshsales.url, at=now)
        document = {"effective": config.effective}
        await configurations.store(tx, config.hash, document, at=now)


def _refuse_other_schema(url: str) -> None:
    found = migrate.version(url)
    if found != migrate.head():
        has = f"has schema {found}" if found else "is empty"
        raise ConfigurationError(
            f"the database {has}, this program needs {migrate.head()}: "
            "run crosswalk migrate"
        )
