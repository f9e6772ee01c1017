"""When two spellings are one value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.domain.model import Json
from crosswalk.domain.values import entries, is_blank, respelled, same

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.text(alphabet="ab 01.;", max_size=5),
    lambda inner: st.lists(inner, max_size=3),
)

SAME = [
    (None, ""),
    (None, []),
    ("", "  "),
    ({}, None),
    ("a", " a "),
    ("5", 5),
    ("5.0", 5),
    (5, 5.0),
    (Decimal("5.00"), "5"),
    ("-0", 0),
    (0.1, "0.1"),
    (True, "true"),
    ("False", False),
    (["a", "b"], "a; b"),
    (["a"], ("a",)),
    ([1, None], ["1"]),
    ({"a": 1}, {"a": 1}),
]

DIFFERENT = [
    ("a", "A"),
    ("1.1", "1.10"),
    ("007", 7),
    (0, None),
    (False, None),
    (1, True),
    ("yes", True),
    (["a", "b"], ["b", "a"]),
    (["a"], ["a", "b"]),
    ({"a": 1}, {"a": 2}),
    ("x", 5),
    (127003582554, "127003582555"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_spelling_is_no_difference(a: Json, b: Json) -> None:
    """
    Blanks, the type of a number and the shape of a list do not make another value.
    """
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_content_is_a_difference(a: Json, b: Json) -> None:
    """
    Case, order, leading zeros and trailing digits of a text make another value.
    """
    assert not same(a, b)
    assert not same(b, a)


@given(anything)
def test_a_value_is_the_same_as_itself(value: Json) -> None:
    """
    No value differs from itself.
    """
    assert same(value, value)


@given(anything, anything)
def test_sameness_has_no_direction(a: Json, b: Json) -> None:
    """
    Which side is asked first makes no difference.
    """
    assert same(a, b) == same(b, a)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3)))
def test_a_joined_list_reads_as_the_list(listed: list[str]) -> None:
    """
    A multi-select text yields the entries that it was joined from.
    """
    assert entries("; ".join(listed)) == listed


def test_a_single_value_is_a_list_of_one() -> None:
    """
    What is no list is one entry, and nothing is none.
    """
    assert entries(5) == [5]
    assert entries(None) == []


@pytest.mark.parametrize("value", [0, False, "0", [0], {"a": None}])
def test_zero_and_no_are_content(value: Json) -> None:
    """
    A value that says zero or no says something.
    """
    assert not is_blank(value)


def test_punctuation_is_spelling() -> None:
    """
    Two phone numbers with the same digits are the same but for their spelling.
    """
    assert respelled("+49 (30) 1", "+49301")
    assert not respelled("+49301", "+49302")
