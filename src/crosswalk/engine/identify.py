"""Which crm record a shop record is: found by what is known, or asked of the CRM.

Nothing here overwrites anything. Where the identity index was loaded it answers for
the CRM; where it was not, or where many are new at once, the contact is claimed: got or
created by its e-mail alone, harmless either way, and judged by what comes back.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.matching import (
    Ambiguous,
    Candidate,
    Conflict,
    Matched,
    New,
    Seeker,
    Shared,
    email_key,
    match,
)
from crosswalk.domain.model import CrmRecord, Document, Kind, Link, Role, shop_ref
from crosswalk.engine.case import Case, still_open
from crosswalk.engine.combiner import Approach
from crosswalk.engine.failing import fail_at_crm
from crosswalk.engine.outcomes import INDEX_LAG, Ignored, Retry, Review, why
from crosswalk.engine.world import Rules, World
from crosswalk.store import cursors, identity, journal, links
from crosswalk.store.database import Transaction
from crosswalk.store.identity import Known
from crosswalk.store.journal import Entry
from crosswalk.store.pending import Fence

#: Values that replace what is there: a snapshot of them is too old to build on.
REPLACED: Final = frozenset({"sales_accounts", "tags"})
#: Codes of the questions that a person must answer.
REVIEW_CODES: Final[Mapping[str, str]] = {
    "ambiguous": "V101",
    "conflict": "V102",
    "shared": "V103",
    "gone": "V104",
    "both_changed": "V105",
}


async def identify(
    cases: Sequence[Case], world: World, fence: Fence, approach: Approach
) -> None:
    """Give every unlinked case its link, or an outcome; new ones keep neither."""
    unlinked = _unknown(cases)
    for case in unlinked:
        if case.ruling == "ignore":
            because = why("I101", "a person decided to ignore it")
            case.outcome = Ignored(because=because)
    doubtful = [case for case in _unknown(unlinked) if case.in_doubt]
    await asyncio.gather(*(_recover(case, world) for case in doubtful))
    claims: list[Case] = []
    for kind in Kind:
        if of_kind := [case for case in _unknown(unlinked) if case.ref.kind is kind]:
            claims += await _identify_kind(kind, of_kind, world)
    await _claim(claims, world, fence, approach)


async def look_up(case: Case, world: World) -> Link | None:
    """Ask the CRM itself who is there: the way that is safe after a doubtful create."""
    crm = world.crm.on(case.row.lane)
    kind = case.ref.kind
    seeker = seeker_of(case)
    try:
        found = list(await crm.find(kind, world.rules.id_field[kind], seeker.our_id))
        if seeker.email:
            found += await crm.find(kind, "email", seeker.email)
        await _judge_records(case, found, world)
        if case.link:
            case.crm = await crm.read(kind, case.link.crm_id)
    except RemoteError as error:
        fail_at_crm(case, error, world)
    return case.link


def seeker_of(case: Case) -> Seeker:
    """Say what a shop record can be recognised by."""
    document = case.document
    address = document.get("address") or {}
    return Seeker(
        shop_id=case.ref.id,
        our_id=case.ref.id,
        email=document.get("email") if case.ref.kind is Kind.PERSON else None,
        mobile=address.get("mobile"),
        name=str(document.get("name") or ""),
    )


async def _recover(case: Case, world: World) -> None:
    """Take up what a crashed batch may have done before it could say so."""
    intent = case.in_doubt[-1]
    if intent.verb == "claim":
        await _claim_one(case, intent.email, world)
        await _judge_claimed([case], world)
        return
    age = (world.clock.now() - intent.at).total_seconds()
    if age < INDEX_LAG:
        because = why("R101", "an earlier create is still in doubt")
        case.outcome = Retry(because=because, after=INDEX_LAG - age, counts=False)
        return
    await look_up(case, world)


async def _identify_kind(
    kind: Kind, cases: Sequence[Case], world: World
) -> Sequence[Case]:
    """Match by what is known, and answer who has to be claimed."""
    async with world.database.single() as tx:
        ready = await cursors.get(tx, identity.CURSOR[kind])
        if ready:
            await judge_by_index(tx, kind, cases, world.rules)
    unknown = [case for case in _unknown(cases) if case.ruling != "create"]
    if kind is Kind.COMPANY:
        if not ready:
            await asyncio.gather(*(look_up(case, world) for case in unknown))
        return ()
    return unknown if not ready or world.combiner.many(len(unknown)) else ()


async def judge_by_index(
    tx: Transaction, kind: Kind, cases: Sequence[Case], rules: Rules
) -> None:
    """Match against the CRM records known from its list pages: no call at all."""
    seekers = {case.ref.id: seeker_of(case) for case in cases}
    rows = await identity.candidates(
        tx,
        kind,
        email_keys=[email_key(s.email) for s in seekers.values() if s.email],
        external_ids=[s.our_id for s in seekers.values()],
    )
    named: dict[str, list[Known]] = defaultdict(list)
    for row in rows:
        for name in {row.external_id or "", *row.email_keys}:
            named[name].append(row)
    for case in cases:
        seeker = seekers[case.ref.id]
        keys = {seeker.our_id, email_key(seeker.email or "")}
        own = {row.crm_id: row for key in keys for row in named.get(key, ())}
        _judge(case, [row.candidate for row in own.values()], rules)
        if case.link:
            case.crm = own[case.link.crm_id].record(without=REPLACED)


async def _claim(
    cases: Sequence[Case], world: World, fence: Fence, approach: Approach
) -> None:
    """Get or create each contact by its e-mail alone, announced in the journal."""
    if not cases:
        approach.has_claimed()
        return
    entries = [
        Entry(
            entity=case.ref.key,
            verb="claim",
            fields={"email": [None, _email(case)]},
            cause=case.cause,
            config_hash=world.rules.hash,
        )
        for case in cases
    ]
    async with world.database.single() as tx:
        numbers = await journal.intend(tx, fence, entries, at=world.clock.now())
    for case, number in zip(cases, numbers, strict=True):
        case.claim = number
    calls = (_claim_one(case, _email(case), world) for case in cases)
    await approach.hand_in(calls, claims=True)
    await _judge_claimed(cases, world)


async def _claim_one(case: Case, email: str, world: World) -> None:
    try:
        case.crm = await world.combiner.claim(email, lane=case.row.lane)
    except RemoteError as error:
        case.error = error
        fail_at_crm(case, error, world)


def _email(case: Case) -> str:
    """Spell the person's e-mail address as it will be written to the CRM.

    A claim by another spelling of it would make a contact of its own.
    """
    return str(case.mapped.values.get("email") or case.document["email"])


async def _judge_claimed(cases: Sequence[Case], world: World) -> None:
    claimed = [(case, case.crm) for case in still_open(cases) if case.crm]
    async with world.database.single() as tx:
        owners = await links.of_crm(tx, Kind.PERSON, [crm.id for _, crm in claimed])
    for case, crm in claimed:
        _judge(case, [_candidate(crm, owners)], world.rules)
        if crm.id in owners and owners[crm.id].shop_id != case.ref.id:
            case.disturbed = shop_ref(Kind.PERSON, owners[crm.id].shop_id).key


async def _judge_records(
    case: Case, records: Iterable[CrmRecord], world: World
) -> None:
    """Match against records that the CRM just answered."""
    found = {record.id: record for record in records}
    async with world.database.single() as tx:
        owners = await links.of_crm(tx, case.ref.kind, list(found))
    _judge(case, [_candidate(r, owners) for r in found.values()], world.rules)


def _candidate(record: CrmRecord, owners: Mapping[str, Link]) -> Candidate:
    return Candidate(
        crm_id=record.id,
        external_id=record.external_id,
        emails=record.emails,
        mobile=record.fields.get("mobile_number"),
        name=record.name,
        linked_to=owners[record.id].shop_id if record.id in owners else None,
    )


def _judge(case: Case, candidates: Sequence[Candidate], rules: Rules) -> None:
    """Turn a match into a link, or into a question for a person."""
    order = rules.match[case.ref.kind]
    if case.ruling == "create":
        order = order[:1]
    match match(seeker_of(case), candidates, order):
        case New():
            return
        case Matched(crm_id=crm_id, rule=rule, evidence=evidence):
            case.link = _link(case, crm_id, rule, evidence)
        case Shared(candidate=candidate, rule=rule, evidence=evidence) as shared:
            if rules.join_shared:
                link = _link(case, candidate.crm_id, rule, evidence)
                case.link = replace(link, role=Role.SECONDARY)
            else:
                what = f"contact {candidate.crm_id} belongs to {shared.other_shop_id}"
                case.outcome = _question("shared", what, rule, [candidate])
        case Conflict(candidate=candidate, rule=rule) as conflict:
            what = f"{candidate.crm_id} carries the external id {conflict.other_id}"
            case.outcome = _question("conflict", what, rule, [candidate])
        case Ambiguous(candidates=several, rule=rule):
            what = f"{len(several)} crm records match"
            case.outcome = _question("ambiguous", what, rule, several)


def _link(case: Case, crm_id: str, rule: str, evidence: Document) -> Link:
    return Link(
        kind=case.ref.kind,
        shop_id=case.ref.id,
        crm_id=crm_id,
        rule=rule,
        evidence=evidence,
    )


def _question(
    sort: str, what: str, rule: str, candidates: Sequence[Candidate]
) -> Review:
    return Review(
        because=why(REVIEW_CODES[sort], what),
        sort=sort,
        rule=rule,
        candidates=[asdict(candidate) for candidate in candidates],
    )


def _unknown(cases: Sequence[Case]) -> list[Case]:
    return [case for case in still_open(cases) if case.link is None]
