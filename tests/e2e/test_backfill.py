"""``crosswalk backfill``: paused, resumed, cancelled and killed from outside."""

import signal
from collections.abc import Iterator
from time import monotonic

import pytest

from crosswalk.cli.output import Exit
from crosswalk.simulators import sample
from tests.e2e.conftest import CUSTOMERS, SEED
from tests.e2e.shell import PATIENCE, Running, Shell

pytestmark = pytest.mark.slow

TRUTH = sample.ground_truth(seed=SEED, customers=CUSTOMERS)


def is_complete(shell: Shell) -> bool:
    """Say whether the CRM holds what it must in the end."""
    contacts = len(shell.crm.records("contacts"))
    accounts = len(shell.crm.records("sales_accounts"))
    return (contacts, accounts) == (TRUTH.contacts_at_end, TRUTH.accounts_at_end)


def until_it_writes(shell: Shell) -> None:
    """Wait until the CRM has seen a write."""
    end = monotonic() + PATIENCE
    while not shell.crm.writes():
        assert monotonic() < end, "nothing was ever written"


@pytest.fixture
def running(shell: Shell) -> Iterator[Running]:
    """Run a backfill against a CRM that slows down once it was written to."""
    shell.crm.switch(latency_ms=200)
    with shell.begin("backfill") as begun:
        until_it_writes(shell)
        shell.crm.switch(latency_ms=2000)
        yield begun


def test_everything_is_brought_over(shell: Shell) -> None:
    """
    A backfill ends with everything in the CRM, and another one writes nothing.
    """
    said = shell.run("backfill", "start", "--json")
    assert said.code == Exit.DONE
    _, people = said.json["records"]
    assert people["review"] == TRUTH.in_review
    assert is_complete(shell)
    shell.crm.forget_calls()
    assert shell.run("backfill").code == Exit.DONE
    assert shell.crm.writes() == 0


def test_ctrl_c_pauses_it_and_start_goes_on(running: Running, shell: Shell) -> None:
    """
    Ctrl-C leaves a paused backfill, says how to go on, and nothing is lost by it.
    """
    said = running.end(signal.SIGINT)
    assert said.code == Exit.FINDINGS
    assert "crosswalk backfill start goes on" in said.err
    assert shell.run("backfill", "status", "--json").json["state"] == "paused"
    shell.crm.switch(latency_ms=0)
    assert shell.run("backfill").code == Exit.DONE
    assert is_complete(shell)


def test_another_terminal_pauses_and_resumes_it(running: Running, shell: Shell) -> None:
    """
    Paused from another terminal it stands by, and resumed from there it goes on.
    """
    assert shell.run("backfill", "pause").code == Exit.DONE
    running.wait_for("Paused")
    status = shell.run("backfill", "status", "--json").json
    assert (status["state"], status["working"]) == ("paused", True)
    shell.crm.switch(latency_ms=0)
    assert "goes on where it was paused" in shell.run("backfill", "resume").err
    assert running.process.wait(PATIENCE) == Exit.DONE
    assert is_complete(shell)


def test_a_killed_one_goes_on_where_it_was(running: Running, shell: Shell) -> None:
    """
    After kill -9 it counts as interrupted, and the next start ends what it began.
    """
    running.end(signal.SIGKILL)
    status = shell.run("backfill", "status", "--json").json
    assert (status["state"], status["working"]) == ("running", False)
    shell.crm.switch(latency_ms=0)
    assert shell.run("backfill").code == Exit.DONE
    assert is_complete(shell)
    assert shell.run("backfill", "status", "--json").json["backfill"] == 1


def test_a_cancelled_one_leaves_nothing_waiting(running: Running, shell: Shell) -> None:
    """
    Cancelled from another terminal it ends, and what it had not done is left out.
    """
    said = shell.run("backfill", "cancel")
    assert "is cancelled" in said.err
    shell.crm.switch(latency_ms=0)
    assert running.process.wait(PATIENCE) == Exit.FAILED
    status = shell.run("backfill", "status", "--json").json
    assert status["state"] == "cancelled"
    assert not is_complete(shell)


def test_there_is_only_one(running: Running, shell: Shell) -> None:
    """
    A second process refuses to work on the same backfill.
    """
    said = shell.run("backfill")
    assert said.code == Exit.FAILED
    assert "another process works on it" in said.err
    assert running.process.poll() is None


def test_nothing_can_be_done_with_none(shell: Shell) -> None:
    """
    Without a backfill there is nothing to pause, resume or cancel, and status says so.
    """
    for word in ("pause", "resume", "cancel"):
        said = shell.run("backfill", word)
        assert said.code == Exit.FAILED
        assert "there is no backfill yet" in said.err
    assert shell.run("backfill", "status", "--json").json is None
