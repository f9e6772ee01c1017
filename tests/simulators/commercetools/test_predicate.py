"""Predicates: the grammar, the checks and what passes."""

from typing import Any

import pytest

from crosswalk.simulators.commercetools.kinds import (
    CUSTOMER,
    FLAG,
    TEXT,
    Kind,
    Many,
)
from crosswalk.simulators.commercetools.predicate.compile import compile_test
from crosswalk.simulators.commercetools.predicate.hints import highest, lowest
from crosswalk.simulators.commercetools.predicate.syntax import PredicateError, parse
from crosswalk.simulators.commercetools.predicate.values import Scope

JANE: dict[str, Any] = {
    "id": "b",
    "version": 3,
    "email": "Jane@Example.com",
    "firstName": "Jane",
    "isEmailVerified": False,
    "lastModifiedAt": "2026-11-01T08:00:00.000Z",
    "stores": [{"typeId": "store", "key": "de"}, {"typeId": "store", "key": "at"}],
    "addresses": [{"id": "1", "country": "DE", "city": "Berlin"}],
    "shippingAddressIds": ["1"],
    "billingAddressIds": [],
    "custom": {"fields": {"crm-id": "7", "tags": ["a", "b"], "vip": True}},
}
CUSTOM: dict[str, Kind] = {"crm-id": TEXT, "tags": Many(TEXT), "vip": FLAG}


def custom_kind(_: str, name: str) -> Kind | None:
    """Know the custom fields of this page."""
    return CUSTOM.get(name)


def passes(text: str, **variables: list[str]) -> bool:
    """Tell whether Jane passes."""
    scope = Scope(variables=variables, custom_kind=custom_kind)
    return compile_test(parse(text), CUSTOMER, scope)(JANE)


@pytest.mark.parametrize(
    "text",
    [
        'email = "Jane@Example.com"',
        'lowercaseEmail = "jane@example.com"',
        'lastName != "Doe"',
        'firstName <> "John"',
        "version >= 3 and version < 4.5",
        "isEmailVerified = false",
        'firstName in ("John", "Jane")',
        'firstName not in ("John")',
        'lastModifiedAt > "2026-11-01T08:59:59+01:00"',
        'lastModifiedAt = "2026-11-01T08:00:00Z"',
        'stores(key = "at")',
        'stores(key in ("de", "ch"))',
        'addresses(country = "DE" and city = "Berlin")',
        'not(addresses(country = "AT"))',
        'firstName = "X" or firstName = "Jane" and version = 3',
        '(firstName = "Jane" or firstName = "X") and version = 3',
        'shippingAddressIds contains any ("1", "2")',
        "billingAddressIds is empty",
        "stores is not empty",
        "key is not defined",
        "firstName is defined",
        'custom(fields(`crm-id` = "7" and vip = true))',
        'custom(fields(tags contains all ("a", "b")))',
        r'not(firstName = "a \"quoted\" \u00e9")',
    ],
)
def test_a_true_predicate_passes(text: str) -> None:
    """
    A predicate that is true of a record lets it pass.
    """
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    [
        'email = "jane@example.com"',
        'firstName = "jane"',
        'lastName = "Doe"',
        'lastName < "Z"',
        'addresses(country = "DE" and city = "Bonn")',
        'shippingAddressIds contains all ("1", "2")',
        "not(version = 3)",
        'lastModifiedAt > "2026-11-01T08:00:00.000Z"',
        "shippingAddressIds is empty",
    ],
)
def test_a_false_predicate_does_not_pass(text: str) -> None:
    """
    A predicate that is false of a record, be it by letter case, keeps it out.
    """
    assert not passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "email",
        "email =",
        'email = "x',
        'email = "x" and',
        'email = "x" email = "y"',
        'email like "x"',
        'email in "x"',
        "email in ()",
        'email = "x")',
        '(email = "x"',
        'EMAIL = "x"',
        'nothing = "x"',
        'stores(name = "x")',
        'stores = "de"',
        'email(key = "x")',
        "email = 5",
        "email is empty",
        'version = "3"',
        'isEmailVerified > "x"',
        "isEmailVerified > true",
        'lastModifiedAt > "yesterday"',
        'shippingAddressIds = "1"',
        'custom(fields(unknown = "1"))',
        'custom(fields(crm-id = "1"))',
        "email = :missing",
        "not email = 1",
        "(" * 60 + 'email = "x"' + ")" * 60,
    ],
)
def test_what_cannot_be_asked_is_refused(text: str) -> None:
    """
    Bad grammar, unknown fields, wrong types and undefined variables are errors.
    """
    with pytest.raises(PredicateError):
        passes(text)


def test_variables_stand_for_values() -> None:
    """
    A variable takes the type of its field, may be repeated for a list and quoted.
    """
    assert passes("email = :email", email=["Jane@Example.com"])
    assert passes("version = :v and isEmailVerified = :f", v=["3"], f=["false"])
    assert passes("id in :ids", ids=['"a"', '"b"'])
    assert passes("id in (:one, :two)", one=["a"], two=["b"])
    assert not passes("firstName = :name", name=['x" or firstName = "Jane'])


def test_one_value_is_not_a_list() -> None:
    """
    A comparison refuses a variable that was given twice.
    """
    with pytest.raises(PredicateError):
        passes("id = :ids", ids=["a", "b"])


KEYSET = '(lastModifiedAt > "{t}" or (lastModifiedAt = "{t}" and id > "k"))'


def test_a_keyset_promises_its_place() -> None:
    """
    The keyset predicate promises exactly the place of its cursor, the horizon its end.
    """
    moment = "2026-11-01T08:00:00.000Z"
    node, scope = parse(KEYSET.format(t=moment)), Scope()
    assert lowest(node, "lastModifiedAt", scope) == (moment, "k")
    assert highest(node, "lastModifiedAt", scope) is None
    horizon = parse(f'lastModifiedAt <= "{moment}" and email = "x"')
    end = highest(horizon, "lastModifiedAt", scope)
    assert end is not None
    assert end[0] == moment
    assert end > (moment, "zzz")


def test_an_open_alternative_promises_nothing() -> None:
    """
    One side of an "or" without a bound leaves the whole without one.
    """
    node = parse('lastModifiedAt > "2026-11-01T08:00:00.000Z" or email = "x"')
    assert lowest(node, "lastModifiedAt", Scope()) is None
