"""Field rules: all that is wrong found at once, and what is right worked out."""

from typing import Final

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.domain.context import Context
from crosswalk.domain.lint import CODES, Finding
from crosswalk.domain.mapping import Empty, Entry, Owner, compile_map, values
from crosswalk.domain.model import Json, Kind, Person
from crosswalk.domain.paths import compile_path

PERSON: Final[Json] = {
    "email": "a@example.com",
    "first_name": "",
    "address": {"city": "Bonn", "country": "DE"},
    "stores": [{"key": "de", "name": "DE"}, {"key": "fr"}],
    "consent": {"email": {"state": "subscribed"}},
    "custom": {"vip": True, "tags": ["a"], "a-b": 1},
}

PATHS = [
    "email",
    "address.city",
    "address.mobile",
    "address.custom.floor.door",
    "email.custom",
    "'Lead'",
    "`5`",
    "first_name || email",
    "address.mobile || address.phone",
    "custom.vip && 'VIP'",
    "stores[].key",
    "stores[?name].key | [0]",
    "custom.*",
    'custom."a-b"',
    "{a: email, b: address.city}",
    "[email, address.city]",
    "join(', ', stores[*].key)",
    "stores[0:1].name",
    "@",
]

SOUND = [
    "custom.anything.below",
    "consent.email.state",
    "consent.*.state",
    "addresses[?country == 'DE'] | [0].city",
    "sort_by(addresses, &city)[0].zip",
    "max_by(stores, &key).name",
    "not_null(number, key)",
    "merge(address, billing_address).city",
    "companies[].roles[]",
    "companies[].roles[][]",
    "stores[0].name",
    "stores[1:].name",
    "to_array(address.custom)[0].x",
    "address.custom.floor",
    "@.email",
    "length(stores)",
    "map(&name, stores)",
]

UNSOUND = [
    ("frist_name", "M106", "did you mean 'first_name'?"),
    ("address.citty", "M106", "did you mean 'city'?"),
    ("stores.name", "M106", "[].name"),
    ("stores[].nam", "M106", "did you mean 'name'?"),
    ("addresses[?contry == 'DE'].city", "M106", "did you mean 'country'?"),
    ("sort_by(addresses, &citi)", "M106", "did you mean 'city'?"),
    ("consent.email.stat", "M106", "did you mean 'state'?"),
    ("email.domain", "M106", "end the path one name earlier"),
    ("email || numbr", "M106", "did you mean 'number'?"),
    ("uper(email)", "M105", "use one of"),
    ("lenght(email)", "M105", "did you mean 'length'?"),
    ("length(email, number)", "M109", "give it 1"),
    ("join(', ')", "M109", "give it 2"),
    ("not_null()", "M109", "give it at least 1"),
    ("a.b[", "M104", "correct it there"),
    ("a ^ b", "M104", "correct it there"),
    ("a b", "M104", "correct it there"),
    ("", "M104", "name a part of the document"),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_quick_path_finds_what_jmespath_finds(path: str) -> None:
    """
    However an expression is compiled, it yields what JMESPath says.
    """
    compiled, _ = compile_path(path, Person)
    assert compiled(PERSON) == jmespath.search(path, PERSON)
    assert compiled({}) == jmespath.search(path, {}) if "join" not in path else True


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=2),
        lambda inner: (
            st.dictionaries(st.sampled_from("ab"), inner) | st.lists(inner, max_size=2)
        ),
    ),
    st.sampled_from(["a", "a.b", "a.b.a || b", "b || `0`"]),
)
def test_quick_paths_agree_with_jmespath_on_any_document(part: Json, path: str) -> None:
    """
    Look-ups and alternatives give JMESPath's answer for any document.
    """
    document = {"a": part, "b": {"a": part}}
    compiled, _ = compile_path(path, Person)
    assert compiled(document) == jmespath.search(path, document)


@pytest.mark.parametrize("path", SOUND)
def test_a_sound_expression_has_no_complaint(path: str) -> None:
    """
    Names of the document, free names below custom, and known functions are fine.
    """
    assert compile_path(path, Person)[1] == []


