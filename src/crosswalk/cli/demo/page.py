"""How the demo looks: headings, indented tables and lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crosswalk.cli.output import OUT, Column

#: Cells that everything in a part stands in.
INDENT: Final = 2


def heading(text: str, aside: str = "") -> None:
    """Open a part."""
    OUT.print()
    OUT.print(Text.assemble((text, "bold"), "  ", (aside, "dim")))


def line(text: str, style: str = "") -> None:
    """Say something in a part."""
    OUT.print(Padding.indent(Text(text, style=style), INDENT), soft_wrap=True)


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    """Show rows under quiet titles."""
    shown = Table(
        box=None,
        pad_edge=False,
        header_style="dim",
        padding=(0, 3, 0, 0),
        show_header=any(column.title for column in columns),
    )
    for column in columns:
        shown.add_column(
            Text(column.title),
            justify="right" if column.number else "left",
            no_wrap=True,
        )
    for row in rows:
        shown.add_row(*(_cell(row[column.key]) for column in columns))
    OUT.print(Padding.indent(shown, INDENT))


def _cell(value: object) -> Text:
    if value == 0:
        return Text("-", style="dim")
    return Text(f"{value:,}" if isinstance(value, int) else str(value))
