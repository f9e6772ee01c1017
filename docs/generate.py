"""Write the reference pages that are made from the code: ``make docs``."""

import re
from collections.abc import Callable, Mapping
from inspect import getsource
from pathlib import Path
from typing import Final

from crosswalk.cli import app
from crosswalk.cli.failures import REMEDY_OF_FAULT
from crosswalk.domain import lint
from crosswalk.domain.faults import Fault
from crosswalk.settings import pages, refused

DOCS: Final = Path(__file__).resolve().parent

CALLS_HEAD: Final = """\
# Error codes

A code never changes its meaning.

## Calls to either system

What can become of a call. A record whose call ends in one of these is repeated, waits,
or goes to the error queue, where `crosswalk errors list` names the code.

| code | what it says | what to do |
|---|---|---|
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
    """Describe every fault, by the comment above it in the code, and every finding."""
    comments = re.findall(r"#: (.+)\n +(\w+) = ", getsource(Fault))
    meaning = {Fault[name]: comment for comment, name in comments}
    calls = (
        f"| `{fault}` | {meaning[fault]} | {remedy} |\n"
        for fault, remedy in REMEDY_OF_FAULT.items()
    )
    codes = {**refused.CODES, **lint.CODES}
    findings = (f"| `{code}` | {what} |\n" for code, what in sorted(codes.items()))
    return "".join([CALLS_HEAD, *calls, FINDINGS_HEAD, *findings])


#: Path below docs -> who writes it.
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/cli.md": command_line,
    "reference/errors.md": error_codes,
    **pages.PAGES,
}

if __name__ == "__main__":
    for path, write in PAGES.items():
        (DOCS / path).write_text(write(), encoding="utf-8")
