"""The named transforms, by examples and by what must hold for any value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.domain.model import Json
from crosswalk.domain.transforms import (
    TRANSFORMS,
    Context,
    TransformError,
    UnfitError,
    bind,
)

BERLIN = Context(
    country="DE", languages=("de-AT", "en"), crm_language="en", zone="Europe/Berlin"
)
NOWHERE = Context(fallback_region="FR")

STORES = [{"id": "1", "key": "de", "name": "Acme DE"}, {"id": "2", "key": "fr"}]
MEMBERS = [
    {"id": "1", "name": "Acme DE", "roles": ["buyer", "approver"]},
    {"id": "2", "key": "acme-fr", "roles": []},
]
EURO = {"type": "centPrecision", "currencyCode": "EUR", "fractionDigits": 2}
PRECISE = {"type": "highPrecision", "currencyCode": "EUR", "fractionDigits": 20}

#: step as configured, context, value, what becomes of it
EXAMPLES: list[tuple[Json, Context, Json, Json]] = [
    ("trim", BERLIN, "  a \n b ", "a b"),
    ("lower", BERLIN, "ÄB", "äb"),
    ("upper", BERLIN, "äb", "ÄB"),
    ("upper", BERLIN, 5, "5"),
    ({"truncate": 3}, BERLIN, "ab cd", "ab"),
    ({"truncate": {"length": 3}}, BERLIN, "abcd", "abc"),
    ("email", BERLIN, " Ann.Lee@Exämple.COM", "Ann.Lee@xn--exmple-cua.com"),
    ("join", BERLIN, ["a", None, "", "b"], "a, b"),
    ("join", BERLIN, "a", "a"),
    ({"join": "/"}, BERLIN, ["a", 1, Decimal("1.50")], "a/1/1.50"),
    ("names", BERLIN, STORES, "Acme DE, fr"),
    ({"names": {"separator": ";"}}, BERLIN, STORES, "Acme DE;fr"),
    ("names", BERLIN, ["plain"], "plain"),
    ("keys", BERLIN, STORES, "de, fr"),
    ("keys", BERLIN, [{"id": "1"}, {}], "1, "),
    ("roles", BERLIN, MEMBERS, "Acme DE: buyer, approver; acme-fr: -"),
    ({"default": "x"}, BERLIN, None, "x"),
    ({"default": {"to": 0}}, BERLIN, " ", 0),
    ({"default": "x"}, BERLIN, 0, 0),
    ({"lookup": {"table": {"a": 1, "5": 2}}}, BERLIN, ["a", 5], [1, 2]),
    ({"lookup": {"table": {"a": 1}, "default": None}}, BERLIN, "b", None),
    ("checkbox", BERLIN, "Yes", True),
    ("checkbox", BERLIN, 0, False),
    ("yes_no", BERLIN, True, "Yes"),
    ({"yes_no": {"yes": "Ja", "no": "Nein"}}, BERLIN, "false", "Nein"),
    ("e164", BERLIN, "030 123456", "+4930123456"),
    ("e164", NOWHERE, "01 42 68 53 00", "+33142685300"),
    ("e164", Context(), "+49 30 123456", "+4930123456"),
    ({"e164": "drop"}, BERLIN, "12", None),
    ({"e164": {"invalid": "keep"}}, BERLIN, " call me ", "call me"),
    ("country", BERLIN, "de", "Germany"),
    ("country", BERLIN, "UK", "United Kingdom"),
    ("country", BERLIN, "HK", "Hong Kong"),
    ("country", BERLIN, "DEU", "Germany"),
    ({"country": {"language": "de"}}, BERLIN, "DE", "Deutschland"),
    ({"country": "alpha3"}, BERLIN, "MM", "MMR"),
    ({"country": "alpha2"}, BERLIN, "EL", "GR"),
    ("language", BERLIN, "de-AT", "German"),
    ({"language": "pt-BR"}, BERLIN, "de_AT", "alemão"),
    ("localized", BERLIN, {"en": "chair", "de-AT": "Sessel", "de": "Stuhl"}, "Sessel"),
    ("localized", BERLIN, {"en": "chair", "de": "Stuhl"}, "Stuhl"),
    ("localized", BERLIN, {"en": "chair", "de-CH": "Stuel"}, "Stuel"),
    ("localized", BERLIN, {"fr": "chaise", "en": "", "it": "sedia"}, "chaise"),
    ("localized", BERLIN, {"fr": ""}, None),
    ("localized", BERLIN, "chair", "chair"),
    ("date", BERLIN, "1990-01-31", "1990-01-31"),
    ("date", BERLIN, "2026-06-30T22:30:00.000Z", "2026-07-01"),
    ("date_time", BERLIN, "2026-06-30T22:30:00.123Z", "2026-07-01T00:30:00+02:00"),
    ("date_time", BERLIN, "2026-01-01T00:00:00", "2026-01-01T01:00:00+01:00"),
    ("date_time", NOWHERE, "2026-01-01T00:00:00+02:00", "2025-12-31T22:00:00Z"),
    ("decimal", BERLIN, 5, "5"),
    ("decimal", BERLIN, "1.50", "1.50"),
    ("decimal", BERLIN, 0.1, "0.1"),
    ("decimal", BERLIN, Decimal("1E+3"), "1000"),
    ("money", BERLIN, EURO | {"centAmount": -1999}, "-19.99"),
    ("money", BERLIN, EURO | {"centAmount": 5, "fractionDigits": 0}, "5"),
    (
        "money",
        BERLIN,
        PRECISE | {"preciseAmount": 12345678901234567890123, "centAmount": 12346},
        "123.45678901234567890123",
    ),
    ({"money": "both"}, BERLIN, EURO | {"centAmount": 1}, "0.01 EUR"),
    ({"money": {"form": "currency"}}, BERLIN, {"currencyCode": "CZK0"}, "CZK"),
]

#: step, value that it cannot take
REFUSED: list[tuple[Json, Json]] = [
    ("trim", ["a"]),
    ("lower", True),
    ("upper", {"a": 1}),
    ("join", [["a"]]),
    ("email", "ann"),
    ("email", "ann@ü..de"),
    ({"lookup": {"table": {"a": 1}}}, "b"),
    ("checkbox", "perhaps"),
    ("e164", "12"),
    ("e164", "call me"),
    ("country", "Germany"),
    ("country", "ZZ"),
    ("language", "qqq"),
    ({"language": "qq"}, "de"),
    ("localized", ["a"]),
    ("date", "31.1.1990"),
    ("date", "tomorrow morning"),
    ("date_time", "soon"),
    ("decimal", "many"),
    ("decimal", True),
    ("decimal", "NaN"),
    ("money", 5),
    ("money", {"centAmount": 5}),
    ("money", {"currencyCode": "EUR", "centAmount": 5}),
    ("money", {"currencyCode": "EUR", "centAmount": 5.5, "fractionDigits": 2}),
]

#: step as configured, finding code, words of the complaint, words of the way out
UNFIT: list[tuple[Json, str, str, str]] = [
    ("e146", "M102", "'e146' is no transform", "did you mean 'e164'?"),
    ("truncate", "M108", "it needs 'length'", "give a whole number"),
    ({"truncate": "long"}, "M108", "'length' cannot be 'long'", "a whole number"),
    ({"truncate": True}, "M108", "'length' cannot be True", "a whole number"),
    ({"truncate": {"lenght": 3}}, "M108", "no 'lenght'", "did you mean 'length'?"),
    ({"trim": {"hard": True}}, "M108", "no 'hard'", "leave the arguments out"),
    ({"e164": "perhaps"}, "M108", "'invalid' cannot be", "refuse, drop, keep"),
    ({"lookup": {}}, "M108", "it needs 'table'", "give a table"),
    ({"trim": None, "lower": None}, "M108", "names one transform", "a new list entry"),
]


@pytest.mark.parametrize(("step", "context", "value", "expected"), EXAMPLES)
def test_a_transform_does_what_its_name_says(
    step: Json, context: Context, value: Json, expected: Json
) -> None:
    """
    Each transform turns its examples into what the reference page promises.
    """
    bound = bind(step)
    assert bound.apply(value, context, **bound.arguments) == expected


@pytest.mark.parametrize(("step", "value"), REFUSED)
def test_a_value_that_does_not_fit_is_refused(step: Json, value: Json) -> None:
    """
    A transform never guesses: what it cannot take it refuses, with a remedy.
    """
    bound = bind(step)
    with pytest.raises(TransformError) as refusal:
        bound.apply(value, BERLIN, **bound.arguments)
    assert refusal.value.what
    assert refusal.value.remedy


@pytest.mark.parametrize(("step", "code", "what", "remedy"), UNFIT)
def test_a_step_that_does_not_fit_is_found(
    step: Json, code: str, what: str, remedy: str
) -> None:
    """
    A wrong name or argument is said with what would be right.
    """
    with pytest.raises(UnfitError) as error:
        bind(step)
    assert error.value.code == code
    assert what in error.value.what
    assert remedy in error.value.remedy


def test_every_transform_has_an_example_and_a_sentence() -> None:
    """
    No transform is without an example above and a docstring.
    """
    shown = {
        step if isinstance(step, str) else next(iter(step)) for step, *_ in EXAMPLES
    }
    assert shown == set(TRANSFORMS)
    assert all(transform.__doc__ for transform in TRANSFORMS.values())


@given(st.integers(), st.integers(min_value=0, max_value=20))
def test_no_digit_of_an_amount_is_lost(units: int, digits: int) -> None:
    """
    Money text times its power of ten is the amount in the smallest unit, exactly.
    """
    value = {"currencyCode": "EUR", "centAmount": units, "fractionDigits": digits}
    text = TRANSFORMS["money"](value, BERLIN)
    whole, _, part = text.partition(".")
    assert len(part) == digits
    assert int(whole + part) == units


@given(
    st.dictionaries(
        st.sampled_from(["de", "de-CH", "en", "fr-CA"]), st.text(min_size=1), min_size=1
    )
)
def test_a_text_that_exists_is_never_left_out(texts: dict[str, str]) -> None:
    """
    Whatever languages there are, one of the texts is chosen.
    """
    assert TRANSFORMS["localized"](texts, BERLIN) in texts.values()


@given(st.text(max_size=15) | st.from_regex(r"[+0][0-9 /-]{4,14}", fullmatch=True))
def test_a_phone_number_is_valid_or_not_sent(text: str) -> None:
    """
    With drop a number is written internationally or not at all, and then stays so.
    """
    e164 = TRANSFORMS["e164"]
    written = e164(text, BERLIN, invalid="drop")
    assert written is None or e164(written, NOWHERE, invalid="refuse") == written
