"""The log of calls: what a test may hold against what a client should have sent."""

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any, Final

#: How many calls are remembered one by one; the counters know all of them.
REMEMBERED: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request and how it was answered."""

    #: Counts from 1 without gaps.
    n: int
    #: When it was answered, by the server's clock.
    at: str
    method: str
    path: str
    #: The path with its variable parts as names, or "unmatched".
    route: str
    query: str
    #: The HTTP status; 0 where the connection was dropped instead.
    status: int
    #: Whether the method and route ask for a change.
    write: bool
    #: Which API client or key called; empty when none was recognised.
    key: str


class CallLog:
    """The last calls one by one, and exact counters over all of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything and count from 1 again."""
        self.total = 0
        self.writes = 0
        self.summary: Counter[str] = Counter()
        self._calls: deque[Call] = deque(maxlen=REMEMBERED)

    def add(self, call: Call) -> None:
        """Remember *call*; its ``n`` must be ``total + 1``."""
        self.total = call.n
        self.writes += call.write
        self.summary[f"{call.method} {call.route} {call.status}"] += 1
        self._calls.append(call)

    def page(self, since: int, limit: int) -> dict[str, Any]:
        """Return up to *limit* calls after number *since* and where to go on."""
        first = self.total - len(self._calls) + 1
        start = max(since + 1 - first, 0)
        end = min(start + limit, len(self._calls))
        calls = [asdict(self._calls[i]) for i in range(start, end)]
        return {"calls": calls, "next": calls[-1]["n"] if calls else since}

    def totals(self) -> dict[str, int]:
        """Return the exact counters."""
        reads = self.total - self.writes
        return {"total": self.total, "reads": reads, "writes": self.writes}
