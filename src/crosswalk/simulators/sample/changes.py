"""A living shop: an endless stream of small changes to the sample's records."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from crosswalk.simulators.sample.addresses import place_of
from crosswalk.simulators.sample.chance import DAY, Dice, shop_time, uuid_of
from crosswalk.simulators.sample.customers import TIER_OF, customer
from crosswalk.simulators.sample.markets import Market
from crosswalk.simulators.sample.people import person_of
from crosswalk.simulators.sample.rates import (
    CUSTOMS,
    MEETINGS,
    SPELLINGS,
    UNIT_MEETINGS,
    Custom,
    Meeting,
    Spelling,
    UnitMeeting,
)
from crosswalk.simulators.sample.units import unit_count

Actions = list[dict[str, Any]]

#: Of so many changes one concerns a business unit.
UNIT_EVERY: Final = 8
#: When the first change claims to happen, in seconds after the opening.
FIRST_CHANGE: Final = 800 * DAY
#: The meetings after which a customer is linked without a person's help.
SETTLED: Final = frozenset({Meeting.NEW, Meeting.BY_ID, Meeting.BY_EMAIL})
UNITS_SETTLED: Final = frozenset({UnitMeeting.NEW, UnitMeeting.BY_KEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopChange:
    """One change that somebody makes in the shop."""

    #: ``customers`` or ``business-units``.
    resource: str
    #: The id of the record that changes.
    id: str
    #: The update actions to post, with whatever version is then the current one.
    actions: tuple[dict[str, Any], ...]
    #: What happens, for people.
    summary: str
    #: Whether the CRM has a place for what changes.
    mapped: bool


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a change may draw upon."""

    #: The customer as first sampled.
    record: Mapping[str, Any]
    market: Market
    #: How many changes came before: makes every new value a new one.
    step: int
    dice: Dice


@dataclass(frozen=True, kw_only=True)
class Habit:
    """One way in which customers change."""

    summary: str
    act: Callable[[Moment], Actions]
    mapped: bool = True
    #: Whether a customer can change so, and the CRM is sure to notice if mapped.
    suits: Callable[[Mapping[str, Any]], bool] = bool


def changes(*, seed: int, customers: int) -> Iterator[ShopChange]:
    """Yield changes without end, of records that no person has to decide about.

    A shop too small to have any such record yields none.
    """
    settled_units = _Ring(
        size=unit_count(customers),
        belongs=lambda number: UNIT_MEETINGS.at(seed, number) in UNITS_SETTLED,
    )
    settled = _Ring(size=customers, belongs=lambda index: _is_settled(seed, index))
    for step in count():
        dice = Dice(seed, "change", step)
        of_unit = step % UNIT_EVERY == UNIT_EVERY - 1
        chosen = (settled_units if of_unit else settled).pick(dice)
        if chosen is not None:
            make = _unit_change if of_unit else _customer_change
            yield make(seed, chosen, step, dice)
        elif not of_unit:
            return


@dataclass(frozen=True, kw_only=True)
class _Ring:
    """The numbers below *size* that belong, found without listing them."""

    size: int
    belongs: Callable[[int], bool]

    def pick(self, dice: Dice) -> int | None:
        """Draw a number and go on to the next that belongs; None if none does."""
        if not self.size:
            return None
        start = dice.below(self.size)
        around = ((start + step) % self.size for step in range(self.size))
        return next(filter(self.belongs, around), None)


def _is_settled(seed: int, index: int) -> bool:
    return (
        MEETINGS.at(seed, index) in SETTLED
        and SPELLINGS.at(seed, index) is not Spelling.UNICODE_LOCAL
        and CUSTOMS.at(seed, index) is not Custom.PLATINUM
    )


def _customer_change(seed: int, index: int, step: int, dice: Dice) -> ShopChange:
    record = customer(seed, index)
    moment = Moment(
        record=record, market=person_of(seed, index).market, step=step, dice=dice
    )
    possible = [habit for habit in HABITS if habit.suits(record)]
    habit = dice.pick(possible)
    return ShopChange(
        resource="customers",
        id=record["id"],
        actions=tuple(habit.act(moment)),
        summary=f"customer {index} {habit.summary}",
        mapped=habit.mapped,
    )


