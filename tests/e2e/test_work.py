"""``crosswalk run`` and ``crosswalk worker``: they stay, and end when they are told."""

import signal
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from crosswalk.cli.output import Exit
from crosswalk.settings.config import built_in
from tests.e2e.shell import PATIENCE, Shell
from tests.simulated import Simulator

pytestmark = pytest.mark.slow

#: Seconds between two polls.
QUICK = (
    built_in()
    .replace("poll_every: 60", "poll_every: 1")
    .replace("poll_crm_every: 300", "poll_crm_every: 1")
    .replace("settle: 30", "settle: 0")
)


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "it never came true"


def known(crm: Simulator) -> list[dict[str, Any]]:
    """Read the contacts that carry an id of ours."""
    return [c for c in crm.records("contacts") if c["external_id"]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_keeps_in_agreement_until_told_to_stop(
    shell: Shell, number: signal.Signals
) -> None:
    """
    What is in the shop arrives in the CRM by itself; told to stop it ends well.
    """
    shell.write(QUICK)
    before = len(known(shell.crm))
    with shell.begin("run") as running:
        running.wait_for("Polling both sides")
        until(lambda: len(known(shell.crm)) > before)
        assert running.end(number).code == Exit.DONE


def test_a_lost_crm_is_told_once_and_once_that_it_is_back(shell: Shell) -> None:
    """
    While the CRM is away there is one line, and one more when it is back.
    """
    shell.write(QUICK)
    shell.run("backfill")
    with shell.begin("run") as running:
        running.wait_for("Polling both sides")
        shell.crm.switch(server_error_next=1)
        assert '"side":"crm"' in running.wait_for("side lost")
        assert '"side":"crm"' in running.wait_for("side is back")
        assert "side" not in running.end().out


def test_a_worker_works_off_what_others_took_in(shell: Shell) -> None:
    """
    A worker polls nothing itself, and ends well when told to.
    """
    with shell.begin("worker") as running:
        running.wait_for("Working")
        assert running.end(signal.SIGTERM).code == Exit.DONE
    assert shell.shop.total() == 0
