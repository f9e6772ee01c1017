"""Which configurations were in use, and to whom this database belongs."""

from datetime import datetime

from crosswalk.domain.faults import ConfigurationError
from crosswalk.domain.model import Document, Json, Side
from crosswalk.store.database import Transaction, json


async def store(
    tx: Transaction, hash_: str, document: Document, *, at: datetime
) -> None:
    """Keep an effective configuration, so that the journal's hashes mean something."""
    await tx.run(
        "configurations.store", hash=hash_, document=json(dict(document)), at=at
    )


async def show(tx: Transaction, hash_: str) -> Json:
    """Read the configuration that a hash stands for; None when it was never used."""
    return await tx.value("configurations.show", hash=hash_)


async def claim(tx: Transaction, side: Side, name: str, *, at: datetime) -> None:
    """Bind this database to a project or account, which is final with its first record.

    Raises:
        ConfigurationError: It belongs to another; what it knows is not true here.
    """
    owner = await tx.value("configurations.claim", side=side, name=name, at=at)
    if owner != name:
        raise ConfigurationError(
            f"this database belongs to the {side} {owner!r}, not to {name!r}: "
            "use another data directory or database for another target"
        )


async def owners(tx: Transaction) -> dict[Side, str]:
    """Tell to which project and account this database is bound; empty while new."""
    return {
        Side(row["side"]): row["name"] for row in await tx.rows("configurations.owners")
    }
