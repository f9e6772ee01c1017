"""The frame of the command line: help, version, exit codes, errors as messages."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crosswalk import __version__
from crosswalk.cli import COMMANDS, app, run
from crosswalk.cli.output import Exit
from crosswalk.domain.faults import (
    REMEDIES,
    ConfigurationError,
    CrosswalkError,
    Fault,
    RemoteError,
)
from crosswalk.domain.lint import Finding

#: What `crosswalk --help` must not wait for.
HEAVY = ("aiohttp", "alembic", "psycopg", "pydantic", "procrastinate", "sqlalchemy")


class ConfigurationRefusedError(ConfigurationError):
    """Stands for what the settings raise."""

    findings = (
        Finding(code="M102", at="crosswalk.yaml:14", what="no e163", remedy="use e164"),
        Finding(code="M103", at="crosswalk.yaml:20", what="twice", remedy="drop [one]"),
    )


@pytest.fixture
def fail() -> Callable[[BaseException], int]:
    """Run a command that ends in an error."""

    def run_command(error: BaseException) -> int:
        def command() -> None:
            raise error

        app.command(command, name="fail-on-purpose")
        try:
            return run(["fail-on-purpose"])
        finally:
            del app["fail-on-purpose"]

    return run_command


def test_help_lists_every_command_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    """
    `crosswalk --help` ends well and shows each command, its group and the exit codes.
    """
    assert run(["--help"]) == Exit.DONE
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert re.search(rf"│ {command.name} ", shown)
        assert command.group.name in shown
    assert "Exit codes" in shown


def test_help_is_what_no_command_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """
    `crosswalk` alone shows its help.
    """
    assert run([]) == Exit.DONE
    assert "Usage: crosswalk COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_can_be_asked_for_help(
    command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Each registered command leads to a module that exists and explains itself.
    """
    name = getattr(command, "name", "")
    assert run([name, "--help"]) == Exit.DONE
    assert f"Usage: crosswalk {name}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """
    `crosswalk --version` prints the version alone.
    """
    assert run(["--version"]) == Exit.DONE
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init", "--frce"], "--force"),
        (["ini"], "init"),
        (["init", "a.yaml", "b.yaml"], "b.yaml"),
        (["simulate", "freshsales", "--port", "many"], "many"),
    ],
)
def test_a_mistake_in_the_words_is_no_finding(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A mistyped command line fails with a hint, and never with the code for findings.
    """
    assert run(words) == Exit.FAILED
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_help_loads_nothing_heavy() -> None:
    """
    `crosswalk --help` imports no database, no HTTP client and no validation library.
    """
    program = (
        "import sys; from crosswalk.cli import run; run(['--help']);"
        f"sys.stderr.write(' '.join(set({HEAVY}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    """
    `python -m crosswalk` is the command, and its exit code reaches the shell.
    """
    done = subprocess.run(
        [sys.executable, "-m", "crosswalk", "nonsense"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.FAILED
    assert "nonsense" in done.stderr


def test_a_refused_configuration_shows_all_findings(
    fail: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A refused configuration is exit code 3 and shows each finding with its remedy.
    """
    assert fail(ConfigurationRefusedError()) == Exit.REFUSED
    shown = capsys.readouterr().err
    for finding in ConfigurationRefusedError.findings:
        for part in (finding.code, finding.at, finding.what, finding.remedy):
            assert part in shown


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigurationError("no e-mail"), Exit.REFUSED, "no e-mail"),
        (CrosswalkError("out of [luck]"), Exit.FAILED, "out of [luck]"),
        (ConnectionRefusedError(111, "Connection refused"), Exit.FAILED, "refused"),
        (OSError(98, "address already in use"), Exit.FAILED, "already in use"),
        (PermissionError(13, "Permission denied", "a.yaml"), Exit.FAILED, "a.yaml"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_a_message(
    fail: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: Exit,
    said: str,
) -> None:
    """
    An expected error is one message with a remedy, and its own exit code.
    """
    assert fail(error) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert "remedy: " in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_remedy(
    fail: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    fault: Fault,
) -> None:
    """
    Each way in which a call can fail is shown with the call and with what to do.
    """
    error = RemoteError(fault, call="GET /contacts/7", messages=["so it said"])
    assert fail(error) == Exit.FAILED
    shown = " ".join(re.findall(r"[^\s│]+", capsys.readouterr().err))
    assert "GET /contacts/7" in shown
    assert "so it said" in shown
    assert REMEDIES[fault] in shown


def test_a_fault_of_the_program_is_not_hidden(
    fail: Callable[[BaseException], int],
) -> None:
    """
    An error that nobody foresaw keeps its traceback.
    """
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())


def test_an_interruption_is_quiet(
    fail: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Ctrl-C ends a command with the code that shells expect, and without a word.
    """
    with pytest.raises(SystemExit) as ended:
        fail(KeyboardInterrupt())
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""
