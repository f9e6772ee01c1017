"""``crosswalk mapping check`` and ``test``: the configuration alone."""

from pathlib import Path

import pytest

from crosswalk.cli import run
from crosswalk.cli.output import Exit
from crosswalk.settings.config import built_in


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, old: str, new: str) -> None:
    """Write the built-in configuration with one change."""
    text = built_in()
    assert old in text
    (folder / "crosswalk.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_built_in_mapping_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Where no file is, the built-in mapping is checked and its tests pass.
    """
    assert run(["mapping", "check"]) == Exit.DONE
    assert "default.yaml: " in capsys.readouterr().out
    assert run(["mapping", "test"]) == Exit.DONE
    assert "tests passed." in capsys.readouterr().err


def test_a_mistake_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A mapping with an unknown transform is refused with its line.
    """
    write(folder, "[e164: drop]", "[e163: drop]")
    assert run(["mapping", "check"]) == Exit.REFUSED
    assert "M102" in capsys.readouterr().err


def test_a_test_that_fails_is_a_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A test that comes out otherwise is exit code 2, in the table and with its line.
    """
    write(folder, "last_name, transform: [trim]", "last_name, transform: [upper]")
    assert run(["mapping", "test"]) == Exit.FINDINGS
    shown = capsys.readouterr()
    assert "no  " in shown.out
    assert "T101" in shown.err
