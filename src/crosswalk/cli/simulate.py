"""``crosswalk simulate``: either API as a server on this machine."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Annotated, Any, Final, TypeAlias

from cyclopts import App, Parameter

from crosswalk.cli.output import Exit, progress_bar, say, show_lines
from crosswalk.simulators import commercetools as shop
from crosswalk.simulators import freshsales as crm
from crosswalk.simulators.sample import crm_records, seed, shop_records

Port: TypeAlias = Annotated[int, Parameter(help="Where to listen; 0 picks one.")]
Customers: TypeAlias = Annotated[
    int, Parameter(help="The size of the sample shop; 0 leaves it empty.")
]
Seed: TypeAlias = Annotated[
    int, Parameter(help="Which sample shop: the same number, the same people.")
]
Records: TypeAlias = Iterable[tuple[str, dict[str, Any]]]
#: Serves until cancelled; calls *ready* with its address when it listens.
Serve: TypeAlias = Callable[..., Coroutine[Any, Any, None]]

#: What leads a sync to a simulator at an address.
SHOP_SETTINGS: Final = (
    "CROSSWALK_COMMERCETOOLS__API_URL={url}",
    "CROSSWALK_COMMERCETOOLS__AUTH_URL={url}",
    "CROSSWALK_COMMERCETOOLS__PROJECT_KEY=sample",
    "CROSSWALK_COMMERCETOOLS__CLIENT_ID=sample-client",
    "CROSSWALK_COMMERCETOOLS__CLIENT_SECRET=sample-secret",
)
CRM_SETTINGS: Final = (
    "CROSSWALK_FRESHSALES__URL={url}",
    "CROSSWALK_FRESHSALES__API_KEY=sample-key",
)

app = App(name="simulate")


@app.command
async def commercetools(
    *,
    port: Port = 0,
    customers: Customers = 200,
    seed: Seed = 7,
) -> Exit:
    """Simulate a commercetools project that holds the sample shop."""
    records = shop_records(seed=seed, customers=customers) if customers else ()
    return await _simulate(partial(shop.serve, port=port), records, SHOP_SETTINGS)


@app.command
async def freshsales(
    *, port: Port = 0, customers: Customers = 200, seed: Seed = 7
) -> Exit:
    """Simulate a Freshsales account that knows some of the shop's people already."""
    records = crm_records(seed=seed, customers=customers) if customers else ()
    return await _simulate(partial(crm.serve, port=port), records, CRM_SETTINGS)


async def _simulate(serve: Serve, records: Records, settings: Iterable[str]) -> Exit:
    """Run a simulator until it is interrupted; fill it, then tell how to reach it."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(ready=ready.set_result))
    either: set[asyncio.Future[Any]] = {server, ready}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        await server
    url = await ready
    with progress_bar() as bar:
        task = bar.add_task("records", total=None)
        await seed(url, records, progress=lambda n: bar.update(task, completed=n))
    show_lines(f"export {setting.format(url=url)}" for setting in settings)
    say("Ready; Ctrl-C ends it.")
    await server
    return Exit.DONE
