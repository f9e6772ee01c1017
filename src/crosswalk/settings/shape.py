"""What crosswalk.yaml may say: every key with its type, its default and its meaning.

The reader, its findings, the published JSON Schema and the hash follow from here.
"""

import re
from typing import Annotated, Final, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crosswalk.domain.mapping import Empty, Owner
from crosswalk.domain.model import Json, Kind
from crosswalk.settings.refused import problem

#: The field of a contact that carries the shop customer's id.
CONTACT_ID_FIELD: Final = "external_id"
#: What a mapping test may expect of a field, besides that a value is written.
VERDICTS: Final = ("keep", "conflict", "problem")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Item = TypeVar("Item")


def _each_once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    twice = next((item for item in items if items.count(item) > 1), None)
    if twice is not None:
        raise problem("C107", f"names '{twice}' twice", "keep one of the two")
    return items


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        remedy = "write it like Europe/Berlin, or UTC"
        raise problem("C108", f"'{name}' is no time zone", remedy) from None
    return name


def _language(tag: str) -> str:
    if not LANGUAGE.fullmatch(tag):
        raise problem("C108", f"'{tag}' is no language", "write it like en or de-CH")
    return tag


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise problem("C108", f"'{code}' is no country", "write two letters, like DE")
    return code


def _crm_field(name: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        remedy = "write the field's API name: small letters, digits and _"
        raise problem("C108", f"'{name}' is no field name", remedy)
    return name


def _step(step: Json) -> Json:
    if isinstance(step, dict | str):
        return step
    remedy = "write the name of a transform, or {name: argument}"
    raise problem("C108", "is no transform", remedy)


def _expectation(value: Json) -> Json:
    if value in VERDICTS or (isinstance(value, dict) and value.keys() == {"write"}):
        return value
    remedy = "write keep, conflict, problem or {write: the value}"
    raise problem("C108", "is nothing that can be expected", remedy)


Text = Annotated[str, Field(min_length=1)]
Whole = Annotated[int, Field(strict=True)]
CrmFieldName = Annotated[str, AfterValidator(_crm_field)]
Language = Annotated[str, AfterValidator(_language)]
Expectation = Annotated[Json, AfterValidator(_expectation)]
Ordered: TypeAlias = Annotated[
    tuple[Item, ...], Field(min_length=1), AfterValidator(_each_once)
]
Step = Annotated[Json, AfterValidator(_step)]
ContactRule = Literal["external_id", "email", "mobile", "name_hint"]
AccountRule = Literal["external_id", "name_hint"]
AddressRule = Literal["default_billing", "default_shipping", "first"]
CompanyRule = Literal["first_explicit", "first"]


class Section(BaseModel):
    """A part of the file; a key it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class FieldLine(Section):
    """One field of the CRM, and what the shop has for it."""

    crm: CrmFieldName = Field(description="The CRM field's API name.")
    shop: Text = Field(description="A JMESPath expression over the shop's document.")
    owner: Owner = Field(default=Owner.SHOP, description="Which side may change it.")
    empty: Empty = Field(
        default=Empty.IGNORE,
        description="Whether the owner's emptied value is left alone or clears.",
    )
    transform: tuple[Step, ...] = Field(
        default=(),
        description="Transforms, first to last: a name, or {name: argument}.",
    )
    order: tuple[Text, ...] = Field(
        default=(),
        description="For most_restrictive: the values, the most restrictive first.",
    )


class Contacts(Section):
    """Shop customers, which become contacts."""

    match: Ordered[ContactRule] = Field(
        default=("external_id", "email"),
        description="How a customer's contact is found the first time, in this order.",
    )
    shared_email: Literal["review", "join"] = Field(
        default="review",
        description="Two customers with one e-mail: ask a person, or join them.",
    )
    primary_address: Ordered[AddressRule] = Field(
        default=("default_billing", "default_shipping", "first"),
        description="Which of several addresses is `address`; the first there is.",
    )
    primary_company: Ordered[CompanyRule] = Field(
        default=("first_explicit", "first"),
        description="Which of several companies is the primary account.",
    )
    fields: Annotated[tuple[FieldLine, ...], Field(min_length=1)] = Field(
        description="The fields of a contact; what is not listed is never touched."
    )


class Accounts(Section):
    """Business units, which become sales accounts."""

    match: Ordered[AccountRule] = Field(
        default=("external_id",),
        description="How a business unit's account is found the first time.",
    )
    id_field: CrmFieldName = Field(
        default="cf_commercetools_id",
        description="The unique custom field that carries the business unit's id.",
    )
    fields: Annotated[tuple[FieldLine, ...], Field(min_length=1)] = Field(
        description="The fields of an account; what is not listed is never touched."
    )


class ConsentSource(Section):
    """Where the shop keeps what a person agreed to on one channel."""

    state: Text = Field(description="Path of the answer: true, false or a word.")
    at: Text | None = Field(default=None, description="Path of when it was given.")
    source: Text | None = Field(default=None, description="Path of where it was given.")


class Locale(Section):
    """Languages, countries and time."""

    languages: Ordered[Language] = Field(
        default=("en",),
        description="Which language of a localized text to take; the first there is.",
    )
    crm_language: Language = Field(
        default="en",
        description="The language that country and language names are written in.",
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="The time zone in which a moment becomes a day."
    )
    region: Annotated[str, AfterValidator(_country)] = Field(
        default="DE",
        description="The country of a phone number that has no other hint.",
    )


class Sync(Section):
    """How fast, how much at once, and how careful."""

    poll_every: Annotated[Whole, Field(ge=1, le=86_400)] = Field(
        default=60, description="Seconds between two polls of the shop."
    )
    poll_crm_every: Annotated[Whole, Field(ge=1, le=86_400)] = Field(
        default=300,
        description="Seconds between two looks at the CRM's lists: two calls each.",
    )
    settle: Annotated[Whole, Field(ge=0, le=3_600)] = Field(
        default=30,
        description="Seconds that a change rests before a poll may pass over it.",
    )
    overlap: Annotated[Whole, Field(ge=0, le=86_400)] = Field(
        default=120, description="Seconds of the past that every poll looks at again."
    )
    bulk_from: Annotated[Whole, Field(ge=2, le=100)] = Field(
        default=5, description="So many waiting writes go out as one bulk call."
    )
    partitions: Annotated[Whole, Field(ge=1, le=256)] = Field(
        default=16, description="In how many hands the work is; fixed after the start."
    )
    reserve_percent: Annotated[Whole, Field(ge=0, le=90)] = Field(
        default=20, description="Percent of the CRM's calls left to other apps."
    )


class MappingTest(Section):
    """An example of what the mapping has to do."""

    name: Text = Field(description="What must hold, as a sentence.")
    kind: Kind = Field(default=Kind.PERSON, description="Which of the two mappings.")
    shop: dict[str, Json] = Field(description="The shop's document.")
    crm: dict[str, Json] = Field(
        default={}, description="The CRM's fields; none means a new record."
    )
    base: dict[str, Json] = Field(
        default={}, description="What both sides last agreed on, by CRM field."
    )
    expect: dict[str, Expectation] = Field(
        min_length=1,
        description="By CRM field: keep, conflict, problem or {write: value}.",
    )


class File(Section):
    """How one shop and one CRM are kept in agreement."""

    contacts: Contacts = Field(description="Customers -> contacts.")
    accounts: Accounts = Field(description="Business units -> sales accounts.")
    consent: dict[str, ConsentSource] = Field(
        default={}, description="Where the shop keeps consent, by channel."
    )
    locale: Locale = Field(default=Locale(), description="Languages and places.")
    sync: Sync = Field(default=Sync(), description="Pace and care.")
    tests: tuple[MappingTest, ...] = Field(
        default=(), description="Examples that `crosswalk mapping test` runs."
    )
