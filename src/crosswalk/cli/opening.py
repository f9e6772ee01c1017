"""What a command begins with: settings read, logs set up, the world opened."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crosswalk import bootstrap
from crosswalk.cli import logs
from crosswalk.engine.world import World
from crosswalk.settings.config import Config, load_config
from crosswalk.settings.environment import load_environment, load_local
from crosswalk.settings.variables import Environment
from crosswalk.store.database import Database


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
    async with bootstrap.open_database(load_local(os.environ)) as database:
        yield database
