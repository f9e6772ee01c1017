"""What becomes of one field: three-way against the base, by the owner's rule.

No decision here guesses between two edits. Where the CRM's value has not been read,
the base stands in for it if that cannot cost anybody an edit; else the verdict is to
read first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final, NamedTuple, TypeAlias

from crosswalk.domain.mapping import Empty, FieldRule, Owner
from crosswalk.domain.model import Both, Json, Side
from crosswalk.domain.values import SEPARATOR, entries, entry_key, is_blank, same


class Unread(Enum):
    """The type of UNREAD."""

    UNREAD = "unread"


#: Stands for the CRM's value where the record, or this field of it, was not read.
UNREAD: Final = Unread.UNREAD


class Reason(StrEnum):
    """Why a field stays as it is."""

    #: Both sides hold the same.
    EQUAL = "equal"
    #: Neither side moved since they last agreed.
    UNCHANGED = "unchanged"
    #: The shop's value is not the one that counts.
    OWNED_BY_CRM = "owned_by_crm"
    #: The owner's value is empty, which says nothing here.
    EMPTY_IGNORED = "empty_ignored"
    #: The first value was given already, by us or by a person.
    SEEDED_ALREADY = "seeded_already"
    #: What moved is not among the values that are a choice.
    NO_CHOICE = "no_choice"
    #: The CRM's value counts, and the shop's is not written.
    SHOP_READ_ONLY = "shop_read_only"


class Now(NamedTuple):
    """A field on either side as it is now, in the CRM's terms.

    A tuple, because one is made for every field of every record: a third of the time.
    """

    shop: Json
    crm: Json | Unread = UNREAD
    #: When the shop's record was last modified, where that is known.
    shop_at: datetime | None = None
    crm_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Nothing is written."""

    because: Reason


@dataclass(frozen=True, slots=True)
class Write:
    """One side is given the other's value; None clears."""

    side: Side
    value: Json


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides moved, and only a person can tell which is right."""

    base: Both | None
    now: Now


@dataclass(frozen=True, slots=True)
class Read:
    """The CRM's value must be seen before this can be decided."""


Verdict: TypeAlias = Keep | Write | Conflict | Read
Settle: TypeAlias = Callable[[FieldRule, Both | None, Now], Verdict]

_KEEP: Final[Mapping[Reason, Keep]] = {reason: Keep(reason) for reason in Reason}
_EQUAL: Final = _KEEP[Reason.EQUAL]
_UNCHANGED: Final = _KEEP[Reason.UNCHANGED]
_EMPTY_IGNORED: Final = _KEEP[Reason.EMPTY_IGNORED]
_SEEDED_ALREADY: Final = _KEEP[Reason.SEEDED_ALREADY]
_READ: Final = Read()


def settle(rule: FieldRule, *, base: Both | None, now: Now) -> Verdict:
    """Say what becomes of one field; never guesses between two edits."""
    return _SETTLE[rule.owner](rule, base, now)


def brought(shop: Json, *, base: Both | None, crm: Json) -> list[Json]:
    """List the shop's entries that are its own to take back from an append field.

    Those that the CRM did not hold when we looked, and those which were the shop's
    before and have stood in the CRM since. An entry that a person put there first, or
    put back, is the person's.
    """
    held = _keys(crm)
    ours = _keys(base.shop) & _keys(base.crm) if base is not None else set()
    return [
        entry
        for entry in entries(shop)
        if entry_key(entry) not in held or entry_key(entry) in ours
    ]


