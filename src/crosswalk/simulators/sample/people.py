"""Who a customer is: the name and the e-mail address, from the index alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from crosswalk.simulators.sample.chance import Dice
from crosswalk.simulators.sample.markets import MARKET, Market
from crosswalk.simulators.sample.rates import (
    MARKETS,
    MEETINGS,
    NAMINGS,
    SPELLINGS,
    Meeting,
    Naming,
    Spelling,
)

DOMAINS: Final = ("example.com", "example.org", "example.net", "mail.example.com")
IDN_DOMAINS: Final = (
    "bücher.example.com",
    "müller-söhne.example.org",
    "例え.example.com",
    "почта.example.net",
)
UNICODE_LOCALS: Final = ("jürgen", "josé", "søren", "žofia", "田中", "олена")
LONG_NAME: Final = "von und zu " * 19
APOSTROPHES: Final = ("O'", "D\u2019")
EMOJI: Final = ("🌻", "✨", "👩‍🔬", "🇩🇪")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A living person, who may be more than one customer of the shop."""

    #: The index of the person's first customer.
    index: int
    #: A BCP 47 tag, the key of the market.
    locale: str
    #: None: the shop was never told.
    first: str | None
    last: str | None
    email: str
    #: 0 for the first of the market's salutations, 1 for the second.
    gender: int

    @property
    def market(self) -> Market:
        """The market in which the person lives."""
        return MARKET[self.locale]


def first_customer(seed: int, index: int) -> int:
    """Return the index of the first customer that is the same person as *index*."""
    place = MEETINGS.place(seed, index)
    if MEETINGS.places[place] is not Meeting.SECOND_TWIN:
        return index
    pairs = MEETINGS.places.count(Meeting.TWIN)
    block = index // len(MEETINGS.places)
    return MEETINGS.index(seed, block, place - pairs)


def second_customer(seed: int, index: int) -> int | None:
    """Return the index of the second customer that is the same person, if any."""
    place = MEETINGS.place(seed, index)
    if MEETINGS.places[place] is not Meeting.TWIN:
        return None
    pairs = MEETINGS.places.count(Meeting.TWIN)
    return MEETINGS.index(seed, index // len(MEETINGS.places), place + pairs)


@lru_cache(maxsize=256)
def person_of(seed: int, index: int) -> Person:
    """Return the person who is customer *index*."""
    index = first_customer(seed, index)
    dice = Dice(seed, "person", index)
    locale = MARKETS.at(seed, index)
    market = MARKET[locale]
    first, first_handle = _word(dice.pick(market.firsts))
    last, last_handle = _word(dice.pick(market.lasts))
    naming, spelling = NAMINGS.at(seed, index), SPELLINGS.at(seed, index)
    handle = f"{first_handle}.{last_handle}.{index:x}"
    shown_first, shown_last = NAMED[naming](first, last, dice)
    return Person(
        index=index,
        locale=locale,
        first=shown_first,
        last=shown_last,
        email=SPELLED[spelling](handle, dice),
        gender=dice.below(2),
    )


def other_case(email: str) -> str:
    """Write *email* in another case than it has."""
    return email.upper() if email == email.lower() else email.lower()


@lru_cache(maxsize=256)
def _word(entry: str) -> tuple[str, str]:
    """Split a name into how people write it and how their e-mail does."""
    shown, _, handle = entry.partition("/")
    plain = handle or normalize("NFKD", shown).encode("ascii", "ignore").decode()
    return shown, "".join(filter(str.isalnum, plain.lower()))


Name = tuple[str | None, str | None]

NAMED: Final[Mapping[Naming, Callable[[str, str, Dice], Name]]] = {
    Naming.PLAIN: lambda first, last, _: (first, last),
    Naming.NO_FIRST: lambda _first, last, _: (None, last),
    Naming.NO_LAST: lambda first, _last, _: (first, None),
    Naming.NAMELESS: lambda _first, _last, _: (None, None),
    Naming.BLANKS: lambda first, last, _: (f"  {first} ", f"{last}\u00a0 "),
    Naming.EMOJI: lambda first, last, dice: (f"{first} {dice.pick(EMOJI)}", last),
    Naming.APOSTROPHE: lambda first, last, dice: (
        first,
        f"{dice.pick(APOSTROPHES)}{last}",
    ),
    Naming.LONG: lambda first, last, _: (first, f"{LONG_NAME}{last}"),
    Naming.CAPITALS: lambda first, last, _: (first.upper(), last.upper()),
}

SPELLED: Final[Mapping[Spelling, Callable[[str, Dice], str]]] = {
    Spelling.LOWER: lambda handle, dice: f"{handle}@{dice.pick(DOMAINS)}",
    Spelling.MIXED: lambda handle, dice: f"{handle.title()}@{dice.pick(DOMAINS)}",
    Spelling.UPPER: lambda handle, dice: f"{handle}@{dice.pick(DOMAINS)}".upper(),
    Spelling.PLUS: lambda handle, dice: f"{handle}+shop@{dice.pick(DOMAINS)}",
    Spelling.IDN_DOMAIN: lambda handle, dice: f"{handle}@{dice.pick(IDN_DOMAINS)}",
    Spelling.UNICODE_LOCAL: lambda handle, dice: (
        f"{dice.pick(UNICODE_LOCALS)}.{handle.rpartition('.')[2]}@{dice.pick(DOMAINS)}"
    ),
}
