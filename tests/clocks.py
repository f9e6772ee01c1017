"""Clocks for tests."""

import asyncio
import time
from datetime import UTC, datetime


class SkippingClock:
    """Real time, in which nobody waits: a sleep only moves the clock forward."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        return datetime.fromtimestamp(time.time() + self.skipped, UTC)

    def monotonic(self) -> float:
        """Tell seconds that never step back."""
        return time.monotonic() + self.skipped

    async def sleep(self, seconds: float) -> None:
        """Skip so long, and let others work."""
        self.skipped += seconds
        await asyncio.sleep(0)
