"""What a benchmark answers: numbers, what they are held to, and how it was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a number is held to."""

    limit: float
    #: Whether more is better; otherwise *limit* is the most that is allowed.
    at_least: bool = True

    def is_met(self, value: float) -> bool:
        """Say whether a measured value is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.limit:,.6g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number."""

    name: str
    value: float
    unit: str
    #: None where a number is only told.
    target: Target | None = None
    #: Sizes, and whatever else the number depends on.
    conditions: str = ""

    @property
    def is_met(self) -> bool | None:
        """Say whether the target is met; None where there is none."""
        return None if self.target is None else self.target.is_met(self.value)


def at_least(limit: float) -> Target:
    """Ask for so much or more."""
    return Target(limit=limit)


def at_most(limit: float) -> Target:
    """Ask for so much or less."""
    return Target(limit=limit, at_least=False)


def percentile(values: Sequence[float], percent: float) -> float:
    """Give the smallest value that so many percent do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, ceil(len(ranked) * percent / 100) - 1)]
