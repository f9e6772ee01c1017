"""The addresses of customers, and the telephone numbers written in them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from crosswalk.simulators.sample.chance import Dice
from crosswalk.simulators.sample.markets import Market
from crosswalk.simulators.sample.people import Person
from crosswalk.simulators.sample.rates import DIALLINGS, HOUSINGS, Dialling, Housing

#: What people write where a telephone number was asked for.
NO_NUMBERS: Final = ("n/a", "-", "123", "0", "unknown", "via e-mail", "555")

#: Which addresses (by position) are the defaults for billing and for shipping.
DEFAULTS: Final[Mapping[Housing, tuple[int | None, int | None]]] = {
    Housing.NONE: (None, None),
    Housing.ONE_FOR_ALL: (0, 0),
    Housing.ONE_UNMARKED: (None, None),
    Housing.SEVERAL_BILLING: (1, None),
    Housing.SEVERAL_SHIPPING: (None, 1),
    Housing.SEVERAL_BOTH: (0, 1),
    Housing.SEVERAL_UNMARKED: (None, None),
}
SEVERAL: Final = frozenset(
    {
        Housing.SEVERAL_BILLING,
        Housing.SEVERAL_SHIPPING,
        Housing.SEVERAL_BOTH,
        Housing.SEVERAL_UNMARKED,
    }
)
#: Which numbers an address has: half have a landline alone.
NUMBERS: Final = (("phone",), ("phone",), ("mobile",), ("phone", "mobile"))
KEYS: Final = ("home", "work", "holiday")


def international(number: str, market: Market, *, prefix: str) -> str:
    """Write a national number of *market* with a calling code behind *prefix*."""
    digits = "".join(filter(str.isdigit, number)).removeprefix(market.trunk)
    return f"{prefix}{market.calling.removeprefix('+')}{digits}"


DIALLED: Final[Mapping[Dialling, Callable[[str, Market, Dice], str | None]]] = {
    Dialling.NATIONAL: lambda number, _market, _: number,
    Dialling.E164: lambda number, market, _: international(number, market, prefix="+"),
    Dialling.DOUBLE_ZERO: lambda number, market, _: international(
        number, market, prefix="00"
    ),
    Dialling.NONE: lambda _number, _market, _: None,
    Dialling.INVALID: lambda _number, _market, dice: dice.pick(NO_NUMBERS),
}


def place_of(market: Market, dice: Dice) -> dict[str, Any]:
    """Draw a place in *market*: the part of an address that says where it is."""
    place = {
        "country": market.country,
        "streetName": dice.pick(market.streets),
        "streetNumber": str(dice.below(180) + 1),
        "postalCode": dice.fill(market.postcode),
        "city": dice.pick(market.cities),
    }
    if market.states:
        place["state"] = dice.pick(market.states)
    return place


def numbers_of(dialling: Dialling, market: Market, dice: Dice) -> dict[str, str]:
    """Draw a landline, a mobile number or both, written as *dialling* says."""
    written: dict[str, str] = {}
    for name in dice.pick(NUMBERS):
        pattern = market.landline if name == "phone" else market.mobile
        number = DIALLED[dialling](dice.fill(pattern), market, dice)
        if number is not None:
            written[name] = number
    return written


def address_of(seed: int, index: int, position: int, person: Person) -> dict[str, Any]:
    """Return an address of customer *index* as the API would."""
    dice = Dice(seed, f"address {position}", index)
    address: dict[str, Any] = {"id": f"{dice.below(16**8):08x}"}
    if dice.hits(35):
        address["key"] = KEYS[position]
    if person.first is not None and dice.hits(80):
        address["firstName"] = person.first
    if person.last is not None and dice.hits(80):
        address["lastName"] = person.last
    address |= place_of(person.market, dice)
    address |= numbers_of(DIALLINGS.at(seed, index), person.market, dice)
    if position == 1 and dice.hits(40):
        address["company"] = "Poste restante"
    if dice.hits(10):
        address["email"] = f"office.{index:x}@example.org"
    return address


def address_book(seed: int, index: int, person: Person) -> dict[str, Any]:
    """Return the addresses of customer *index*, with which is default for what."""
    housing = HOUSINGS.at(seed, index)
    if housing is Housing.NONE:
        return address_fields([], billing=None, shipping=None)
    count = 2 + index % 2 if housing in SEVERAL else 1
    addresses = [address_of(seed, index, place, person) for place in range(count)]
    billing, shipping = DEFAULTS[housing]
    return address_fields(addresses, billing=billing, shipping=shipping)


def address_fields(
    addresses: list[dict[str, Any]], *, billing: int | None, shipping: int | None
) -> dict[str, Any]:
    """Write *addresses* and their defaults, by position, as the API would."""
    fields: dict[str, Any] = {"addresses": addresses}
    for role, position in (("Billing", billing), ("Shipping", shipping)):
        listed = f"{role.lower()}AddressIds"
        fields[listed] = []
        if position is not None:
            fields[f"default{role}AddressId"] = addresses[position]["id"]
            fields[listed] = [addresses[position]["id"]]
    return fields
