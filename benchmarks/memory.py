"""How much memory a backfill takes, and whether that grows with the shop."""

from collections.abc import Sequence
from typing import Final

from benchmarks.measures import Measure, at_most
from benchmarks.passes import check_records, measured_pass
from benchmarks.stage import set_stage

SMALL: Final = 20_000
LARGE: Final = 100_000
#: How much larger the process may be at LARGE than at SMALL and be called flat.
FLAT: Final = 1.15


async def of_a_backfill(*, quick: bool) -> Sequence[Measure]:
    """Measure the engine's process alone: no simulator, no PostgreSQL."""
    small, large = (size // 1000 if quick else size for size in (SMALL, LARGE))
    before, after = await _peak(small), await _peak(large)
    return [
        Measure(
            name="memory.peak",
            value=after,
            unit="MB",
            target=at_most(256),
            conditions=f"backfill of {large:,} customers, engine's process only",
        ),
        Measure(
            name="memory.growth",
            value=after / before,
            unit="x",
            target=at_most(FLAT),
            conditions=f"{after:.0f} MB at {large:,}, {before:.0f} MB at {small:,}",
        ),
    ]


async def _peak(customers: int) -> float:
    async with set_stage(customers) as stage:
        spent = await measured_pass(stage)
        check_records(stage)
        return spent.peak_mb
