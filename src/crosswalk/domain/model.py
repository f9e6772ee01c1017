"""The glossary, and the values that every room of the house speaks of.

shop       the commercetools project
crm        the Freshsales account
person     a shop customer; in the CRM a contact
company    a shop business unit; in the CRM a sales account
ref        which record on which side
entity     the ref under which a pair of records is worked on: its shop ref once the
           two are linked, before that the ref of the record that changed
change     a notice that a record may differ; the record itself is always read anew
link       the statement that a shop record and a crm record are the same
base       per link, the field values as both sides last agreed on them
document   what mapping expressions see of a shop record (docs/reference/documents.md)
lane       how urgent a piece of work is
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias, TypedDict
from zlib import crc32

#: A JSON value; amounts and ids are never floats.
Json: TypeAlias = Any
Document: TypeAlias = Mapping[str, Json]


class Side(StrEnum):
    """One of the two systems that are kept in agreement."""

    SHOP = "shop"
    CRM = "crm"


class Kind(StrEnum):
    """What a record is, whatever either side calls it."""

    COMPANY = "company"
    PERSON = "person"


class Lane(IntEnum):
    """How urgent a piece of work is; the lowest number goes first."""

    LIVE = 0
    ACTION = 1
    RETRY = 2
    RECONCILE = 3
    BACKFILL = 4


class Role(StrEnum):
    """What a link is to its crm record."""

    #: Owns the fields of the crm record.
    PRIMARY = "primary"
    #: A second shop record of the same person: counts, but writes no field.
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Which record, on which side."""

    side: Side
    kind: Kind
    #: A customer's id, a business unit's key (immutable, and what everything in the
    #: shop refers to it by), a contact's or account's id.
    id: str

    @property
    def key(self) -> str:
        """The ref as one string, as the store and the command line write it."""
        return f"{self.kind}:{self.side}:{self.id}"

    @classmethod
    def parse(cls, key: str) -> "Ref":
        """Read a key back; ValueError when it is none."""
        kind, side, id_ = key.split(":", 2)
        return cls(kind=Kind(kind), side=Side(side), id=id_)


def shop_ref(kind: Kind, id_: str) -> Ref:
    """Name a shop record."""
    return Ref(side=Side.SHOP, kind=kind, id=id_)


def crm_ref(kind: Kind, id_: str) -> Ref:
    """Name a crm record."""
    return Ref(side=Side.CRM, kind=kind, id=id_)


def partition_of(entity: str, partitions: int) -> int:
    """Say which partition an entity's key belongs to; the same on every machine."""
    return crc32(entity.encode()) % partitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A notice that a record may differ; the record itself is always read anew."""

    ref: Ref
    #: The state announced, in the sender's own terms (a version, a timestamp): two
    #: changes of one record with one revision are one change.
    revision: str
    #: The shop's version number where the sender told it, else 0.
    version: int = 0
    #: When the sender saw it happen. Ours to sort by, never to trust.
    seen_at: datetime
    lane: Lane = Lane.LIVE
    #: Which door it came through: poll, backfill, sync, desk, ...
    source: str

    @property
    def identity(self) -> str:
        """What makes two notices one, whatever brought them."""
        return f"{self.ref.key}@{self.revision}"


class Address(TypedDict, total=False):
    """A postal address; every key may be missing."""

    id: str
    key: str
    first_name: str
    last_name: str
    company: str
    #: Street and number in the order of the country.
    street: str
    #: Additional street information, building and apartment.
    extra: str
    zip: str
    city: str
    region: str
    state: str
    #: ISO 3166-1 alpha-2.
    country: str
    phone: str
    mobile: str
    email: str
    custom: Document


class Named(TypedDict, total=False):
    """A referenced shop resource, with its name in the fallback language."""

    id: str
    key: str
    name: str


class Consent(TypedDict, total=False):
    """What a person said about being written to on one channel."""

    #: subscribed, unsubscribed or unknown; unknown is never read as yes.
    state: str
    #: When it was said (ISO 8601), where the shop knows.
    at: str
    #: Where it was said, where the shop knows.
    source: str


class Membership(TypedDict, total=False):
    """A person's place in a company."""

    id: str
    key: str
    name: str
    roles: list[str]
    #: Whether it comes from a parent unit.
    inherited: bool
    #: Whether it is the person's primary company, by the configured rule.
    primary: bool


