"""commercetools JSON to the documents that mappings see; pure.

Records of the shop are plain dicts as they came; unknown fields and values are let
through or left out, never refused, because the API adds some without notice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.commercetools.addresses import addresses_of
from crosswalk.commercetools.memberships import members, memberships
from crosswalk.commercetools.reference import (
    Reference,
    groups_of,
    price_lists,
    stores_of,
)
from crosswalk.commercetools.wire import NAMED_BY, read_time
from crosswalk.domain.model import Consent, Json, Kind, ShopRecord, shop_ref

#: What an answer to "may we write?" looks like as a text; any other is unknown.
CONSENT_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("subscribed", "yes", "true", "opt-in", "optin", "granted", "confirmed"),
        "subscribed",
    ),
    **dict.fromkeys(
        ("unsubscribed", "no", "false", "opt-out", "optout", "denied", "revoked"),
        "unsubscribed",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPaths:
    """Which custom fields tell what a person said about one channel."""

    #: A boolean or a text.
    state: str
    at: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the configuration decides about reading the shop."""

    #: Names of `ADDRESS_RULES`, the first that finds an address wins.
    primary_address: Sequence[str] = ("default_billing", "default_shipping", "first")
    #: Names of `COMPANY_RULES`, the first that finds a membership wins.
    primary_company: Sequence[str] = ("first_explicit", "first")
    #: Languages of localized names, the preferred one first.
    languages: Sequence[str] = ("en",)
    #: Channel of communication -> where its consent is kept.
    consent: Mapping[str, ConsentPaths] = field(default_factory=dict)


#: Fields of both kinds that only change their name: theirs -> ours.
COMMON_FIELDS: Final[Mapping[str, str]] = {
    "id": "id",
    "key": "key",
    "createdAt": "created_at",
    "lastModifiedAt": "modified_at",
}

PERSON_FIELDS: Final[Mapping[str, str]] = {
    **COMMON_FIELDS,
    "customerNumber": "number",
    "externalId": "external_id",
    "email": "email",
    "isEmailVerified": "email_verified",
    "title": "title",
    "salutation": "salutation",
    "firstName": "first_name",
    "middleName": "middle_name",
    "lastName": "last_name",
    "dateOfBirth": "date_of_birth",
    "companyName": "company",
    "vatId": "vat_id",
    "locale": "locale",
}

COMPANY_FIELDS: Final[Mapping[str, str]] = {
    **COMMON_FIELDS,
    "name": "name",
    "unitType": "type",
    "status": "status",
    "contactEmail": "email",
}


def person(
    customer: Json, *, units: Iterable[Json], reference: Reference, rules: Rules
) -> ShopRecord:
    """Read a customer; *units* are the business units that have it as a member."""
    document = _plain(customer, PERSON_FIELDS)
    locale = document.get("locale")
    if locale:
        document["language"] = locale.partition("-")[0]
    custom = _custom(customer)
    document["custom"] = custom
    document["stores"] = stores = stores_of(customer.get("stores"), reference)
    document["groups"] = groups = groups_of(customer, reference)
    document["price_lists"] = price_lists(groups, stores, reference)
    document["consent"] = {
        channel: _consent(custom, paths) for channel, paths in rules.consent.items()
    }
    document["companies"] = memberships(
        customer["id"], units, reference, rules.primary_company
    )
    document.update(addresses_of(customer, rules.primary_address))
    return _record(Kind.PERSON, customer, document)


def company(unit: Json, *, reference: Reference, rules: Rules) -> ShopRecord:
    """Read a business unit."""
    document = _plain(unit, COMPANY_FIELDS)
    for theirs, ours in (
        ("parentUnit", "parent_key"),
        ("topLevelUnit", "top_level_key"),
    ):
        if unit.get(theirs):
            document[ours] = unit[theirs]["key"]
    listed = unit.get("stores") or unit.get("inheritedStores")
    document["custom"] = _custom(unit)
    document["stores"] = stores = stores_of(listed, reference)
    document["groups"] = groups = groups_of(unit, reference)
    document["price_lists"] = price_lists(groups, stores, reference)
    document["associates"] = members(unit, reference)
    document.update(addresses_of(unit, rules.primary_address))
    return _record(Kind.COMPANY, unit, document)


def _plain(row: Json, names: Mapping[str, str]) -> dict[str, Json]:
    """Take over the fields that only change their name; empty ones stay out."""
    return {
        names[theirs]: value
        for theirs, value in row.items()
        if theirs in names and value is not None and value != ""
    }


def _record(kind: Kind, row: Json, document: dict[str, Json]) -> ShopRecord:
    return ShopRecord(
        ref=shop_ref(kind, row[NAMED_BY[kind]]),
        version=row["version"],
        modified_at=read_time(row["lastModifiedAt"]),
        document=document,
    )


def _custom(row: Json) -> Json:
    custom = row.get("custom")
    return custom.get("fields", {}) if custom else {}


def _consent(custom: Json, paths: ConsentPaths) -> Consent:
    """Read one channel's consent; silence is never read as yes or no."""
    consent: Consent = {"state": _consent_state(_at(custom, paths.state))}
    if at := _at(custom, paths.at):
        consent["at"] = at
    if source := _at(custom, paths.source):
        consent["source"] = source
    return consent


def _at(custom: Json, path: str) -> Json:
    """Follow a dotted path into custom fields; None where it leads nowhere."""
    if not path:
        return None
    value = custom
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _consent_state(value: Json) -> str:
    return CONSENT_WORDS.get(str(value).strip().lower().replace("_", "-"), "unknown")
