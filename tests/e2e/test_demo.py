"""``crosswalk demo``: everything at once, and nothing left behind."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosswalk.cli.output import Exit
from tests.e2e.shell import PATIENCE, Running, plain

pytestmark = pytest.mark.slow


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make the folder for what is temporary; nothing may be left in it."""
    place = tmp_path_factory.mktemp("demo")
    yield place
    assert list(place.iterdir()) == []


def begin(place: Path, *words: str) -> "subprocess.Popen[str]":
    """Start the demo with nothing set but where temporary things go."""
    return subprocess.Popen(
        [sys.executable, "-m", "crosswalk", "demo", "--customers", "200", *words],
        env={**plain(), "TMPDIR": str(place)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ports(text: str) -> set[int]:
    """Find where the simulators listen."""
    return set(map(int, re.findall(r"http://127.0.0.1:(\d+)", text)))


def test_once_it_ends_with_everything_as_it_must_be(temporary: Path) -> None:
    """
    The demo proves its own result, a second pass without a write included, and ends.
    """
    with begin(temporary, "--once") as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.DONE, said
    for expected in (
        "customers -> contacts",
        "calls to the CRM",
        "crosswalk review list --sort shared",
        "0 CRM write calls",
        "Everything is as it must be.",
    ):
        assert expected in said


def test_ctrl_c_leaves_nothing_running(temporary: Path) -> None:
    """
    While the shop lives changes arrive one by one; Ctrl-C ends simulators and all.
    """
    with begin(temporary) as process:
        running = Running(process)
        addresses = running.wait_for("  shop ") + running.wait_for("  CRM ")
        running.wait_for("The shop is alive")
        running.wait_for(" ms ")
        said = running.end(signal.SIGINT)
    assert said.code == Exit.DONE
    assert "nothing is left running" in said.out
    assert len(ports(addresses)) == 2
    for port in ports(addresses):
        with pytest.raises(ConnectionRefusedError), socket.socket() as probe:
            probe.connect(("127.0.0.1", port))


def test_ended_early_it_leaves_nothing_either(temporary: Path) -> None:
    """
    Told to end before its database is there, it ends all the same and cleans up.
    """
    with begin(temporary) as process:
        running = Running(process)
        running.wait_for("/crm/sales")
        assert running.end(signal.SIGTERM).code == 130
