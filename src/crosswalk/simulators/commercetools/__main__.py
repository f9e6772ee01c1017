"""Run the simulated commercetools by itself: ``--port 0`` picks a free port."""

import argparse
import asyncio
import contextlib
import signal
import sys

from crosswalk.simulators.commercetools.server import serve


def _announce(url: str) -> None:
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()


async def _run(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    task = asyncio.ensure_future(
        serve(
            host=arguments.host,
            port=arguments.port,
            project_key=arguments.project_key,
            ready=_announce,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="simulated-commercetools")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--project-key", default="sample")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
