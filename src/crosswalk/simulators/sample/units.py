"""The business units of the sample shop: families of companies and divisions.

Eight units make a family of three trees: a company with two divisions that have
divisions of their own, and two companies that stand alone.
"""

from typing import Any, Final

from crosswalk.simulators.sample.addresses import address_fields, place_of
from crosswalk.simulators.sample.chance import DAY, Dice, shop_time, uuid_of
from crosswalk.simulators.sample.customers import SIGN_UP_EVERY, customer_id
from crosswalk.simulators.sample.markets import MARKET, Market
from crosswalk.simulators.sample.project import (
    GROUPS,
    INDUSTRIES,
    UNIT_TYPE,
    group_reference,
    store_reference,
    type_reference,
)
from crosswalk.simulators.sample.rates import (
    CUSTOMERS_PER_UNIT,
    MARKETS,
    UNITS_ACTIVE,
)

#: The parent of each unit of a family, by position; None for a company.
PARENTS: Final = (None, 0, 0, 1, 1, 2, None, None)
#: What a division's name adds to its company's.
BRANCHES: Final = ("", " North", " South", " Depot", " Workshop", " Export", "", "")
#: In one family of so many the two companies that stand alone have one name.
EQUAL_NAMES_EVERY: Final = 4

#: Digits after the decimal point, where a currency has not two.
FRACTION_DIGITS: Final = {"JPY": 0, "KWD": 3}
#: The unit opened so long after its customers signed up.
OPENED_AFTER: Final = DAY

FOUNDERS: Final = (
    "Nordwind",
    "Maison Élan",
    "Kestrel & Vale",
    "Søndergaard",
    "Bäckerei Löwe",
    "丸山商店",
    "O'Hara",
    "Grupo Aurora",
)
TRADES: Final = ("Outdoor", "Möbel", "Coffee", "Textil", "Fahrrad", "Tools")
FORMS: Final = ("GmbH", "SARL", "Ltd", "AB", "B.V.", "株式会社")


def unit_count(customers: int) -> int:
    """Return how many units a shop of so many customers has."""
    return customers // CUSTOMERS_PER_UNIT


def unit_key(number: int) -> str:
    """Return the key of a unit: what everything else refers to it by."""
    return f"unit-{number}"


def parent_of(number: int) -> int | None:
    """Return the number of the parent unit; None for a company."""
    family, position = divmod(number, len(PARENTS))
    parent = PARENTS[position]
    return None if parent is None else family * len(PARENTS) + parent


def top_of(number: int) -> int:
    """Return the number of the company at the top of the unit's tree."""
    parent = parent_of(number)
    return number if parent is None else top_of(parent)


def unit_name(seed: int, number: int) -> str:
    """Return the name of a unit; two companies may share one."""
    family, position = divmod(number, len(PARENTS))
    if position == len(PARENTS) - 1 and family % EQUAL_NAMES_EVERY == 0:
        return unit_name(seed, number - 1)
    top = top_of(number)
    dice = Dice(seed, "unit name", top)
    company = f"{dice.pick(FOUNDERS)} {dice.pick(TRADES)} {top}"
    return f"{company}{BRANCHES[position]} {dice.pick(FORMS)}"


def market_of(seed: int, number: int) -> Market:
    """Return the market of the unit: the one of its company's first customer."""
    return MARKET[MARKETS.at(seed, top_of(number) * CUSTOMERS_PER_UNIT)]


def unit(seed: int, number: int) -> dict[str, Any]:
    """Return a business unit as the API would."""
    dice, market = Dice(seed, "unit", number), market_of(seed, number)
    opened = number * CUSTOMERS_PER_UNIT * SIGN_UP_EVERY + OPENED_AFTER
    record = {
        "id": uuid_of(seed, "business-unit", number),
        "version": dice.below(9) + 1,
        "createdAt": shop_time(opened),
        "lastModifiedAt": shop_time(opened + dice.below(30 * DAY)),
        "key": unit_key(number),
        "status": "Active" if UNITS_ACTIVE.at(seed, number) else "Inactive",
        "name": unit_name(seed, number),
        "associates": associates_of(seed, number),
        "topLevelUnit": _unit_reference(top_of(number)),
        "customerGroupAssignments": _groups(seed, dice),
        "custom": {
            "type": type_reference(seed, UNIT_TYPE),
            "fields": _custom_fields(number, market, dice),
        },
    }
    if dice.hits(80):
        record["contactEmail"] = f"Buying.{number}@example.org"
    address = {"id": f"{dice.below(16**8):08x}", "company": record["name"]}
    address |= place_of(market, dice)
    record |= address_fields([address], billing=0, shipping=None)
    return record | _descent(seed, number, market)


