"""What was measured, as a table for people and as JSON for everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import orjson
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Calibration, describe
from benchmarks.measures import Measure

#: What a unit of time is in seconds; everything else "/s" is a rate.
_SECONDS: Final = {"ms": 1e-3, "us": 1e-6}
_VERDICTS: Final = {
    None: "",
    True: "[green]yes[/]",
    False: "[bold red]no[/]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A number, and what the machine was like right before and after."""

    measure: Measure
    before: Calibration
    after: Calibration

    @property
    def busy(self) -> float:
        """How much of the cores others had meanwhile: 1.0 when we were alone."""
        return max(self.before.busy, self.after.busy)

    @property
    def ratio(self) -> float | None:
        """The number by the calibration loop, so that machines and days compare.

        How many in the time of one loop, or how many loops it takes.
        """
        loop = (self.before.wall + self.after.wall) / 2
        value, unit = self.measure.value, self.measure.unit
        if unit.endswith("/s"):
            return value * loop
        seconds = _SECONDS.get(unit.partition("/")[0])
        return None if seconds is None else value * seconds / loop


def show(results: Iterable[Result]) -> None:
    """Print the table."""
    table = Table(
        title=f"Crosswalk on {describe()}",
        title_justify="left",
        box=SIMPLE,
        padding=(0, 0, 0, 1),
        pad_edge=False,
    )
    table.add_column("measure", min_width=24)
    for heading in ("target", "measured"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("ok?")
    table.add_column("per loop", justify="right")
    table.add_column("busy", justify="right")
    for result in results:
        table.add_row(*_cells(result))
    console = Console()
    console.print(table)
    console.print(
        "[dim]per loop: the number by a loop of plain Python, run on every core right "
        "before and after; busy: how much longer that loop took than it computed, 1.0 "
        "on an idle machine.[/]"
    )


def show_json(results: Iterable[Result]) -> None:
    """Print everything as one JSON object."""
    told = {"machine": describe(), "measures": [_facts(result) for result in results]}
    print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def _cells(result: Result) -> tuple[str, ...]:
    measure, ratio = result.measure, result.ratio
    return (
        f"{measure.name}\n[dim]{measure.conditions}[/]",
        "" if measure.target is None else str(measure.target),
        number(measure.value),
        measure.unit,
        _VERDICTS[measure.is_met],
        "" if ratio is None else f"{ratio:.3g}",
        f"{result.busy:.1f}",
    )


def _facts(result: Result) -> dict[str, object]:
    measure = result.measure
    return {
        "name": measure.name,
        "measured": measure.value,
        "unit": measure.unit,
        "target": None if measure.target is None else str(measure.target),
        "ok": measure.is_met,
        "per_loop": result.ratio,
        "busy": result.busy,
        "conditions": measure.conditions,
    }


def number(value: float) -> str:
    """Write a number with as many digits as mean anything."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
