"""Freshsales JSON and fields by their mapping names."""

from datetime import UTC, datetime

import pytest

from crosswalk.domain.model import Json, Kind
from crosswalk.freshsales.catalogue import Choices, includes, read_catalogue
from crosswalk.freshsales.translate import Translator, UnknownChoiceError
from tests.samples import sample

STAGES = Choices.of(
    [{"id": 71010001001, "name": "Lead"}, {"id": 2, "name": "Customer"}]
)
OWNERS = Choices.of(
    [
        {"id": 5, "email": "sam@crm.example", "display_name": "Sam Sales"},
        {"id": 6, "display_name": "Robot"},
        {"id": 7},
    ]
)
CHOICES = {"lifecycle_stage": STAGES, "owner": OWNERS}
CATALOGUE = read_catalogue(Kind.PERSON, sample("contact_fields"), CHOICES)

PERSON_FIELDS = (
    "first_name",
    "email",
    "tags",
    "subscription_types",
    "job_title",
    "medium",
    "owner",
    "lifecycle_stage",
    "contact_status",
    "territory",
    "sales_accounts",
    "cf_stores",
    "cf_date_of_birth",
    "cf_interests",
    "cf_loyalty_tier",
    "cf_missing",
)


def persons(*wanted: str) -> Translator:
    """Make the translator of contacts."""
    return Translator(
        Kind.PERSON,
        CATALOGUE,
        wanted=wanted or PERSON_FIELDS,
        account_id_field="cf_commercetools_id",
    )


def companies() -> Translator:
    """Make the translator of accounts."""
    return Translator(
        Kind.COMPANY,
        read_catalogue(Kind.COMPANY, {}, {}),
        wanted=("name", "parent_account", "industry_type"),
        account_id_field="cf_commercetools_id",
    )


def test_a_contact_is_read_by_mapping_names() -> None:
    """
    References read as names, links as ids with the primary first, joined choices as
    lists, and dates without the time of day; what the answer lacks is absent.
    """
    record = persons().record(sample("contact")["contact"])
    assert record.fields == {
        "first_name": "Jane",
        "email": "jane@example.com",
        "tags": ["vip"],
        "subscription_types": ["2", "3", "4", "5", "1"],
        "job_title": None,
        "owner": None,
        "lifecycle_stage": "Lead",
        "contact_status": "99",
        "sales_accounts": ["70003000001", "70003000002"],
        "cf_stores": "de",
        "cf_date_of_birth": "1990-01-31",
        "cf_interests": ["tea", "coffee"],
        "cf_loyalty_tier": None,
    }


def test_a_contact_tells_who_it_is() -> None:
    """
    Id and external id are texts, the primary e-mail comes first, removed ones not.
    """
    record = persons("first_name").record(sample("contact")["contact"])
    assert record.id == "70042006456"
    assert record.external_id == "c0000000-0000-4000-8000-000000000001"
    assert record.emails == ("jane@example.com", "old@example.com")
    assert record.name == "Jane Doe"
    assert record.updated_at == datetime(2022, 8, 30, 4, 33, 27, tzinfo=UTC)
    assert record.fields == {"first_name": "Jane"}


def test_an_account_is_known_by_its_custom_field() -> None:
    """
    The configured field is the external id, and the parent is an id as text.
    """
    record = companies().record(sample("sales_account")["sales_account"])
    assert (record.external_id, record.name, record.emails) == ("acme", "Acme", ())
    assert record.fields == {
        "name": "Acme",
        "parent_account": "70003000009",
        "industry_type": "71010009001",
    }


def test_a_shallow_row_is_read_all_the_same() -> None:
    """
    A row with little more than an id becomes a record that is older than any other.
    """
    record = persons().record({"id": "7", "email": "a@b.c", "sales_accounts": None})
    assert record.emails == ("a@b.c",)
    assert record.external_id is None
    assert record.name == ""
    assert record.updated_at == datetime.fromtimestamp(0, UTC)
    assert record.fields == {"email": "a@b.c", "sales_accounts": []}
    assert persons("cf_stores").record({"id": 7}).emails == ()
    assert companies().record({"id": 7, "parent_sales_account_id": None}).fields == {
        "parent_account": None
    }


