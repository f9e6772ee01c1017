"""``crosswalk simulate``: either API as a server on this machine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Annotated, Any, Final, TypeAlias

from cyclopts import App, Parameter

from crosswalk.cli.output import Exit, progress_bar, say, show_lines
from crosswalk.simulators import freshsales as freshsales_simulator
from crosswalk.simulators.sample import crm_records, seed

HOST: Final = "127.0.0.1"

Port: TypeAlias = Annotated[int, Parameter(help="Where to listen; 0 picks one.")]
Customers: TypeAlias = Annotated[
    int, Parameter(help="The size of the sample shop; 0 leaves it empty.")
]
Seed: TypeAlias = Annotated[
    int, Parameter(help="Which sample shop: the same number, the same people.")
]
Ready: TypeAlias = Callable[[str], None]

app = App(name="simulate")


@app.command
async def freshsales(
    *, port: Port = 0, customers: Customers = 200, seed: Seed = 7
) -> Exit:
    """Simulate a Freshsales account that knows some of the shop's people already."""

    def settings(url: str) -> Mapping[str, str]:
        return {
            "CROSSWALK_FRESHSALES__URL": url,
            "CROSSWALK_FRESHSALES__API_KEY": "sample-key",
        }

    async def serve(ready: Ready) -> None:
        await freshsales_simulator.serve(host=HOST, port=port, ready=ready)

    records = crm_records(seed=seed, customers=customers) if customers else ()
    return await _simulate(serve, records, settings)


async def _simulate(
    serve: Callable[[Ready], Awaitable[None]],
    records: Iterable[tuple[str, dict[str, Any]]],
    settings: Callable[[str], Mapping[str, str]],
) -> Exit:
    """Run a simulator until it is interrupted; fill it, then print its settings."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.ensure_future(serve(ready.set_result))
    either: set[asyncio.Future[Any]] = {server, ready}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        await server
    url = await ready
    with progress_bar() as bar:
        task = bar.add_task("records", total=None)
        await seed(url, records, progress=lambda n: bar.update(task, completed=n))
    show_lines(f"export {name}={value}" for name, value in settings(url).items())
    say("Ready; Ctrl-C ends it.")
    await server
    return Exit.DONE
