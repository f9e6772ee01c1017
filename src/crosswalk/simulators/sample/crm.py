"""The sample CRM as the salespeople left it, before the first sync."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from crosswalk.simulators.sample.chance import DAY, Dice, crm_time
from crosswalk.simulators.sample.customers import (
    SIGN_UP_EVERY,
    customer_email,
    customer_id,
    unit_of,
)
from crosswalk.simulators.sample.fields import FIRST_OWNER_ID, OWNERS
from crosswalk.simulators.sample.people import Person, other_case, person_of
from crosswalk.simulators.sample.rates import (
    MEETINGS,
    STRANGE_ACCOUNTS,
    STRANGERS,
    UNIT_MEETINGS,
    Meeting,
    StrangeAccount,
    Stranger,
    UnitMeeting,
)
from crosswalk.simulators.sample.units import unit_count, unit_key, unit_name

#: Ids leave room for four contacts a customer and four accounts a unit.
FIRST_CONTACT_ID: Final = 127_000_000_000
FIRST_ACCOUNT_ID: Final = 128_000_000_000
ROOM: Final = 4

#: What only people write: it must survive every sync.
HUMAN_TAGS: Final = ("VIP", "trade-fair-2025", "call back", "Stammkunde")
JOBS: Final = ("Buyer", "Head of Procurement", "Geschäftsführerin", "Owner")
STRANGE_NAMES: Final = ("Falkenried Logistik", "Bluebell Interiors", "Ateliers Corvo")


def contact_id(index: int, place: int = 0) -> int:
    """Return the id of a contact that belongs with customer *index*.

    Places 0 and 1 are for contacts the customer meets, 3 is for a stranger.
    """
    return FIRST_CONTACT_ID + ROOM * index + place


def account_id(number: int, place: int = 0) -> int:
    """Return the id of an account that belongs with a unit.

    Places 0 and 1 are for accounts the unit meets, 2 and 3 for strange ones.
    """
    return FIRST_ACCOUNT_ID + ROOM * number + place


def contacts_of(seed: int, index: int, *, units: int) -> Iterator[dict[str, Any]]:
    """Yield the contacts that belong with customer *index*, met or strange."""
    yield from MET[MEETINGS.at(seed, index)](seed, index, units)
    stranger = STRANGERS.at(seed, index)
    if stranger is not Stranger.NONE:
        record = _contact(seed, index, place=3, units=units)
        email = f"lead.{index}@prospect.example.com"
        deleted = stranger is Stranger.DELETED
        yield record | _emails(email) | {"is_deleted": deleted}


def accounts_of(seed: int, number: int) -> Iterator[dict[str, Any]]:
    """Yield the accounts that belong with a unit, met or strange."""
    name, key = unit_name(seed, number), unit_key(number)
    match UNIT_MEETINGS.at(seed, number):
        case UnitMeeting.BY_KEY:
            renamed = f"{name} (key account)" if number % 2 else name
            yield _account(seed, number, place=0, name=renamed, key=key)
        case UnitMeeting.NAMESAKE:
            yield _account(seed, number, place=0, name=name)
        case UnitMeeting.NAMESAKES:
            yield _account(seed, number, place=0, name=name)
            yield _account(seed, number, place=1, name=name)
        case UnitMeeting.NEW:
            pass
    for place in range(STRANGE_COUNT[STRANGE_ACCOUNTS.at(seed, number)]):
        strange = f"{STRANGE_NAMES[number % len(STRANGE_NAMES)]} {number}"
        yield _account(seed, number, place=2 + place, name=strange)


def _by_id(seed: int, index: int, units: int) -> list[dict[str, Any]]:
    """The contact of the shop's first export; every other e-mail is out of date."""
    email = customer_email(seed, index)
    known = f"former.{index}@example.com" if index % 2 else email
    record = _contact(seed, index, place=0, units=units)
    return [record | _emails(known) | {"external_id": customer_id(seed, index)}]


def _by_email(seed: int, index: int, units: int) -> list[dict[str, Any]]:
    record = _contact(seed, index, place=0, units=units)
    return [record | _emails(other_case(customer_email(seed, index)))]


def _ambiguous(seed: int, index: int, units: int) -> list[dict[str, Any]]:
    """Two with one e-mail: the CRM compares only the first e-mail of a contact."""
    email = customer_email(seed, index)
    first = _contact(seed, index, place=0, units=units)
    second = _contact(seed, index, place=1, units=units)
    return [
        first | _emails(other_case(email)),
        second | _emails(f"private.{index}@example.net", email),
    ]


def _conflict(seed: int, index: int, units: int) -> list[dict[str, Any]]:
    record = _contact(seed, index, place=0, units=units)
    email = other_case(customer_email(seed, index))
    return [record | _emails(email) | {"external_id": f"legacy-{index:06d}"}]


