"""What a person ruled about a record that has no link: make it new, or ignore it."""

from collections.abc import Collection
from datetime import datetime

from crosswalk.store.database import Transaction


async def of(tx: Transaction, entities: Collection[str]) -> dict[str, str]:
    """Read the rulings in force, by entity: create or ignore."""
    rows = await tx.rows("rulings.of", entities=list(entities))
    return {row["entity"]: row["verb"] for row in rows}


async def rule(
    tx: Transaction, entity: str, verb: str, *, actor: str, at: datetime
) -> None:
    """Rule about an entity, in place of any ruling before."""
    await undo(tx, [entity], at=at)
    await tx.run("rulings.rule", entity=entity, verb=verb, actor=actor, at=at)


async def undo(tx: Transaction, entities: Collection[str], *, at: datetime) -> None:
    """Take the rulings about entities back."""
    await tx.run("rulings.undo", entities=list(entities), at=at)
