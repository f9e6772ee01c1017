"""Write the reference pages that are made from the code: ``make docs``."""

import re
from collections.abc import Callable, Mapping
from inspect import getsource
from pathlib import Path
from typing import Final

from crosswalk.cli import app
from crosswalk.cli.failures import REMEDY_OF_FAULT
from crosswalk.domain.faults import Fault
from crosswalk.settings import pages as settings

DOCS: Final = Path(__file__).resolve().parent

ERRORS_HEAD: Final = """\
# Error codes

What can become of a call to either system. A record whose call ends in one of these
is repeated, waits, or goes to the error queue; `crosswalk errors list` names the code.

| code | what it says | what to do |
|---|---|---|
"""


def command_line() -> str:
    """Describe every command with its flags."""
    return re.sub(r" +$", "", app.generate_docs(), flags=re.MULTILINE).rstrip() + "\n"


def error_codes() -> str:
    """Describe every fault, with the comment that stands above it in the code."""
    comments = re.findall(r"#: (.+)\n +(\w+) = ", getsource(Fault))
    meaning = {Fault[name]: comment for comment, name in comments}
    rows = (
        f"| `{fault}` | {meaning[fault]} | {remedy} |\n"
        for fault, remedy in REMEDY_OF_FAULT.items()
    )
    return ERRORS_HEAD + "".join(rows)


#: Path below docs -> who writes it.
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/cli.md": command_line,
    "reference/errors.md": error_codes,
    **settings.PAGES,
}

if __name__ == "__main__":
    for path, write in PAGES.items():
        (DOCS / path).write_text(write(), encoding="utf-8")
