"""The CRM's calls, shared out by lane: Freshsales counts them per account and hour."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.model import Lane
from crosswalk.ports import Clock

MINUTE: Final = 60.0
HOUR: Final = 3600.0

#: The part of our share that a lane leaves to the lanes above it.
LEFT_TO_OTHERS: Final[Mapping[Lane, float]] = {
    Lane.LIVE: 0.0,
    Lane.ACTION: 0.02,
    Lane.RETRY: 0.05,
    Lane.RECONCILE: 0.10,
    Lane.BACKFILL: 0.15,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """So many calls in any stretch of so many seconds."""

    calls: int
    seconds: float


class CallQuota:
    """A sliding window of calls for one account; a hold stops all spending for a while.

    The windows slide, so the cap holds whether the CRM counts by the clock hour or by
    the last sixty minutes (contract 1.5 leaves that open).
    """

    def __init__(
        self, *, clock: Clock, per_hour: int, per_minute: int, reserve_percent: int
    ) -> None:
        share = (100 - reserve_percent) / 100
        self._clock = clock
        self._windows = (
            Window(calls=max(1, int(per_hour * share)), seconds=HOUR),
            Window(calls=max(1, int(per_minute * share)), seconds=MINUTE),
        )
        self._spent: deque[float] = deque()
        self._lanes = dict.fromkeys(Lane, 0)
        self._waiting: list[Lane] = []
        self._held_until = 0.0
        #: Why nothing may be spent any more.
        self.refused: RemoteError | None = None

    @property
    def spent(self) -> Mapping[Lane, int]:
        """Calls spent by each lane since the start."""
        return self._lanes

    @property
    def per_hour(self) -> int:
        """How many calls an hour we allow ourselves."""
        return self._windows[0].calls

    async def reserve(self, lane: Lane) -> None:
        """Wait until one call may be spent in this lane, and spend it.

        Raises the error of :meth:`stop` once the account refused our credentials.
        """
        self._waiting.append(lane)
        try:
            while wait := self._wait(lane):
                await self._clock.sleep(wait)
        finally:
            self._waiting.remove(lane)
        self._spent.append(self._clock.monotonic())
        self._lanes[lane] += 1

    def foretell(self, calls: int, lane: Lane) -> float:
        """Say how many seconds so many calls of a lane would take, nobody else calling.

        What a window allows goes at once; so much again has to wait for the next one.
        """
        waited = 0.0
        for window in self._windows:
            full, calls = divmod(calls, self._allowed(window, lane))
            waited += full * window.seconds
        return waited

    def hold(self, seconds: float) -> None:
        """Spend nothing for so long: the CRM said it had enough."""
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    def stop(self, error: RemoteError) -> None:
        """Spend nothing more: the CRM refuses us, and each further call burns quota."""
        self.refused = error

    def try_again(self) -> None:
        """Let the next call find out whether the CRM still refuses us."""
        self.refused = None

    def _wait(self, lane: Lane) -> float:
        """Say how long this lane has to wait now; 0 when a call may be spent."""
        if self.refused:
            raise self.refused
        now = self._clock.monotonic()
        if now < self._held_until:
            return self._held_until - now
        while self._spent and self._spent[0] <= now - HOUR:
            self._spent.popleft()
        waits = [self._window_wait(window, lane, now) for window in self._windows]
        yielding = any(other < lane for other in self._waiting)
        return max(*waits, 0.001 if yielding and max(waits) == 0 else 0.0)

    def _window_wait(self, window: Window, lane: Lane, now: float) -> float:
        allowed = self._allowed(window, lane)
        if len(self._spent) < allowed:
            return 0.0
        oldest_counting = self._spent[-allowed]
        return max(0.0, oldest_counting + window.seconds - now)

    @staticmethod
    def _allowed(window: Window, lane: Lane) -> int:
        return max(1, int(window.calls * (1 - LEFT_TO_OTHERS[lane])))
