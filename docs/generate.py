"""Write the reference pages that are made from the code: ``make docs``."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from crosswalk.cli import app
from crosswalk.domain import lint
from crosswalk.domain.problems import PROBLEMS
from crosswalk.engine import codes
from crosswalk.settings import pages, refused

DOCS: Final = Path(__file__).resolve().parent

REASONS_HEAD: Final = """\
# Error codes

A code never changes its meaning.

## Records

Why a record is not in agreement, or was left out. `crosswalk errors list`,
`crosswalk review list` and `crosswalk explain` show these codes; I is left out, R is
repeated by itself, V waits for a person's answer, W waits for another record.

| code | what it says | what to do |
|---|---|---|
"""

CALLS_HEAD: Final = """
### Failed calls

A command that fails names the same without `remote_`.

| code | what it says | what to do |
|---|---|---|
"""

FIELDS_HEAD: Final = """
### Fields

The record's other fields were written. The remedy is shown with the record.

| code | what it says |
|---|---|
"""

CHECKS_HEAD: Final = """
## Findings of `crosswalk check`

Each comes with a remedy of its own; the exit code is 2. Warnings leave it at 0.

| code | what it says |
|---|---|
"""

FINDINGS_HEAD: Final = """
## Configuration

What can be wrong with `crosswalk.yaml` and the environment. Each finding comes with its
place and a remedy of its own; all of them are shown at once, and the exit code is 3.

| code | what it says |
|---|---|
"""


def command_line() -> str:
    """Describe every command with its flags."""
    return re.sub(r" +$", "", app.generate_docs(), flags=re.MULTILINE).rstrip() + "\n"


def error_codes() -> str:
    """Describe every code that a record, a check or a configuration can end with."""
    configuration = {**refused.CODES, **lint.CODES}
    return "".join(
        [
            REASONS_HEAD,
            *_rows(codes.ENDS),
            CALLS_HEAD,
            *_rows(codes.CALLS),
            FIELDS_HEAD,
            *_rows({code: (says,) for code, says in PROBLEMS.items()}),
            CHECKS_HEAD,
            *_rows({code: (says,) for code, says in codes.CHECKS.items()}),
            FINDINGS_HEAD,
            *_rows({code: (configuration[code],) for code in sorted(configuration)}),
        ]
    )


def _rows(table: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for code, cells in table.items():
        yield f"| `{code}` | {' | '.join(cells)} |\n"


#: Path below docs -> who writes it.
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/cli.md": command_line,
    "reference/errors.md": error_codes,
    **pages.PAGES,
}

if __name__ == "__main__":
    for path, write in PAGES.items():
        (DOCS / path).write_text(write(), encoding="utf-8")
