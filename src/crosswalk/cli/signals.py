"""What a person or the system asks of a running command: to end."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

#: Ctrl-C, and how a service manager says the same.
ENDING: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def on_end(act: Callable[[], object]) -> Iterator[None]:
    """Act when the process is asked to end; asked once more, it ends at once."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in ENDING}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def begin_to_end(*_: object) -> None:
        restore()
        loop.call_soon_threadsafe(act)

    for number in ENDING:
        signal.signal(number, begin_to_end)
    try:
        yield
    finally:
        restore()
