"""The command line: one command a file; parse, call, print, leave with an exit code.

A command's module is imported only when the command runs, so that ``--help`` stays
fast. A new command is a module here and a row in COMMANDS.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cyclopts import App, CycloptsError, Group

from crosswalk import __version__
from crosswalk.cli.failures import report
from crosswalk.cli.output import Exit
from crosswalk.domain.faults import CrosswalkError

OPTIONS: Final = Group("Options", sort_key=9)
START: Final = Group("Getting started", sort_key=1)
LOOKING: Final = Group("Looking and deciding", sort_key=3)
WORKING: Final = Group("Syncing", sort_key=2)
TRYING: Final = Group("Trying things out", sort_key=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command before its module is imported."""

    name: str
    #: Module and attribute: a function, or an App with commands of its own.
    runs: str
    group: Group
    help: str


COMMANDS: Final = (
    Command(
        name="init",
        runs="crosswalk.cli.init:init",
        group=START,
        help="Write a commented crosswalk.yaml.",
    ),
    Command(
        name="check",
        runs="crosswalk.cli.check:check",
        group=START,
        help="See that settings, database, shop and CRM fit together.",
    ),
    Command(
        name="migrate",
        runs="crosswalk.cli.migrate:migrate",
        group=START,
        help="Bring the database to this version's schema.",
    ),
    Command(
        name="mapping",
        runs="crosswalk.cli.mapping:app",
        group=LOOKING,
        help="Check, test and try the mapping.",
    ),
    Command(
        name="plan",
        runs="crosswalk.cli.plan:plan",
        group=LOOKING,
        help="What a sync would write, field by field, and what it would cost.",
    ),
    Command(
        name="explain",
        runs="crosswalk.cli.explain:explain",
        group=LOOKING,
        help="Why each value of a record is what it is.",
    ),
    Command(
        name="review",
        runs="crosswalk.cli.review:app",
        group=LOOKING,
        help="Answer what only a person can tell: who is who, which value stands.",
    ),
    Command(
        name="errors",
        runs="crosswalk.cli.errors:app",
        group=LOOKING,
        help="See what is parked and why, and set it to work again.",
    ),
    Command(
        name="sync",
        runs="crosswalk.cli.sync:sync",
        group=WORKING,
        help="One pass: take in what changed, work it off, end.",
    ),
    Command(
        name="backfill",
        runs="crosswalk.cli.backfill:app",
        group=WORKING,
        help="Bring everything over once; pausable and resumable.",
    ),
    Command(
        name="run",
        runs="crosswalk.cli.work:run",
        group=WORKING,
        help="Stay in agreement: poll both sides and work, until told to stop.",
    ),
    Command(
        name="worker",
        runs="crosswalk.cli.work:worker",
        group=WORKING,
        help="Work only; another process polls.",
    ),
    Command(
        name="demo",
        runs="crosswalk.cli.demo:demo",
        group=TRYING,
        help="Everything on this machine: both systems simulated, a sample shop.",
    ),
    Command(
        name="simulate",
        runs="crosswalk.cli.simulate:app",
        group=TRYING,
        help="Run a simulator of either API, filled with a sample shop.",
    ),
)

app = App(
    name="crosswalk",
    help="Keep a commercetools shop and a Freshsales CRM in agreement.",
    help_epilogue="Exit codes: 0 done, 1 failed, 2 changes pending or findings,"
    " 3 configuration refused.",
    help_format="plaintext",
    version=__version__,
)
app["--help"].group = OPTIONS
app["--version"].group = OPTIONS
for command in COMMANDS:
    app.command(command.runs, name=command.name, group=command.group, help=command.help)


def run(words: Sequence[str]) -> int:
    """Run one command line; return its exit code.

    A mistake in the words is FAILED, not 2 as elsewhere: 2 says that changes are
    pending, and a script that mistypes a flag must not read it as that.
    """
    try:
        code: int = app(
            words,
            exit_on_error=False,
            result_action="return_int_as_exit_code_else_zero",
        )
    except CycloptsError:
        return Exit.FAILED
    except BrokenPipeError:
        # Whoever read our output has seen enough: a pager, head.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except (CrosswalkError, OSError) as error:
        return report(error)
    return code


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))
