"""Runs the benchmarks: ``python -m benchmarks [--only NAME] [--quick] [--json]``."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from os import cpu_count
from typing import Final, TypeAlias

import anyio

from benchmarks import backfills, events, intake, mapping, memory
from benchmarks.machine import calibrate, processes
from benchmarks.measures import Measure
from benchmarks.table import Result, show, show_json

Benchmark: TypeAlias = Callable[..., Awaitable[Sequence[Measure]]]

#: Every benchmark by the name that --only takes.
BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "intake": intake.of_single_changes,
    "events": events.to_the_crm,
    "bulk": backfills.in_bulk,
    "single": backfills.singly,
    "memory": memory.of_a_backfill,
    "mapping": mapping.of_a_customer,
}


async def run(names: Sequence[str], *, quick: bool) -> list[Result]:
    """Run benchmarks one after the other, each between two looks at the machine."""
    results: list[Result] = []
    with processes(cpu_count() or 1) as pool:
        for name in names:
            print(f"{name} ...", file=sys.stderr)
            results += await _one(BENCHMARKS[name], pool, quick=quick)
    return results


async def _one(
    benchmark: Benchmark, pool: ProcessPoolExecutor, *, quick: bool
) -> list[Result]:
    before = calibrate(pool)
    measures = await benchmark(quick=quick)
    after = calibrate(pool)
    return [Result(measure=m, before=before, after=after) for m in measures]


def main() -> int:
    """Run what was asked for; 1 when a target is missed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--only", choices=BENCHMARKS, action="append")
    parser.add_argument("--quick", action="store_true", help="small sizes: does it run")
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    asked = parser.parse_args()
    names = asked.only or list(BENCHMARKS)
    results = anyio.run(partial(run, names, quick=asked.quick))
    (show_json if asked.json else show)(results)
    missed = any(result.measure.is_met is False for result in results)
    return int(missed and not asked.quick)


if __name__ == "__main__":
    sys.exit(main())
