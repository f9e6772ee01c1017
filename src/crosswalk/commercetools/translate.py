"""commercetools JSON to the documents that mappings see; pure.

Records of the shop are plain dicts as they came; unknown fields and values are let
through or left out, never refused, because the API adds some without notice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.commercetools.addresses import addresses_of
from crosswalk.commercetools.wire import read_time
from crosswalk.domain.model import (
    Consent,
    Json,
    Kind,
    Membership,
    Named,
    ShopRecord,
    shop_ref,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Resources that records only point at."""

    #: By key.
    stores: Mapping[str, Named] = field(default_factory=dict)
    #: By id.
    groups: Mapping[str, Named] = field(default_factory=dict)
    #: Associate roles by key.
    roles: Mapping[str, Named] = field(default_factory=dict)
    #: Distribution channels by the key of the store that lists them.
    channels: Mapping[str, Sequence[Named]] = field(default_factory=dict)


def reference(
    *,
    stores: Iterable[Json],
    groups: Iterable[Json],
    channels: Iterable[Json],
    roles: Iterable[Json],
    languages: Sequence[str],
) -> Reference:
    """Index what records point at, with names in the preferred language."""
    store_list = list(stores)
    by_id = {
        channel["id"]: _named(channel, languages)
        for channel in channels
        if "ProductDistribution" in channel.get("roles", ())
    }
    return Reference(
        stores={store["key"]: _named(store, languages) for store in store_list},
        groups={group["id"]: _named(group, languages) for group in groups},
        roles={role["key"]: _named(role, languages) for role in roles},
        channels={
            store["key"]: [
                by_id[listed["id"]]
                for listed in store.get("distributionChannels", ())
                if listed["id"] in by_id
            ]
            for store in store_list
        },
    )


def localized(value: Json, languages: Sequence[str]) -> str:
    """Choose one of a localized text: by language, by its shorter forms, or any.

    A plain text is what it is.
    """
    if not isinstance(value, dict):
        return value or ""
    for language in languages:
        tag = language
        while tag:
            if value.get(tag):
                return str(value[tag])
            tag = tag.rpartition("-")[0]
    return next((str(text) for text in value.values() if text), "")


def person(
    customer: Json, *, units: Iterable[Json], reference: Reference, rules: Rules
) -> ShopRecord:
    """Read a customer; *units* are the business units that have it as a member."""
    get = customer.get
    custom = _custom(customer)
    groups = _groups(customer, reference)
    stores = _stores(get("stores"), reference)
    locale = get("locale") or ""
    document = {
        "key": get("key"),
        "number": get("customerNumber"),
        "external_id": get("externalId"),
        "email": get("email"),
        "email_verified": get("isEmailVerified"),
        "title": get("title"),
        "salutation": get("salutation"),
        "first_name": get("firstName"),
        "middle_name": get("middleName"),
        "last_name": get("lastName"),
        "date_of_birth": get("dateOfBirth"),
        "company": get("companyName"),
        "vat_id": get("vatId"),
        "locale": locale,
        "language": locale.partition("-")[0],
        "stores": stores,
        "groups": groups,
        "price_lists": _price_lists(groups, stores, reference),
        "consent": {
            channel: _consent(custom, paths) for channel, paths in rules.consent.items()
        },
        "companies": memberships(customer["id"], units, reference, rules),
        "custom": custom,
        **addresses_of(customer, rules.primary_address),
    }
    return _record(Kind.PERSON, customer, document)


def company(unit: Json, *, reference: Reference, rules: Rules) -> ShopRecord:
    """Read a business unit."""
    get = unit.get
    groups = _groups(unit, reference)
    stores = _stores(get("stores") or get("inheritedStores"), reference)
    document = {
        "key": get("key"),
        "name": get("name"),
        "type": get("unitType"),
        "status": get("status"),
        "email": get("contactEmail"),
        "parent_key": (get("parentUnit") or {}).get("key"),
        "top_level_key": (get("topLevelUnit") or {}).get("key"),
        "stores": stores,
        "groups": groups,
        "price_lists": _price_lists(groups, stores, reference),
        "associates": _members(unit, reference),
        "custom": _custom(unit),
        **addresses_of(unit, rules.primary_address),
    }
    return _record(Kind.COMPANY, unit, document)


def memberships(
    customer_id: str, units: Iterable[Json], reference: Reference, rules: Rules
) -> list[Membership]:
    """List a customer's companies: own ones before inherited, each oldest first."""
    found: dict[str, Membership] = {}
    oldest_first = sorted(units, key=_age)
    for inherited in (False, True):
        for unit in oldest_first:
            roles = _roles_of(customer_id, unit, reference, inherited=inherited)
            if roles is not None:
                found.setdefault(
                    unit["id"], _membership(unit, roles, inherited=inherited)
                )
    listed = list(found.values())
    chosen = (COMPANY_RULES[name](listed) for name in rules.primary_company)
    primary = next((membership for membership in chosen if membership), None)
    if primary is not None:
        primary["primary"] = True
    return listed


