"""``crosswalk plan``: what it says is what a backfill then does."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.e2e.shell import Shell

pytestmark = pytest.mark.slow

#: What a plan calls an account that is still to be made.
NEW = "the new account of "


def written(shell: Shell) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Read from the journal what was sent for each record, and who is in review."""
    sent: dict[str, dict[str, Any]] = {}
    with _connect(shell) as connection:
        rows = connection.execute("SELECT entity, fields FROM journal ORDER BY number")
        for row in rows:
            fields = {name: value for name, (_, value) in row["fields"].items()}
            sent.setdefault(row["entity"], {}).update(fields)
        asked = connection.execute("SELECT entity FROM reviews").fetchall()
    return sent, {row["entity"] for row in asked}


def accounts(shell: Shell) -> dict[str, str]:
    """Read which account each unit has."""
    with _connect(shell) as connection:
        rows = connection.execute(
            "SELECT shop_id, crm_id FROM links WHERE kind = 'company'"
        )
        return {row["shop_id"]: row["crm_id"] for row in rows}


def _connect(shell: Shell) -> psycopg.Connection[dict[str, Any]]:
    url = shell.environ["CROSSWALK_DATABASE_URL"]
    return psycopg.connect(url, autocommit=True, row_factory=dict_row)


def _named(value: Any, known: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Put the accounts that were made in the place of what the plan called them.

    The order of a list tells only in which order accounts came to be.
    """
    if isinstance(value, list):
        return {_named(entry, known) for entry in value}
    if isinstance(value, str) and value.startswith(NEW):
        return known[value.removeprefix(NEW)]
    return value


def test_a_plan_is_what_a_backfill_writes(shell: Shell) -> None:
    """
    Field by field the plan names the journal's writes, and it writes nothing itself.
    """
    planned = shell.run("plan", "--limit", "100000", "--json")
    assert planned.code == 2, planned
    assert (shell.shop.writes(), shell.crm.writes()) == (0, 0)
    assert written(shell) == ({}, set())

    assert shell.run("backfill", "start").code == 0
    sent, asked = written(shell)
    known = accounts(shell)
    plans = {row["entity"]: row for row in planned.json["records"]}
    asked |= {entity for entity, row in plans.items() if row["verb"] == "review"}
    held = {
        f"person:shop:{row['external_id']}": row["lifecycle_stage_id"]
        for row in shell.crm.records("contacts")
        if row["external_id"]
    }
    compared = 0
    for entity in (sent.keys() | plans.keys()) - asked:
        wanted = {
            name: _named(values["new"], known)
            for name, values in plans[entity]["fields"].items()
        }
        if "lifecycle_stage" not in sent[entity]:
            # The CRM gives every new contact the first stage by itself.
            assert wanted.pop("lifecycle_stage", "Lead") == "Lead"
            assert entity not in held or held[entity]
        unread = set(plans[entity]["unread"])
        done = {n: _named(v, known) for n, v in sent[entity].items()}
        assert wanted == {n: v for n, v in done.items() if n not in unread}
        compared += 1
    assert compared > 50


def test_a_plan_of_nothing_is_exit_code_zero(shell: Shell) -> None:
    """
    After a backfill nothing is pending: exit code 0, no write and no call foretold.
    """
    assert shell.run("backfill", "start").code == 0
    shell.crm.forget_calls()
    said = shell.run("plan")
    assert said.code == 0, said
    assert "It would take about 0 calls" in said.out
    assert "create" not in said.out
    assert shell.crm.writes() == 0


def test_a_plan_folds_what_is_beyond_the_limit(shell: Shell) -> None:
    """
    The table shows the first records with old and new values, then totals and cost.
    """
    said = shell.run("plan", "--limit", "2", FRESHSALES__CALLS_PER_HOUR="20")
    assert said.code == 2
    assert "... and " in said.out
    assert "- -> " in said.out
    assert "create" in said.out
    assert "at your quota of 16 an hour: " in said.out
