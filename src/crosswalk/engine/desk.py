"""What a person may do: permitted, done and journalled, or none of the three.

The console and the command line write through here and nowhere else.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from crosswalk.domain.faults import CrosswalkError
from crosswalk.domain.model import Both, Kind, Lane, Link, Ref, Role
from crosswalk.engine.world import World
from crosswalk.store import journal, links, pending, reviews, rulings
from crosswalk.store.database import Transaction
from crosswalk.store.reviews import Review

#: Entities that one retry reaches.
MOST: Final = 1_000_000
#: The answers that each sort of question can have, and what they mean.
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "identity": {
        "link": "it is this crm record",
        "join": "it is another account of the person whose contact this is",
        "create": "it is nobody the CRM knows: make a new record",
        "ignore": "leave it out",
    },
    "value": {
        "shop": "the shop's values stand",
        "crm": "the CRM's values stand",
    },
}


class NotAllowedError(CrosswalkError):
    """What was asked for does not fit the case; nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's answer to a question."""

    number: int
    verb: str
    #: The crm record chosen, with link and join.
    crm_id: str | None = None
    actor: str
    note: str | None = None


def answers_to(sort: str) -> Mapping[str, str]:
    """Say which answers a sort of question can have."""
    return ANSWERS["value" if sort == "both_changed" else "identity"]


async def decide(decision: Decision, world: World) -> Review:
    """Carry out a person's answer and set the entity to work again.

    Raises NotAllowedError when there is no such open question or the answer does not
    fit it.
    """
    now = world.clock.now()
    async with world.database.transaction() as tx:
        review = await reviews.show(tx, decision.number)
        if review is None or review.decided_at:
            raise NotAllowedError(f"there is no open question {decision.number}")
        _refuse_misfits(decision, review)
        await _refuse_unknown(decision, review, world)
        await _ACTS[decision.verb](tx, decision, review, world)
        await reviews.decide(
            tx,
            decision.number,
            verb=decision.verb,
            chosen=decision.crm_id,
            actor=decision.actor,
            note=decision.note,
            at=now,
        )
        said = {"question": review.number, "crm_id": decision.crm_id}
        await journal.note(
            tx,
            review.entity,
            f"review {decision.verb}",
            actor=decision.actor,
            answer=said | {"note": decision.note},
            at=now,
        )
        woken = await _again(tx, review.entity, world)
    await world.wake.wake(woken)
    return review


async def reopen(entity: str, world: World, *, actor: str) -> None:
    """Take back what a person decided about an entity's identity; nothing is lost.

    Its link ends and its rulings lapse; the next pass asks again.
    """
    ref, now = Ref.parse(entity), world.clock.now()
    async with world.database.transaction() as tx:
        held = await links.of_shop(tx, ref.kind, [ref.id])
        ruled = await rulings.of(tx, [entity])
        if not held and not ruled:
            raise NotAllowedError(f"nothing was decided about {entity}")
        ended = [link.number for link in held.values()]
        await links.end(tx, ended, because=f"taken back by {actor}", at=now)
        await rulings.undo(tx, [entity], at=now)
        await journal.note(
            tx, entity, "review reopen", actor=actor, answer={"ended": ended}, at=now
        )
        woken = await _again(tx, entity, world)
    await world.wake.wake(woken)


async def retry(
    entities: Collection[str] | None, world: World, *, actor: str
) -> list[str]:
    """Set parked entities to work again, all of them for None; answer which."""
    now = world.clock.now()
    async with world.database.transaction() as tx:
        parked = {row.entity for row in await pending.parked(tx, limit=MOST)}
        wanted = sorted(parked if entities is None else parked & set(entities))
        for entity in wanted:
            await journal.note(
                tx, entity, "errors retry", actor=actor, answer={}, at=now
            )
        woken = await pending.mark(
            tx,
            wanted,
            lane=Lane.ACTION,
            at=now,
            source="desk",
            partitions=world.rules.partitions,
        )
    await world.wake.wake(woken)
    return wanted


