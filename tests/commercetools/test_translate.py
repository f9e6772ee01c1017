"""commercetools JSON as documents."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from crosswalk.commercetools.addresses import street
from crosswalk.commercetools.memberships import member_ids
from crosswalk.commercetools.reference import (
    Reference,
    index_references,
    localized,
    unknown_references,
)
from crosswalk.commercetools.translate import ConsentPaths, Rules, company, person
from crosswalk.domain.model import Json, Kind, shop_ref
from tests.samples import sample

CUSTOMER_ID = "c0000000-0000-4000-8000-000000000001"
ACME, ACME_AT = (f"b0000000-0000-4000-8000-00000000000{n}" for n in (1, 2))

DE = {"id": "s1", "key": "de", "name": "Deutschland"}
RETAIL = {"id": "g1", "key": "retail", "name": "Retail"}
VIP = {"id": "g2", "name": "VIP"}
PRICES = {"id": "ch1", "key": "prices", "name": "Preise"}

REFERENCE = index_references(
    stores=[
        {
            "id": "s1",
            "key": "de",
            "name": {"en": "Germany", "de": "Deutschland"},
            "distributionChannels": [
                {"typeId": "channel", "id": "ch1"},
                {"typeId": "channel", "id": "ch2"},
            ],
        }
    ],
    groups=[RETAIL, {"id": "g2", "name": "VIP"}],
    channels=[
        {
            "id": "ch1",
            "key": "prices",
            "name": {"de": "Preise"},
            "roles": ["ProductDistribution"],
        },
        {"id": "ch2", "key": "stock", "roles": ["InventorySupply"]},
    ],
    roles=[
        {"id": "r1", "key": "buyer", "name": "Buyer"},
        {"id": "r2", "key": "admin"},
    ],
    languages=["de-AT", "en"],
)

CONSENT = {
    "email": ConsentPaths(
        state="newsletter", at="newsletterAt", source="newsletterSource"
    ),
    "sms": ConsentPaths(state="sms"),
    "phone": ConsentPaths(state="nowhere.at.all"),
    "post": ConsentPaths(state="loyaltyTier"),
}


def document(
    changes: Mapping[str, object] | None = None,
    *,
    units: bool = False,
    rules: Rules | None = None,
) -> Json:
    """Read the sample customer, with some of it or the rules changed."""
    found = sample("business_units")["results"][:2] if units else []
    customer = sample("customer") | (changes or {})
    record = person(customer, units=found, reference=REFERENCE, rules=rules or Rules())
    return record.document


def test_a_customer_becomes_a_person() -> None:
    """
    Fields change their names, empty and unknown ones stay out, False stays in.
    """
    record = person(sample("customer"), units=(), reference=Reference(), rules=Rules())
    assert record.ref == shop_ref(Kind.PERSON, CUSTOMER_ID)
    assert record.version == 7
    assert record.modified_at == datetime(2026, 11, 20, 8, 0, 0, 123000, tzinfo=UTC)
    plain = {k: v for k, v in record.document.items() if isinstance(v, str | bool)}
    assert plain == {
        "id": CUSTOMER_ID,
        "key": "jane",
        "number": "C-1001",
        "external_id": "erp-1",
        "email": "Jane.Doe@Example.com",
        "email_verified": False,
        "salutation": "Ms",
        "first_name": "Jane",
        "last_name": "Doe",
        "date_of_birth": "1990-01-31",
        "company": "Acme",
        "vat_id": "DE123456789",
        "locale": "de-AT",
        "language": "de",
        "created_at": "2026-11-01T08:00:00.000Z",
        "modified_at": "2026-11-20T08:00:00.123Z",
    }


def test_what_a_customer_lacks_is_not_in_the_document() -> None:
    """
    A customer with nothing but an e-mail has empty lists and no other key.
    """
    bare = {"id": "x", "version": 1, "lastModifiedAt": "2026-01-01T00:00:00.000Z"}
    record = person(
        bare | {"email": "a@b.c"}, units=(), reference=Reference(), rules=Rules()
    )
    assert record.document == {
        "id": "x",
        "modified_at": "2026-01-01T00:00:00.000Z",
        "email": "a@b.c",
        "custom": {},
        "stores": [],
        "groups": [],
        "price_lists": [],
        "consent": {},
        "companies": [],
        "addresses": [],
    }


def test_stores_groups_and_channels_are_named() -> None:
    """
    The legacy group and the assigned ones merge, and price lists are the groups and
    the stores' distribution channels; a store nobody knows keeps its key.
    """
    read = document()
    assert read["stores"] == [DE, {"key": "unknown"}]
    assert read["groups"] == [RETAIL, VIP]
    assert read["price_lists"] == [RETAIL, VIP, PRICES]
    assert document({"customerGroup": {"id": "g9"}})["groups"][0] == {"id": "g9"}


def test_an_address_reads_as_people_write_it() -> None:
    """
    Street and number stand in the order of the country; extras share a line.
    """
    address = document()["billing_address"]
    assert address["street"] == "Invalidenstraße 1"
    assert address["extra"] == "Hof, B, 12"
    assert address["custom"] == {"gate": "42"}
    assert document()["shipping_address"]["street"] == "221b Baker Street"


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ({"country": "DE", "streetName": "Weg", "streetNumber": "2"}, "Weg 2"),
        ({"country": "US", "streetName": "Road", "streetNumber": "2"}, "2 Road"),
        ({"country": "US", "streetName": "Road"}, "Road"),
        ({"country": "DE", "streetNumber": "2"}, "2"),
        ({"country": "DE"}, ""),
    ],
)
def test_a_street_without_a_part_is_the_other_one(
    address: dict[str, str], line: str
) -> None:
    """
    No blank is left where street or number is missing.
    """
    assert street(address) == line


@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        (("default_billing", "default_shipping", "first"), "a1"),
        (("default_shipping", "default_billing", "first"), "a2"),
        (("first",), "a1"),
        ((), None),
    ],
)
def test_the_primary_address_is_chosen_by_rule(
    rules: tuple[str, ...], chosen: str | None
) -> None:
    """
    The first rule that finds an address wins.
    """
    address = document(rules=Rules(primary_address=rules)).get("address")
    assert (address and address["id"]) == chosen


def test_a_default_that_points_nowhere_is_no_default() -> None:
    """
    The next rule is asked, and none at all leaves the address out.
    """
    lost = {"defaultBillingAddressId": "zz"}
    assert document(lost)["address"]["id"] == "a2"
    assert "billing_address" not in document(lost)
    assert "address" not in document({"addresses": []})


def test_a_missing_phone_is_lent_by_another_address() -> None:
    """
    Only an international number crosses a border, and nothing is lent to the list.
    """
    read = document()
    assert read["address"]["phone"] == "+33 1 44 55 66 77"
    assert read["address"]["mobile"] == "0170 1234567"
    assert "phone" not in read["addresses"][0]


def test_a_national_phone_is_lent_within_its_country() -> None:
    """
    An address of the same country may lend a number in national form.
    """
    addresses = [
        {"id": "a1", "country": "DE"},
        {"id": "a4", "country": "DE", "phone": "030 1"},
    ]
    assert document({"addresses": addresses})["address"]["phone"] == "030 1"


def test_consent_is_read_from_the_configured_fields() -> None:
    """
    A boolean or a known word tells; anything else, and silence, is unknown.
    """
    assert document(rules=Rules(consent=CONSENT))["consent"] == {
        "email": {
            "state": "subscribed",
            "at": "2026-10-01T10:00:00.000Z",
            "source": "checkout",
        },
        "sms": {"state": "unsubscribed"},
        "phone": {"state": "unknown"},
        "post": {"state": "unknown"},
    }


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (False, "unsubscribed"),
        ("Subscribed", "subscribed"),
        (" NO ", "unsubscribed"),
        (None, "unknown"),
        ("", "unknown"),
        (1, "unknown"),
        ({"deep": True}, "unknown"),
    ],
)
def test_only_a_clear_word_is_consent(value: object, state: str) -> None:
    """
    What is neither a boolean nor a known word is never read as yes or no.
    """
    custom = {"custom": {"fields": {"newsletter": value}}}
    read = document(custom, rules=Rules(consent=CONSENT))
    assert read["consent"]["email"]["state"] == state


def test_custom_fields_stay_as_they_are() -> None:
    """
    Every custom field is in the document under its own name.
    """
    assert document()["custom"]["loyaltyTier"] == "gold"


def test_companies_are_own_ones_before_inherited() -> None:
    """
    Own memberships come first, the oldest unit first, one a company; roles are named.
    """
    companies = document(units=True)["companies"]
    assert companies == [
        {
            "id": ACME_AT,
            "key": "acme-at",
            "name": "Acme AT",
            "roles": ["Buyer", "of-tomorrow"],
            "inherited": False,
            "primary": True,
        },
        {
            "id": ACME,
            "key": "acme",
            "name": "Acme",
            "roles": [],
            "inherited": True,
            "primary": False,
        },
    ]


def test_the_primary_company_is_chosen_by_rule() -> None:
    """
    Where all are inherited no first own one is found, and the next rule is asked; a
    unit that does not have the customer is left out.
    """
    inherited = sample("business_units")["results"][1:]
    for rules, primary in ((("first_explicit",), False), (("first",), True)):
        record = person(
            sample("customer"),
            units=inherited,
            reference=REFERENCE,
            rules=Rules(primary_company=rules),
        )
        companies = record.document["companies"]
        assert [company["primary"] for company in companies] == [primary]


def test_a_unit_becomes_a_company() -> None:
    """
    A division has a parent, the stores it inherits, and both sorts of members.
    """
    row = sample("business_units")["results"][0]
    record = company(row, reference=REFERENCE, rules=Rules())
    assert record.ref == shop_ref(Kind.COMPANY, "acme-at")
    assert record.document == {
        "id": ACME_AT,
        "key": "acme-at",
        "name": "Acme AT",
        "type": "Division",
        "status": "Active",
        "parent_key": "acme",
        "top_level_key": "acme",
        "created_at": "2026-02-01T00:00:00.000Z",
        "modified_at": "2026-11-02T00:00:00.000Z",
        "custom": {},
        "stores": [DE],
        "groups": [],
        "price_lists": [PRICES],
        "associates": [
            {"id": CUSTOMER_ID, "roles": ["Buyer", "of-tomorrow"], "inherited": False},
            {"id": CUSTOMER_ID, "roles": ["admin"], "inherited": True},
        ],
        "addresses": [],
    }


def test_a_company_has_address_groups_and_custom_fields() -> None:
    """
    A top unit has no parent; the rest is read as it is for a person.
    """
    row = sample("business_units")["results"][1]
    read = company(row, reference=REFERENCE, rules=Rules()).document
    assert "parent_key" not in read
    assert read["email"] == "buying@acme.example"
    assert read["address"]["street"] == "Am Markt"
    assert read["price_lists"] == [VIP, PRICES]
    assert read["custom"] == {"creditLimit": 5000}


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ({"de-AT": "Servus", "en": "Hi"}, "Servus"),
        ({"de": "Hallo", "en": "Hi"}, "Hallo"),
        ({"en": "Hi", "fr": "Salut"}, "Hi"),
        ({"fr": "Salut"}, "Salut"),
        ({"de": "", "fr": "Salut"}, "Salut"),
        ({}, ""),
        ("plain", "plain"),
        (None, ""),
    ],
)
def test_a_localized_text_falls_back(value: object, chosen: str) -> None:
    """
    Each language and its shorter forms are tried in order, then any text is taken.
    """
    assert localized(value, ["de-AT", "en"]) == chosen


def test_what_is_not_known_yet_is_noticed() -> None:
    """
    Stores and groups that the reference lacks are told, known ones are not.
    """
    rows = [sample("customer"), {"inheritedStores": [{"key": "x"}]}]
    assert unknown_references(rows, REFERENCE) == {"unknown", "x"}
    assert unknown_references(rows, Reference()) == {"de", "unknown", "x", "g1", "g2"}


def test_members_of_a_unit_are_told_once() -> None:
    """
    Own and inherited members of a unit are one set; the inherited can be left out.
    """
    units = sample("business_units")["results"]
    own = [member_ids(unit, inherited=False) for unit in units]
    assert own != [member_ids(unit, inherited=True) for unit in units]
    assert [member_ids(unit, inherited=True) for unit in units] == [
        {CUSTOMER_ID},
        {CUSTOMER_ID},
        set(),
    ]
