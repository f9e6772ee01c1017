"""Keeping what came of a batch: all of it in one transaction, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from crosswalk.domain.faults import Fault
from crosswalk.domain.model import CrmRecord, Kind, Lane, shop_ref
from crosswalk.engine.case import Case
from crosswalk.engine.outcomes import Because, Done, Ignored, Park, Retry, Review, Wait
from crosswalk.engine.world import World
from crosswalk.store import identity, journal, links, memberships, pending, reviews
from crosswalk.store.database import Transaction
from crosswalk.store.journal import Conclusion, State
from crosswalk.store.pending import Ends, Fence, Settlement


async def remember(cases: Sequence[Case], world: World, fence: Fence) -> None:
    """Save links, bases, journal and ends, then wake whoever waited for them."""
    now = world.clock.now()
    async with world.database.transaction() as tx:
        settlements = [_settlement(case, now) for case in cases]
        await pending.settle(tx, fence, settlements, at=now)
        kept = [case.link for case in cases if case.link and _is_news(case)]
        await links.remember(tx, kept, at=now, config_hash=world.rules.hash)
        conclusions = [found for case in cases for found in _conclusions(case)]
        await journal.conclude(tx, conclusions, at=now)
        for kind in Kind:
            records = [_shown(c) for c in cases if c.ref.kind is kind and _is_new(c)]
            await identity.put(tx, kind, records, at=now)
        await _ask(tx, cases, now)
        await _tell_others(tx, cases, world)
    await world.wake.wake(await pending.release(world.database, at=now))


def _settlement(case: Case, now: datetime) -> Settlement:
    row, attempts = case.row, case.row.attempts
    match case.outcome:
        case Done():
            return Settlement(row=row, ends=Ends.DONE)
        case Ignored(because=because):
            return _because(Settlement(row=row, ends=Ends.IGNORED), because)
        case Retry(because=because, after=after, counts=counts):
            again = Settlement(
                row=row,
                ends=Ends.RETRY,
                not_before=now + timedelta(seconds=after),
                attempts=attempts + counts,
            )
            return _because(again, because)
        case Wait(on=on, because=because):
            waits = Settlement(row=row, ends=Ends.WAIT, waits_for=on, attempts=attempts)
            return _because(waits, because)
        case Park(because=because):
            return _because(Settlement(row=row, ends=Ends.PARKED), because)
        case Review(because=because):
            return _because(Settlement(row=row, ends=Ends.REVIEW), because)
        case None:
            raise AssertionError(f"{row.entity} left the batch without an end")
        case _:
            assert_never(case.outcome)


def _because(settlement: Settlement, because: Because) -> Settlement:
    return replace(settlement, because=because.code, detail=because.to_json())


def _is_new(case: Case) -> bool:
    """Say whether the link, and with it the crm record, was made in this batch."""
    return case.answer is not None and case.known_link is None


def _is_news(case: Case) -> bool:
    """Say whether the store knows less of the link than the case does."""
    return case.link is not None and case.link != case.known_link


def _is_first(case: Case) -> bool:
    """Say whether nobody was told of the link yet.

    A link that the store knows without a base was reserved by a batch that died, or
    made by a person: whoever waits for it waits still.
    """
    known = case.known_link
    return case.link is not None and (known is None or not known.shop_version)


def _shown(case: Case) -> CrmRecord:
    """Take the record for the index; its fields are in the base by now."""
    if case.answer is None:
        raise AssertionError("only an answered case is new")
    return replace(case.answer, fields={})


def _conclusions(case: Case) -> list[Conclusion]:
    """Say how each announced call ended; one left in doubt stays open."""
    error, state = case.error, State.DONE
    if error:
        doubtful = error.fault is Fault.AMBIGUOUS
        state = State.UNKNOWN if doubtful else State.REFUSED
    answer = {"error": str(error)} if error else _told(case)
    crm_id = case.answer.id if case.answer else None
    ends = {case.claim: State.DONE if case.crm else state, case.write: state}
    if isinstance(case.outcome, Done | Park | Review):
        # What was in doubt is settled by what is known of the record now.
        ends |= {doubt.number: State.DONE for doubt in case.in_doubt}
    return [
        Conclusion(number=number, state=end, answer=answer, crm_id=crm_id)
        for number, end in ends.items()
        if number
    ]


def _told(case: Case) -> dict[str, object]:
    if case.answer is None:
        return {}
    shown = {n: case.answer.fields[n] for n in case.sent if n in case.answer.fields}
    return {"fields": shown}


async def _ask(tx: Transaction, cases: Sequence[Case], now: datetime) -> None:
    """Put every question that only a person can answer."""
    asked = [
        reviews.Question(
            entity=case.ref.key,
            sort=case.outcome.sort,
            rule=case.outcome.rule,
            candidates=case.outcome.candidates,
            evidence={"what": case.outcome.because.what},
        )
        for case in cases
        if isinstance(case.outcome, Review)
    ]
    await reviews.ask(tx, asked, at=now)


async def _tell_others(tx: Transaction, cases: Sequence[Case], world: World) -> None:
    """Leave word to whom this batch concerns: waiters, members, the touched ones."""
    linked = [case.ref.key for case in cases if _is_first(case)]
    await pending.follow_up_waiting(tx, linked)
    units = [c for c in cases if c.ref.kind is Kind.COMPANY and c.link and c.record]
    people = await memberships.replace(
        tx,
        {case.ref.id: _members(case) for case in units},
        everybody=[case.ref.id for case in units if _is_first(case)],
    )
    await pending.follow_up(
        tx,
        [shop_ref(Kind.PERSON, id_).key for id_ in people],
        lane=min((case.row.lane for case in units), default=Lane.LIVE),
        source="membership",
        partitions=world.rules.partitions,
    )
    await pending.follow_up(
        tx,
        [case.ref.key for case in cases if case.touched]
        + [case.disturbed for case in cases if case.disturbed],
        lane=Lane.RECONCILE,
        source="touched",
        partitions=world.rules.partitions,
        crm_moved=True,
    )


def _members(case: Case) -> list[str]:
    return sorted({str(member["id"]) for member in case.document.get("associates", ())})
