"""What every command prints and how it ends: tables, JSON, progress, complaints.

Results go to standard output, everything else to standard error, so that a pipe
carries results only.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, Final, TypeAlias

import orjson
from cyclopts import Parameter
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from crosswalk.domain.lint import Finding


class Exit(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    FAILED = 1
    #: Changes are pending, or something was found.
    FINDINGS = 2
    #: The configuration is refused; nothing was done.
    REFUSED = 3


#: The flag that every listing command takes.
AsJson: TypeAlias = Annotated[
    bool,
    Parameter(name="--json", negative="", help="Print JSON instead of a table."),
]

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    #: The row's key.
    key: str
    title: str
    #: Whether it holds numbers, which line up on the right.
    number: bool = False


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    ERR.print(Text(text))


def show_rows(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[Column], *, as_json: bool
) -> None:
    """Print rows as a table of the given columns, or all they hold as JSON."""
    if as_json:
        show_json(list(rows))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column.title,
            justify="right" if column.number else "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(_cell(row.get(column.key)) for column in columns))
    OUT.print(table)


def show_lines(lines: Iterable[str]) -> None:
    """Print lines as they are, at once, for a program that waits for them."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def show_json(value: object) -> None:
    """Print a value as JSON that programs can read."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.write(orjson.dumps(value, default=str, option=options).decode())


def complain(title: str, findings: Iterable[Finding], *, style: str = "red") -> None:
    """Print findings in one panel: what is wrong, where, and the way out."""
    body = Group(*(_entry(finding, style) for finding in findings))
    ERR.print(Panel(body, title=Text(title), title_align="left", border_style=style))


def progress_bar() -> Progress:
    """Return a progress bar that counts records and foretells the end."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        console=ERR,
    )


def _cell(value: object) -> Text:
    return Text("" if value is None else str(value))


def _entry(finding: Finding, style: str) -> Group:
    head = Text.assemble((finding.code, f"bold {style}"), "  ", (finding.at, "bold"))
    body = Text(finding.what)
    way_out = Text.assemble(("remedy: ", "green"), finding.remedy)
    return Group(head, Padding(Group(body, way_out), (0, 0, 0, 2)))
