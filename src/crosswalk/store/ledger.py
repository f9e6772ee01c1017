"""Every change that was ever received, and how it ended.

``accept`` is the one way in: durable once its transaction commits, each change once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosswalk.domain.model import Change, Json, Ref, Side, partition_of, shop_ref
from crosswalk.store.database import Transaction, json


class State(StrEnum):
    """How a received change stands."""

    RECEIVED = "received"
    DONE = "done"
    #: A newer state of the record was already reflected.
    SUPERSEDED = "superseded"
    #: A rule says that it is none of our business.
    IGNORED = "ignored"
    PARKED = "parked"
    REVIEW = "review"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What became of a batch of changes."""

    #: Changes that mark work to do.
    fresh: int = 0
    #: Changes that were received before.
    duplicates: int = 0
    #: Changes to a state that the last sync already reflects.
    superseded: int = 0
    #: Where there is work now; wake them after the commit.
    partitions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A received change as the ledger keeps it."""

    number: int
    identity: str
    entity: str
    ref: str
    source: str
    version: int
    seen_at: datetime
    received_at: datetime
    state: State
    because: str | None


async def accept(
    tx: Transaction,
    changes: Sequence[Change],
    *,
    at: datetime,
    partitions: int,
    config_hash: str,
) -> Accepted:
    """Store changes and mark their entities pending.

    A change of a linked crm record marks its shop record. A version that the base
    reflects under this configuration is stored as superseded and marks nothing.
    """
    batches = [changes]
    (accepted,) = await accept_each(
        tx, batches, at=at, partitions=partitions, config_hash=config_hash
    )
    return accepted


async def accept_each(
    tx: Transaction,
    batches: Sequence[Sequence[Change]],
    *,
    at: datetime,
    partitions: int,
    config_hash: str,
) -> list[Accepted]:
    """Accept several batches in one go and say of each what became of it."""
    changes = [change for batch in batches for change in batch]
    entities = await _entities(tx, changes)
    rows = await tx.rows(
        "ledger.accept",
        changes=json([_arrival(c, entities, partitions) for c in changes]),
        at=at,
        config_hash=config_hash,
    )
    stored = {row["identity"]: (row["state"], row["partition"]) for row in rows}
    return [_verdict(batch, stored) for batch in batches]


async def balance(tx: Transaction) -> dict[State, int]:
    """Count every change ever received by how it stands."""
    counted = {row["state"]: row["rows"] for row in await tx.rows("ledger.balance")}
    return {state: counted.get(state.value, 0) for state in State}


async def of_ref(tx: Transaction, ref: Ref, *, limit: int = 50) -> list[LedgerRow]:
    """Read the changes of one record, newest first."""
    rows = await tx.rows("ledger.of_ref", ref=ref.key, limit=limit)
    return [LedgerRow(**{**row, "state": State(row["state"])}) for row in rows]


async def _entities(tx: Transaction, changes: Iterable[Change]) -> Mapping[Ref, str]:
    """Find the shop record under which a linked crm record is worked on."""
    refs = list({c.ref for c in changes if c.ref.side is Side.CRM})
    if not refs:
        return {}
    rows = await tx.rows(
        "ledger.owners",
        kinds=[ref.kind for ref in refs],
        crm_ids=[ref.id for ref in refs],
    )
    owners = {(row["kind"], row["crm_id"]): row["shop_id"] for row in rows}
    return {
        ref: shop_ref(ref.kind, owners[ref.kind, ref.id]).key
        for ref in refs
        if (ref.kind, ref.id) in owners
    }


def _arrival(
    change: Change, entities: Mapping[Ref, str], partitions: int
) -> dict[str, Json]:
    ref = change.ref
    entity = entities.get(ref, ref.key)
    return {
        "identity": change.identity,
        "entity": entity,
        "kind": ref.kind,
        "side": ref.side,
        "id": ref.id,
        "ref": ref.key,
        "partition": partition_of(entity, partitions),
        "source": change.source,
        "version": change.version,
        "seen_at": change.seen_at,
        "lane": int(change.lane),
    }


def _verdict(
    batch: Sequence[Change], stored: dict[str, tuple[str, int | None]]
) -> Accepted:
    """Count what became of one batch, taking its changes out of *stored*."""
    told = [stored.pop(change.identity, None) for change in batch]
    states = [fate[0] for fate in told if fate]
    return Accepted(
        fresh=states.count(State.RECEIVED),
        duplicates=told.count(None),
        superseded=states.count(State.SUPERSEDED),
        partitions=frozenset(fate[1] for fate in told if fate and fate[1] is not None),
    )
