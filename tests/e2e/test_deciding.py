"""``crosswalk review``, ``errors`` and ``explain`` after a backfill of the sample."""

from collections.abc import Iterator
from typing import Any

import pytest

from crosswalk.domain.model import Kind, shop_ref
from crosswalk.simulators import sample
from tests.conftest import fresh_database
from tests.e2e.conftest import SEED
from tests.e2e.shell import Shell, settings_of
from tests.simulated import simulator

pytestmark = pytest.mark.slow

#: Enough for several of each question.
CUSTOMERS = 200
TRUTH = sample.ground_truth(seed=SEED, customers=CUSTOMERS)


@pytest.fixture(scope="module")
def shell(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Backfill a sample once; each test decides about a record of its own."""
    with (
        fresh_database(server) as url,
        simulator("commercetools") as shop,
        simulator("freshsales") as crm,
    ):
        shop.seed(sample.shop_records(seed=SEED, customers=CUSTOMERS))
        crm.seed(sample.crm_records(seed=SEED, customers=CUSTOMERS))
        folder, environ = tmp_path_factory.mktemp("cw"), settings_of(shop, crm, url)
        opened = Shell(folder=folder, shop=shop, crm=crm, environ=environ)
        assert opened.run("backfill").code == 0
        yield opened


def person(id_: str) -> str:
    """Name a customer as the commands do."""
    return shop_ref(Kind.PERSON, id_).key


def question(shell: Shell, entity: str) -> dict[str, Any]:
    """Find the open question about a record."""
    rows = shell.run("review", "list", "--json").json
    found: dict[str, Any] = next(row for row in rows if row["entity"] == entity)
    return found


def test_the_list_has_every_question_and_hides_addresses(shell: Shell) -> None:
    """
    Each seeded duplicate is one question; e-mail addresses show with --reveal alone.
    """
    rows = shell.run("review", "list", "--json").json
    assert {row["sort"] for row in rows} == {"ambiguous", "conflict", "shared"}
    assert all("***@" in row["email"] for row in rows)
    revealed = shell.run("review", "list", "--json", "--reveal").json
    assert not any("***@" in row["email"] for row in revealed)
    table = shell.run("review", "list").out
    assert all(row["sort"] in table for row in rows)


def test_a_question_shows_both_sides(shell: Shell) -> None:
    """
    The shop's values stand beside those of each candidate, with the answers there are.
    """
    customer, (first, second) = TRUTH.ambiguous[0]
    number = str(question(shell, person(customer))["number"])
    said = shell.run("review", "show", number)
    for words in (
        f"CRM {first}",
        f"CRM {second}",
        "last_name",
        f"decide {number} link",
    ):
        assert words in said.out
    told = shell.run("review", "show", number, "--json").json
    assert [option["crm_id"] for option in told["options"]] == [str(first), str(second)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["decide", "9999", "ignore"], "there is no open question 9999"),
        (["show", "9999"], "there is no question 9999"),
        (["decide", "{n}", "link"], "say which crm record; the candidates are"),
        (["decide", "{n}", "shop"], "it takes: link, join, create, ignore"),
        (["decide", "{n}", "lnik"], 'Did you mean "link"?'),
        (["decide", "{n}", "link", "--to", "5"], "the CRM has no contact 5"),
        (["reopen", "frog"], "write it like person:shop:<id>"),
        (["reopen", "person:shop:nobody"], "nothing was decided about"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_does_not_fit_is_one_message(
    shell: Shell, words: list[str], said: str
) -> None:
    """
    A wrong number, verb or record changes nothing and says what would fit.
    """
    customer, _ = TRUTH.ambiguous[0]
    number = question(shell, person(customer))["number"]
    ended = shell.run("review", *(word.format(n=number) for word in words))
    assert ended.code == 1
    assert said in ended.err
    assert question(shell, person(customer))["number"] == number


def test_link_joins_what_a_person_chose(shell: Shell) -> None:
    """
    A link decided with a note is made at once, and explained with who made it.
    """
    customer, (chosen, _) = TRUTH.ambiguous[1]
    number = str(question(shell, person(customer))["number"])
    words = ("link", "--to", str(chosen), "--note", "same street", "--actor", "ann")
    said = shell.run("review", "decide", number, *words, "--now")
    assert said.code == 0, said
    assert f"in agreement with {chosen}" in said.out
    story = shell.run("explain", "person", customer, "--json").json
    assert (story["link"]["crm_id"], story["link"]["actor"]) == (str(chosen), "ann")
    assert "review link" in {row["verb"] for row in story["history"]}


def test_join_and_reopen(shell: Shell) -> None:
    """
    A second account joins its person's contact, writes no field, and can be taken back.
    """
    row = next(
        row
        for row in shell.run("review", "list", "--json").json
        if row["sort"] == "shared"
    )
    shell.crm.forget_calls()
    decide = ("review", "decide", str(row["number"]), "join", "--to", row["candidates"])
    said = shell.run(*decide, "--now")
    assert f"{row['candidates']}, as a second one of it" in said.out
    assert shell.crm.writes() == 0
    again = shell.run("review", "reopen", row["entity"], "--now")
    assert "review, V103" in again.out
    assert question(shell, row["entity"])["sort"] == "shared"


def test_ignore_leaves_a_record_out(shell: Shell) -> None:
    """
    An ignored customer is in no list any more, and nothing is written for it.
    """
    customer, _ = TRUTH.conflicts[0]
    number = str(question(shell, person(customer))["number"])
    shell.crm.forget_calls()
    said = shell.run("review", "decide", number, "ignore", "--now")
    assert "left out" in said.out
    assert shell.crm.writes() == 0
    rows = shell.run("review", "list", "--json").json
    assert person(customer) not in {row["entity"] for row in rows}


def test_a_second_contact_that_the_crm_refuses_is_asked_about(shell: Shell) -> None:
    """
    Create, where the CRM takes no second contact of one address, comes back at once.
    """
    customer, _ = TRUTH.ambiguous[2]
    number = str(question(shell, person(customer))["number"])
    said = shell.run("review", "decide", number, "create", "--now")
    assert "review, remote_duplicate" in said.out


def test_errors_are_counted_listed_and_shown(shell: Shell) -> None:
    """
    What is parked is counted by code and shown with field, reason and remedy.
    """
    (tier,) = TRUTH.dropped_tiers
    listed = shell.run("errors", "list")
    assert "not_a_choice" in listed.out
    (row,) = shell.run("errors", "list", "--json", "--code", "not_a_choice").json
    assert row["entity"] == person(tier)
    assert "add the choice in the CRM" in row["remedy"]
    shown = shell.run("errors", "show", person(tier)).out
    assert "field cf_loyalty_tier" in shown
    assert shell.run("errors", "list", "--json", "--code", "remote_gone").json == []


def test_a_retry_works_the_parked_off(shell: Shell) -> None:
    """
    Once the CRM has the choice, a retry by code brings the record into agreement.
    """
    (tier,) = TRUTH.dropped_tiers
    choices = ["bronze", "silver", "gold", "platinum"]
    field = {"module": "contacts", "name": "cf_loyalty_tier", "choices": choices}
    shell.crm.seed([("fields", field)])
    said = shell.run("errors", "retry", "--code", "not_a_choice", "--now")
    assert said.code == 0, said
    assert "1 set to work again" in said.out
    assert f"{person(tier)}: in agreement with" in said.out
    assert shell.run("errors", "list", "--json").json == []


@pytest.mark.parametrize("words", [[], ["--all", "--code", "E900"]], ids=str)
def test_a_retry_says_what_it_retries(shell: Shell, words: list[str]) -> None:
    """
    Without a choice of records, or with two of them, nothing is retried.
    """
    said = shell.run("errors", "retry", *words)
    assert said.code == 1
    assert "name records, or give --code, or give --all" in said.err


def test_a_record_that_is_not_parked(shell: Shell) -> None:
    """
    Showing or retrying what is not parked is said, and fails.
    """
    assert "frog is not parked" in shell.run("errors", "show", "frog").err
    said = shell.run("errors", "retry", "frog")
    assert (said.code, "Not parked: frog" in said.err) == (1, True)


def test_explain_finds_a_person_by_every_name(shell: Shell) -> None:
    """
    Shop id, customer number, e-mail and CRM id lead to one story, field by field.
    """
    customer, contact = TRUTH.linked_by_id[0]
    story = shell.run("explain", "person", customer, "--json").json
    fields = {field["field"]: field for field in story["fields"]}
    number, email = (fields[n]["shop"] for n in ("cf_customer_number", "email"))
    for words in ([number], [email], [str(contact), "--crm"]):
        again = shell.run("explain", "person", *words, "--json").json
        assert again["ref"]["id"] == customer
    assert fields["first_name"]["verdict"] == "keep (unchanged)"
    assert fields["first_name"]["owner"] == "shop"
    assert story["link"]["rule"] == "external_id"
    shown = shell.run("explain", "person", customer)
    assert f"linked to {contact} (primary) by crosswalk" in shown.out
    assert "found by: external_id" in shown.out


def test_explain_names_a_company_by_its_key(shell: Shell) -> None:
    """
    A company's story tells its account and the last write of each field.
    """
    unit, account = TRUTH.units_linked[0]
    story = shell.run("explain", "company", unit, "--json").json
    assert story["link"]["crm_id"] == str(account)
    written = [field for field in story["fields"] if field["written_at"]]
    assert {field["cause"].partition(",")[0] for field in written} == {"backfill"}


def test_nobody_of_that_name(shell: Shell) -> None:
    """
    A name that fits no record is one message.
    """
    said = shell.run("explain", "person", "nobody")
    assert (said.code, "the shop has no person called 'nobody'" in said.err) == (
        1,
        True,
    )
    said = shell.run("explain", "person", "1", "--crm")
    assert "no person of the shop is linked to 1" in said.err


def test_mapping_preview_reads_one_record(shell: Shell) -> None:
    """
    A preview shows each CRM field with its value and where it comes from.
    """
    customer, _ = TRUTH.linked_by_id[0]
    shell.crm.forget_calls()
    told = shell.run("mapping", "preview", customer, "--json").json
    assert told["entity"] == person(customer)
    assert "first_name" in {field["crm"] for field in told["fields"]}
    assert shell.crm.total() == 0
    assert "lifecycle_stage" in shell.run("mapping", "preview", customer).out
    said = shell.run("mapping", "preview", "nobody")
    assert "the shop has no customer and no company called 'nobody'" in said.err
