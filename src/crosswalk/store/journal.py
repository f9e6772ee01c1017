"""Every write, from the moment before it was sent: the record of what we did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosswalk.domain.model import Document, Json
from crosswalk.store.database import FencedError, Transaction, json
from crosswalk.store.pending import Fence, check


class State(StrEnum):
    """How an announced write stands."""

    #: Announced; sent or not, nobody has said yet.
    INTENT = "intent"
    DONE = "done"
    REFUSED = "refused"
    #: It was sent and no answer came.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A write about to be sent."""

    entity: str
    #: What is done: claim, create, update, ...
    verb: str
    #: By field: [the value before, the value sent].
    fields: Mapping[str, Sequence[Json]]
    #: Empty when the record is to be made.
    crm_id: str | None = None
    run: int | None = None
    #: What brought it about: the source and revision of a change, a person's name.
    cause: str = ""
    config_hash: str = ""

    def to_json(self) -> dict[str, Json]:
        """Tell it as the statement reads it."""
        return {
            "entity": self.entity,
            "crm_id": self.crm_id,
            "run": self.run,
            "verb": self.verb,
            "fields": {name: list(pair) for name, pair in self.fields.items()},
            "cause": self.cause,
            "config_hash": self.config_hash,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What became of an announced write."""

    number: int
    state: State
    #: What the other side answered, as far as it explains anything.
    answer: Document | None = None
    #: The record that was made, where one was.
    crm_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write that was announced and of which nobody knows whether it was done."""

    number: int
    entity: str
    crm_id: str | None
    verb: str
    fields: Mapping[str, Sequence[Json]]
    at: datetime
    #: The epoch of the drain that announced it.
    epoch: int

    @property
    def email(self) -> str:
        """The e-mail address that was sent; empty when none was."""
        _, sent = self.fields.get("email", (None, None))
        return str(sent or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A line of a record's history."""

    number: int
    entity: str
    crm_id: str | None
    run: int | None
    verb: str
    fields: Mapping[str, Sequence[Json]]
    cause: str
    config_hash: str
    at: datetime
    state: State
    answer: Document | None
    concluded_at: datetime | None
    epoch: int


async def intend(
    tx: Transaction, fence: Fence, entries: Sequence[Entry], *, at: datetime
) -> list[int]:
    """Announce writes in the fence's name; answers their numbers in the same order.

    Raises:
        FencedError: Another drain has begun; nothing may be sent.
    """
    if not entries:
        await check(tx, fence)
        return []
    rows = await tx.rows(
        "journal.intend",
        entries=json([entry.to_json() for entry in entries]),
        at=at,
        partition=fence.partition,
        epoch=fence.epoch,
    )
    if not rows:
        raise FencedError(fence.partition, fence.epoch)
    return sorted(row["number"] for row in rows)


async def note(
    tx: Transaction,
    entity: str,
    verb: str,
    *,
    actor: str,
    answer: Document,
    at: datetime,
) -> None:
    """Write down what a person did; it is done in this very transaction."""
    await tx.run(
        "journal.note",
        entity=entity,
        verb=verb,
        cause=actor,
        answer=json(dict(answer)),
        at=at,
    )


async def conclude(
    tx: Transaction, outcomes: Sequence[Conclusion], *, at: datetime
) -> None:
    """Write down what became of announced writes."""
    told = [
        {
            "number": outcome.number,
            "state": outcome.state,
            "answer": outcome.answer,
            "crm_id": outcome.crm_id,
        }
        for outcome in outcomes
    ]
    if told:
        await tx.run("journal.conclude", outcomes=json(told), at=at)


async def unknown(
    tx: Transaction, entities: Collection[str]
) -> dict[str, list[Intent]]:
    """Read, by entity, the writes that may or may not have been done, oldest first."""
    found: dict[str, list[Intent]] = {}
    for row in await tx.rows("journal.unknown", entities=list(entities)):
        found.setdefault(row["entity"], []).append(Intent(**row))
    return found


async def history(tx: Transaction, entity: str, *, limit: int = 50) -> list[Written]:
    """Read what was written for an entity, newest first."""
    rows = await tx.rows("journal.history", entity=entity, limit=limit)
    return [Written(**{**row, "state": State(row["state"])}) for row in rows]
