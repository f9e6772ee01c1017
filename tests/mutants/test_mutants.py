"""Every planted fault is noticed: tests that cannot fail prove nothing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import crosswalk
from tests.mutants.table import MUTANTS, Mutant

#: Where the code is, and where the tests are.
CODE: Final = Path(crosswalk.__file__).parent
HOUSE: Final = Path(__file__).parents[2]
PAGE: Final = HOUSE / "docs" / "discussions" / "how-we-know.md"
#: Seconds that the killing tests may take.
PATIENCE: Final = 300


def _ids(mutant: Mutant) -> str:
    return mutant.name


def _parameters() -> list[object]:
    return [
        pytest.param(m, id=m.name, marks=() if m.quick else pytest.mark.slow)
        for m in MUTANTS
    ]


@pytest.mark.parametrize("mutant", _parameters())
def test_a_planted_fault_is_noticed(mutant: Mutant, tmp_path: Path) -> None:
    """
    With the fault in a copy of the code, the tests named beside it fail.
    """
    shutil.copytree(CODE, tmp_path / "crosswalk", ignore=_caches)
    planted = tmp_path / "crosswalk" / mutant.file
    planted.write_text(_plant(mutant, planted.read_text("utf-8")), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        + [str(HOUSE / "tests" / killer) for killer in mutant.killers],
        cwd=HOUSE,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert re.search(r"^1 failed", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize("mutant", MUTANTS, ids=_ids)
def test_a_fault_can_be_planted(mutant: Mutant) -> None:
    """
    The place of each fault is found once in the code as it is, and the page that says
    how we know names the fault.
    """
    code = (CODE / mutant.file).read_text("utf-8")
    assert _plant(mutant, code) != code
    assert mutant.name in " ".join(PAGE.read_text("utf-8").split())


def _plant(mutant: Mutant, code: str) -> str:
    assert code.count(mutant.old) == 1, f"{mutant.file} has changed: look again"
    return code.replace(mutant.old, mutant.new)


def _caches(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__"]


def _environment(place: Path) -> dict[str, str]:
    """Give the environment of a run that finds the copy before the code itself."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("PYTEST_")}
    return {**kept, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
