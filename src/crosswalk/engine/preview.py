"""What a sync would do, without doing it: the same steps, short of the writes.

Nothing is written on either side. The CRM is read by list pages only (the census), so
what a preview costs is known beforehand: one call per hundred crm records, once.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.domain.decisions import UNREAD
from crosswalk.domain.model import (
    Json,
    Kind,
    Lane,
    Ref,
    partition_of,
    shop_ref,
)
from crosswalk.engine import census
from crosswalk.engine.backfill import ORDER
from crosswalk.engine.batch import load, plan_one, recall, relate
from crosswalk.engine.case import Case, still_open
from crosswalk.engine.combiner import ASSOCIATIONS, BULK_ROWS
from crosswalk.engine.identify import judge_by_index
from crosswalk.engine.outcomes import Because, Done, Wait, parked
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
    #: create, update, none, or how it would end: review, parked, retry, ignored.
    verb: str
    crm_id: str | None = None
    #: By crm field: the value held, as far as it is known, and the value to write.
    fields: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    #: Fields that can only be decided when the crm record was read.
    unread: frozenset[str] = frozenset()
    #: Why it would end without a write, or with a part of its fields only.
    because: Because | None = None


async def preview(world: World) -> AsyncIterator[Planned]:
    """Plan every record of the shop, companies first."""
    for kind in ORDER:
        if not await census.is_taken(kind, world):
            await census.take(kind, world)
    for kind in ORDER:
        after, more = Mark(), True
        while more:
            page = await world.shop.page(kind, after=after)
            ids = [head.id for head in page.heads]
            for at in range(0, len(ids), CHUNK):
                for planned in await plan_some(kind, ids[at : at + CHUNK], world):
                    yield planned
            more = page.more
            after = page.heads[-1].mark if page.heads else after


async def plan_some(kind: Kind, ids: Sequence[str], world: World) -> Sequence[Planned]:
    """Plan the records named, at most a hundred, from what is known without a call."""
    cases = [Case(row=row_of(shop_ref(kind, id_), world)) for id_ in ids]
    await recall(cases, world)
    await load(cases, world)
    await relate(cases, world)
    for case in cases:
        if isinstance(case.outcome, Wait):
            # Its parent is planned in this very preview.
            case.outcome = None
    async with world.database.transaction() as tx:
        unknown = [case for case in still_open(cases) if case.link is None]
        await judge_by_index(tx, kind, unknown, world.rules)
    schema = await world.crm.schema(kind)
    for case in still_open(cases):
        plan_one(case, world.rules, schema)
    return [_planned(case) for case in cases]


def cost(planned: Iterable[Planned], bulk_from: int) -> int:
    """Estimate the calls that carrying out would take, bulk where it applies."""
    bulk = dict.fromkeys(("claim", "update"), 0)
    single = 0
    for one in planned:
        writes = one.verb in ("create", "update")
        single += bool(one.unread)
        if not writes:
            continue
        if (
            one.verb == "create" and one.ref.kind is Kind.COMPANY
        ) or ASSOCIATIONS & one.fields.keys():
            single += 1
        else:
            bulk["claim"] += one.verb == "create"
            bulk["update"] += 1
    return single + sum(_bulk_calls(rows, bulk_from) for rows in bulk.values())


def _bulk_calls(rows: int, bulk_from: int) -> int:
    return rows if rows < bulk_from else BULK_CALLS * -(-rows // BULK_ROWS)


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


def _planned(case: Case) -> Planned:
    crm_id = case.link.crm_id if case.link else None
    plan = case.plan
    if plan is None:
        ends = type(case.outcome or Done()).__name__.lower()
        because = getattr(case.outcome, "because", None)
        return Planned(ref=case.ref, verb=ends, crm_id=crm_id, because=because)
    held = {v.field: v.now.crm for v in plan.verdicts}
    base = case.link.base if case.link else {}
    fields = {
        name: (base[name].crm if name in base else _known(held.get(name)), value)
        for name, value in plan.fields.items()
    }
    verb = "create" if case.link is None else "update" if fields else "none"
    return Planned(
        ref=case.ref,
        verb=verb,
        crm_id=crm_id,
        fields=fields,
        unread=plan.unread,
        because=parked(plan.problems).because if plan.problems else None,
    )


def _known(value: Json) -> Json:
    return None if value is UNREAD else value
