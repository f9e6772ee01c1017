"""``crosswalk sync``: one pass, told in numbers that add up."""

from crosswalk.cli.output import Exit
from crosswalk.simulators import sample
from tests.e2e.conftest import CUSTOMERS, SEED
from tests.e2e.shell import Shell

#: A port of loopback that nobody listens on.
NOBODY = "http://127.0.0.1:9"


def test_a_pass_brings_everything_over_and_the_next_one_writes_nothing(
    shell: Shell,
) -> None:
    """
    After one pass the CRM holds what it must; another makes no write call.
    """
    shell.run("sync")
    truth = sample.ground_truth(seed=SEED, customers=CUSTOMERS)
    said = shell.run("sync", "--json", "--since", "2000-01-01")
    assert said.code == Exit.DONE
    assert len(shell.crm.records("contacts")) == truth.contacts_at_end
    assert len(shell.crm.records("sales_accounts")) == truth.accounts_at_end
    companies, people = said.json["records"]
    assert (people["seen"], people["written"]) == (truth.customers, 0)
    assert (companies["seen"], companies["written"]) == (truth.units, 0)


def test_every_record_seen_is_told_once(shell: Shell) -> None:
    """
    What was written, unchanged, in review, parked and waiting adds up to what was seen.
    """
    truth = sample.ground_truth(seed=SEED, customers=CUSTOMERS)
    said = shell.run("sync", "--json")
    companies, people = said.json["records"]
    for told, seen in ((people, truth.customers), (companies, truth.units)):
        ends = ("written", "unchanged", "review", "parked", "waiting")
        assert told["seen"] == seen == sum(told[end] for end in ends)
    assert people["review"] == truth.in_review
    assert said.json["calls"] == shell.crm.total()


def test_only_companies(shell: Shell) -> None:
    """
    Asked for companies, a pass leaves the people alone.
    """
    before = len(shell.crm.records("contacts"))
    said = shell.run("sync", "--entity", "companies", "--json")
    assert [told["kind"] for told in said.json["records"]] == ["companies"]
    assert len(shell.crm.records("contacts")) == before


def test_one_record_by_its_id(shell: Shell) -> None:
    """
    Named by its id a record is synced, changed or not, and nothing else is.
    """
    truth = sample.ground_truth(seed=SEED, customers=CUSTOMERS)
    (chosen, contact), *_ = truth.linked_by_id
    said = shell.run("sync", "--entity", "people", "--id", chosen, "--json")
    (told,) = said.json["records"]
    assert (told["seen"], told["written"]) == (1, 1)
    (held,) = (c for c in shell.crm.records("contacts") if c["id"] == contact)
    assert held["external_id"] == chosen
    again = shell.run("sync", "--entity", "people", "--id", chosen, "--json")
    assert again.json["records"][0]["unchanged"] == 1


def test_an_id_needs_to_be_said_of_what(shell: Shell) -> None:
    """
    An id without a word of which kind it is fails, with the way out.
    """
    said = shell.run("sync", "--id", "4711")
    assert said.code == Exit.FAILED
    assert "--entity people" in said.err


def test_a_crm_that_refuses_us_is_one_message(shell: Shell) -> None:
    """
    With a wrong key a pass fails, says so once, and loses nothing.
    """
    said = shell.run("sync", FRESHSALES__API_KEY="wrong-key")
    assert said.code == Exit.FAILED
    assert said.err.count("denied") == 1
    assert "remedy: " in said.err
    truth = sample.ground_truth(seed=SEED, customers=CUSTOMERS)
    shell.run("sync")
    assert len(shell.crm.records("contacts")) == truth.contacts_at_end


def test_a_shop_that_cannot_be_reached_is_one_message(shell: Shell) -> None:
    """
    Without a shop a pass fails, and says what to look at.
    """
    said = shell.run("sync", COMMERCETOOLS__AUTH_URL=NOBODY)
    assert said.code == Exit.FAILED
    assert "transient" in said.err
    assert "reachable" in said.err


def test_a_crm_that_cannot_be_reached_is_one_message(shell: Shell) -> None:
    """
    Without a CRM a pass fails at once instead of trying for hours.
    """
    said = shell.run("sync", FRESHSALES__URL=f"{NOBODY}/crm/sales")
    assert said.code == Exit.FAILED
    assert "transient" in said.err