def _settle_shop(rule: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The shop's value stands, and is put back where the CRM moved."""
    crm = now.crm
    if base is not None:
        if crm is UNREAD:
            crm = base.crm
        if same(now.shop, base.shop) and same(crm, base.crm):
            return _UNCHANGED
    if crm is not UNREAD and same(now.shop, crm):
        return _EQUAL
    return _give(rule, Side.CRM, now.shop, base.shop if base else None)


def _settle_crm(rule: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The CRM's value stands, and is put back where the shop moved."""
    crm = now.crm
    if crm is UNREAD:
        if base is None:
            return _KEEP[Reason.OWNED_BY_CRM]
        crm = base.crm
    if same(now.shop, crm):
        return _EQUAL
    if base is not None and same(now.shop, base.shop) and same(crm, base.crm):
        return _UNCHANGED
    return _give(rule, Side.SHOP, crm, base.crm if base else None)


def _settle_seed(_: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The shop's value is given once, to a field that never held any."""
    if base is not None and not (is_blank(base.shop) and is_blank(base.crm)):
        return _SEEDED_ALREADY
    if is_blank(now.shop):
        return _EMPTY_IGNORED
    if now.crm is UNREAD:
        return _READ
    if same(now.shop, now.crm):
        return _EQUAL
    return _SEEDED_ALREADY if not is_blank(now.crm) else Write(Side.CRM, now.shop)


def _settle_append(rule: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The CRM keeps its list; the shop adds to it and takes back what it brought."""
    if is_blank(now.shop) and (rule.empty is Empty.IGNORE or base is None):
        return _EMPTY_IGNORED
    if now.crm is UNREAD:
        known = base.crm if base is not None else None
        return _UNCHANGED if _appended(base, now.shop, known) is None else _READ
    listed = _appended(base, now.shop, now.crm)
    if listed is None:
        return _EQUAL if same(now.shop, now.crm) else _UNCHANGED
    joined = isinstance(now.shop if is_blank(now.crm) else now.crm, str)
    return Write(Side.CRM, SEPARATOR.join(map(str, listed)) if joined else listed)


def _appended(base: Both | None, shop: Json, crm: Json) -> list[Json] | None:
    """Give the CRM's list with the shop's edits; None when they are in it already."""
    said, held = _keys(shop), _keys(crm)
    brought_before = _keys(base.shop) if base is not None else set()
    held_before = _keys(base.crm) if base is not None else set()
    dropped = (brought_before & held_before & held) - said
    fresh = said - brought_before - held_before - held
    if not dropped and not fresh:
        return None
    kept = [entry for entry in entries(crm) if entry_key(entry) not in dropped]
    return kept + [entry for entry in entries(shop) if entry_key(entry) in fresh]


def _keys(value: Json) -> set[str]:
    return {entry_key(entry) for entry in entries(value)}


#: Whether a side says something that it did not say when both last agreed.
_Speaks: TypeAlias = Callable[[FieldRule, Json, Json], bool]

#: What becomes of a field for which both sides say something new.
_Judge: TypeAlias = Callable[[FieldRule, Both | None, Now], Verdict]


def _three_way(speaks: _Speaks, judge: _Judge) -> Settle:
    """Follow the side that moved; *judge* when both did."""

    def settle_three_way(rule: FieldRule, base: Both | None, now: Now) -> Verdict:
        agreed = base if base is not None else _NOTHING_AGREED
        shop_spoke = speaks(rule, now.shop, agreed.shop)
        if now.crm is UNREAD:
            return _READ if shop_spoke else _silent(now.shop, agreed.shop)
        if same(now.shop, now.crm):
            return _EQUAL
        crm_spoke = speaks(rule, now.crm, agreed.crm)
        if shop_spoke and crm_spoke:
            return judge(rule, base, now)
        if shop_spoke:
            return _give(rule, Side.CRM, now.shop, agreed.shop)
        if crm_spoke:
            return _give(rule, Side.SHOP, now.crm, agreed.crm)
        silent = _silent(now.shop, agreed.shop)
        return silent if silent != _UNCHANGED else _silent(now.crm, agreed.crm)

    return settle_three_way


_NOTHING_AGREED: Final = Both(shop=None, crm=None)


def _silent(value: Json, agreed: Json) -> Keep:
    """Say why a side that says nothing new does not."""
    if is_blank(value):
        return _EMPTY_IGNORED
    if same(value, agreed):
        return _UNCHANGED
    return _KEEP[Reason.NO_CHOICE]


def _moved(rule: FieldRule, value: Json, agreed: Json) -> bool:
    """A new value is said; an empty one only where it may clear."""
    if same(value, agreed):
        return False
    return rule.empty is Empty.CLEAR or not is_blank(value)


def _chose(rule: FieldRule, value: Json, agreed: Json) -> bool:
    """A choice is said; empty and unknown values are none."""
    if same(value, agreed):
        return False
    return any(same(choice, value) for choice in rule.order)


def _later(_: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The later modification stands, the shop's when both are of one moment."""
    if now.shop_at is None or now.crm_at is None:
        return Conflict(base, now)
    if now.shop_at >= now.crm_at:
        return Write(Side.CRM, _or_none(now.shop))
    return Write(Side.SHOP, _or_none(now.crm))


def _nobody(_: FieldRule, base: Both | None, now: Now) -> Verdict:
    """A person decides."""
    return Conflict(base, now)


def _stricter(rule: FieldRule, _: Both | None, now: Now) -> Verdict:
    """The value that stands first in the order stands."""
    strictest = next(
        choice
        for choice in rule.order
        if same(choice, now.shop) or same(choice, now.crm)
    )
    if same(strictest, now.shop):
        return Write(Side.CRM, now.shop)
    return Write(Side.SHOP, now.crm)


def _give(rule: FieldRule, side: Side, value: Json, agreed: Json) -> Verdict:
    """Write a value; an empty one only where it may clear what had been agreed."""
    if not is_blank(value):
        return Write(side, value)
    if rule.empty is Empty.IGNORE or is_blank(agreed):
        return _EMPTY_IGNORED
    return Write(side, None)


def _or_none(value: Json) -> Json:
    return None if is_blank(value) else value


_settle_choice: Final = _three_way(_chose, _stricter)


def _settle_strictly(rule: FieldRule, base: Both | None, now: Now) -> Verdict:
    """The more restrictive choice stands, also over one that could not be written.

    A base that holds nothing of the CRM says that the shop's choice was heard, so that
    it need not be looked at again, but that both sides never agreed.
    """
    if base is not None and now.crm is not UNREAD and is_blank(base.crm):
        base = None
    return _settle_choice(rule, base, now)


_SETTLE: Final[Mapping[Owner, Settle]] = {
    Owner.SHOP: _settle_shop,
    Owner.CRM: _settle_crm,
    Owner.NEWEST: _three_way(_moved, _later),
    Owner.SEED: _settle_seed,
    Owner.APPEND: _settle_append,
    Owner.MANUAL: _three_way(_moved, _nobody),
    Owner.MOST_RESTRICTIVE: _settle_strictly,
}
