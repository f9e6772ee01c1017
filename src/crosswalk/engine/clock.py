"""Time as it really passes."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        """Tell seconds that never step back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others work for so long."""
        await asyncio.sleep(seconds)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until *stop* is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
