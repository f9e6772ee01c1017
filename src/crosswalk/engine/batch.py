"""Bringing both sides of up to a hundred entities to agreement, as one batch.

One shop query a type, writes through the combiner, three short transactions: recall
what we know, announce what we are about to do, remember what came of it.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.mapping import values
from crosswalk.domain.model import (
    Document,
    Kind,
    Link,
    Role,
    ShopRecord,
    Side,
    shop_ref,
)
from crosswalk.domain.plan import agree, make_plan
from crosswalk.engine.case import Case, still_open
from crosswalk.engine.combiner import Approach
from crosswalk.engine.failing import fail, fail_at_crm
from crosswalk.engine.identify import identify, look_up
from crosswalk.engine.outcomes import (
    INDEX_LAG,
    NOT_YET,
    Done,
    Ignored,
    Retry,
    Review,
    Wait,
    parked,
    why,
)
from crosswalk.engine.remember import remember
from crosswalk.engine.world import Rules, World
from crosswalk.ports import CrmField
from crosswalk.store import journal, links, rulings
from crosswalk.store.journal import Entry
from crosswalk.store.pending import Fence, PendingRow

#: How often a refused duplicate is looked for, an index lag apart, before a person is
#: asked who is in the way.
LOOKS: Final = 3


async def sync_batch(rows: Sequence[PendingRow], world: World, fence: Fence) -> None:
    """Bring both sides of every entity to agreement, as far as the rules allow."""
    cases = [Case(row=row) for row in rows]
    with world.combiner.approach(Counter(row.kind for row in rows)) as approach:
        await recall(cases, world)
        await load(cases, world)
        await relate(cases, world)
        map_values(cases, world.rules)
        await identify(cases, world, fence, approach)
        await decide(cases, world)
        await carry_out(cases, world, fence, approach)
    judge(cases)
    await remember(cases, world, fence)


async def recall(cases: Sequence[Case], world: World) -> None:
    """Fetch what the store knows: links, a person's rulings, calls left in doubt."""
    keys = [case.ref.key for case in cases]
    async with world.database.single() as tx:
        ruled = await rulings.of(tx, keys)
        doubtful = await journal.unknown(tx, keys)
        linked = {
            kind: await links.of_shop(tx, kind, ids)
            for kind, ids in _ids_by_kind(cases).items()
        }
    for case in cases:
        if case.ref.side is Side.CRM:
            because = why("I102", "it is linked to no shop record")
            case.outcome = Ignored(because=because)
            continue
        case.ruling = ruled.get(case.ref.key)
        case.in_doubt = doubtful.get(case.ref.key, [])
        case.link = case.known_link = linked[case.ref.kind].get(case.ref.id)


async def load(cases: Sequence[Case], world: World) -> None:
    """Read the shop's records as they are now; the notice said only that they moved."""
    by_kind = _ids_by_kind(still_open(cases))
    answers = await asyncio.gather(
        *(world.shop.load(kind, ids) for kind, ids in by_kind.items()),
        return_exceptions=True,
    )
    found = dict(zip(by_kind, answers, strict=True))
    for case in still_open(cases):
        answer = found[case.ref.kind]
        if isinstance(answer, RemoteError):
            fail(case, answer, world)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            _take(case, answer.get(case.ref.id))


