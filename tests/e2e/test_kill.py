"""kill -9 at any moment of a backfill: nothing is lost, nothing made twice (P1, P4)."""

import random
import signal
from collections.abc import Iterator
from typing import Final

import pytest

from crosswalk.simulators import sample
from tests.e2e.shell import PATIENCE, Shell
from tests.simulated import Simulator, simulator

CUSTOMERS: Final = 600
SEED: Final = 11
#: What the records of the shop are listed with, a page a call.
LISTING: Final = "sort=lastModifiedAt"
#: Pages that list the sample: one of companies, two of customers.
PAGES: Final = 3


@pytest.fixture
def shop() -> Iterator[Simulator]:
    """Run a shop with two pages of customers."""
    with simulator("commercetools") as running:
        running.seed(sample.shop_records(seed=SEED, customers=CUSTOMERS))
        yield running


@pytest.fixture
def crm() -> Iterator[Simulator]:
    """Run a CRM that knows some of them, and takes its time."""
    with simulator("freshsales") as running:
        running.seed(sample.crm_records(seed=SEED, customers=CUSTOMERS))
        running.switch(latency_ms=15)
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("kills", [2, 12], ids=lambda n: f"{n} kills")
def test_a_backfill_survives_every_kill(shell: Shell, kills: int) -> None:
    """
    Killed again and again at moments of chance, then left to end: the CRM holds what
    the sample's truth says, no page was read more than once too often for a kill, and
    a further pass writes nothing.
    """
    chance = random.Random(SEED)  # noqa: S311 - moments to choose, the same every time
    killed = sum(_killed(shell, chance.randint(1, 60)) for _ in range(kills))
    assert killed, "it was never killed at work"
    shell.crm.switch(latency_ms=0)
    assert shell.run("backfill").code == 0
    _judge(shell.crm)
    assert _listed(shell.shop) <= PAGES + killed
    shell.crm.forget_calls()
    assert shell.run("sync").code == 0
    assert shell.crm.writes() == 0


def _killed(shell: Shell, after: int) -> bool:
    """Kill a backfill after so many calls to the CRM; False if it ended before."""
    shell.crm.forget_calls()
    with shell.begin("backfill") as running:
        while shell.crm.total() < after:
            if running.process.poll() is not None:
                return False
        running.process.send_signal(signal.SIGKILL)
        return running.process.wait(PATIENCE) == -signal.SIGKILL


def _judge(crm: Simulator) -> None:
    """Hold the CRM against what is known of the sample."""
    truth = sample.ground_truth(seed=SEED, customers=CUSTOMERS)
    contacts, accounts = crm.records("contacts"), crm.records("sales_accounts")
    ids = [contact["external_id"] for contact in contacts if contact["external_id"]]
    keys = [account["custom_field"]["cf_commercetools_id"] for account in accounts]
    assert len(ids) == len(set(ids))
    assert len(contacts) == truth.contacts_at_end
    assert len(accounts) == truth.accounts_at_end
    assert len({key for key in keys if key}) == truth.units
    known = {contact["external_id"]: contact["id"] for contact in contacts}
    for customer, contact in (*truth.linked_by_id, *truth.linked_by_email):
        assert known[customer] == contact
    for customer, _ in (*truth.ambiguous, *truth.conflicts):
        assert customer not in known
    assert all((one in known) + (other in known) == 1 for one, other in truth.twins)


def _listed(shop: Simulator) -> int:
    """Count the pages of records that were read."""
    calls = shop.fetch("GET", "/_control/calls?limit=100000")["calls"]
    return sum(LISTING in call["query"] for call in calls)
