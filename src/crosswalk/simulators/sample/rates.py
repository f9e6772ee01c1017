"""How often each awkward case occurs: the one table of rates.

A wheel of 200 places stands for 200 customers, one of 16 for 16 business units;
every block of as many records contains each case exactly as often as written.
"""

from enum import IntEnum, auto
from typing import Final

from crosswalk.simulators.sample.chance import Wheel

#: One business unit for so many customers.
CUSTOMERS_PER_UNIT: Final = 12


class Meeting(IntEnum):
    """What a shop customer finds in the CRM."""

    #: Nobody.
    NEW = auto()
    #: A contact whose external id is the customer's id.
    BY_ID = auto()
    #: A contact without external id, with the e-mail in another case.
    BY_EMAIL = auto()
    #: Two contacts that both carry the e-mail.
    AMBIGUOUS = auto()
    #: A contact with the e-mail and the external id of another system.
    CONFLICT = auto()
    #: Nobody, but a second customer of another store has the same e-mail.
    TWIN = auto()
    #: The second customer of such a pair.
    SECOND_TWIN = auto()


class Stranger(IntEnum):
    """A contact of the salespeople's own, whom the shop does not know."""

    NONE = auto()
    KEPT = auto()
    DELETED = auto()


class Membership(IntEnum):
    """In which stores a customer is."""

    GLOBAL = auto()
    ONE_STORE = auto()
    TWO_STORES = auto()


class Naming(IntEnum):
    """What is odd about a name."""

    PLAIN = auto()
    NO_FIRST = auto()
    NO_LAST = auto()
    NAMELESS = auto()
    BLANKS = auto()
    EMOJI = auto()
    APOSTROPHE = auto()
    LONG = auto()
    CAPITALS = auto()


class Spelling(IntEnum):
    """How an e-mail address is written."""

    LOWER = auto()
    MIXED = auto()
    UPPER = auto()
    PLUS = auto()
    IDN_DOMAIN = auto()
    UNICODE_LOCAL = auto()


class Dialling(IntEnum):
    """How a telephone number is written."""

    NATIONAL = auto()
    E164 = auto()
    DOUBLE_ZERO = auto()
    NONE = auto()
    INVALID = auto()


class Housing(IntEnum):
    """How many addresses there are, and which is the default for what."""

    NONE = auto()
    ONE_FOR_ALL = auto()
    ONE_UNMARKED = auto()
    SEVERAL_BILLING = auto()
    SEVERAL_SHIPPING = auto()
    SEVERAL_BOTH = auto()
    SEVERAL_UNMARKED = auto()


class Custom(IntEnum):
    """The custom data of a customer: no Type at all, or a loyalty tier."""

    UNTYPED = auto()
    NO_TIER = auto()
    BRONZE = auto()
    SILVER = auto()
    GOLD = auto()
    #: A tier that the CRM does not know and silently drops.
    PLATINUM = auto()


class Opinion(IntEnum):
    """What became of the question for consent."""

    NEVER_ASKED = auto()
    GIVEN = auto()
    REFUSED = auto()
    WITHDRAWN = auto()


class Grouping(IntEnum):
    """By which of the two ways a customer belongs to customer groups."""

    NONE = auto()
    LEGACY = auto()
    ASSIGNED = auto()
    BOTH = auto()


class UnitMeeting(IntEnum):
    """What a business unit finds in the CRM."""

    NEW = auto()
    #: An account that carries the unit's key.
    BY_KEY = auto()
    #: One account with the unit's name and no key.
    NAMESAKE = auto()
    #: Two accounts with the unit's name and no key.
    NAMESAKES = auto()


class StrangeAccount(IntEnum):
    """Accounts that no business unit corresponds to."""

    NONE = auto()
    ONE = auto()
    #: Two with one name.
    TWO = auto()


