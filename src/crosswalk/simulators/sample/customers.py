"""The customers of the sample shop, each made from its index alone."""

from typing import Any, Final

from crosswalk.simulators.sample.addresses import address_book
from crosswalk.simulators.sample.chance import DAY, Dice, shop_time, uuid_of
from crosswalk.simulators.sample.people import Person, other_case, person_of
from crosswalk.simulators.sample.project import (
    CUSTOMER_TYPE,
    GROUPS,
    STORES,
    group_reference,
    store_reference,
    type_reference,
)
from crosswalk.simulators.sample.rates import (
    CUSTOMERS_PER_UNIT,
    CUSTOMS,
    EMAIL_OPINIONS,
    GROUPINGS,
    IMPORTS,
    MEETINGS,
    MEMBERSHIPS,
    SMS_OPINIONS,
    Custom,
    Grouping,
    Meeting,
    Membership,
    Opinion,
)

#: Seconds between two sign-ups.
SIGN_UP_EVERY: Final = 31
#: When the import ran that last changed a tenth of all customers: in May 2025.
IMPORTED_AT: Final = 500 * DAY

TITLES: Final = ("Dr.", "Prof.", "Dipl.-Ing.", "Sir")
CONSENT_SOURCES: Final = ("checkout", "newsletter form", "account page", "trade fair")
COMPANIES: Final = ("Café Morgenrot", "Harbour & Sons", "Atelier 12", "Nordlys")
#: The tier of a customer whose Type is set, where there is one.
TIER_OF: Final = {
    Custom.BRONZE: "bronze",
    Custom.SILVER: "silver",
    Custom.GOLD: "gold",
    Custom.PLATINUM: "platinum",
}


def customer_id(seed: int, index: int) -> str:
    """Return the id of customer *index*."""
    return uuid_of(seed, "customer", index)


def customer_email(seed: int, index: int) -> str:
    """Return the e-mail of customer *index*; every other second twin respells it."""
    email = person_of(seed, index).email
    second = MEETINGS.at(seed, index) is Meeting.SECOND_TWIN
    return other_case(email) if second and index % 2 else email


def customer(seed: int, index: int) -> dict[str, Any]:
    """Return customer *index* as the API would."""
    person, dice = person_of(seed, index), Dice(seed, "customer", index)
    created = index * SIGN_UP_EVERY
    modified = created + dice.below(60 * DAY)
    record = {
        "id": customer_id(seed, index),
        "version": dice.below(20) + 1,
        "createdAt": shop_time(created),
        "lastModifiedAt": shop_time(
            IMPORTED_AT if IMPORTS.at(seed, index) else modified
        ),
        "email": customer_email(seed, index),
        "isEmailVerified": dice.hits(70),
        "authenticationMode": "Password",
        "password": "****c2E=",
    }
    record |= _names(person, dice)
    record |= _particulars(index, person, dice)
    record |= address_book(seed, index, person)
    record |= _groups(seed, index, dice)
    record["stores"] = [store_reference(key) for key in stores_of(seed, index)]
    fields = custom_fields(seed, index, created=created, modified=modified)
    if fields is not None:
        record["custom"] = {
            "type": type_reference(seed, CUSTOMER_TYPE),
            "fields": fields,
        }
    return record


def stores_of(seed: int, index: int) -> list[str]:
    """Return the keys of the customer's stores; none for a global customer.

    A twin is in one store alone, and its second self in the next.
    """
    home = person_of(seed, index).market.store
    meeting = MEETINGS.at(seed, index)
    if meeting is Meeting.TWIN:
        return [home]
    if meeting is Meeting.SECOND_TWIN:
        return [_next_store(home)]
    match MEMBERSHIPS.at(seed, index):
        case Membership.GLOBAL:
            return []
        case Membership.ONE_STORE:
            return [home]
        case Membership.TWO_STORES:
            return [home, _next_store(home)]


def custom_fields(
    seed: int, index: int, *, created: int, modified: int
) -> dict[str, Any] | None:
    """Return the custom fields; None for a customer without a Type."""
    custom = CUSTOMS.at(seed, index)
    if custom is Custom.UNTYPED:
        return None
    dice = Dice(seed, "custom", index)
    fields: dict[str, Any] = {}
    if custom in TIER_OF:
        fields["loyaltyTier"] = TIER_OF[custom]
    for name, opinions in (("marketing", EMAIL_OPINIONS), ("sms", SMS_OPINIONS)):
        opinion = opinions.at(seed, index)
        at = modified if opinion is Opinion.WITHDRAWN else created
        fields |= _consent(f"{name}OptIn", opinion, at=at, dice=dice)
    if dice.hits(30):
        fields["birthdayClub"] = dice.hits(80)
    if dice.hits(20):
        fields["shoeSize"] = dice.below(14) + 34
    return fields


def _consent(name: str, opinion: Opinion, *, at: int, dice: Dice) -> dict[str, Any]:
    if opinion is Opinion.NEVER_ASKED:
        return {}
    withdrawn = opinion is Opinion.WITHDRAWN
    return {
        name: opinion is Opinion.GIVEN,
        f"{name}At": shop_time(at),
        f"{name}Source": "unsubscribe link"
        if withdrawn
        else dice.pick(CONSENT_SOURCES),
    }


def _names(person: Person, dice: Dice) -> dict[str, Any]:
    names: dict[str, Any] = {}
    if person.first is not None:
        names["firstName"] = person.first
    if person.last is not None:
        names["lastName"] = person.last
    if dice.hits(60):
        names["salutation"] = person.market.salutations[person.gender]
    if dice.hits(8):
        names["title"] = dice.pick(TITLES)
    return names


def _particulars(index: int, person: Person, dice: Dice) -> dict[str, Any]:
    year, month, day = dice.below(60) + 1945, dice.below(12) + 1, dice.below(28) + 1
    serial, company = dice.below(10**9), dice.pick(COMPANIES)
    optional = {
        "customerNumber": (85, f"C-{index:07d}"),
        "key": (60, f"customer-{index}"),
        "externalId": (30, f"erp-{serial}-{index}"),
        "dateOfBirth": (50, f"{year}-{month:02d}-{day:02d}"),
        "companyName": (15, company),
        "vatId": (10, f"{person.market.country}{serial:09d}"),
        "locale": (80, person.locale),
    }
    return {
        name: value for name, (share, value) in optional.items() if dice.hits(share)
    }


def _groups(seed: int, index: int, dice: Dice) -> dict[str, Any]:
    grouping = GROUPINGS.at(seed, index)
    first = dice.below(len(GROUPS))
    groups: dict[str, Any] = {"customerGroupAssignments": []}
    if grouping in {Grouping.LEGACY, Grouping.BOTH}:
        groups["customerGroup"] = group_reference(seed, GROUPS[first])
    if grouping in {Grouping.ASSIGNED, Grouping.BOTH}:
        groups["customerGroupAssignments"] = [
            {
                "customerGroup": group_reference(
                    seed, GROUPS[(first + step) % len(GROUPS)]
                )
            }
            for step in range(dice.below(2) + 1)
        ]
    return groups


def _next_store(key: str) -> str:
    keys = list(STORES)
    return keys[(keys.index(key) + 1) % len(keys)]


def unit_of(index: int) -> int:
    """Return the number of the business unit to whose dozen a customer belongs."""
    return index // CUSTOMERS_PER_UNIT
