"""What commands print."""

import json
from datetime import UTC, datetime

import pytest

from crosswalk.cli.output import Column, progress_bar, say, show_lines, show_rows

COLUMNS = (
    Column(key="name", title="Name"),
    Column(key="calls", title="Calls", number=True),
)
ROWS = (
    {"name": "[bold]Ann[/bold]", "calls": 1, "since": datetime(2026, 1, 2, tzinfo=UTC)},
    {"name": "Bo", "calls": None, "since": None},
)


def test_a_table_shows_its_columns_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    A table shows the chosen columns, takes values literally and leaves null empty.
    """
    show_rows(ROWS, COLUMNS, as_json=False)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["Name", "Calls"], ["[bold]Ann[/bold]", "1"], ["Bo"]]


def test_json_shows_all_of_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    """
    As JSON a row shows everything it holds, times in ISO 8601.
    """
    show_rows(ROWS, COLUMNS, as_json=True)
    assert json.loads(capsys.readouterr().out) == [
        {"name": "[bold]Ann[/bold]", "calls": 1, "since": "2026-01-02T00:00:00+00:00"},
        {"name": "Bo", "calls": None, "since": None},
    ]


def test_only_results_go_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Lines of a result go to standard output, remarks and progress to standard error.
    """
    show_lines(["A=[1]", "B=2"])
    say("[done]")
    with progress_bar() as bar:
        bar.add_task("contacts [all]", total=3, completed=3)
    shown = capsys.readouterr()
    assert shown.out == "A=[1]\nB=2\n"
    assert "[done]\n" in shown.err
    assert "contacts [all]" in shown.err
    assert "3/3" in shown.err
