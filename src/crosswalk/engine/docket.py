"""The questions that wait for a person, with what it takes to answer them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.domain.mapping import values
from crosswalk.domain.model import Document, Fields, Json, Kind, Ref
from crosswalk.engine.batch import load, recall, relate
from crosswalk.engine.case import Case
from crosswalk.engine.desk import NotAllowedError
from crosswalk.engine.preview import row_of
from crosswalk.engine.world import World
from crosswalk.store import identity, links, reviews
from crosswalk.store.reviews import Review

#: Shop records read at once.
CHUNK: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and whom it is about as the shop has them now."""

    review: Review
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A crm record that may be the one."""

    crm_id: str
    external_id: str | None = None
    #: The shop record that it is linked to, if any.
    linked_to: str | None = None
    #: What the CRM holds, as far as it was seen.
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A question with both sides laid next to each other."""

    asked: Asked
    #: What the shop would give to every mapped crm field.
    shop: Mapping[str, Json]
    options: Sequence[Option]


async def pile(
    world: World, *, sort: str | None = None, limit: int = CHUNK
) -> Sequence[Asked]:
    """List open questions, the oldest first."""
    async with world.database.single() as tx:
        found = await reviews.pile(tx, sort=sort, limit=limit)
    documents: dict[str, Document] = {}
    for kind in Kind:
        ids = [ref.id for ref in _refs(found) if ref.kind is kind]
        for at in range(0, len(ids), CHUNK):
            records = await world.shop.load(kind, ids[at : at + CHUNK])
            documents |= {r.ref.key: r.document for r in records.values()}
    return [_asked(review, documents.get(review.entity, {})) for review in found]


async def compare(number: int, world: World) -> Comparison:
    """Lay both sides of one question next to each other; NotAllowedError if none."""
    async with world.database.single() as tx:
        review = await reviews.show(tx, number)
    if review is None:
        raise NotAllowedError(f"there is no question {number}")
    case = Case(row=row_of(Ref.parse(review.entity), world))
    await recall([case], world)
    await load([case], world)
    await relate([case], world)
    rules, document = world.rules, case.document
    mapped = values(rules.maps[case.ref.kind], document, rules.context(document))
    ids = [str(c["crm_id"]) for c in review.candidates if c.get("crm_id")]
    if not ids and case.link:
        ids = [case.link.crm_id]
    return Comparison(
        asked=_asked(review, document),
        shop=mapped.values if case.record else {},
        options=await _options(case.ref.kind, ids, world),
    )


async def _options(kind: Kind, ids: Sequence[str], world: World) -> list[Option]:
    async with world.database.single() as tx:
        seen = await identity.known(tx, kind, ids)
        owned = await links.of_crm(tx, kind, ids)
    options = []
    for crm_id in ids:
        known, link = seen.get(crm_id), owned.get(crm_id)
        base = {name: both.crm for name, both in link.base.items()} if link else {}
        held = {**base, **known.fields} if known else base
        options.append(
            Option(
                crm_id=crm_id,
                external_id=known.external_id if known else None,
                linked_to=link.shop_id if link else None,
                fields=held,
            )
        )
    return options


def _refs(found: Iterable[Review]) -> Iterable[Ref]:
    return (Ref.parse(review.entity) for review in found)


def _asked(review: Review, document: Document) -> Asked:
    parts = (document.get("first_name"), document.get("last_name"))
    name = document.get("name") or " ".join(part for part in parts if part)
    return Asked(review=review, name=str(name), email=str(document.get("email") or ""))
