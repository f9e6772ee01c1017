"""What a record's verdicts come to: the writes, and afterwards the new base."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from crosswalk.domain.decisions import (
    UNREAD,
    Conflict,
    Keep,
    Now,
    Read,
    Reason,
    Verdict,
    Write,
    brought,
    settle,
)
from crosswalk.domain.fitting import Schema, misfit
from crosswalk.domain.mapping import FieldMap, Mapped, Owner
from crosswalk.domain.model import (
    Base,
    Both,
    CrmRecord,
    Fields,
    Json,
    Link,
    Ref,
    Role,
    ShopRecord,
    Side,
)
from crosswalk.domain.problems import Problem
from crosswalk.domain.values import is_blank, respelled, same


class FieldVerdict(NamedTuple):
    """What becomes of one field, with all that it was decided on.

    A tuple for the same reason as Now.
    """

    field: str
    owner: Owner
    verdict: Verdict
    base: Both | None
    now: Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one pass over a pair of records would do."""

    #: The shop record, and which version of it.
    ref: Ref
    version: int
    #: What to write to the CRM; None clears.
    fields: Fields = field(default_factory=dict)
    #: The fields that cannot be decided unseen: read the record and plan again.
    unread: frozenset[str] = frozenset()
    #: One a mapped field, except those whose shop value could not be worked out. A
    #: write whose field has a problem is not sent.
    verdicts: tuple[FieldVerdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    #: What the shop would be given if it could be written; the verdict then is
    #: to keep, because of SHOP_READ_ONLY.
    writes_back: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What both sides agree on after a pass."""

    #: The whole new base of the link.
    base: Base
    #: What was sent and is not there.
    dropped: tuple[Problem, ...] = ()
    #: Fields that we did not send and that somebody touched meanwhile: plan again
    #: with the answer as the crm record.
    surprises: tuple[str, ...] = ()


def make_plan(
    record: ShopRecord,
    *,
    field_map: FieldMap,
    mapped: Mapped,
    link: Link | None,
    crm: CrmRecord | None,
    schema: Schema,
    complete: bool = False,
) -> Plan:
    """Decide what becomes of every mapped field of a record.

    With neither *link* nor *crm* there is no crm record yet, and it holds nothing.
    With a link alone the base stands in for what was not read. *complete* says that
    *crm* is all that reading can show: what is missing in it is then a problem, not a
    reason to read again. A secondary link writes nothing: its primary owns the fields.
    """
    if link is not None and link.role is Role.SECONDARY:
        return Plan(ref=record.ref, version=record.version)
    base: Base = link.base if link is not None else {}
    held: Fields = crm.fields if crm is not None else {}
    unseen = None if link is None and crm is None else UNREAD
    crm_at = crm.updated_at if crm is not None else None
    settled: list[FieldVerdict] = []
    writes_back: dict[str, Json] = {}
    for rule in field_map.rules:
        name = rule.crm
        if name in mapped.problems:
            continue
        value, seen = mapped.values[name], held.get(name, unseen)
        now = Now(value, seen, record.modified_at, crm_at)
        agreed = base.get(name)
        verdict = settle(rule, base=agreed, now=now)
        if isinstance(verdict, Write) and verdict.side is Side.SHOP:
            writes_back[name] = verdict.value
            verdict = Keep(Reason.SHOP_READ_ONLY)
        settled.append(FieldVerdict(name, rule.owner, verdict, agreed, now))
    draft = Plan(
        ref=record.ref,
        version=record.version,
        verdicts=tuple(settled),
        problems=tuple(mapped.problems.values()),
        writes_back=writes_back,
    )
    return _sort_out(draft, schema, complete=complete)


def agree(
    plan: Plan, *, base: Base, sent: Fields, answer: CrmRecord | None
) -> Agreement:
    """Say what both sides agree on now: compare the answer with what was sent.

    *answer* is the CRM's answer to the write or, when nothing was sent, the record as
    it was read; None where there was neither. A field that it does not carry counts
    as stored as sent.
    """
    agreed = dict(base)
    dropped: list[Problem] = []
    surprises: list[str] = []
    answered: Fields = answer.fields if answer is not None else {}
    for each in plan.verdicts:
        name = each.field
        if name not in sent:
            if (both := _agreed_unsent(each)) is not None:
                agreed[name] = both
            if name in answered and _is_surprise(each, answered[name]):
                surprises.append(name)
            continue
        held = answered.get(name, sent[name])
        if _is_dropped(each, sent[name], held):
            dropped.append(_not_stored(name, sent[name], held))
        else:
            agreed[name] = Both(shop=_shop_part(each), crm=held)
    return Agreement(base=agreed, dropped=tuple(dropped), surprises=tuple(surprises))


def _sort_out(draft: Plan, schema: Schema, *, complete: bool) -> Plan:
    """Part the verdicts into what is sent, asked, disputed and impossible."""
    fields: dict[str, Json] = {}
    conflicts: dict[str, Conflict] = {}
    unread: set[str] = set()
    problems = list(draft.problems)
    for each in draft.verdicts:
        name = each.field
        match each.verdict:
            case Write(_, value):
                if (problem := misfit(name, value, schema)) is not None:
                    problems.append(problem)
                else:
                    fields[name] = value
            case Conflict() as conflict:
                conflicts[name] = conflict
            case Read() if complete:
                problems.append(_not_answered(name, each.owner))
            case Read():
                unread.add(name)
            case _:
                pass
    return replace(
        draft,
        fields=fields,
        unread=frozenset(unread),
        problems=tuple(problems),
        conflicts=conflicts,
    )


def _seen(each: FieldVerdict) -> Json:
    """Give the CRM's value that a verdict was reached on, UNREAD if there is none."""
    if each.now.crm is UNREAD and each.base is not None:
        return each.base.crm
    return each.now.crm


def _shop_part(each: FieldVerdict) -> Json:
    """Give what the base remembers of the shop: for append, what it may take back."""
    if each.owner is not Owner.APPEND:
        return each.now.shop
    return brought(each.now.shop, base=each.base, crm=each.now.crm)


def _agreed_unsent(each: FieldVerdict) -> Both | None:
    """Say what a field that was not sent is agreed on; None to leave the base.

    What was looked at is noted, so that the next pass need not look again; but a value
    that could not be carried over is never noted as agreed.
    """
    if not isinstance(each.verdict, Keep):
        return None
    if each.owner is Owner.APPEND:
        return _appended_unsent(each)
    because, now = each.verdict.because, each.now
    noted = because is Reason.EQUAL or (
        because is Reason.SEEDED_ALREADY and not is_blank(_seen(each))
    )
    if because is Reason.SHOP_READ_ONLY and each.owner is Owner.NEWEST:
        # The times are those of whole records: unless this edit is noted, an old
        # value would seem new as soon as any other field of its record changes.
        noted = True
    if noted:
        return Both(shop=now.shop, crm=_seen(each))
    if because is Reason.SHOP_READ_ONLY and each.owner is Owner.MOST_RESTRICTIVE:
        heard = each.base.shop if each.base is not None else None
        return None if same(now.shop, heard) else Both(shop=now.shop, crm=None)
    return None


def _appended_unsent(each: FieldVerdict) -> Both | None:
    """Note the CRM's list as it was seen, and which entries are still the shop's."""
    now, base = each.now, each.base
    if now.crm is UNREAD:
        return None
    if not is_blank(now.shop):
        return Both(shop=_shop_part(each), crm=now.crm)
    if base is None:
        return None
    return Both(shop=brought(base.shop, base=base, crm=now.crm), crm=now.crm)


#: The owners for whom a touched CRM value changes what becomes of the field.
_WATCHED: Final = frozenset(Owner) - {Owner.CRM, Owner.SEED}


def _is_surprise(each: FieldVerdict, held: Json) -> bool:
    """Say whether somebody touched a field that we did not send."""
    seen = _seen(each)
    return each.owner in _WATCHED and seen is not UNREAD and not same(held, seen)


def _is_dropped(each: FieldVerdict, sent: Json, held: Json) -> bool:
    """Say whether the CRM went on holding what it held, or nothing.

    Another spelling with the same letters and digits is the value all the same: a
    phone number that the CRM reformats may come back as it was before.
    """
    if same(sent, held):
        return False
    if is_blank(held):
        return True
    return same(held, _seen(each)) and not respelled(sent, held)


def _not_stored(name: str, sent: Json, held: Json) -> Problem:
    return Problem(
        field=name,
        code="not_stored",
        what=f"'{sent}' was sent, the CRM answers {_shown(held)}",
        remedy="see whether the CRM's field takes such a value, and its workflows",
    )


def _shown(value: Json) -> str:
    return "nothing" if is_blank(value) else f"'{value}'"


def _not_answered(name: str, owner: Owner) -> Problem:
    return Problem(
        field=name,
        code="not_answered",
        what=f"the CRM does not show '{name}', and '{owner}' needs to see it",
        remedy="make shop the owner of the field, or take it out of the mapping",
    )
