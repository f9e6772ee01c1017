"""What records only point at: stores, customer groups, channels, roles; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.domain.model import Json, Named


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


def index_references(
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


def stores_of(listed: Json, known: Reference) -> list[Named]:
    """Name the stores that a record lists."""
    return [
        known.stores.get(store["key"]) or {"key": store["key"]}
        for store in listed or ()
    ]


def _group_ids(row: Json) -> dict[str, None]:
    """List the ids of a record's customer groups once each, in their order."""
    ids: dict[str, None] = {}
    if legacy := row.get("customerGroup"):
        ids[legacy["id"]] = None
    for assignment in row.get("customerGroupAssignments") or ():
        ids[assignment["customerGroup"]["id"]] = None
    return ids


def groups_of(row: Json, known: Reference) -> list[Named]:
    """Name a record's customer groups, the legacy one and the assigned ones."""
    return [known.groups.get(id_) or {"id": id_} for id_ in _group_ids(row)]


def price_lists(
    groups: list[Named], stores: list[Named], known: Reference
) -> list[Named]:
    """Join what stands in for price lists: groups and the stores' channels (8)."""
    channels = {
        channel["id"]: channel
        for store in stores
        for channel in known.channels.get(store["key"], ())
    }
    return [*groups, *channels.values()]


def unknown_references(rows: Iterable[Json], known: Reference) -> set[str]:
    """List the stores and groups that records point at and *known* lacks."""
    unknown: set[str] = set()
    for row in rows:
        for store in row.get("stores") or row.get("inheritedStores") or ():
            if store["key"] not in known.stores:
                unknown.add(store["key"])
        unknown.update(id_ for id_ in _group_ids(row) if id_ not in known.groups)
    return unknown


def _named(row: Json, languages: Sequence[str]) -> Named:
    named: Named = {"id": row["id"]}
    if row.get("key"):
        named["key"] = row["key"]
    if name := localized(row.get("name"), languages):
        named["name"] = name
    return named