@pytest.mark.parametrize(
    ("fields", "attributes"),
    [
        ({"first_name": "A", "city": None}, {"first_name": "A", "city": None}),
        ({"cf_x": 1, "cf_y": None}, {"custom_field": {"cf_x": 1, "cf_y": None}}),
        ({"cf_interests": ["tea", "x"]}, {"custom_field": {"cf_interests": "tea;x"}}),
        ({"subscription_types": ["1", "2"]}, {"subscription_types": "1;2"}),
        ({"tags": ["a", "b"]}, {"tags": ["a", "b"]}),
        ({"email": "a@b.c"}, {"email": "a@b.c"}),
        ({"lifecycle_stage": "customer"}, {"lifecycle_stage_id": 2}),
        ({"owner": "SAM@crm.example"}, {"owner_id": 5}),
        ({"owner": "sam sales"}, {"owner_id": 5}),
        ({"owner": "Robot"}, {"owner_id": 6}),
        ({"owner": None}, {"owner_id": None}),
        ({"owner": ""}, {"owner_id": None}),
        ({"sales_accounts": None}, {"sales_accounts": []}),
        (
            {"sales_accounts": ["8", "9"]},
            {
                "sales_accounts": [
                    {"id": 8, "is_primary": True},
                    {"id": 9, "is_primary": False},
                ]
            },
        ),
    ],
)
def test_fields_are_written_as_the_api_has_them(
    fields: dict[str, Json], attributes: Json
) -> None:
    """
    Names become ids, lists are joined or linked, custom fields go into their own map.
    """
    assert persons().attributes(fields) == attributes


def test_a_new_contact_takes_its_address_as_emails() -> None:
    """
    Only an update says "email".
    """
    assert persons().attributes({"email": "a@b.c"}, new=True) == {"emails": "a@b.c"}


def test_a_parent_is_written_as_a_number() -> None:
    """
    An account's parent is an id, or nothing.
    """
    write = companies().attributes
    assert write({"parent_account": "7"}) == {"parent_sales_account_id": 7}
    assert write({"parent_account": None}) == {"parent_sales_account_id": None}


def test_no_contact_has_more_than_ten_accounts() -> None:
    """
    The first ten are kept, the primary one among them.
    """
    ids = [str(n) for n in range(12)]
    links = persons().attributes({"sales_accounts": ids})["sales_accounts"]
    assert [link["id"] for link in links] == list(range(10))


@pytest.mark.parametrize("field", ["lifecycle_stage", "territory"])
def test_a_name_that_no_selector_holds_is_told(field: str) -> None:
    """
    Nothing is written for a choice that does not exist.
    """
    with pytest.raises(UnknownChoiceError, match=f"{field} has no choice 'Nobody'"):
        persons().attributes({field: "Nobody"})


def test_only_what_is_mapped_is_included() -> None:
    """
    An include is asked for when a mapped field needs it; a parent needs none.
    """
    assert includes(Kind.PERSON, ["first_name", "cf_x"]) == ""
    wanted = ["sales_accounts", "owner", "lifecycle_stage"]
    assert includes(Kind.PERSON, wanted) == "owner,lifecycle_stage,sales_accounts"
    assert includes(Kind.COMPANY, ["parent_account", "owner"]) == "owner"


def test_the_catalogue_speaks_in_mapping_names() -> None:
    """
    Fields have the names, types and choices that a mapping is checked against.
    """
    fields = CATALOGUE.fields
    assert fields["email"].required
    assert not fields["email"].custom
    assert fields["cf_stores"].custom
    assert fields["cf_interests"].type == "multi_select_dropdown"
    assert fields["cf_loyalty_tier"].choices == ["gold"]
    assert fields["lifecycle_stage"].choices == ["Lead", "Customer"]
    assert fields["territory"].choices == ["EMEA"]
    assert fields["sales_accounts"].label == "Sales accounts"
    assert OWNERS.names == {5: "sam@crm.example", 6: "Robot", 7: "7"}
