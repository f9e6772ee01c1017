"""Addresses of customers and business units; pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from crosswalk.domain.model import Json

#: Countries whose addresses write the number before the street.
# fmt: off
NUMBER_FIRST: Final = frozenset({
    "AE", "AU", "BM", "BS", "CA", "EG", "FR", "GB", "GG", "GI",
    "HK", "IE", "IM", "IN", "JE", "JM", "KE", "KY", "LK", "LU",
    "MA", "MC", "MT", "MU", "MY", "NG", "NZ", "OM", "PH", "PK",
    "SG", "TH", "TN", "TT", "TZ", "UG", "US", "ZA", "ZW",
})
# fmt: on

#: How a primary address may be chosen: the field that holds its id; "" is the first.
ADDRESS_RULES: Final[Mapping[str, str]] = {
    "default_billing": "defaultBillingAddressId",
    "default_shipping": "defaultShippingAddressId",
    "first": "",
}

#: An address as `crosswalk.domain.model.Address` describes it.
Read = dict[str, Json]

#: Fields of an address that only change their name: theirs -> ours.
ADDRESS_FIELDS: Final[Mapping[str, str]] = {
    "id": "id",
    "key": "key",
    "firstName": "first_name",
    "lastName": "last_name",
    "company": "company",
    "postalCode": "zip",
    "city": "city",
    "region": "region",
    "state": "state",
    "country": "country",
    "phone": "phone",
    "mobile": "mobile",
    "email": "email",
}

#: What becomes the second line, in this order.
EXTRA_FIELDS: Final = ("additionalStreetInfo", "building", "apartment")


def street(address: Json) -> str:
    """Write street and number in the order of the address's country."""
    name, number = address.get("streetName") or "", address.get("streetNumber") or ""
    parts = (number, name) if address.get("country") in NUMBER_FIRST else (name, number)
    return " ".join(part for part in parts if part)


def addresses_of(row: Json, rules: Sequence[str]) -> dict[str, Json]:
    """Read a record's addresses, the primary one chosen by *rules* (`ADDRESS_RULES`).

    What is absent stays out: a record without any address has only an empty list.
    """
    addresses = [_address(address) for address in row.get("addresses") or ()]
    by_id = {address["id"]: address for address in addresses if "id" in address}
    named = {
        "billing_address": by_id.get(row.get("defaultBillingAddressId") or ""),
        "shipping_address": by_id.get(row.get("defaultShippingAddressId") or ""),
    }
    document: dict[str, Json] = {
        name: address for name, address in named.items() if address
    }
    document["addresses"] = addresses
    primary = _primary(row, addresses, by_id, rules)
    if primary:
        document["address"] = _reachable(primary, addresses)
    return document


def _primary(
    row: Json,
    addresses: Sequence[Read],
    by_id: Mapping[str, Read],
    rules: Sequence[str],
) -> Read | None:
    for rule in rules:
        field = ADDRESS_RULES[rule]
        if not field and addresses:
            return addresses[0]
        if field and row.get(field) in by_id:
            return by_id[row[field]]
    return None


def _reachable(primary: Read, others: Sequence[Read]) -> Read:
    """Lend the primary address the phone numbers that it lacks itself.

    A number in national form means nothing under another country's address, so from
    there only international ones are taken.
    """
    missing = [name for name in ("phone", "mobile") if name not in primary]
    lent = {
        name: number
        for name in missing
        if (number := _first_number(name, primary, others))
    }
    return {**primary, **lent} if lent else primary


def _first_number(name: str, primary: Read, others: Sequence[Read]) -> str | None:
    country = primary.get("country")
    for address in others:
        number = address.get(name)
        if isinstance(number, str) and (
            address.get("country") == country or number.startswith(("+", "00"))
        ):
            return number
    return None


def _address(address: Json) -> Read:
    read: Read = {
        ADDRESS_FIELDS[theirs]: value
        for theirs, value in address.items()
        if value and theirs in ADDRESS_FIELDS
    }
    if line := street(address):
        read["street"] = line
    if extra := ", ".join(address[name] for name in EXTRA_FIELDS if address.get(name)):
        read["extra"] = extra
    custom = address.get("custom")
    if custom:
        read["custom"] = custom.get("fields", {})
    return read
