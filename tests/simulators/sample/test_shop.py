"""The shop's side of the sample."""

import itertools
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import phonenumbers
import pytest

from crosswalk.simulators.sample import shop_records
from crosswalk.simulators.sample.chance import Dice
from crosswalk.simulators.sample.markets import MARKET, Market
from crosswalk.simulators.sample.units import unit_key

Record = dict[str, Any]
Records = dict[str, list[Record]]


def test_two_runs_are_equal_to_the_byte() -> None:
    """
    A seed gives the same stream each time, and another seed another.
    """

    def stream(seed: int) -> bytes:
        records = shop_records(seed=seed, customers=300)
        return b"\n".join(orjson.dumps(record) for record in records)

    assert stream(1) == stream(1)
    assert stream(1) != stream(2)


def test_a_customer_is_the_same_in_a_larger_shop() -> None:
    """
    The size of the shop changes no record, it only adds some.
    """

    def customers(count: int) -> list[Record]:
        stream = shop_records(seed=4, customers=count)
        return [record for resource, record in stream if resource == "customers"]

    assert customers(277)[:200] == customers(200)


def test_a_long_stream_takes_no_memory() -> None:
    """
    After the first thousands of a million customers, memory no longer grows.
    """
    stream = shop_records(seed=1, customers=1_000_000)
    for _ in itertools.islice(stream, 1000):
        pass
    tracemalloc.start()
    for _ in itertools.islice(stream, 3000):
        pass
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000


