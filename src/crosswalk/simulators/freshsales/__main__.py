"""Run the simulator on its own: ``python -m crosswalk.simulators.freshsales``."""

import argparse
import asyncio
import contextlib
import signal

from crosswalk.simulators.freshsales import serve


def _print_ready(url: str) -> None:
    print(f"ready {url}", flush=True)  # noqa: T201 the caller waits for this line


async def _serve(arguments: argparse.Namespace) -> None:
    task = asyncio.ensure_future(
        serve(
            host=arguments.host,
            port=arguments.port,
            api_key=arguments.api_key,
            ready=_print_ready,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m crosswalk.simulators.freshsales")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--api-key", default="sample-key")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
