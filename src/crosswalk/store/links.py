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


async def sharing(
    tx: Transaction, kind: Kind, crm_ids: Collection[str]
) -> dict[str, list[Link]]:
    """Read every link of crm records, by crm id, the primary one first."""
    shared: dict[str, list[Link]] = {}
    for row in await tx.rows("links.sharing", kind=kind, ids=list(crm_ids)):
        shared.setdefault(row["crm_id"], []).append(_link(row))
    return shared


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


async def remember(
    tx: Transaction, links: Sequence[Link], *, at: datetime, config_hash: str
) -> list[Link]:
    """Store new links, and the base of every one given.

    Answers those that could not be stored because another live link holds the shop or
    the crm record: somebody was faster, or a person must decide.
    """
    known = [link for link in links if link.number]
    new = [link for link in links if not link.number]
    numbers = await _insert(tx, new, at) if new else {}
    made = [
        replace(link, number=numbers[link.kind, link.shop_id])
        for link in new
        if (link.kind, link.shop_id) in numbers
    ]
    bases = [_base_row(link) for link in (*known, *made)]
    if bases:
        await tx.run("links.agree", bases=json(bases), config_hash=config_hash, at=at)
    return [link for link in new if (link.kind, link.shop_id) not in numbers]


async def end(
    tx: Transaction, numbers: Collection[int], *, because: str, at: datetime
) -> None:
    """End links; what they were stays readable."""
    await tx.run("links.end", numbers=list(numbers), because=because, at=at)


async def count(tx: Transaction) -> Mapping[Kind, int]:
    """Count the live links of each kind."""
    counted = {row["kind"]: row["rows"] for row in await tx.rows("links.count")}
    return {kind: counted.get(kind.value, 0) for kind in Kind}


async def _insert(
    tx: Transaction, links: Sequence[Link], at: datetime
) -> Mapping[tuple[str, str], int]:
    await tx.run("links.insert", links=json([_link_row(link) for link in links]), at=at)
    rows = await tx.rows(
        "links.numbers",
        kinds=[link.kind for link in links],
        shop_ids=[link.shop_id for link in links],
        crm_ids=[link.crm_id for link in links],
    )
    return {(row["kind"], row["shop_id"]): row["number"] for row in rows}


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
        base=base,
        shop_version=row["shop_version"],
    )