def _references(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "typeId" in value:
            yield value["typeId"], value.get("id") or value["key"]
        for part in value.values():
            yield from _references(part)
    if isinstance(value, list):
        for part in value:
            yield from _references(part)


def test_nothing_comes_before_what_it_refers_to() -> None:
    """
    Every reference of the stream points at a record that came before.
    """
    seen: set[tuple[str, str]] = set()
    for resource, record in shop_records(seed=3, customers=500):
        assert set(_references(record)) <= seen | {
            ("business-unit", record.get("key", ""))
        }
        kind = resource.removesuffix("s")
        seen |= {(kind, record.get("id", "")), (kind, record.get("key", ""))}


def test_ids_and_keys_are_unique(shop: Records) -> None:
    """
    No two records of a resource share an id, a key or a customer number.
    """
    for resource in shop.keys() - {"project"}:
        for name in ("id", "key", "customerNumber"):
            values = [record[name] for record in shop[resource] if name in record]
            assert len(values) == len(set(values))


def test_the_project_allows_what_customers_have(shop: Records) -> None:
    """
    Locales are languages of the project, and stores name countries of it.
    """
    project = shop["project"][0]
    locales = {record.get("locale", "en") for record in shop["customers"]}
    served = {entry["code"] for store in shop["stores"] for entry in store["countries"]}
    assert project["messages"]["enabled"] is True
    assert locales <= set(project["languages"])
    assert served == set(project["countries"])
    assert "NO" in served
    assert {"JPY", "KWD"} <= set(project["currencies"])


def test_custom_fields_are_those_of_the_type(shop: Records) -> None:
    """
    Customers and units have only fields that their Type defines.
    """
    defined = {
        record["id"]: {field["name"] for field in record["fieldDefinitions"]}
        for record in shop["types"]
    }
    for record in shop["customers"] + shop["business-units"]:
        if "custom" in record:
            custom = record["custom"]
            assert custom["fields"].keys() <= defined[custom["type"]["id"]]


def _names(customers: list[Record]) -> list[str]:
    pairs = ((record.get("firstName"), record.get("lastName")) for record in customers)
    return [name for pair in pairs for name in pair if name]


def _phones(customers: list[Record]) -> list[str]:
    return [
        address[name]
        for record in customers
        for address in record["addresses"]
        for name in ("phone", "mobile")
        if name in address
    ]


AWKWARD: Mapping[str, Callable[[Record], object]] = {
    "no first name": lambda c: "firstName" not in c,
    "no last name": lambda c: "lastName" not in c,
    "no name at all": lambda c: "firstName" not in c and "lastName" not in c,
    "blanks around a name": lambda c: c.get("firstName", "").startswith(" "),
    "emoji": lambda c: any(sign > "\uffff" or sign == "✨" for sign in _text(c)),
    "apostrophe": lambda c: {"'", "\u2019"} & set(_text(c)),
    "very long name": lambda c: 200 < len(c.get("lastName", "")) <= 255,
    "Japanese name": lambda c: any("\u3040" < sign < "\u9fff" for sign in _text(c)),
    "Cyrillic name": lambda c: any("\u0400" < sign < "\u04ff" for sign in _text(c)),
    "Arabic name": lambda c: any("\u0600" < sign < "\u06ff" for sign in _text(c)),
    "mixed-case e-mail": lambda c: c["email"] not in _cases(c["email"]),
    "capital e-mail": lambda c: c["email"] == c["email"].upper(),
    "IDN domain": lambda c: not c["email"].partition("@")[2].isascii(),
    "Unicode local part": lambda c: not c["email"].partition("@")[0].isascii(),
    "no address": lambda c: not c["addresses"],
    "several addresses": lambda c: len(c["addresses"]) > 1,
    "several, no default": lambda c: len(c["addresses"]) > 1 and not _defaults(c),
    "billing default alone": lambda c: _defaults(c) == {"defaultBillingAddressId"},
    "shipping default alone": lambda c: _defaults(c) == {"defaultShippingAddressId"},
    "address keys": lambda c: any("key" in address for address in c["addresses"]),
    "global": lambda c: not c["stores"],
    "two stores": lambda c: len(c["stores"]) == 2,
    "no Type": lambda c: "custom" not in c,
    "consent given": lambda c: _custom(c, "marketingOptIn") is True,
    "consent refused": lambda c: _custom(c, "marketingOptIn") is False,
    "consent withdrawn": lambda c: (
        _custom(c, "marketingOptInSource") == "unsubscribe link"
    ),
    "legacy group": lambda c: "customerGroup" in c,
    "group assignments": lambda c: c["customerGroupAssignments"],
    "no locale": lambda c: "locale" not in c,
    "VAT id": lambda c: "vatId" in c,
    "external id": lambda c: "externalId" in c,
    "company name": lambda c: "companyName" in c,
    "title": lambda c: "title" in c,
}


def _text(customer: Record) -> str:
    return "".join(_names([customer]))


def _cases(email: str) -> tuple[str, str]:
    return email.lower(), email.upper()


def _defaults(customer: Record) -> set[str]:
    return {name for name in customer if name.startswith("default")}


def _custom(customer: Record, name: str) -> object:
    return customer.get("custom", {}).get("fields", {}).get(name)


@pytest.mark.parametrize("case", AWKWARD)
def test_every_awkward_customer_is_among_200(shop: Records, case: str) -> None:
    """
    Two hundred customers suffice to meet each awkward case more than once.
    """
    assert sum(bool(AWKWARD[case](record)) for record in shop["customers"]) > 1


def test_all_countries_are_among_200(shop: Records) -> None:
    """
    Customers live in every country of the shop.
    """
    addresses = (address for c in shop["customers"] for address in c["addresses"])
    lived_in = {address["country"] for address in addresses}
    assert lived_in == {market.country for market in MARKET.values()}


def test_consent_has_time_and_source_wherever_it_has_an_answer(shop: Records) -> None:
    """
    An answer comes with its moment and its source, and neither comes without.
    """
    for record in shop["customers"]:
        for name in ("marketingOptIn", "smsOptIn"):
            parts = [_custom(record, name + part) for part in ("", "At", "Source")]
            assert parts == [None] * 3 or None not in parts


def test_addresses_are_consistent(shop: Records) -> None:
    """
    A default address exists, and is listed for its role.
    """
    for record in shop["customers"] + shop["business-units"]:
        ids = {address["id"] for address in record["addresses"]}
        assert len(ids) == len(record["addresses"])
        for role in ("Billing", "Shipping"):
            default = record.get(f"default{role}AddressId")
            listed = record[f"{role.lower()}AddressIds"]
            assert listed == ([default] if default else [])
            assert set(listed) <= ids


@pytest.mark.parametrize("tag", MARKET)
def test_number_patterns_are_valid_in_their_country(tag: str) -> None:
    """
    A national number of a market is valid there, and mobile where it claims to be.
    """
    market: Market = MARKET[tag]
    mobile = {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
    for index in range(300):
        dice = Dice(1, tag, index)
        landline = phonenumbers.parse(dice.fill(market.landline), market.country)
        assert phonenumbers.is_valid_number(landline)
        number = phonenumbers.parse(dice.fill(market.mobile), market.country)
        assert phonenumbers.number_type(number) in mobile


def test_telephone_numbers_are_written_in_many_ways(shop: Records) -> None:
    """
    There are national, international and E.164 spellings, and what is no number.
    """
    phones = _phones(shop["customers"])
    assert sum(phone.startswith("+") for phone in phones) > 5
    assert sum(phone.startswith("00") for phone in phones) > 2
    assert sum(phone.startswith("(") for phone in phones) > 2
    assert sum(phone.startswith("0") and " " in phone for phone in phones) > 20
    assert sum(sum(map(str.isdigit, phone)) < 4 for phone in phones) > 2


def test_international_spellings_are_valid_numbers() -> None:
    """
    What starts with a plus or two zeros is a valid number of its country.
    """
    stream = shop_records(seed=7, customers=3000)
    customers = [record for resource, record in stream if resource == "customers"]
    for phone in _phones(customers):
        if phone.startswith(("+", "00")):
            written = f"+{phone.lstrip('+0')}"
            assert phonenumbers.is_valid_number(phonenumbers.parse(written))


def test_units_are_three_levels_deep(shop: Records) -> None:
    """
    There are companies, their divisions, and divisions of those, one in 12 customers.
    """
    parents = {
        unit["key"]: unit.get("parentUnit", {}).get("key")
        for unit in shop["business-units"]
    }
    depths = Counter(_depth(key, parents) for key in parents)
    assert len(parents) == len(shop["customers"]) // 12
    assert depths.keys() == {1, 2, 3}
    for unit in shop["business-units"]:
        top = unit["key"]
        while parent := parents[top]:
            top = parent
        assert unit["topLevelUnit"]["key"] == top


def _depth(key: str, parents: dict[str, str | None]) -> int:
    parent = parents[key]
    return 1 if parent is None else 1 + _depth(parent, parents)


def test_some_units_are_inactive_and_two_companies_have_one_name(
    shop: Records,
) -> None:
    """
    Two units are inactive, and two at the top have an equal name.
    """
    units = shop["business-units"]
    tops = Counter(unit["name"] for unit in units if unit["unitType"] == "Company")
    assert sum(unit["status"] == "Inactive" for unit in units) == 2
    assert max(tops.values()) == 2


def test_associates_belong_explicitly_and_by_inheritance(shop: Records) -> None:
    """
    Some customers are in several units; a division inherits exactly those whom a
    unit above it passes on.
    """
    units = {unit["key"]: unit for unit in shop["business-units"]}
    explicit = Counter(_members(unit, "associates") for unit in units.values())
    customers = Counter(one for members in explicit for one in members)
    assert sum(count > 1 for count in customers.values()) > 5
    grandchild = units[unit_key(3)]
    above = [units[unit_key(1)], units[unit_key(0)]]
    passed_on = [
        associate["customer"]["id"]
        for unit in above
        for associate in unit["associates"]
        if associate["associateRoleAssignments"][0]["inheritance"] == "Enabled"
    ]
    assert list(_members(grandchild, "inheritedAssociates")) == passed_on
    assert len(passed_on) == 4


def _members(unit: Record, name: str) -> tuple[str, ...]:
    return tuple(associate["customer"]["id"] for associate in unit[name])
