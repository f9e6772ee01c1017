"""Which record here is which record there, and what both sides last agreed on."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from psycopg.rows import DictRow

from crosswalk.domain.model import Base, Both, Json, Kind, Link, Role
from crosswalk.store.database import Database, Transaction, json


async def of_shop(
    tx: Transaction, kind: Kind, shop_ids: Collection[str]
) -> dict[str, Link]:
    """Read the links of shop records, by shop id, with their bases."""
    rows = await tx.rows("links.of_shop", kind=kind, ids=list(shop_ids))
    return {row["shop_id"]: _link(row) for row in rows}


async def of_crm(
    tx: Transaction, kind: Kind, crm_ids: Collection[str]
) -> dict[str, Link]:
    """Read the primary links of crm records, by crm id, with their bases."""
    rows = await tx.rows("links.of_crm", kind=kind, ids=list(crm_ids))
    return {row["crm_id"]: _link(row) for row in rows}


async def crm_ids(
    tx: Transaction, kind: Kind, shop_ids: Collection[str]
) -> dict[str, str]:
    """Tell which crm record each shop record is linked to; no base is read."""
    if not shop_ids:
        return {}
    rows = await tx.rows("links.crm_ids", kind=kind, ids=list(shop_ids))
    return {row["shop_id"]: row["crm_id"] for row in rows}


async def every(
    database: Database, kind: Kind, *, page: int = 1000
) -> AsyncIterator[Link]:
    """Go through all links of a kind, a page a transaction."""
    after = 0
    while True:
        async with database.transaction() as tx:
            rows = await tx.rows("links.after", kind=kind, after=after, limit=page)
        for row in rows:
            yield _link(row)
        if len(rows) < page:
            return
        after = rows[-1]["number"]


async def reserve(
    tx: Transaction, links: Sequence[Link], *, at: datetime
) -> dict[tuple[Kind, str], int]:
    """Store new links without a base; answers their numbers, by kind and shop id.

    One is missing from the answer when another live link holds the shop or the crm
    record: somebody was faster, or a person must decide. Storing a link twice is one.
    """
    if not links:
        return {}
    await tx.run("links.insert", links=json([_link_row(link) for link in links]), at=at)
    rows = await tx.rows(
        "links.numbers",
        kinds=[link.kind for link in links],
        shop_ids=[link.shop_id for link in links],
        crm_ids=[link.crm_id for link in links],
    )
    numbers = {(r["kind"], r["shop_id"], r["crm_id"]): r["number"] for r in rows}
    return {
        (link.kind, link.shop_id): numbers[found]
        for link in links
        if (found := (link.kind.value, link.shop_id, link.crm_id)) in numbers
    }


async def remember(
    tx: Transaction, links: Sequence[Link], *, at: datetime, config_hash: str
) -> list[Link]:
    """Keep the base of every link given, storing those that are new.

    Answers those that could not be stored, as *reserve* tells them.
    """
    new = [link for link in links if not link.number]
    made = await reserve(tx, new, at=at)
    kept = [
        replace(link, number=link.number or made[link.kind, link.shop_id])
        for link in links
        if link.number or (link.kind, link.shop_id) in made
    ]
    if kept:
        bases = json([_base_row(link) for link in kept])
        await tx.run("links.agree", bases=bases, config_hash=config_hash, at=at)
    return [link for link in new if (link.kind, link.shop_id) not in made]


async def end(
    tx: Transaction, numbers: Collection[int], *, because: str, at: datetime
) -> None:
    """End links; what they were stays readable."""
    await tx.run("links.end", numbers=list(numbers), because=because, at=at)


async def count(tx: Transaction) -> Mapping[Kind, int]:
    """Count the live links of each kind."""
    counted = {row["kind"]: row["rows"] for row in await tx.rows("links.count")}
    return {kind: counted.get(kind.value, 0) for kind in Kind}


def _link_row(link: Link) -> dict[str, Json]:
    return {
        "kind": link.kind,
        "shop_id": link.shop_id,
        "crm_id": link.crm_id,
        "role": link.role,
        "rule": link.rule,
        "evidence": dict(link.evidence),
        "actor": link.actor,
    }


def _base_row(link: Link) -> dict[str, Json]:
    return {
        "link": link.number,
        "agreed": {name: [both.shop, both.crm] for name, both in link.base.items()},
        "shop_version": link.shop_version,
    }


def _link(row: DictRow) -> Link:
    agreed = row["agreed"]
    base: Base = {
        name: Both(shop=shop, crm=crm) for name, (shop, crm) in agreed.items()
    }
    return Link(
        number=row["number"],
        kind=Kind(row["kind"]),
        shop_id=row["shop_id"],
        crm_id=row["crm_id"],
        role=Role(row["role"]),
        rule=row["rule"],
        evidence=row["evidence"],
        actor=row["actor"],
        linked_at=row["linked_at"],
        base=base,
        shop_version=row["shop_version"],
    )
