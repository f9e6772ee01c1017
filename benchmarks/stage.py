"""What a benchmark plays on: a database, both simulators, a sample shop."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.simulated import Simulator, simulator

from crosswalk import bootstrap
from crosswalk.engine.world import World
from crosswalk.settings.config import Config, load_config
from crosswalk.settings.environment import load_environment
from crosswalk.simulators import sample
from crosswalk.store import embedded

SEED: Final = 7
#: Calls an hour and a minute that no benchmark comes near: unthrottled.
ENDLESS: Final = "1000000000"

#: A customer's id and the version the shop has it in.
Customer = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Both ends of a sync, filled with a sample, and the settings that lead there."""

    shop: Simulator
    crm: Simulator
    truth: sample.Truth
    directory: Path

    @property
    def records(self) -> int:
        """How many shop records there are: customers and companies."""
        return self.truth.customers + self.truth.units

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of a process that syncs the two."""
        return {
            "CROSSWALK_DATA_DIR": str(self.directory),
            "CROSSWALK_COMMERCETOOLS__API_URL": self.shop.url,
            "CROSSWALK_COMMERCETOOLS__AUTH_URL": self.shop.url,
            "CROSSWALK_COMMERCETOOLS__PROJECT_KEY": "sample",
            "CROSSWALK_COMMERCETOOLS__CLIENT_ID": "sample-client",
            "CROSSWALK_COMMERCETOOLS__CLIENT_SECRET": "sample-secret",
            "CROSSWALK_FRESHSALES__URL": self.crm.url,
            "CROSSWALK_FRESHSALES__API_KEY": "sample-key",
            "CROSSWALK_FRESHSALES__CALLS_PER_HOUR": ENDLESS,
            "CROSSWALK_FRESHSALES__CALLS_PER_MINUTE": ENDLESS,
        }

    def customers(self) -> list[Customer]:
        """List the customers that are linked and have no open problem."""
        troubled = {*self.truth.dropped_tiers, *self.truth.unicode_emails}
        linked = {c["external_id"] for c in self.crm.records("contacts")} - troubled
        return [
            (customer["id"], customer["version"])
            for customer in self.shop.records("customers")
            if customer["id"] in linked
        ]


@asynccontextmanager
async def set_stage(customers: int) -> AsyncIterator[Stage]:
    """Start everything, pour the sample in, and stop everything in the end."""
    with (
        data_directory() as directory,
        embedded.start(directory),
        simulator("commercetools") as shop,
        simulator("freshsales") as crm,
    ):
        await sample.seed(shop.url, sample.shop_records(seed=SEED, customers=customers))
        await sample.seed(crm.url, sample.crm_records(seed=SEED, customers=customers))
        yield Stage(
            shop=shop,
            crm=crm,
            truth=sample.ground_truth(seed=SEED, customers=customers),
            directory=directory,
        )


@contextmanager
def data_directory() -> Iterator[Path]:
    """Make a short-lived data directory that the server's own user gets into."""
    place = Path(tempfile.mkdtemp(prefix="cw"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place)


@asynccontextmanager
async def open_world(
    variables: Mapping[str, str], *, bulk_from: int | None = None
) -> AsyncIterator[World]:
    """Open the world of a stage with a worker in it, as `crosswalk run` does."""
    config = configuration(bulk_from)
    environment = load_environment(variables)
    async with (
        bootstrap.open_world(environment, config) as world,
        bootstrap.working(world),
    ):
        yield world


def configuration(bulk_from: int | None = None) -> Config:
    """Read the built-in configuration, with another threshold for bulk if told."""
    config = load_config(None)
    if bulk_from is None:
        return config
    return replace(config, sync=config.sync.model_copy(update={"bulk_from": bulk_from}))
