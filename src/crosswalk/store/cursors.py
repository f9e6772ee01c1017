"""How far each reader has come; saved in the transaction that stores what it read."""

from datetime import datetime

from crosswalk.domain.model import Json
from crosswalk.store.database import Transaction, json


async def get(tx: Transaction, name: str) -> Json:
    """Read a cursor; None when there is none."""
    return await tx.value("cursors.get", name=name)


async def save(tx: Transaction, name: str, value: Json, *, at: datetime) -> None:
    """Save a cursor, in the transaction of the rows that it covers."""
    await tx.run("cursors.save", name=name, value=json(value), at=at)


async def drop(tx: Transaction, name: str) -> None:
    """Forget a cursor: its reader starts from nothing."""
    await tx.run("cursors.drop", name=name)
