"""The server's clock: real time plus whatever the control API has advanced it by."""

import time
from datetime import UTC, datetime


class Clock:
    """Tell the time in UTC; it only ever moves forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def timestamp(self) -> float:
        """Return seconds since 1970."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def text(self) -> str:
        """Return the present moment as ISO 8601 in milliseconds, ending in Z."""
        return iso(self.timestamp())

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds*."""
        self._ahead += seconds


def iso(timestamp: float) -> str:
    """Spell *timestamp* as ISO 8601 in milliseconds, ending in Z."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
