"""Running a simulator in a process of its own."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any


def run(serve: Callable[[Callable[[str], None]], Coroutine[Any, Any, None]]) -> None:
    """Serve until SIGINT or SIGTERM; *serve* is given what announces its address."""
    asyncio.run(_run(serve(_announce)))


def _announce(url: str) -> None:
    """Print the line that the caller waits for."""
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()


async def _run(serving: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
