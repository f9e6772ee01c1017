"""The resources that customers and units point at: stores, groups, channels, roles."""

from collections.abc import Callable
from typing import Final

from crosswalk.simulators.commercetools.actions.addresses import address
from crosswalk.simulators.commercetools.changes import (
    Action,
    Actions,
    Arguments,
    Change,
    setter,
)
from crosswalk.simulators.commercetools.custom_fields import (
    custom_actions,
    custom_of,
)
from crosswalk.simulators.commercetools.permissions import PERMISSIONS
from crosswalk.simulators.commercetools.shapes import (
    Fields,
    Shape,
    anything,
    country,
    filled,
    flag,
    key,
    localized,
    many,
    may,
    need,
    one_of,
    project_locale,
    reference,
    structure,
    text,
)

_channel = reference("channel")
_channels = many(_channel, most=100)
_country = structure({"code": need(country)})
_roles = many(
    one_of(
        "InventorySupply",
        "ProductDistribution",
        "OrderExport",
        "OrderImport",
        "Primary",
    )
)
_permission = one_of(*PERMISSIONS)


def create_group(change: Change, draft: Arguments) -> None:
    """Fill a new customer group; the draft calls its name ``groupName``."""
    change.record.update(draft, name=draft["groupName"])
    del change.record["groupName"]


def create_store(change: Change, draft: Arguments) -> None:
    """Fill a new store."""
    lists = (
        "languages",
        "countries",
        "distributionChannels",
        "supplyChannels",
        "productSelections",
    )
    change.record.update({name: [] for name in lists}, **draft)


def create_channel(change: Change, draft: Arguments) -> None:
    """Fill a new channel; without a role it supplies inventory."""
    change.record.update({"roles": ["InventorySupply"]}, **draft)


def create_role(change: Change, draft: Arguments) -> None:
    """Fill a new associate role."""
    change.record.update({"buyerAssignable": True, "permissions": []}, **draft)


def _adder(list_name: str, argument: str, shape: Shape) -> Action:
    def run(change: Change, arguments: Arguments) -> None:
        held = change.record[list_name]
        if arguments[argument] not in held:
            held.append(arguments[argument])

    return Action(fields={argument: need(shape)}, run=run)


def _remover(list_name: str, argument: str, shape: Shape) -> Action:
    def run(change: Change, arguments: Arguments) -> None:
        held = change.record[list_name]
        if arguments[argument] in held:
            held.remove(arguments[argument])

    return Action(fields={argument: need(shape)}, run=run)


def _each_role(act: Callable[[list[str], str], None]) -> Action:
    def run(change: Change, arguments: Arguments) -> None:
        for role in arguments["roles"]:
            act(change.record["roles"], role)

    return Action(fields={"roles": need(_roles)}, run=run)


def _add_missing(held: list[str], role: str) -> None:
    if role not in held:
        held.append(role)


def _drop_present(held: list[str], role: str) -> None:
    if role in held:
        held.remove(role)


STORE_DRAFT: Final[Fields] = {
    "key": need(key),
    "name": may(localized),
    "languages": may(many(project_locale)),
    "countries": may(many(_country)),
    "distributionChannels": may(_channels),
    "supplyChannels": may(_channels),
    "custom": may(custom_of("store")),
}

STORE_ACTIONS: Final[Actions] = {
    "setName": setter("name", may(localized)),
    "setLanguages": setter("languages", need(many(project_locale))),
    "setCountries": setter("countries", need(many(_country))),
    "addCountry": _adder("countries", "country", _country),
    "removeCountry": _remover("countries", "country", _country),
    "setDistributionChannels": setter("distributionChannels", need(_channels)),
    "addDistributionChannel": _adder(
        "distributionChannels", "distributionChannel", _channel
    ),
    "removeDistributionChannel": _remover(
        "distributionChannels", "distributionChannel", _channel
    ),
    "setSupplyChannels": setter("supplyChannels", need(_channels)),
    "addSupplyChannel": _adder("supplyChannels", "supplyChannel", _channel),
    "removeSupplyChannel": _remover("supplyChannels", "supplyChannel", _channel),
    **custom_actions("store"),
}

GROUP_DRAFT: Final[Fields] = {
    "groupName": need(filled),
    "key": may(key),
    "custom": may(custom_of("customer-group")),
}

GROUP_ACTIONS: Final[Actions] = {
    "changeName": setter("name", need(filled)),
    "setKey": setter("key", may(key)),
    **custom_actions("customer-group"),
}

CHANNEL_DRAFT: Final[Fields] = {
    "key": need(key),
    "roles": may(_roles),
    "name": may(localized),
    "description": may(localized),
    "address": may(address),
    "geoLocation": may(anything),
    "custom": may(custom_of("channel")),
}

CHANNEL_ACTIONS: Final[Actions] = {
    "changeKey": setter("key", need(key)),
    "changeName": setter("name", need(localized)),
    "changeDescription": setter("description", need(localized)),
    "setRoles": setter("roles", need(_roles)),
    "addRoles": _each_role(_add_missing),
    "removeRoles": _each_role(_drop_present),
    "setAddress": setter("address", may(address)),
    "setGeoLocation": setter("geoLocation", may(anything)),
    **custom_actions("channel"),
}

ROLE_DRAFT: Final[Fields] = {
    "key": need(key),
    "name": may(text),
    "buyerAssignable": may(flag),
    "permissions": may(many(_permission)),
    "custom": may(custom_of("associate-role")),
}

ROLE_ACTIONS: Final[Actions] = {
    "setName": setter("name", may(text)),
    "changeBuyerAssignable": setter("buyerAssignable", need(flag)),
    "setPermissions": setter("permissions", need(many(_permission))),
    "addPermission": _adder("permissions", "permission", _permission),
    "removePermission": _remover("permissions", "permission", _permission),
    **custom_actions("associate-role"),
}