async def _refuse_unknown(decision: Decision, review: Review, world: World) -> None:
    """See that a crm record that was not among the candidates exists."""
    shown = {candidate.get("crm_id") for candidate in review.candidates}
    if decision.crm_id is None or decision.crm_id in shown:
        return
    kind = Ref.parse(review.entity).kind
    if await world.crm.on(Lane.ACTION).read(kind, decision.crm_id) is None:
        what = "contact" if kind is Kind.PERSON else "account"
        raise NotAllowedError(f"the CRM has no {what} {decision.crm_id}")


def _refuse_misfits(decision: Decision, review: Review) -> None:
    allowed = answers_to(review.sort)
    if decision.verb not in allowed:
        raise NotAllowedError(
            f"'{decision.verb}' does not answer question {review.number}; "
            f"it takes: {', '.join(allowed)}"
        )
    if decision.verb in ("link", "join") and not decision.crm_id:
        shown = ", ".join(str(c.get("crm_id")) for c in review.candidates)
        raise NotAllowedError(f"say which crm record; the candidates are {shown}")


async def _again(tx: Transaction, entity: str, world: World) -> frozenset[int]:
    return await pending.mark(
        tx,
        [entity],
        lane=Lane.ACTION,
        at=world.clock.now(),
        source="desk",
        partitions=world.rules.partitions,
    )


async def _relink(
    tx: Transaction, decision: Decision, review: Review, world: World
) -> None:
    """Make the link a person chose, in place of the one that the entity has."""
    ref, now = Ref.parse(review.entity), world.clock.now()
    crm_id = decision.crm_id or ""
    owners = await links.of_crm(tx, ref.kind, [crm_id])
    owner = owners.get(crm_id)
    joins = decision.verb == "join"
    if joins and (owner is None or ref.kind is not Kind.PERSON):
        raise NotAllowedError(f"{crm_id} is no linked contact: use link")
    if not joins and owner and owner.shop_id != ref.id:
        raise NotAllowedError(f"{crm_id} is linked to {owner.shop_id}: use join")
    await _end_link(tx, ref, decision, world)
    link = Link(
        kind=ref.kind,
        shop_id=ref.id,
        crm_id=crm_id,
        role=Role.SECONDARY if joins else Role.PRIMARY,
        rule="person",
        evidence={"review": review.number, "note": decision.note or ""},
        actor=decision.actor,
    )
    await links.reserve(tx, [link], at=now)
    await rulings.undo(tx, [review.entity], at=now)


async def _rule(
    tx: Transaction, decision: Decision, review: Review, world: World
) -> None:
    now = world.clock.now()
    await _end_link(tx, Ref.parse(review.entity), decision, world)
    await rulings.rule(tx, review.entity, decision.verb, actor=decision.actor, at=now)


async def _end_link(
    tx: Transaction, ref: Ref, decision: Decision, world: World
) -> None:
    held = await links.of_shop(tx, ref.kind, [ref.id])
    numbers = [link.number for link in held.values()]
    because = f"question {decision.number} decided by {decision.actor}"
    await links.end(tx, numbers, because=because, at=world.clock.now())


async def _let_stand(
    tx: Transaction, decision: Decision, review: Review, world: World
) -> None:
    """Write the base so that only the side chosen looks as if it had moved."""
    ref = Ref.parse(review.entity)
    held = await links.of_shop(tx, ref.kind, [ref.id])
    if ref.id not in held:
        raise NotAllowedError(f"{review.entity} is not linked any more")
    link = held[ref.id]
    base = dict(link.base)
    for asked in review.candidates:
        name, crm = asked["field"], asked["crm"]
        before = base[name].shop if name in base else None
        agreed = asked["shop"] if decision.verb == "crm" else before
        base[name] = Both(shop=agreed, crm=crm)
    await links.remember(
        tx,
        [replace(link, base=base)],
        at=world.clock.now(),
        config_hash=world.rules.hash,
    )


#: How each answer is carried out.
_ACTS: Final[
    Mapping[str, Callable[[Transaction, Decision, Review, World], Awaitable[None]]]
] = {
    "link": _relink,
    "join": _relink,
    "create": _rule,
    "ignore": _rule,
    "shop": _let_stand,
    "crm": _let_stand,
}
