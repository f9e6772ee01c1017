"""What a command begins with: settings read, logs set up, the world opened."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import psycopg
from psycopg_pool import PoolTimeout

from crosswalk import bootstrap
from crosswalk.cli import logs
from crosswalk.domain.faults import CrosswalkError
from crosswalk.engine.world import World
from crosswalk.settings.config import Config, load_config
from crosswalk.settings.environment import load_environment, load_local
from crosswalk.settings.variables import Environment
from crosswalk.store.database import Database


class DatabaseLostError(CrosswalkError):
    """The database went away; what was acknowledged is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The world, and what it was made from."""

    world: World
    config: Config
    environment: Environment


@asynccontextmanager
async def open_everything(environ: Mapping[str, str]) -> AsyncIterator[Opened]:
    """Open the world that an environment describes; nothing runs in it yet."""
    logs.configure()
    environment = load_environment(environ)
    config = load_config(environment.config)
    with _losing_database():
        async with bootstrap.open_world(environment, config) as world:
            yield Opened(world=world, config=config, environment=environment)


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    """Open the world for a command of this process."""
    async with open_everything(os.environ) as opened:
        yield opened.world


@asynccontextmanager
async def open_store() -> AsyncIterator[Database]:
    """Open the database alone, for a command that speaks to neither side."""
    logs.configure()
    with _losing_database():
        async with bootstrap.open_database(load_local(os.environ)) as database:
            yield database


@contextmanager
def _losing_database() -> Iterator[None]:
    """Tell of a lost database as of every other failure."""
    try:
        yield
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise DatabaseLostError(
            f"the database is lost ({type(error).__name__}); run the command again "
            "when it is back, it goes on where it was"
        ) from error
