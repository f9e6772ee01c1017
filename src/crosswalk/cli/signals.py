"""What a person or the system asks of a running command: to end."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

#: Ctrl-C, how a service manager says the same, and a terminal that is closed.
ENDING: Final = tuple(
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if name in signal.Signals.__members__
)


@contextmanager
def on_end(act: Callable[[], object]) -> Iterator[None]:
    """Act when the process is asked to end; asked once more, it ends at once."""
    loop = asyncio.get_running_loop()
    found = {number: signal.getsignal(number) for number in ENDING}
    # Whoever had us ignore a signal (nohup does) meant it.
    before = {n: handler for n, handler in found.items() if handler != signal.SIG_IGN}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def begin_to_end(*_: object) -> None:
        restore()
        loop.call_soon_threadsafe(act)

    for number in before:
        signal.signal(number, begin_to_end)
    try:
        yield
    finally:
        restore()
