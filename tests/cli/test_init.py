"""`crosswalk init`."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from crosswalk.cli import run
from crosswalk.cli.output import Exit


@pytest.mark.parametrize(
    ("flags", "template"), [([], "default.yaml"), (["--minimal"], "minimal.yaml")]
)
def test_init_writes_the_built_in_configuration(
    flags: list[str],
    template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    `crosswalk init` writes the file that the package ships, with the schema that its
    first line names, and says what comes next.
    """
    monkeypatch.chdir(tmp_path)
    assert run(["init", *flags]) == Exit.DONE
    shipped = files("crosswalk").joinpath("settings", template).read_bytes()
    assert (tmp_path / "crosswalk.yaml").read_bytes() == shipped
    schema = json.loads((tmp_path / "crosswalk.schema.json").read_text("utf-8"))
    assert "$schema=crosswalk.schema.json" in shipped.decode().splitlines()[0]
    assert {"contacts", "accounts"} <= set(schema["properties"])
    assert "crosswalk check" in capsys.readouterr().err


def test_init_never_overwrites_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An existing file stays as it is, unless --force is given.
    """
    path = tmp_path / "mine.yaml"
    path.write_text("mine")
    assert run(["init", str(path)]) == Exit.FAILED
    assert path.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert run(["init", str(path), "--force"]) == Exit.DONE
    assert path.read_text() != "mine"


def test_init_names_a_folder_that_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A path in a folder that does not exist is one message, not a traceback.
    """
    assert run(["init", str(tmp_path / "no" / "x.yaml")]) == Exit.FAILED
    assert "No such file or directory" in capsys.readouterr().err