def _unit_change(seed: int, number: int, step: int, _dice: Dice) -> ShopChange:
    email = f"orders.{number}.{step}@example.org"
    return ShopChange(
        resource="business-units",
        id=uuid_of(seed, "business-unit", number),
        actions=({"action": "setContactEmail", "contactEmail": email},),
        summary=f"unit {number} gets another contact e-mail",
        mapped=True,
    )


def _has_last_name(record: Mapping[str, Any]) -> bool:
    return "lastName" in record


def _has_one_address(record: Mapping[str, Any]) -> bool:
    """Say whether no rule can prefer another address to the first."""
    return len(record["addresses"]) == 1


def _has_type(record: Mapping[str, Any]) -> bool:
    return "custom" in record


def _change_email(moment: Moment) -> Actions:
    email = f"Moved.{moment.record['id'][:8]}.{moment.step}@example.com"
    return [{"action": "changeEmail", "email": email}]


def _marry(moment: Moment) -> Actions:
    other = moment.dice.pick(moment.market.lasts).partition("/")[0]
    last = f"{moment.record['lastName'].strip()[:100]}-{other}"
    return [{"action": "setLastName", "lastName": last}]


def _move(moment: Moment) -> Actions:
    address = dict(moment.record["addresses"][0])
    address |= place_of(moment.market, moment.dice)
    address["streetNumber"] = str(moment.step + 200)
    return [_address_change(address)]


def _change_phone(moment: Moment) -> Actions:
    address = dict(moment.record["addresses"][0])
    address["phone"] = moment.dice.fill(moment.market.landline)
    return [_address_change(address)]


def _address_change(address: dict[str, Any]) -> dict[str, Any]:
    address_id = address.pop("id")
    return {"action": "changeAddress", "addressId": address_id, "address": address}


def _reach_tier(moment: Moment) -> Actions:
    present = moment.record["custom"]["fields"].get("loyaltyTier")
    known = (TIER_OF[tier] for tier in (Custom.BRONZE, Custom.SILVER, Custom.GOLD))
    tier = moment.dice.pick([tier for tier in known if tier != present])
    return [_field("loyaltyTier", tier)]


def _answer_consent(moment: Moment) -> Actions:
    return [
        _field("marketingOptIn", moment.dice.hits(50)),
        _field("marketingOptInAt", shop_time(FIRST_CHANGE + moment.step)),
        _field("marketingOptInSource", "preference centre"),
    ]


def _set_birthday(moment: Moment) -> Actions:
    year, day = 1950 + moment.step % 50, moment.step // 50 % 28 + 1
    return [{"action": "setDateOfBirth", "dateOfBirth": f"{year}-06-{day:02d}"}]


def _measure_shoe(moment: Moment) -> Actions:
    return [_field("shoeSize", 20 + moment.step % 200 / 2)]


def _join_club(moment: Moment) -> Actions:
    joined = moment.record["custom"]["fields"].get("birthdayClub", False)
    return [_field("birthdayClub", not joined)]


def _field(name: str, value: object) -> dict[str, Any]:
    return {"action": "setCustomField", "name": name, "value": value}


HABITS: Final = (
    Habit(summary="changes e-mail", act=_change_email),
    Habit(summary="takes a double name", act=_marry, suits=_has_last_name),
    Habit(summary="moves house", act=_move, suits=_has_one_address),
    Habit(summary="has a new number", act=_change_phone, suits=_has_one_address),
    Habit(summary="reaches another tier", act=_reach_tier, suits=_has_type),
    Habit(summary="answers about e-mails", act=_answer_consent, suits=_has_type),
    Habit(summary="tells a birthday", act=_set_birthday),
    Habit(summary="buys shoes", act=_measure_shoe, mapped=False, suits=_has_type),
    Habit(summary="joins a club", act=_join_club, mapped=False, suits=_has_type),
)