MEETINGS: Final = Wheel.of(
    "meetings",
    {
        Meeting.NEW: 164,
        Meeting.BY_ID: 12,
        Meeting.BY_EMAIL: 10,
        Meeting.AMBIGUOUS: 3,
        Meeting.CONFLICT: 3,
        Meeting.TWIN: 4,
        Meeting.SECOND_TWIN: 4,
    },
)
STRANGERS: Final = Wheel.of(
    "strangers",
    {Stranger.NONE: 180, Stranger.KEPT: 16, Stranger.DELETED: 4},
)
#: Countries by market; Switzerland has two languages.
MARKETS: Final = Wheel.of(
    "markets",
    {
        "de-DE": 46,
        "de-AT": 12,
        "de-CH": 10,
        "fr-CH": 6,
        "fr-FR": 24,
        "nl-NL": 16,
        "en-GB": 20,
        "en-US": 20,
        "ja-JP": 8,
        "sv-SE": 8,
        "nb-NO": 8,
        "pl-PL": 8,
        "pt-BR": 6,
        "uk-UA": 4,
        "ar-KW": 4,
    },
)
MEMBERSHIPS: Final = Wheel.of(
    "memberships",
    {
        Membership.GLOBAL: 60,
        Membership.ONE_STORE: 130,
        Membership.TWO_STORES: 10,
    },
)
NAMINGS: Final = Wheel.of(
    "namings",
    {
        Naming.PLAIN: 148,
        Naming.NO_FIRST: 8,
        Naming.NO_LAST: 8,
        Naming.NAMELESS: 6,
        Naming.BLANKS: 8,
        Naming.EMOJI: 4,
        Naming.APOSTROPHE: 8,
        Naming.LONG: 4,
        Naming.CAPITALS: 6,
    },
)
SPELLINGS: Final = Wheel.of(
    "spellings",
    {
        Spelling.LOWER: 132,
        Spelling.MIXED: 40,
        Spelling.UPPER: 6,
        Spelling.PLUS: 8,
        Spelling.IDN_DOMAIN: 8,
        Spelling.UNICODE_LOCAL: 6,
    },
)
DIALLINGS: Final = Wheel.of(
    "diallings",
    {
        Dialling.NATIONAL: 110,
        Dialling.E164: 30,
        Dialling.DOUBLE_ZERO: 10,
        Dialling.NONE: 38,
        Dialling.INVALID: 12,
    },
)
HOUSINGS: Final = Wheel.of(
    "housings",
    {
        Housing.NONE: 20,
        Housing.ONE_FOR_ALL: 90,
        Housing.ONE_UNMARKED: 20,
        Housing.SEVERAL_BILLING: 20,
        Housing.SEVERAL_SHIPPING: 20,
        Housing.SEVERAL_BOTH: 20,
        Housing.SEVERAL_UNMARKED: 10,
    },
)
CUSTOMS: Final = Wheel.of(
    "customs",
    {
        Custom.UNTYPED: 20,
        Custom.NO_TIER: 90,
        Custom.BRONZE: 50,
        Custom.SILVER: 27,
        Custom.GOLD: 12,
        Custom.PLATINUM: 1,
    },
)
EMAIL_OPINIONS: Final = Wheel.of(
    "email opinions",
    {
        Opinion.NEVER_ASKED: 60,
        Opinion.GIVEN: 90,
        Opinion.REFUSED: 30,
        Opinion.WITHDRAWN: 20,
    },
)
SMS_OPINIONS: Final = Wheel.of(
    "sms opinions",
    {
        Opinion.NEVER_ASKED: 140,
        Opinion.GIVEN: 40,
        Opinion.REFUSED: 10,
        Opinion.WITHDRAWN: 10,
    },
)
GROUPINGS: Final = Wheel.of(
    "groupings",
    {
        Grouping.NONE: 110,
        Grouping.LEGACY: 40,
        Grouping.ASSIGNED: 40,
        Grouping.BOTH: 10,
    },
)
#: Whether one import last changed the customer: many share its one moment.
IMPORTS: Final = Wheel.of("imports", {True: 20, False: 180})

UNIT_MEETINGS: Final = Wheel.of(
    "unit meetings",
    {
        UnitMeeting.NEW: 11,
        UnitMeeting.BY_KEY: 2,
        UnitMeeting.NAMESAKE: 2,
        UnitMeeting.NAMESAKES: 1,
    },
)
STRANGE_ACCOUNTS: Final = Wheel.of(
    "strange accounts",
    {StrangeAccount.NONE: 12, StrangeAccount.ONE: 3, StrangeAccount.TWO: 1},
)
#: Whether a unit is active.
UNITS_ACTIVE: Final = Wheel.of("units active", {True: 14, False: 2})