class Person(TypedDict, total=False):
    """A shop customer as mapping expressions see it."""

    id: str
    key: str
    number: str
    external_id: str
    email: str
    email_verified: bool
    title: str
    salutation: str
    first_name: str
    middle_name: str
    last_name: str
    date_of_birth: str
    company: str
    vat_id: str
    #: BCP 47, as the shop has it.
    locale: str
    #: The language part of the locale.
    language: str
    #: The one chosen by the configured rule; its phone falls back to other addresses'.
    address: Address
    addresses: list[Address]
    billing_address: Address
    shipping_address: Address
    stores: list[Named]
    groups: list[Named]
    #: Customer groups and distribution channels, as price lists.
    price_lists: list[Named]
    consent: Mapping[str, Consent]
    companies: list[Membership]
    #: Ids of the crm accounts of those companies, the primary one first.
    accounts: list[str]
    custom: Document
    created_at: str
    modified_at: str


class Company(TypedDict, total=False):
    """A business unit as mapping expressions see it."""

    id: str
    key: str
    name: str
    #: Company or Division.
    type: str
    #: Active or Inactive.
    status: str
    email: str
    parent_key: str
    top_level_key: str
    #: Id of the parent's crm account.
    parent_account: str
    address: Address
    addresses: list[Address]
    billing_address: Address
    shipping_address: Address
    stores: list[Named]
    groups: list[Named]
    price_lists: list[Named]
    #: One entry a member: id, roles, inherited.
    associates: list[Mapping[str, Json]]
    custom: Document
    created_at: str
    modified_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRecord:
    """A shop record as it was when we read it."""

    ref: Ref
    version: int
    modified_at: datetime
    #: A Person or Company.
    document: Document


#: The fields of a crm record by the names that mappings use: standard fields by their
#: API name, custom fields by their ``cf_`` name, references by the name without
#: ``_id`` and with the chosen name as value (``lifecycle_stage: Lead``),
#: ``sales_accounts`` as a list of ids, the primary one first, ``parent_account`` as an
#: id. A field that the answer did not carry is not in the mapping: absent is not null.
Fields: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRecord:
    """A crm record as the CRM last answered it."""

    kind: Kind
    id: str
    #: What the CRM holds as our id: ``external_id`` of a contact, the configured
    #: unique field of an account.
    external_id: str | None = None
    #: All addresses, the primary one first, as spelled in the CRM.
    emails: tuple[str, ...] = ()
    name: str = ""
    #: As the CRM wrote it (account's offset); compare only after parsing.
    updated_at: datetime
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """One field's value on either side, in crm terms."""

    shop: Json
    crm: Json


#: What both sides last agreed on, by crm field; a field never written is not in it.
Base: TypeAlias = Mapping[str, Both]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The statement that a shop record and a crm record are the same."""

    #: 0 while not stored yet.
    number: int = 0
    kind: Kind
    shop_id: str
    crm_id: str
    role: Role = Role.PRIMARY
    #: The match rule that found it, or "person" when somebody decided.
    rule: str
    #: What the rule saw.
    evidence: Document = field(default_factory=dict)
    #: Who made it: "crosswalk" or a person's name.
    actor: str = "crosswalk"
    #: When it was stored; None while it is not.
    linked_at: datetime | None = None
    base: Base = field(default_factory=dict)
    #: The shop version that the base reflects; 0 when nothing was written yet.
    shop_version: int = 0


def is_empty(value: Json) -> bool:
    """Say whether a value has no content; 0 and False have."""
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)