def unknown_references(rows: Iterable[Json], known: Reference) -> set[str]:
    """List the stores and groups that records point at and *known* lacks."""
    unknown: set[str] = set()
    for row in rows:
        for store in row.get("stores") or row.get("inheritedStores") or ():
            if store["key"] not in known.stores:
                unknown.add(store["key"])
        unknown.update(id_ for id_ in _group_ids(row) if id_ not in known.groups)
    return unknown


def member_ids(unit: Json) -> set[str]:
    """List the customers that a unit has as members, own or inherited."""
    entries = (*unit.get("associates", ()), *unit.get("inheritedAssociates", ()))
    return {entry["customer"]["id"] for entry in entries}


def _first_explicit(found: Sequence[Membership]) -> Membership | None:
    return next((entry for entry in found if not entry["inherited"]), None)


def _first(found: Sequence[Membership]) -> Membership | None:
    return next(iter(found), None)


#: How a primary company may be chosen among memberships in their order.
COMPANY_RULES: Final[
    Mapping[str, Callable[[Sequence[Membership]], Membership | None]]
] = {"first_explicit": _first_explicit, "first": _first}


def _record(kind: Kind, row: Json, document: dict[str, Json]) -> ShopRecord:
    """Complete a document and leave out what the shop left open."""
    document["id"] = row["id"]
    document["created_at"] = row.get("createdAt")
    document["modified_at"] = row["lastModifiedAt"]
    return ShopRecord(
        ref=shop_ref(kind, row["id"]),
        version=row["version"],
        modified_at=read_time(row["lastModifiedAt"]),
        document={
            name: value
            for name, value in document.items()
            if value is not None and value != ""
        },
    )


def _named(row: Json, languages: Sequence[str]) -> Named:
    named: Named = {"id": row["id"]}
    if row.get("key"):
        named["key"] = row["key"]
    if name := localized(row.get("name"), languages):
        named["name"] = name
    return named


def _custom(row: Json) -> Json:
    custom = row.get("custom")
    return custom.get("fields", {}) if custom else {}


def _stores(references: Json, known: Reference) -> list[Named]:
    return [
        known.stores.get(store["key"]) or {"key": store["key"]}
        for store in references or ()
    ]


def _group_ids(row: Json) -> dict[str, None]:
    """List the ids of a record's customer groups once each, in their order."""
    ids: dict[str, None] = {}
    if legacy := row.get("customerGroup"):
        ids[legacy["id"]] = None
    for assignment in row.get("customerGroupAssignments") or ():
        ids[assignment["customerGroup"]["id"]] = None
    return ids


def _groups(row: Json, known: Reference) -> list[Named]:
    return [known.groups.get(id_) or {"id": id_} for id_ in _group_ids(row)]


def _price_lists(
    groups: list[Named], stores: list[Named], known: Reference
) -> list[Named]:
    """Join what stands in for price lists: groups and the stores' channels (8)."""
    channels = {
        channel["id"]: channel
        for store in stores
        for channel in known.channels.get(store["key"], ())
    }
    return [*groups, *channels.values()]


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
    value = custom
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _consent_state(value: Json) -> str:
    return CONSENT_WORDS.get(str(value).strip().lower().replace("_", "-"), "unknown")


#: Whether members are inherited -> where a unit lists them.
_MEMBERS: Final[Mapping[bool, str]] = {
    False: "associates",
    True: "inheritedAssociates",
}


def _members(unit: Json, known: Reference) -> list[dict[str, Json]]:
    return [
        {
            "id": entry["customer"]["id"],
            "roles": _roles(entry, known),
            "inherited": inherited,
        }
        for inherited, name in _MEMBERS.items()
        for entry in unit.get(name) or ()
    ]


def _roles_of(
    customer_id: str, unit: Json, known: Reference, *, inherited: bool
) -> list[str] | None:
    """Name a customer's roles in a unit; None where it is no such member."""
    for entry in unit.get(_MEMBERS[inherited]) or ():
        if entry["customer"]["id"] == customer_id:
            return _roles(entry, known)
    return None


def _membership(unit: Json, roles: list[str], *, inherited: bool) -> Membership:
    return {
        "id": unit["id"],
        "key": unit["key"],
        "name": unit["name"],
        "roles": roles,
        "inherited": inherited,
        "primary": False,
    }


def _roles(entry: Json, known: Reference) -> list[str]:
    """Name an associate's roles once each; a role we know nothing of by its key."""
    assignments = entry.get("associateRoleAssignments") or ()
    keys = dict.fromkeys(given["associateRole"]["key"] for given in assignments)
    return [
        known.roles[key].get("name", key) if key in known.roles else key for key in keys
    ]


def _age(unit: Json) -> tuple[str, str]:
    return unit.get("createdAt", ""), unit["id"]
