"""How values, times and addresses are written for a person."""

from datetime import UTC, datetime, timedelta

import pytest

from crosswalk.cli.values import WIDEST, age, duration, masked, shown, who

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        ("", "-"),
        ([], "-"),
        (False, "false"),
        (0, "0"),
        (["a", None], "a, -"),
        ({"a": 1}, '{"a":1}'),
        ("x" * 300, "x" * (WIDEST - 3) + "..."),
    ],
)
def test_a_value_fits_a_table(value: object, text: str) -> None:
    """
    Nothing is a dash, false is not nothing, and no value floods the table.
    """
    assert shown(value) == text


def test_an_address_keeps_its_domain_only() -> None:
    """
    Every address in a text is hidden but for its first letter and domain.
    """
    said = "ann@example.com and Bo.B@x.org"
    assert masked(said, reveal=False) == "a***@example.com and B***@x.org"
    assert masked(said, reveal=True) == said


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "at once"), (59, "59 s"), (3_660, "1 h 1 min"), (90_061, "1 d 1 h")],
)
def test_a_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    """
    A length of time is told in two units at most.
    """
    assert duration(seconds) == text


def test_an_age_is_never_nothing() -> None:
    """
    What was just now is a second ago, also where clocks differ.
    """
    assert age(NOON + timedelta(seconds=5), NOON) == "1 s"


def test_who_acts_has_a_name() -> None:
    """
    A name that is given stands; else it is the user's.
    """
    assert who("ann") == "ann"
    assert who(None)