async def relate(
    cases: Sequence[Case],
    world: World,
    *,
    foreseen: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Add the crm ids of the companies that a record refers to; wait for a parent.

    *foreseen* tells, by unit key, the accounts that a preview expects to be linked.
    """
    mentioned = {key for case in still_open(cases) for key in _companies(case.document)}
    async with world.database.single() as tx:
        linked = await links.crm_ids(tx, Kind.COMPANY, sorted(mentioned))
    accounts = {**foreseen, **linked}
    for case in still_open(cases):
        known = [accounts[k] for k in _companies(case.document) if k in accounts]
        if case.ref.kind is Kind.PERSON:
            case.extend({"accounts": list(dict.fromkeys(known))})
        elif known:
            case.extend({"parent_account": known[0]})
        elif parent := case.document.get("parent_key"):
            because = why("W101", f"unit {parent} is not linked yet")
            case.outcome = Wait(on=shop_ref(Kind.COMPANY, parent).key, because=because)


async def decide(cases: Sequence[Case], world: World) -> None:
    """Plan every record; where the CRM's present value matters, read it and replan."""
    for case in still_open(cases):
        if case.link and case.link.role is Role.SECONDARY:
            case.outcome = Done()
    moved = [c for c in still_open(cases) if c.row.crm_moved and c.link and not c.crm]
    await _read(moved, world)
    await _plan(still_open(moved), world, complete=True)
    await _plan([case for case in still_open(cases) if not case.plan], world)
    unread = [case for case in still_open(cases) if case.plan and case.plan.unread]
    await _read(unread, world)
    await _plan(still_open(unread), world, complete=True)


async def carry_out(
    cases: Sequence[Case], world: World, fence: Fence, approach: Approach
) -> None:
    """Announce every write in the journal, then make it."""
    writing = [case for case in still_open(cases) if prepare(case, world.rules)]
    fresh = [case for case in still_open(cases) if case.link and not case.link.number]
    if not writing and not fresh:
        return
    now = world.clock.now()
    scope = world.database.transaction() if fresh else world.database.single()
    async with scope as tx:
        reserved = await links.reserve(tx, [c.link for c in fresh if c.link], at=now)
        for case in fresh:
            _settle_reservation(case, reserved.get((case.ref.kind, case.ref.id)))
        writing = still_open(writing)
        entries = [_entry(case, world) for case in writing]
        numbers = await journal.intend(tx, fence, entries, at=now)
    for case, number in zip(writing, numbers, strict=True):
        case.write = number
    await approach.hand_in(_write(case, world) for case in writing)


def judge(cases: Sequence[Case]) -> None:
    """Compare each answer with what was sent, and say how the case ends."""
    for case in still_open(cases):
        plan = case.plan
        if plan is None or case.link is None:
            continue
        agreement = agree(
            plan, base=case.link.base, sent=plan.fields, answer=case.answer
        )
        case.link = replace(case.link, base=agreement.base, shop_version=plan.version)
        case.touched = bool(agreement.surprises)
        problems = [*plan.problems, *agreement.dropped]
        if plan.conflicts:
            case.outcome = _both_changed(case)
        elif problems:
            case.outcome = parked(problems)
        else:
            case.outcome = Done()


def _ids_by_kind(cases: Iterable[Case]) -> dict[Kind, list[str]]:
    ids: dict[Kind, list[str]] = {}
    for case in cases:
        ids.setdefault(case.ref.kind, []).append(case.ref.id)
    return ids


def _take(case: Case, record: ShopRecord | None) -> None:
    """Accept what the shop answered, unless it is older than what was announced."""
    attempts = case.row.attempts
    if record is not None and record.version >= case.row.version:
        case.record = record
    elif attempts < len(NOT_YET):
        what = "gone" if record is None else f"still at version {record.version}"
        because = why("R102", f"announced, but the shop shows it {what}")
        case.outcome = Retry(because=because, after=NOT_YET[attempts])
    elif record is not None:
        case.record = record
    else:
        because = why("I103", "the shop has no such record (any more)")
        case.outcome = Ignored(because=because)


def _companies(document: Document) -> list[str]:
    """Name the units a record refers to: its parent, or its own, the primary first."""
    if parent := document.get("parent_key"):
        return [parent]
    memberships = document.get("companies") or ()
    ordered = sorted(memberships, key=lambda company: not company.get("primary"))
    return [company["key"] for company in ordered]


async def _read(cases: Sequence[Case], world: World) -> None:
    """Read what the CRM holds now, one call a case."""
    await asyncio.gather(*(_read_one(case, world) for case in cases))


async def _read_one(case: Case, world: World) -> None:
    if case.link is None:
        return
    try:
        case.crm = await world.crm.on(case.row.lane).read(
            case.ref.kind, case.link.crm_id
        )
    except RemoteError as error:
        fail_at_crm(case, error, world)
        return
    if case.crm is None:
        case.outcome = Review(
            because=why("V104", f"the crm record {case.link.crm_id} is gone"),
            sort="gone",
        )


async def _plan(cases: Sequence[Case], world: World, *, complete: bool = False) -> None:
    for kind in Kind:
        of_kind = [case for case in cases if case.ref.kind is kind]
        if not of_kind:
            continue
        lane = min(case.row.lane for case in of_kind)
        try:
            schema = await world.crm.on(lane).schema(kind)
        except RemoteError as error:
            for case in of_kind:
                fail_at_crm(case, error, world)
            continue
        for case in of_kind:
            plan_one(case, world.rules, schema, complete=complete)


def map_values(cases: Iterable[Case], rules: Rules) -> None:
    """Say once what the shop's records mean in the CRM's terms."""
    for case in still_open(cases):
        field_map, context = rules.maps[case.ref.kind], rules.context(case.document)
        case.mapped = values(field_map, case.document, context)


def plan_one(
    case: Case,
    rules: Rules,
    schema: Mapping[str, CrmField],
    *,
    complete: bool = False,
) -> None:
    """Decide every field of a case; *complete* when its crm record was just read."""
    if case.record is None:
        return
    case.plan = make_plan(
        case.record,
        field_map=rules.maps[case.ref.kind],
        mapped=case.mapped,
        link=case.link,
        crm=case.crm,
        schema=schema,
        complete=complete,
    )


def prepare(case: Case, rules: Rules) -> bool:
    """Put together what is sent; False when there is nothing to say."""
    if case.plan is None:
        return False
    case.sent = dict(case.plan.fields)
    known = case.crm.external_id if case.crm else None
    if case.link is None or (
        known != case.ref.id and (case.crm or not case.link.shop_version)
    ):
        case.sent[rules.id_field[case.ref.kind]] = case.ref.id
    return bool(case.sent)


def _settle_reservation(case: Case, number: int | None) -> None:
    """Keep a link that is now ours; another drain may have been quicker."""
    if case.link and number:
        case.link = replace(case.link, number=number)
        return
    case.link = None
    because = why("R103", "its crm record was linked a moment ago")
    case.outcome = Retry(because=because, after=1, counts=False)


def _entry(case: Case, world: World) -> Entry:
    base = case.link.base if case.link else {}
    return Entry(
        entity=case.ref.key,
        crm_id=case.link.crm_id if case.link else None,
        verb="update" if case.link else "create",
        fields={
            name: [base[name].crm if name in base else None, value]
            for name, value in case.sent.items()
        },
        cause=case.cause,
        config_hash=world.rules.hash,
    )


async def _write(case: Case, world: World) -> None:
    kind, lane = case.ref.kind, case.row.lane
    try:
        if case.link:
            crm_id = case.link.crm_id
            case.answer = await world.combiner.update(
                kind, crm_id, case.sent, lane=lane
            )
        else:
            case.answer = await world.crm.on(lane).create(kind, case.sent)
            case.link = Link(
                kind=kind, shop_id=case.ref.id, crm_id=case.answer.id, rule="created"
            )
    except RemoteError as error:
        await _refused(case, error, world)


async def _refused(case: Case, error: RemoteError, world: World) -> None:
    case.error = error
    duplicate = case.link is None and error.fault is Fault.DUPLICATE
    # Who was to be made new is not matched: whoever is in the way, a person must say.
    if duplicate and case.ruling != "create" and case.row.attempts < LOOKS:
        found = await look_up(case, world)
        if case.outcome is None:
            after = 0.0 if found else float(INDEX_LAG)
            because = why("R104", "the CRM knows it already")
            case.outcome = Retry(because=because, after=after, counts=not found)
        return
    fail_at_crm(case, error, world)


def _both_changed(case: Case) -> Review:
    plan = case.plan
    conflicts = plan.conflicts if plan else {}
    return Review(
        because=why("V105", f"both sides changed {', '.join(sorted(conflicts))}"),
        sort="both_changed",
        candidates=[
            {"field": name, "shop": conflict.now.shop, "crm": conflict.now.crm}
            for name, conflict in conflicts.items()
        ],
    )
