"""The modules of the CRM; another one is one more row of `MODULES`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crosswalk.simulators.freshsales.contacts import (
    set_email,
    set_emails,
    set_sales_account_id,
    set_sales_accounts,
    settle_contact,
)
from crosswalk.simulators.freshsales.fields import Field
from crosswalk.simulators.freshsales.records import Draft, Record

#: How a key of a write that is no plain field is taken.
Setter = Callable[[Draft, Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What include=<name> brings out."""

    #: The key that appears in the record.
    key: str
    #: The array beside the record; contract 1.7 lists their odd names.
    array: str
    #: The selector that the array's rows come from; empty for records.
    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """Everything that tells one module from another."""

    #: Path word and key of lists.
    plural: str
    #: Key of one record, and the word of /search and /lookup.
    singular: str
    #: The class name in views, and how people call a record.
    label: str
    fields: tuple[Field, ...]
    #: How an answer shows a record of which nothing is set.
    blank: Mapping[str, Any]
    #: The sub-resources in ``links``.
    links: tuple[str, ...]
    references: Mapping[str, Reference]
    #: Reference keys that single records show without include=.
    open_references: tuple[str, ...] = ()
    #: Names that include= accepts beside the references.
    embeds: frozenset[str] = frozenset()
    setters: Mapping[str, Setter] = field(default_factory=dict)
    #: Fills defaults and checks what concerns several fields.
    settle: Callable[[Draft], None]
    #: The name that search results show.
    name: Callable[[Record], str]
    views: tuple[str, ...]
    #: Keys that /upsert and bulk rows take without a switch.
    identifiers: tuple[str, ...]
    first_id: int
    record_type_id: str
    #: How many unique fields an administrator may have.
    unique_limit: int
    #: Fields that /lookup takes beside unique and custom ones.
    lookup_fields: tuple[str, ...]


def _set_tags(draft: Draft, value: object) -> None:
    tags = [] if value is None else value
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        draft.problems.append("Invalid value for Tags")
        return
    draft.shown["tags"] = list(dict.fromkeys(tags))


def _nothing(_: Draft) -> None:
    """Leave a draft as it is."""


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(
        Field(name=name, label=name.replace("_", " ").capitalize()) for name in names
    )


def _reference(name: str, target: str) -> Field:
    label = name.removesuffix("_id").replace("_", " ")
    return Field(name=name, label=label, type="dropdown", target=target)


def _users(*names: str) -> dict[str, Reference]:
    return {
        name: Reference(key=f"{name}_id", array="users", selector="owners")
        for name in names
    }


_TEAM: Final = _users("owner", "creater", "updater")
_TERRITORY: Final = Reference(
    key="territory_id", array="territories", selector="territories"
)
_SOURCE: Final = Reference(
    key="lead_source_id", array="lead_source", selector="lead_sources"
)

#: Values that only the server computes, alike in both modules.
_COMPUTED: Final = dict.fromkeys(
    (
        "avatar",
        "last_contacted",
        "last_contacted_mode",
        "last_contacted_sales_activity_mode",
        "last_contacted_via_sales_activity",
        "recent_note",
        "open_deals_amount",
        "open_deals_count",
        "won_deals_amount",
        "won_deals_count",
        "last_assigned_at",
        "completed_sales_sequences",
        "active_sales_sequences",
        "team_user_ids",
    )
)

_CONTACT_TEXTS: Final = (
    "first_name",
    "last_name",
    "job_title",
    "address",
    "city",
    "state",
    "zipcode",
    "country",
    "time_zone",
    "locale",
    "facebook",
    "twitter",
    "linkedin",
    "keyword",
    "medium",
    "first_source",
    "first_medium",
    "first_campaign",
    "latest_source",
    "latest_medium",
    "latest_campaign",
)

