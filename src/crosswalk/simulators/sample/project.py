"""The furniture of the sample shop: what exists before the first customer."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from crosswalk.simulators.sample.chance import shop_time, uuid_of
from crosswalk.simulators.sample.markets import MARKET

Record = tuple[str, dict[str, Any]]

CUSTOMER_TYPE: Final = "sample-customer"
UNIT_TYPE: Final = "sample-business-unit"
TYPES: Final = (CUSTOMER_TYPE, UNIT_TYPE)
TIERS: Final = ("bronze", "silver", "gold", "platinum")
GROUPS: Final = ("retail", "wholesale", "vip", "employees", "press")
#: Every store by key, with its name.
STORES: Final = {
    "dach": "Deutschland, Österreich, Schweiz",
    "france": "France et Suisse romande",
    "benelux": "Benelux",
    "uk": "United Kingdom",
    "us": "United States",
    "nordics": "Norden",
    "japan": "日本",
    "brazil": "Brasil",
    "gulf": "الخليج",
    "outlet-eu": "Outlet Europe",
}
#: The roles of associates, with what they may do.
ROLES: Final = {
    "admin": ("AddChildUnits", "UpdateAssociates", "UpdateBusinessUnitDetails"),
    "buyer": ("CreateMyCarts", "CreateMyOrdersFromMyCarts", "ViewMyOrders"),
    "approver": ("ViewOthersOrders", "UpdateApprovalFlows"),
    "viewer": ("ViewMyOrders",),
}
INDUSTRIES: Final = ("Retail", "Hospitality", "Manufacturing", "Health", "Education")


def furniture(seed: int) -> Iterator[Record]:
    """Yield project, Types, channels, stores, groups and roles, referred-to first."""
    yield "project", project()
    yield "types", customer_type(seed)
    yield "types", unit_type(seed)
    yield from (("channels", channel(seed, key)) for key in price_lists())
    yield from (("stores", store(seed, key)) for key in STORES)
    yield from (("customer-groups", group(seed, key)) for key in GROUPS)
    yield from (("associate-roles", role(seed, key)) for key in ROLES)


def project() -> dict[str, Any]:
    """Return what the merchant has decided about the project."""
    return {
        "name": "Sample shop",
        "countries": sorted({market.country for market in MARKET.values()}),
        "currencies": sorted({market.currency for market in MARKET.values()}),
        "languages": ["en", "de", *MARKET],
        "messages": {"enabled": True, "deleteDaysAfterCreation": 15},
    }


def customer_type(seed: int) -> dict[str, Any]:
    """Return the Type of customers: consent, loyalty, and what nobody maps."""
    return _type(
        seed,
        CUSTOMER_TYPE,
        "customer",
        {
            "marketingOptIn": {"name": "Boolean"},
            "marketingOptInAt": {"name": "DateTime"},
            "marketingOptInSource": {"name": "String"},
            "smsOptIn": {"name": "Boolean"},
            "smsOptInAt": {"name": "DateTime"},
            "smsOptInSource": {"name": "String"},
            "loyaltyTier": _enumeration(TIERS),
            "birthdayClub": {"name": "Boolean"},
            "shoeSize": {"name": "Number"},
        },
    )


def unit_type(seed: int) -> dict[str, Any]:
    """Return the Type of business units."""
    return _type(
        seed,
        UNIT_TYPE,
        "business-unit",
        {
            "industry": _enumeration(INDUSTRIES),
            "vatId": {"name": "String"},
            "website": {"name": "String"},
            "creditLimit": {"name": "Money"},
        },
    )


def price_lists() -> list[str]:
    """Return the keys of the channels that stand for price lists: two a store."""
    return [f"prices-{key}{part}" for key in STORES for part in ("", "-trade")]


def channel(seed: int, key: str) -> dict[str, Any]:
    """Return a channel with the role of a price list."""
    return _resource(seed, "channel", price_lists().index(key)) | {
        "key": key,
        "roles": ["ProductDistribution"],
        "name": {"en": f"Price list {key.removeprefix('prices-')}"},
    }


def store(seed: int, key: str) -> dict[str, Any]:
    """Return a store with its countries, languages and price lists."""
    served = {tag: market for tag, market in MARKET.items() if market.store == key}
    countries = sorted({market.country for market in served.values()})
    lists = [f"prices-{key}", f"prices-{key}-trade"]
    return _resource(seed, "store", list(STORES).index(key)) | {
        "key": key,
        "name": {"en": STORES[key]},
        "languages": list(served),
        "countries": [{"code": country} for country in countries],
        "distributionChannels": [
            {"typeId": "channel", "id": channel(seed, name)["id"]} for name in lists
        ],
        "supplyChannels": [],
        "productSelections": [],
    }


def group(seed: int, key: str) -> dict[str, Any]:
    """Return a customer group."""
    return _resource(seed, "customer-group", GROUPS.index(key)) | {
        "key": key,
        "name": key.title(),
    }


def role(seed: int, key: str) -> dict[str, Any]:
    """Return an associate role."""
    return _resource(seed, "associate-role", list(ROLES).index(key)) | {
        "key": key,
        "name": key.title(),
        "buyerAssignable": key != "admin",
        "permissions": list(ROLES[key]),
    }


def type_reference(seed: int, key: str) -> dict[str, str]:
    """Refer to a Type, as the API does, by id."""
    return {"typeId": "type", "id": _id(seed, "type", TYPES.index(key))}


def group_reference(seed: int, key: str) -> dict[str, str]:
    """Refer to a customer group, as the API does, by id."""
    return {
        "typeId": "customer-group",
        "id": _id(seed, "customer-group", GROUPS.index(key)),
    }


def store_reference(key: str) -> dict[str, str]:
    """Refer to a store, as the API does, by key."""
    return {"typeId": "store", "key": key}


#: The ids to which every customer refers are worked out once.
_id = lru_cache(maxsize=256)(uuid_of)


def _resource(seed: int, kind: str, index: int) -> dict[str, Any]:
    return {
        "id": uuid_of(seed, kind, index),
        "version": 1,
        "createdAt": shop_time(index),
        "lastModifiedAt": shop_time(index),
    }


def _enumeration(keys: tuple[str, ...]) -> dict[str, Any]:
    values = [{"key": key, "label": key.title()} for key in keys]
    return {"name": "Enum", "values": values}


def _type(
    seed: int, key: str, resource: str, fields: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    definitions = [
        {
            "name": name,
            "label": {"en": name},
            "required": False,
            "type": kind,
            "inputHint": "SingleLine",
        }
        for name, kind in fields.items()
    ]
    return _resource(seed, "type", TYPES.index(key)) | {
        "key": key,
        "name": {"en": f"Sample {resource}"},
        "resourceTypeIds": [resource],
        "fieldDefinitions": definitions,
    }
