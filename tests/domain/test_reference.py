"""What the core names is in the reference pages, and the pages name nothing else."""

import re
from pathlib import Path
from typing import Final, get_type_hints

import pytest

from crosswalk.domain.decisions import Reason
from crosswalk.domain.lint import CODES
from crosswalk.domain.mapping import Empty, Owner
from crosswalk.domain.model import (
    Address,
    Company,
    Consent,
    Membership,
    Named,
    Person,
)
from crosswalk.domain.problems import PROBLEMS
from crosswalk.domain.transforms import TRANSFORMS

PAGES: Final = Path(__file__).parents[2] / "docs" / "reference"


def _page(name: str) -> str:
    return (PAGES / name).read_text("utf-8")


@pytest.mark.parametrize(
    "document", [Person, Company, Address, Named, Consent, Membership]
)
def test_every_name_of_a_document_has_its_row(document: type) -> None:
    """
    The table of a document lists its names, all of them and no other, in order.
    """
    section = re.split(r"^## ", _page("documents.md"), flags=re.MULTILINE)
    (table,) = (part for part in section if part.startswith(f"{document.__name__}\n"))
    rows = re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    assert rows == list(get_type_hints(document))


def test_every_transform_has_its_heading() -> None:
    """
    The page of transforms has a heading for each, and for no other.
    """
    headings = re.findall(r"^### `(\w+)`$", _page("transforms.md"), flags=re.MULTILINE)
    assert sorted(headings) == sorted(TRANSFORMS)


def test_every_owner_and_empty_policy_has_its_heading() -> None:
    """
    The page of owners has a heading for each owner and policy, and for no other.
    """
    headings = re.findall(r"^### `(\w+)`$", _page("owners.md"), flags=re.MULTILINE)
    assert sorted(headings) == sorted([*Owner, *Empty])


def test_every_reason_and_problem_has_its_row() -> None:
    """
    The page of owners lists why a field stays as it is, or is not written.
    """
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.+) \|$", _page("owners.md"), re.MULTILINE)
    )
    assert set(rows) == {*Reason, *PROBLEMS}
    assert {code: rows[code] for code in PROBLEMS} == dict(PROBLEMS)


@pytest.mark.parametrize("code", CODES)
def test_every_finding_code_has_its_row(code: str) -> None:
    """
    A finding code is in the page of error codes with its meaning.
    """
    assert f"| `{code}` | {CODES[code]} |" in _page("errors.md")
