"""The account's quota: calls per hour and per minute, over all keys together."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.switches import Switches


@dataclass(slots=True, kw_only=True)
class Window:
    """The calls of the last *length* seconds, or since the clock's full hour."""

    switches: Switches
    #: The switch that holds the limit; 0 is unlimited.
    limited_by: str
    #: Seconds.
    length: int
    used: int = 0
    #: (moment, calls), oldest first; together they are `used`.
    spent: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def limit(self) -> int:
        """Return how many calls fit, 0 for any number."""
        return int(self.switches.number(self.limited_by))

    def spend(self, now: float, calls: int) -> None:
        """Count *calls* where there is a limit at all."""
        if self.limit:
            self.spent.append((now, calls))
            self.used += calls

    def left(self, now: float) -> int:
        """Return how many calls still fit."""
        start = now - self.length if self._sliding else self._full_hour(now)
        while self.spent and self.spent[0][0] < start:
            self.used -= self.spent.popleft()[1]
        return max(self.limit - self.used, 0)

    def reset(self, now: float) -> float:
        """Return when calls are given back, as Unix time."""
        if not self._sliding:
            return self._full_hour(now) + self.length
        return (self.spent[0][0] if self.spent else now) + self.length

    @property
    def _sliding(self) -> bool:
        return self.switches.text("rate_limit_window") == "sliding"

    def _full_hour(self, now: float) -> float:
        return now // self.length * self.length


class Quota:
    """Both windows of an account."""

    def __init__(self, switches: Switches, clock: Clock) -> None:
        self._switches = switches
        self._clock = clock
        self._hour = Window(switches=switches, limited_by="calls_per_hour", length=3600)
        self._minute = Window(
            switches=switches, limited_by="calls_per_minute", length=60
        )

    def spend(self, calls: int = 1) -> float | None:
        """Count *calls*; the seconds to wait instead when a window is used up."""
        now = self._clock.timestamp()
        windows = (self._hour, self._minute)
        full = [w for w in windows if w.limit and not w.left(now)]
        if full:
            return max(window.reset(now) for window in full) - now
        for window in windows:
            window.spend(now, calls)
        return None

    def headers(self) -> dict[str, str]:
        """Return the x-ratelimit headers of an answer given now."""
        if not self._hour.limit or not self._switches.on("rate_limit_headers"):
            return {}
        now = self._clock.timestamp()
        return {
            "x-ratelimit-limit": str(self._hour.limit),
            "x-ratelimit-remaining": str(self._hour.left(now)),
            "x-ratelimit-reset": self._spell_reset(now),
        }

    def _spell_reset(self, now: float) -> str:
        reset = self._hour.reset(now)
        match self._switches.text("rate_limit_reset"):
            case "epoch":
                return str(int(reset))
            case "seconds":
                return str(int(reset - now))
            case _:
                return datetime.fromtimestamp(reset, UTC).strftime("%d%m%y%H%M%S")