def _nobody(_seed: int, _index: int, _units: int) -> list[dict[str, Any]]:
    return []


MET: Final[Mapping[Meeting, Callable[[int, int, int], list[dict[str, Any]]]]] = {
    Meeting.NEW: _nobody,
    Meeting.BY_ID: _by_id,
    Meeting.BY_EMAIL: _by_email,
    Meeting.AMBIGUOUS: _ambiguous,
    Meeting.CONFLICT: _conflict,
    Meeting.TWIN: _nobody,
    Meeting.SECOND_TWIN: _nobody,
}
#: How many contacts a meeting finds.
MET_COUNT: Final = {
    Meeting.NEW: 0,
    Meeting.BY_ID: 1,
    Meeting.BY_EMAIL: 1,
    Meeting.AMBIGUOUS: 2,
    Meeting.CONFLICT: 1,
    Meeting.TWIN: 0,
    Meeting.SECOND_TWIN: 0,
}
STRANGE_COUNT: Final = {
    StrangeAccount.NONE: 0,
    StrangeAccount.ONE: 1,
    StrangeAccount.TWO: 2,
}
UNIT_MET_COUNT: Final = {
    UnitMeeting.NEW: 0,
    UnitMeeting.BY_KEY: 1,
    UnitMeeting.NAMESAKE: 1,
    UnitMeeting.NAMESAKES: 2,
}


def _contact(seed: int, index: int, *, place: int, units: int) -> dict[str, Any]:
    """Return a contact as a salesperson fills it; the caller adds the e-mails."""
    dice, person = Dice(seed, f"contact {place}", index), _known(seed, index, place)
    created = crm_time(index * SIGN_UP_EVERY)
    record: dict[str, Any] = {
        "id": contact_id(index, place),
        "first_name": person.first,
        "last_name": person.last,
        "job_title": dice.pick(JOBS) if dice.hits(60) else None,
        "work_number": dice.fill(person.market.landline) if dice.hits(40) else None,
        "mobile_number": dice.fill(person.market.mobile) if dice.hits(30) else None,
        "city": dice.pick(person.market.cities) if dice.hits(50) else None,
        "country": person.market.country if dice.hits(20) else None,
        "external_id": None,
        "owner_id": FIRST_OWNER_ID + dice.below(len(OWNERS)),
        "tags": [dice.pick(HUMAN_TAGS)] if dice.hits(50) else [],
        "custom_field": {},
        "sales_accounts": [],
        "is_deleted": False,
        "created_at": created,
        "updated_at": crm_time(index * SIGN_UP_EVERY + dice.below(90 * DAY)),
    }
    number = unit_of(index)
    if number < units and STRANGE_ACCOUNTS.at(seed, number) is not StrangeAccount.NONE:
        record["sales_accounts"] = [{"id": account_id(number, 2), "is_primary": True}]
    return record


def _known(seed: int, index: int, place: int) -> Person:
    """Return whom the salespeople know: the customer, or for a stranger another."""
    return person_of(seed, index if place < 3 else index + 1)


def _emails(primary: str, *others: str) -> dict[str, Any]:
    entries = [
        {"value": value, "is_primary": value == primary, "label": None}
        for value in (primary, *others)
    ]
    return {"email": primary, "emails": entries}


def _account(
    seed: int, number: int, *, place: int, name: str, key: str | None = None
) -> dict[str, Any]:
    dice = Dice(seed, f"account {place}", number)
    moment = crm_time(number * DAY // 100)
    return {
        "id": account_id(number, place),
        "name": name,
        "phone": dice.fill("030 5######") if dice.hits(30) else None,
        "website": f"https://account-{number}.example.com" if dice.hits(40) else None,
        "number_of_employees": dice.below(500) + 1 if dice.hits(30) else None,
        "owner_id": FIRST_OWNER_ID + dice.below(len(OWNERS)),
        "tags": [dice.pick(HUMAN_TAGS)] if dice.hits(40) else [],
        "custom_field": {"cf_commercetools_id": key} if key else {},
        "is_deleted": False,
        "created_at": moment,
        "updated_at": moment,
    }


def crm_contacts(seed: int, customers: int) -> Iterator[dict[str, Any]]:
    """Yield every contact that was there before the first sync."""
    units = unit_count(customers)
    for index in range(customers):
        yield from contacts_of(seed, index, units=units)


def crm_accounts(seed: int, customers: int) -> Iterator[dict[str, Any]]:
    """Yield every account that was there before the first sync."""
    for number in range(unit_count(customers)):
        yield from accounts_of(seed, number)
