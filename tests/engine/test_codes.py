"""The open vocabulary of reasons."""

import re
from pathlib import Path

import pytest

from crosswalk.domain.faults import MEANINGS, REMEDIES, Fault
from crosswalk.engine import checks
from crosswalk.engine.codes import CHECKS, ENDS, REASONS
from crosswalk.engine.identify import REVIEW_CODES
from crosswalk.engine.outcomes import why
from crosswalk.settings.refused import CODES as REFUSED

ENGINE = Path(checks.__file__).parent
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "errors.md"
#: Where a code is given its reason.
GIVEN = re.compile(r"\bwhy\(\s*\"(\w+)\"")
#: A reason that bypasses the table.
BY_HAND = re.compile(r"\bBecause\(\s*code=")


def sources() -> dict[str, str]:
    """Read the engine's modules."""
    return {file.name: file.read_text("utf-8") for file in ENGINE.glob("*.py")}


def test_every_end_that_is_used_has_its_reason() -> None:
    """
    The codes that the engine gives are those of the table, no more and no less.
    """
    given = {code for text in sources().values() for code in GIVEN.findall(text)}
    assert given | set(REVIEW_CODES.values()) == set(ENDS)


def test_no_reason_is_made_up_elsewhere() -> None:
    """
    Only the two functions that know the tables make a reason: no free text alone.
    """
    by_hand = {name for name, text in sources().items() if BY_HAND.search(text)}
    assert by_hand == {"outcomes.py"}
    assert len(BY_HAND.findall(sources()["outcomes.py"])) == 2


def test_every_check_code_is_found_somewhere() -> None:
    """
    The codes of crosswalk check are those of the table, and none of the settings'.
    """
    used = set(re.findall(r'"(K\d\d\d)"', sources()["checks.py"]))
    cli = ENGINE.parent / "cli" / "check.py"
    used |= set(re.findall(r'"(K\d\d\d)"', cli.read_text("utf-8")))
    assert used == set(CHECKS)
    assert not set(CHECKS) & (set(REFUSED) | set(REASONS))


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_meaning_and_a_remedy(fault: Fault) -> None:
    """
    Each way in which a call can fail is a reason with something to do about it.
    """
    reason = REASONS[f"remote_{fault}"]
    assert (reason.says, reason.remedy) == (MEANINGS[fault], REMEDIES[fault])


@pytest.mark.parametrize("code", [*REASONS, *CHECKS])
def test_every_code_is_documented(code: str) -> None:
    """
    The page of error codes has a row for each.
    """
    assert f"| `{code}` | " in PAGE.read_text("utf-8")


def test_a_reason_carries_its_remedy() -> None:
    """
    A reason has the remedy of its code, and a code that nobody knows has none.
    """
    because = why("E900", "it broke", field="email")
    assert because.remedy == ENDS["E900"].remedy
    assert because.detail == {"field": "email"}
    with pytest.raises(KeyError):
        why("E901", "it broke")
