"""How far a backfill has come: a bar a stage, its pace, its cost and its end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from crosswalk.cli import summary
from crosswalk.cli.output import ERR
from crosswalk.domain.model import Kind
from crosswalk.engine import backfill
from crosswalk.engine.world import World

#: What people read of each stage.
STAGES: Final[Mapping[str, str]] = {
    "census company": "reading the CRM's accounts",
    "census person": "reading the CRM's contacts",
    Kind.COMPANY: "companies",
    Kind.PERSON: "people",
}
#: Seconds of a stage before its pace says anything about its end.
WARM: Final = 2.0


class Meter:
    """Shows a backfill's progress on standard error; tells it as facts, too."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls = summary.calls(world)
        self._bars = Progress(
            TextColumn("{task.description:<26}", markup=False),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}", markup=False),
            console=ERR,
        )
        self._stages: dict[str, _Stage] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, progress: backfill.Progress) -> None:
        """Take note of how far it has come."""
        stage = self._stages.get(progress.stage)
        if stage is None:
            stage = self._begin(progress)
        stage.done, stage.total = progress.done, progress.total
        self._bars.update(
            stage.bar,
            completed=progress.done,
            total=progress.total,
            pace=self._pace(stage),
        )

    def facts(self) -> dict[str, Any]:
        """Tell what another terminal may want to know."""
        if not self._stages:
            return {}
        name, stage = list(self._stages.items())[-1]
        return {
            "stage": STAGES.get(name, name),
            "done": stage.done,
            "total": stage.total,
            "calls": summary.calls(self._world) - self._calls,
            "per_second": round(stage.per_second(self._now), 1),
            "seconds_left": self._seconds_left(stage),
        }

    @property
    def _now(self) -> float:
        return self._world.clock.monotonic()

    def _begin(self, progress: backfill.Progress) -> "_Stage":
        description = STAGES.get(progress.stage, progress.stage)
        stage = self._stages[progress.stage] = _Stage(
            bar=self._bars.add_task(description, total=progress.total, pace=""),
            done=progress.done,
            at=self._now,
            calls=summary.calls(self._world),
        )
        return stage

    def _pace(self, stage: "_Stage") -> str:
        spent = summary.calls(self._world) - self._calls
        left = self._seconds_left(stage)
        words = [f"{stage.per_second(self._now):,.0f}/s", summary.plural(spent, "call")]
        if left:
            words.append(f"{duration(left)} left")
        return " · ".join(words)

    def _seconds_left(self, stage: "_Stage") -> float | None:
        """Foretell the end of a stage: at its pace, and not before the quota allows."""
        pace = stage.per_second(self._now)
        if stage.total is None or not pace or self._now - stage.at < WARM:
            return None
        left = max(0, stage.total - stage.done)
        calls = summary.calls(self._world) - stage.calls
        per_record = calls / max(1, stage.done - stage.before)
        by_quota = left * per_record / self._world.quota.per_hour * 3600
        return round(max(left / pace, by_quota), 1)


class _Stage:
    """A stage since its beginning in this process."""

    def __init__(self, *, bar: TaskID, done: int, at: float, calls: int) -> None:
        self.bar = bar
        self.before = self.done = done
        self.total: int | None = None
        self.at = at
        self.calls = calls

    def per_second(self, now: float) -> float:
        """Say at which pace it goes; 0 before it moves."""
        return (self.done - self.before) / max(now - self.at, 0.001)


def duration(seconds: float) -> str:
    """Spell a length of time as people say it."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return str(timedelta(seconds=round(seconds)))