@pytest.mark.parametrize(("path", "code", "remedy"), UNSOUND)
def test_an_unsound_expression_is_found(path: str, code: str, remedy: str) -> None:
    """
    A wrong name, function, number of arguments or syntax is said with a way out.
    """
    compiled, complaints = compile_path(path, Person)
    assert [complaint[0] for complaint in complaints] == [code]
    assert remedy in complaints[0][2]
    assert callable(compiled)


def test_a_broken_expression_yields_nothing() -> None:
    """
    An expression that cannot be compiled finds nothing in any document.
    """
    assert compile_path("a.b[", Person)[0](PERSON) is None


def test_a_position_is_counted_from_one() -> None:
    """
    The complaint about a broken expression names the character that breaks it.
    """
    ((_, what, _),) = compile_path("a ^ b", Person)[1]
    assert "character 3" in what


def test_all_that_is_wrong_is_found_at_once() -> None:
    """
    Every fault of every entry is one finding with its place; sound entries stay.
    """
    field_map, findings = compile_map(
        Kind.PERSON,
        [
            Entry(crm="email", shop="email", at="fields[0]"),
            Entry(crm="email", shop="emial", at="fields[1]"),
            Entry(crm="a", shop="email", owner="shopp", empty="clean", at="fields[2]"),
            Entry(crm="b", shop="email", owner="most_restrictive", at="fields[3]"),
            Entry(crm="c", shop="email", order=["x"], at="fields[4]"),
            Entry(crm="d", shop="email", transform=["trimm", {"truncate": "x"}]),
            Entry(crm="d", shop="email"),
        ],
    )
    assert [(finding.at, finding.code) for finding in findings] == [
        ("fields[1]", "M106"),
        ("fields[1]", "M103"),
        ("fields[2]", "M101"),
        ("fields[2]", "M110"),
        ("fields[3]", "M107"),
        ("fields[4]", "M111"),
        ("", "M102"),
        ("", "M108"),
        ("", "M103"),
    ]
    assert {finding.code for finding in findings} <= set(CODES)
    assert [rule.crm for rule in field_map.rules] == ["email"]
    assert findings[2] == Finding(
        code="M101",
        at="fields[2]",
        what="'shopp' is no owner of a field",
        remedy="did you mean 'shop'?",
    )


def test_a_company_is_not_a_person() -> None:
    """
    The names that an expression may use are those of its own kind of document.
    """
    assert compile_map(Kind.COMPANY, [Entry(crm="a", shop="top_level_key")])[1] == []
    assert compile_map(Kind.COMPANY, [Entry(crm="a", shop="last_name")])[1] != []


def test_a_rule_knows_where_it_comes_from() -> None:
    """
    A compiled rule carries expression, transforms, policies and place.
    """
    field_map, _ = compile_map(
        Kind.PERSON,
        [
            Entry(
                crm="city",
                shop="address.city",
                empty="clear",
                transform=["trim", {"truncate": 9}],
                at="crosswalk.yaml:4",
            )
        ],
    )
    rule = field_map.rule("city")
    assert (rule.expression, rule.owner, rule.empty) == (
        "address.city",
        Owner.SHOP,
        Empty.CLEAR,
    )
    assert (rule.transforms, rule.at) == (("trim", "truncate"), "crosswalk.yaml:4")
    with pytest.raises(KeyError):
        field_map.rule("zip")


def test_every_field_has_a_value_or_a_problem() -> None:
    """
    What is empty is None; what cannot be worked out is a problem with its reason.
    """
    field_map, findings = compile_map(
        Kind.PERSON,
        [
            Entry(crm="city", shop="address.city", transform=["upper"]),
            Entry(crm="first_name", shop="first_name", transform=["upper"]),
            Entry(crm="title", shop="title", transform=["upper", {"default": "?"}]),
            Entry(crm="vip", shop="custom.vip", transform=["trim"]),
            Entry(crm="sum", shop="sum(custom.tags)"),
            Entry(crm="stores", shop="stores[?key == 'no']"),
        ],
    )
    mapped = values(field_map, PERSON, Context())
    assert findings == []
    assert mapped.values == {
        "city": "BONN",
        "first_name": None,
        "title": "?",
        "stores": None,
    }
    assert {name: each.code for name, each in mapped.problems.items()} == {
        "vip": "transform_refused",
        "sum": "expression_failed",
    }
