"""What a sync would do, without doing it: the same steps, short of the writes.

Nothing is written on either side. The CRM is read by list pages only (the census), so
what a preview costs is known beforehand: one call per hundred crm records, once.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.domain.decisions import UNREAD
from crosswalk.domain.matching import email_key
from crosswalk.domain.model import (
    Json,
    Kind,
    Lane,
    Ref,
    Role,
    partition_of,
    shop_ref,
)
from crosswalk.engine import census
from crosswalk.engine.backfill import ORDER
from crosswalk.engine.batch import (
    load,
    map_values,
    plan_one,
    prepare,
    recall,
    relate,
)
from crosswalk.engine.case import Case, still_open
from crosswalk.engine.combiner import ASSOCIATIONS, BULK_ROWS
from crosswalk.engine.identify import judge_by_index, seeker_of
from crosswalk.engine.outcomes import Because, Done, Ignored, Review, parked, why
from crosswalk.engine.world import World
from crosswalk.ports import Mark
from crosswalk.store.pending import PendingRow

#: Calls of one bulk write: submit, ask how it went, read the rows back.
BULK_CALLS: Final = 3
#: Records planned at once.
CHUNK: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would become of one shop record."""

    ref: Ref
    #: create, update, none, or how it would end: review, park, wait, retry, ignored.
    verb: str
    crm_id: str | None = None
    #: By crm field: the value held, as far as it is known, and the value to write.
    fields: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    #: Fields that can only be decided when the crm record was read.
    unread: frozenset[str] = frozenset()
    #: Why it would end without a write, or with a part of its fields only.
    because: Because | None = None

    @property
    def writes(self) -> bool:
        """Whether the CRM would be written to."""
        return self.verb in ("create", "update")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be true by the time that a record is worked on."""

    #: Unit key -> its crm account, or a name for the one that would be made.
    accounts: dict[str, str] = field(default_factory=dict)
    #: crm id, or the key of an e-mail address -> the person who would hold it.
    holders: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Estimate:
    """The calls that carrying plans out would take, bulk where it applies."""

    bulk_from: int
    _rows: Counter[str] = field(default_factory=Counter)
    _single: int = 0

    def add(self, planned: Planned) -> None:
        """Count one record in."""
        self._single += bool(planned.unread)
        if not planned.writes:
            return
        creates = planned.verb == "create"
        if creates and planned.ref.kind is Kind.COMPANY:
            self._single += 1
            return
        self._rows["claim"] += creates
        if ASSOCIATIONS & planned.fields.keys():
            self._single += 1
        else:
            self._rows[f"update {planned.ref.kind}"] += 1

    @property
    def calls(self) -> int:
        """How many calls it comes to."""
        return self._single + sum(map(self._calls, self._rows.values()))

    def _calls(self, rows: int) -> int:
        return rows if rows < self.bulk_from else BULK_CALLS * -(-rows // BULK_ROWS)


def cost(planned: Iterable[Planned], bulk_from: int) -> int:
    """Estimate the calls that carrying out would take."""
    estimate = Estimate(bulk_from=bulk_from)
    for one in planned:
        estimate.add(one)
    return estimate.calls


async def preview(world: World) -> AsyncIterator[Planned]:
    """Plan every record of the shop, companies first."""
    for kind in ORDER:
        if not await census.is_taken(kind, world):
            await census.take(kind, world)
    foreseen = Foreseen()
    async for ids in _chunks(Kind.COMPANY, world):
        await _foresee(ids, world, foreseen)
    for kind in ORDER:
        async for ids in _chunks(kind, world):
            for planned in await plan_some(kind, ids, world, foreseen):
                yield planned


async def plan_some(
    kind: Kind, ids: Sequence[str], world: World, foreseen: Foreseen
) -> Sequence[Planned]:
    """Plan the records named, at most a hundred, from what is known without a call."""
    cases = await _read(kind, ids, world)
    await relate(cases, world, foreseen=foreseen.accounts)
    map_values(cases, world.rules)
    await _recognise(kind, cases, world)
    for case in still_open(cases):
        _settle_holder(case, foreseen, world)
    schema = await world.crm.schema(kind)
    for case in still_open(cases):
        plan_one(case, world.rules, schema)
        prepare(case, world.rules)
    return [_planned(case) for case in cases]


def row_of(ref: Ref, world: World) -> PendingRow:
    """Stand in for a pending row: a preview marks nothing."""
    return PendingRow(
        entity=ref.key,
        kind=ref.kind,
        partition=partition_of(ref.key, world.rules.partitions),
        lane=Lane.ACTION,
        generation=0,
        ledger=0,
        version=0,
        crm_moved=False,
        attempts=0,
        first_at=world.clock.now(),
    )


async def _chunks(kind: Kind, world: World) -> AsyncIterator[Sequence[str]]:
    """Name all records of a kind, a hundred at a time."""
    after, more = Mark(), True
    while more:
        page = await world.shop.page(kind, after=after)
        ids = [head.id for head in page.heads]
        for at in range(0, len(ids), CHUNK):
            yield ids[at : at + CHUNK]
        more = page.more
        after = page.heads[-1].mark if page.heads else after


async def _read(kind: Kind, ids: Sequence[str], world: World) -> list[Case]:
    cases = [Case(row=row_of(shop_ref(kind, id_), world)) for id_ in ids]
    await recall(cases, world)
    await load(cases, world)
    return cases


async def _recognise(kind: Kind, cases: Sequence[Case], world: World) -> None:
    """Match the unlinked against the CRM records known, as a sync would."""
    unlinked = [case for case in still_open(cases) if case.link is None]
    for case in unlinked:
        if case.ruling == "ignore":
            because = why("I101", "a person decided to ignore it")
            case.outcome = Ignored(because=because)
    async with world.database.transaction() as tx:
        await judge_by_index(tx, kind, still_open(unlinked), world.rules)


async def _foresee(ids: Sequence[str], world: World, foreseen: Foreseen) -> None:
    """Note which account each unit has or would get."""
    cases = await _read(Kind.COMPANY, ids, world)
    await _recognise(Kind.COMPANY, cases, world)
    for case in still_open(cases):
        made = f"the new account of {case.ref.id}"
        foreseen.accounts[case.ref.id] = case.link.crm_id if case.link else made


def _settle_holder(case: Case, foreseen: Foreseen, world: World) -> None:
    """Let the first of two people with one contact have it, and ask about the second.

    In a sync, the first one's link tells; here nobody is linked by the end of a page.
    """
    if case.ref.kind is not Kind.PERSON:
        return
    email = seeker_of(case).email
    names = [email_key(email)] if email else []
    names += [case.link.crm_id] if case.link else []
    first = {foreseen.holders.setdefault(name, case.ref.id) for name in names}
    others = first - {case.ref.id}
    if not others or case.known_link:
        return
    if world.rules.join_shared:
        case.outcome = Done()
    else:
        because = why("V103", f"customer {min(others)} has the same e-mail address")
        case.outcome = Review(because=because, sort="shared")


def _planned(case: Case) -> Planned:
    crm_id = case.link.crm_id if case.link else None
    plan = case.plan
    if plan is None or (case.link and case.link.role is Role.SECONDARY):
        ends = type(case.outcome or Done()).__name__.lower()
        verb = "none" if ends == "done" else ends
        because = getattr(case.outcome, "because", None)
        return Planned(ref=case.ref, verb=verb, crm_id=crm_id, because=because)
    because = parked(plan.problems).because if plan.problems else None
    ends = "none"
    if plan.conflicts:
        because = why("V105", f"both sides changed {', '.join(sorted(plan.conflicts))}")
        ends = "review"
    elif plan.problems:
        ends = "park"
    verb = "create" if case.link is None else "update" if case.sent else ends
    return Planned(
        ref=case.ref,
        verb=verb,
        crm_id=crm_id,
        fields={name: (_held(case, name), value) for name, value in case.sent.items()},
        unread=plan.unread,
        because=because,
    )


def _held(case: Case, name: str) -> Json:
    """Say what the CRM holds of a field, as far as that is known."""
    base = case.link.base if case.link else {}
    if name in base:
        return base[name].crm
    seen = {v.field: v.now.crm for v in case.plan.verdicts} if case.plan else {}
    known = case.crm.external_id if case.crm and name not in seen else seen.get(name)
    return None if known is UNREAD else known
