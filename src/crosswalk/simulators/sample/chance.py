"""Chance that repeats: everything here depends on the seed and an index alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from hashlib import blake2b
from math import gcd
from typing import Final, Generic, TypeVar

T = TypeVar("T")

#: When the sample shop opened; every moment in it is counted from here.
OPENING: Final = datetime(2024, 1, 1, tzinfo=UTC)
#: Seconds.
DAY: Final = 86_400
#: The offset in which the sample CRM account writes its timestamps.
CRM_ZONE: Final = timezone(timedelta(hours=-4))


class Dice:
    """Independent draws for one part of one record.

    A draw takes bits from a digest of 512 bits, which is enough for about forty
    small draws; a record with more parts than that takes one `Dice` a part.
    """

    __slots__ = ("_bits",)

    def __init__(self, seed: int, part: str, index: int) -> None:
        self._bits = int.from_bytes(blake2b(f"{seed}:{part}:{index}".encode()).digest())

    def below(self, bound: int) -> int:
        """Draw a whole number from 0 to *bound* - 1."""
        self._bits, drawn = divmod(self._bits, bound)
        return drawn

    def pick(self, choices: Sequence[T]) -> T:
        """Draw one of *choices*."""
        return choices[self.below(len(choices))]

    def hits(self, percent: int) -> bool:
        """Say yes in *percent* of 100 draws."""
        self._bits, drawn = divmod(self._bits, 100)
        return drawn < percent

    def fill(self, pattern: str) -> str:
        """Put a drawn digit in the place of every ``#`` of *pattern*."""
        blank, width = _blank(pattern)
        self._bits, drawn = divmod(self._bits, 10**width)
        return blank % (*str(drawn).zfill(width),)


@dataclass(frozen=True, kw_only=True)
class Wheel(Generic[T]):
    """A case for every index at an exact rate, in an order that the seed decides.

    Each block of as many indexes as the wheel has places meets every place once,
    so a rate holds already in the first block, and a place can be found again.
    """

    name: str
    #: One value a place; a value that fills three of 200 places has 1.5 %.
    places: tuple[T, ...]

    @classmethod
    def of(cls, name: str, shares: Mapping[T, int]) -> "Wheel[T]":
        """Build a wheel on which each value fills its share of places."""
        places = (value for value, share in shares.items() for _ in range(share))
        return cls(name=name, places=tuple(places))

    def at(self, seed: int, index: int) -> T:
        """Return the value that falls to *index*."""
        return self.places[self.place(seed, index)]

    def place(self, seed: int, index: int) -> int:
        """Return the place that falls to *index*."""
        size = len(self.places)
        block, offset = divmod(index, size)
        step, start = _turn(self.name, seed, block, size)
        return (offset * step + start) % size

    def index(self, seed: int, block: int, place: int) -> int:
        """Return the index of *block* to which *place* falls."""
        size = len(self.places)
        step, start = _turn(self.name, seed, block, size)
        return block * size + (place - start) * pow(step, -1, size) % size


@lru_cache(maxsize=256)
def _blank(pattern: str) -> tuple[str, int]:
    return pattern.replace("#", "%s"), pattern.count("#")


@lru_cache(maxsize=1024)
def _turn(name: str, seed: int, block: int, size: int) -> tuple[int, int]:
    dice = Dice(seed, f"wheel {name} of {size}", block)
    return dice.pick(_steps(size)), dice.below(size)


@lru_cache(maxsize=16)
def _steps(size: int) -> tuple[int, ...]:
    return tuple(step for step in range(1, size + 1) if gcd(step, size) == 1)


@lru_cache(maxsize=1024)
def _date(days: int) -> str:
    return (OPENING + timedelta(days=days)).date().isoformat()


def uuid_of(seed: int, kind: str, index: int) -> str:
    """Return the UUID (version 4 in form) of the *index*-th record of a kind."""
    digest = blake2b(f"{seed}:{kind}:{index}".encode(), digest_size=16).hexdigest()
    head, third, fourth = digest[:8], digest[13:16], digest[17:20]
    return f"{head}-{digest[8:12]}-4{third}-a{fourth}-{digest[20:]}"


def shop_time(seconds: int) -> str:
    """Write a moment, in seconds after the opening, as commercetools does."""
    days, rest = divmod(seconds, DAY)
    minutes, second = divmod(rest, 60)
    return f"{_date(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.000Z"


def crm_time(seconds: int) -> str:
    """Write a moment, in seconds after the opening, as Freshsales does."""
    return (OPENING + timedelta(seconds=seconds)).astimezone(CRM_ZONE).isoformat()