CONTACTS: Final = Module(
    plural="contacts",
    singular="contact",
    label="Contact",
    fields=(
        Field(name="emails", label="Email", required=True, unique=True),
        Field(name="mobile_number", label="Mobile", type="phone"),
        Field(name="work_number", label="Work", type="phone"),
        Field(name="external_id", label="External ID", unique=True),
        *_texts(*_CONTACT_TEXTS),
        Field(name="subscription_status", label="Subscription", type="number"),
        Field(name="subscription_types", label="Subscription types"),
        Field(name="sms_subscription_status", label="SMS", type="number"),
        Field(name="whatsapp_subscription_status", label="WhatsApp", type="number"),
        _reference("owner_id", "owners"),
        _reference("territory_id", "territories"),
        _reference("lead_source_id", "lead_sources"),
        _reference("campaign_id", "campaigns"),
        _reference("lifecycle_stage_id", "lifecycle_stages"),
        _reference("contact_status_id", "contact_statuses"),
    ),
    blank=dict.fromkeys(_CONTACT_TEXTS)
    | _COMPUTED
    | dict.fromkeys(
        (
            "email",
            "work_number",
            "mobile_number",
            "last_seen",
            "web_form_ids",
            "external_id",
            "work_email",
            "unsubscription_reason",
            "other_unsubscription_reason",
            "last_seen_chat",
            "first_seen_chat",
            "total_sessions",
            "last_source",
            "last_medium",
            "last_campaign",
        )
    )
    | {
        "emails": [],
        "phone_numbers": [],
        "lead_score": 0,
        "customer_fit": 0,
        "tags": [],
        "system_tags": [],
        "is_deleted": False,
        "subscription_status": 1,
        "subscription_types": "2;3;4;5;1",
        "whatsapp_subscription_status": 2,
        "sms_subscription_status": 2,
    },
    links=(
        "conversations",
        "timeline_feeds",
        "document_associations",
        "notes",
        "tasks",
        "appointments",
        "reminders",
        "duplicates",
        "connections",
    ),
    references=_TEAM
    | {
        "source": _SOURCE,
        "lead_source": _SOURCE,
        "campaign": Reference(
            key="campaign_id", array="campaigns", selector="campaigns"
        ),
        "contact_status": Reference(
            key="contact_status_id", array="contact_status", selector="contact_statuses"
        ),
        "lifecycle_stage": Reference(
            key="lifecycle_stage_id",
            array="lifecycle_stages",
            selector="lifecycle_stages",
        ),
        "territory": _TERRITORY,
    },
    embeds=frozenset(
        {"sales_accounts", "deals", "appointments", "tasks", "notes", "emails"}
    ),
    setters={
        "email": set_email,
        "emails": set_emails,
        "tags": _set_tags,
        "sales_accounts": set_sales_accounts,
        "sales_account_id": set_sales_account_id,
    },
    settle=settle_contact,
    name=lambda record: str(record.shown["display_name"]),
    views=(
        "My Contacts",
        "New Contacts",
        "All Contacts",
        "Recently Modified",
        "Never Contacted",
        "Recycle Bin",
    ),
    identifiers=("emails", "id"),
    first_id=70_042_000_001,
    record_type_id="71010794476",
    unique_limit=4,
    lookup_fields=("email", "mobile_number", "work_number", "name", "external_id"),
)

_ACCOUNT_TEXTS: Final = (
    "address",
    "city",
    "state",
    "zipcode",
    "country",
    "website",
    "facebook",
    "twitter",
    "linkedin",
)

SALES_ACCOUNTS: Final = Module(
    plural="sales_accounts",
    singular="sales_account",
    label="SalesAccount",
    fields=(
        Field(name="name", label="Name", required=True),
        Field(name="phone", label="Phone", type="phone"),
        *_texts(*_ACCOUNT_TEXTS),
        Field(name="number_of_employees", label="Number of employees", type="number"),
        Field(name="annual_revenue", label="Annual revenue", type="decimal"),
        _reference("owner_id", "owners"),
        _reference("territory_id", "territories"),
        _reference("industry_type_id", "industry_types"),
        _reference("business_type_id", "business_types"),
        _reference("parent_sales_account_id", "sales_accounts"),
    ),
    blank=dict.fromkeys(("name", "phone", *_ACCOUNT_TEXTS))
    | _COMPUTED
    | {
        "number_of_employees": None,
        "annual_revenue": None,
        "tags": [],
        "is_deleted": False,
        "has_connections": False,
    },
    links=(
        "conversations",
        "document_associations",
        "notes",
        "tasks",
        "appointments",
    ),
    references=_TEAM
    | {
        "territory": _TERRITORY,
        "business_type": Reference(
            key="business_type_id", array="business_types", selector="business_types"
        ),
        "industry_type": Reference(
            key="industry_type_id", array="industry_types", selector="industry_types"
        ),
        "parent_sales_account": Reference(
            key="parent_sales_account_id", array="sales_accounts", selector=""
        ),
    },
    open_references=("owner_id", "parent_sales_account_id"),
    embeds=frozenset(
        {"tasks", "appointments", "contacts", "deals", "child_sales_accounts"}
    ),
    setters={"tags": _set_tags},
    settle=_nothing,
    name=lambda record: str(record.shown.get("name") or ""),
    views=("My Accounts", "All Accounts", "Recently Modified", "Recycle Bin"),
    identifiers=("name", "id"),
    first_id=70_003_000_001,
    record_type_id="71010794477",
    unique_limit=2,
    lookup_fields=("name", "phone", "website"),
)

MODULES: Final[Mapping[str, Module]] = {
    module.plural: module for module in (CONTACTS, SALES_ACCOUNTS)
}

BY_SINGULAR: Final[Mapping[str, Module]] = {
    module.singular: module for module in MODULES.values()
}
