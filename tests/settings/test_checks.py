"""How the mapping tests of a configuration are run."""

from typing import Literal

import pytest

from crosswalk.settings.checks import run_tests
from crosswalk.settings.config import built_in, make_config
from crosswalk.settings.document import read_yaml

MAPPED = """\
contacts:
  fields:
    - {crm: first_name, shop: first_name, owner: manual}
    - {crm: email, shop: email, transform: [email]}
    - {crm: country, shop: address.country, transform: [country]}
    - {crm: mobile_number, shop: address.mobile, transform: [e164], empty: clear}
accounts:
  fields:
    - {crm: name, shop: name}
locale: {crm_language: de, region: FR}
tests:
  - name: one
"""


def run(test: str) -> list[str]:
    """Run one test and return its findings as text."""
    text = MAPPED + test
    config = make_config(read_yaml(text.encode(), name="crosswalk.yaml"))
    (result,) = run_tests(config)
    assert result.passed is not bool(result.findings)
    return [f"{f.code} {f.at}: {f.what}" for f in result.findings]


@pytest.mark.parametrize(
    "test",
    [
        """
    shop: {first_name: Ada}
    expect: {first_name: {write: Ada}, email: keep}""",
        """
    kind: company
    shop: {name: Acme}
    expect: {name: {write: Acme}}""",
        """
    shop: {first_name: Ada}
    crm: {first_name: Eve}
    base: {first_name: Ida}
    expect: {first_name: conflict}""",
        """
    shop: {first_name: Ada}
    base: {first_name: Ada}
    expect: {first_name: keep}""",
        """
    shop: {email: none}
    expect: {email: problem}""",
        """
    shop: {address: {mobile: 06 12 34 56 78}}
    expect: {mobile_number: {write: "+33612345678"}}""",
        """
    shop: {address: {country: DE}}
    crm: {country: Frankreich, mobile_number: "+33612345678"}
    base: {mobile_number: "+33612345678"}
    expect: {country: {write: Deutschland}, mobile_number: {write: null}}""",
        """
    shop: {address: nowhere}
    expect: {country: keep}""",
    ],
)
def test_what_holds_passes(test: str) -> None:
    """
    A test whose fields all come out as expected has no finding.
    """
    assert run(test) == []


def test_what_does_not_hold_is_told_field_by_field() -> None:
    """
    Every field that came out otherwise is told with its line, both outcomes and why.
    """
    found = run(
        """
    shop: {first_name: Ada, email: none, address: {country: DE}}
    crm: {first_name: Eve}
    expect:
      first_name: {write: Ada}
      email: keep
      country: {write: Germany}
      mobile_number: conflict"""
    )

    assert [text.removeprefix("T101 crosswalk.yaml:") for text in found] == [
        f"{line} tests[0].expect.{name}: {name}: {what}"
        for line, name, what in (
            (17, "first_name", "expected write 'Ada', got conflict (both sides moved)"),
            (18, "email", "expected keep, got problem (this is no e-mail address)"),
            (19, "country", "expected write 'Germany', got write 'Deutschland'"),
            (20, "mobile_number", "expected conflict, got keep (equal)"),
        )
    ]


@pytest.mark.parametrize(("variant", "least"), [("default", 8), ("minimal", 1)])
def test_what_comes_along_passes_its_own_tests(
    variant: Literal["default", "minimal"], least: int
) -> None:
    """
    The configurations that come with Crosswalk carry tests, and all of them pass.
    """
    text = built_in(variant)

    results = run_tests(make_config(read_yaml(text.encode(), name="crosswalk.yaml")))

    assert len(results) >= least
    assert [result.findings for result in results if not result.passed] == []
