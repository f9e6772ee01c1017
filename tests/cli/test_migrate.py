"""``crosswalk migrate``: from which schema to which."""

import pytest

from crosswalk.cli import run
from crosswalk.cli.output import Exit
from crosswalk.store.migrate import head


def test_a_database_at_its_newest_is_left_alone(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    What has the newest schema is told so.
    """
    monkeypatch.setenv("CROSSWALK_DATABASE_URL", database_url)
    assert run(["migrate"]) == Exit.DONE
    assert f"has schema {head()} already" in capsys.readouterr().out


def test_a_database_that_does_not_answer_is_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A server that is not there fails with a message, and without the password.
    """
    url = "postgresql://me:canary@127.0.0.1:9/nothing"
    monkeypatch.setenv("CROSSWALK_DATABASE_URL", url)
    assert run(["migrate"]) == Exit.FAILED
    shown = capsys.readouterr().err
    assert "Connection refused" in shown
    assert "canary" not in shown
