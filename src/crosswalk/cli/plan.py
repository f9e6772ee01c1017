"""``crosswalk plan``: what a sync would write, without writing it."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from crosswalk.cli.opening import open_everything
from crosswalk.cli.output import OUT, AsJson, Column, Exit, say, show_json, show_rows
from crosswalk.cli.values import duration, shown
from crosswalk.domain.model import Kind, Lane
from crosswalk.engine.preview import Estimate, Planned, preview

#: What a record's end is called in the totals, in this order.
VERBS: Final = ("create", "update", "none", "review", "park", "wait", "retry")
#: Columns of the totals.
TOTALS: Final = (
    Column(key="verb", title=""),
    Column(key=Kind.COMPANY, title="companies", number=True),
    Column(key=Kind.PERSON, title="people", number=True),
)


@dataclass(slots=True, kw_only=True)
class Told:
    """What a plan came to; only the first records are kept whole."""

    limit: int
    estimate: Estimate
    #: Calls to the CRM that planning took, and what the rest would take in seconds.
    spent: int = 0
    seconds: float = 0.0
    first: list[Planned] = field(default_factory=list)
    totals: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    def add(self, planned: Planned) -> None:
        """Take one record in; what needs nothing is only counted."""
        self.totals[planned.verb, planned.ref.kind] += 1
        self.estimate.add(planned)
        if planned.verb != "none" and len(self.first) < self.limit:
            self.first.append(planned)

    @property
    def pending(self) -> int:
        """How many records would be written."""
        return sum(self.totals[v, k] for v in ("create", "update") for k in Kind)

    @property
    def folded(self) -> int:
        """How many records have something to tell that is not shown."""
        told = (n for (verb, _), n in self.totals.items() if verb != "none")
        return sum(told) - len(self.first)


async def plan(
    *,
    limit: Annotated[int, Parameter(help="Records to show field by field.")] = 20,
    as_json: AsJson = False,
) -> Exit:
    """Show what a sync would write, field by field, and what it would cost.

    Nothing is written on either side. Exit code 2 means that changes are pending.
    """
    async with open_everything(os.environ) as opened:
        world, bulk_from = opened.world, opened.config.sync.bulk_from
        told = Told(limit=limit, estimate=Estimate(bulk_from=bulk_from))
        async for planned in preview(world):
            told.add(planned)
        told.spent = sum(world.quota.spent.values())
        told.seconds = world.quota.foretell(told.estimate.calls, Lane.BACKFILL)
        per_hour = world.quota.per_hour
    if as_json:
        show_json(_document(told))
    else:
        _show(told, per_hour)
    return Exit.FINDINGS if told.pending else Exit.DONE


def _show(told: Told, per_hour: int) -> None:
    if told.first:
        OUT.print(_table(told))
    if told.folded:
        OUT.print(Text(f"... and {told.folded} more; --limit shows more of them"))
    OUT.print()
    show_rows(_totals(told), TOTALS, as_json=False)
    OUT.print()
    calls = told.estimate.calls
    OUT.print(
        Text(
            f"It would take about {calls:,} calls ({told.spent:,} now, to look);"
            f" at your quota of {per_hour:,} an hour: {duration(told.seconds)}."
        )
    )
    if not told.pending:
        say("Nothing to write.")


def _table(told: Told) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("does", no_wrap=True)
    table.add_column("record", no_wrap=True)
    table.add_column("field", overflow="fold")
    table.add_column("old -> new", overflow="fold", ratio=1)
    for planned in told.first:
        for number, (name, values) in enumerate(_lines(planned)):
            head = (planned.verb, planned.ref.key) if number == 0 else ("", "")
            table.add_row(*map(Text, head), Text(name), values)
    return table


def _lines(planned: Planned) -> Iterator[tuple[str, Text]]:
    for name, (old, new) in planned.fields.items():
        before = Text(shown(old), style="dim")
        yield name, before + Text(" -> ") + Text(shown(new))
    for name in sorted(planned.unread):
        yield name, Text("is read first", style="dim")
    if planned.because:
        because = planned.because
        yield because.code, Text(because.what, style="yellow")


def _totals(told: Told) -> list[Mapping[str, Any]]:
    ends = dict.fromkeys((*VERBS, *(verb for verb, _ in told.totals)))
    return [
        {"verb": verb, **{kind.value: told.totals[verb, kind] for kind in Kind}}
        for verb in ends
        if any(told.totals[verb, kind] for kind in Kind)
    ]


def _document(told: Told) -> dict[str, Any]:
    return {
        "records": [_record(planned) for planned in told.first],
        "folded": told.folded,
        "totals": _totals(told),
        "pending": told.pending,
        "calls": {
            "would_take": told.estimate.calls,
            "taken_now": told.spent,
            "seconds_at_quota": round(told.seconds),
        },
    }


def _record(planned: Planned) -> dict[str, Any]:
    because = planned.because
    return {
        "entity": planned.ref.key,
        "verb": planned.verb,
        "crm_id": planned.crm_id,
        "fields": {
            n: {"old": old, "new": new} for n, (old, new) in planned.fields.items()
        },
        "unread": sorted(planned.unread),
        "because": because.to_json() if because else None,
    }
