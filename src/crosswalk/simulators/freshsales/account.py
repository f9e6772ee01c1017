"""What an administrator decides about the account: keys, fields, selectors, zone."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.freshsales.fields import FieldSet
from crosswalk.simulators.freshsales.selectors import Selectors
from crosswalk.simulators.switches import Switches

#: E-mail entries of contacts are numbered from here.
FIRST_EMAIL_ID: Final = 71_500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key: it acts as its user."""

    token: str
    #: An id of the selector ``owners``.
    user_id: int
    #: A restricted key may not list owners.
    restricted: bool = False


@dataclass(slots=True, kw_only=True)
class Account:
    """The account's configuration, which every module reads."""

    switches: Switches
    clock: Clock
    #: By module.
    fields: Mapping[str, FieldSet]
    #: Whether a module holds a live record of an id.
    holds: Callable[[str, int], bool]
    selectors: Selectors = field(default_factory=Selectors)
    keys: dict[str, Key] = field(default_factory=dict)
    email_ids: Iterator[int] = field(
        default_factory=lambda: itertools.count(FIRST_EMAIL_ID)
    )

    def knows(self, target: str, entry_id: object) -> bool:
        """Tell whether *entry_id* is in the selector or module called *target*."""
        if target in self.fields:
            return isinstance(entry_id, int) and self.holds(target, entry_id)
        return self.selectors.get(target, entry_id) is not None

    def now(self) -> float:
        """Return the moment as records keep it: whole seconds by default."""
        moment = self.clock.timestamp()
        if self.switches.on("millisecond_timestamps"):
            return round(moment, 3)
        return float(int(moment))

    def spell(self, moment: float) -> str:
        """Spell *moment* as ISO 8601 with the offset of the account's zone."""
        switches = self.switches.values
        return spell_moment(
            moment,
            str(switches["time_zone"]),
            "milliseconds" if switches["millisecond_timestamps"] else "seconds",
        )


@lru_cache(maxsize=100_000)
def spell_moment(moment: float, zone: str, timespec: str) -> str:
    """Spell a Unix time in *zone*; UTC ends in Z as on the accounts seen."""
    spelled = datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat(
        timespec=timespec
    )
    return spelled.removesuffix("+00:00") + "Z" * spelled.endswith("+00:00")