def associates_of(seed: int, number: int) -> list[dict[str, Any]]:
    """Return who belongs to a unit explicitly.

    Three of the unit's own dozen do; the first of the dozen before, too, so every
    such customer belongs to several units.
    """
    first = number * CUSTOMERS_PER_UNIT
    members = [
        (first, ("admin",), "Enabled"),
        (first + 1, ("buyer",), "Disabled"),
        (first + 2, ("buyer", "approver"), "Enabled"),
    ]
    if number % len(PARENTS):
        members.append((first - CUSTOMERS_PER_UNIT, ("viewer",), "Disabled"))
    return [
        {
            "associateRoleAssignments": [
                {"associateRole": _role_reference(role), "inheritance": inheritance}
                for role in roles
            ],
            "customer": {"typeId": "customer", "id": customer_id(seed, index)},
        }
        for index, roles, inheritance in members
    ]


def inherited_associates(seed: int, number: int) -> list[dict[str, Any]]:
    """Return who belongs to a unit because a unit above it passes them on."""
    parent = parent_of(number)
    if parent is None:
        return []
    passed_on = [
        {
            "customer": member["customer"],
            "associateRoleAssignments": [
                {
                    "associateRole": assignment["associateRole"],
                    "source": _unit_reference(parent),
                }
                for assignment in member["associateRoleAssignments"]
            ],
        }
        for member in associates_of(seed, parent)
        if member["associateRoleAssignments"][0]["inheritance"] == "Enabled"
    ]
    return passed_on + inherited_associates(seed, parent)


def _descent(seed: int, number: int, market: Market) -> dict[str, Any]:
    """Return what a unit has of its own and what from above."""
    parent = parent_of(number)
    stores = [store_reference(market.store)]
    if parent is None:
        return {
            "unitType": "Company",
            "storeMode": "Explicit",
            "stores": stores,
            "associateMode": "Explicit",
            "approvalRuleMode": "Explicit",
        }
    return {
        "unitType": "Division",
        "parentUnit": _unit_reference(parent),
        "storeMode": "FromParent",
        "inheritedStores": stores,
        "associateMode": "ExplicitAndFromParent",
        "inheritedAssociates": inherited_associates(seed, number),
        "approvalRuleMode": "ExplicitAndFromParent",
    }


def _custom_fields(number: int, market: Market, dice: Dice) -> dict[str, Any]:
    digits = FRACTION_DIGITS.get(market.currency, 2)
    optional = {
        "industry": (70, dice.pick(INDUSTRIES)),
        "vatId": (75, f"{market.country}{dice.below(10**9):09d}"),
        "website": (50, f"https://unit-{number}.example.com"),
        "creditLimit": (
            40,
            {
                "type": "centPrecision",
                "currencyCode": market.currency,
                "centAmount": (dice.below(100) + 1) * 1000 * 10**digits,
                "fractionDigits": digits,
            },
        ),
    }
    return {
        name: value for name, (share, value) in optional.items() if dice.hits(share)
    }


def _groups(seed: int, dice: Dice) -> list[dict[str, Any]]:
    if not dice.hits(40):
        return []
    return [{"customerGroup": group_reference(seed, dice.pick(GROUPS))}]


def _unit_reference(number: int) -> dict[str, str]:
    return {"typeId": "business-unit", "key": unit_key(number)}


def _role_reference(key: str) -> dict[str, str]:
    return {"typeId": "associate-role", "key": key}
