"""Why each value is what it is: the rule, the base, and who wrote it when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosswalk.domain.decisions import UNREAD
from crosswalk.domain.model import Json, Link, Ref
from crosswalk.domain.plan import FieldVerdict
from crosswalk.domain.problems import Problem
from crosswalk.engine.batch import load, map_values, plan_one, recall, relate
from crosswalk.engine.case import Case
from crosswalk.engine.preview import row_of
from crosswalk.engine.world import World
from crosswalk.store import journal, ledger, pending
from crosswalk.store.journal import Written
from crosswalk.store.ledger import LedgerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStory:
    """One crm field of a record."""

    field: str
    #: What the shop says now, in the CRM's terms.
    shop: Json
    #: What the CRM holds, as far as we know.
    crm: Json
    owner: str
    #: The expression, with its transforms.
    expression: str
    #: What a sync would do now, and why.
    verdict: str
    #: The last write of this field by us, and the notice that brought it about.
    written_at: datetime | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is known of one record."""

    ref: Ref
    link: Link | None
    #: How it stands in the pending set; None when nothing is to be done.
    pending: Mapping[str, Json] | None
    #: Whether the shop has such a record.
    found: bool
    fields: Sequence[FieldStory]
    #: Fields whose shop value cannot be written, or not be worked out.
    problems: Sequence[Problem]
    history: Sequence[Written]
    notices: Sequence[LedgerRow]


async def explain(ref: Ref, world: World) -> Story:
    """Tell why a record's values are what they are; reads the shop, never the CRM."""
    case = Case(row=row_of(ref, world))
    await recall([case], world)
    await load([case], world)
    await relate([case], world)
    map_values([case], world.rules)
    if case.record:
        plan_one(case, world.rules, await world.crm.schema(ref.kind))
    async with world.database.transaction() as tx:
        history = await journal.history(tx, ref.key, limit=200)
        notices = await ledger.of_ref(tx, ref)
        stands = await pending.show(tx, ref.key)
    verdicts = case.plan.verdicts if case.plan else ()
    told = _Told(history=history, sources=_sources(notices))
    return Story(
        ref=ref,
        link=case.link,
        pending=stands,
        found=case.record is not None,
        fields=[_story(verdict, case, told, world) for verdict in verdicts],
        problems=case.plan.problems if case.plan else (),
        history=history,
        notices=notices,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the store tells about a record's past."""

    history: Sequence[Written]
    #: The journal's word for a notice -> what a person reads of it.
    sources: Mapping[str, str]


def _sources(notices: Sequence[LedgerRow]) -> dict[str, str]:
    return {
        f"ledger {notice.number}": f"{notice.source}"
        + (f", version {notice.version}" if notice.version else "")
        for notice in notices
    }


def _story(verdict: FieldVerdict, case: Case, told: _Told, world: World) -> FieldStory:
    rule = world.rules.maps[case.ref.kind].rule(verdict.field)
    last = next((row for row in told.history if verdict.field in row.fields), None)
    held = verdict.now.crm
    if held is UNREAD:
        held = verdict.base.crm if verdict.base else None
    return FieldStory(
        field=verdict.field,
        shop=verdict.now.shop,
        crm=held,
        owner=verdict.owner,
        expression=" | ".join([rule.expression, *rule.transforms]),
        verdict=_words(verdict),
        written_at=last.at if last else None,
        cause=told.sources.get(last.cause, last.cause) if last else "",
    )


def _words(verdict: FieldVerdict) -> str:
    because = getattr(verdict.verdict, "because", "")
    name = type(verdict.verdict).__name__.lower()
    return f"{name} ({because})" if because else name
