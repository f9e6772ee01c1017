"""Messages: what happened to a record, numbered per record."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from crosswalk.simulators.clock import iso
from crosswalk.simulators.commercetools.world import World, new_id

_IDENTIFIERS: Final = ("key", "externalId", "customerNumber")


def raise_messages(
    world: World, type_id: str, record: Mapping[str, Any], *, said: Iterable[Any]
) -> None:
    """Number what was *said* about *record*, and keep it if the project wants that.

    Numbers are used up either way, because subscriptions get every message.
    """
    resource = (type_id, record["id"])
    keep = wanted(world)
    for message_type, payload in said:
        world.sequences[resource] += 1
        if keep:
            number = world.sequences[resource]
            message = _message(world, type_id, record, number=number)
            message.update(payload, type=message_type)
            world.store(world.tables["messages"], message)


def wanted(world: World) -> bool:
    """Tell whether messages are kept for queries."""
    enabled: bool = world.project["messages"]["enabled"]
    return enabled or world.switches.on("messages_enabled")


def _message(
    world: World, type_id: str, record: Mapping[str, Any], *, number: int
) -> dict[str, Any]:
    now = world.clock.text()
    known = {name: record[name] for name in _IDENTIFIERS if name in record}
    return {
        "id": new_id(),
        "version": 1,
        "sequenceNumber": number,
        "resource": {"typeId": type_id, "id": record["id"]},
        "resourceVersion": record["version"],
        "resourceUserProvidedIdentifiers": known,
        "createdAt": now,
        "lastModifiedAt": now,
        "createdBy": record["lastModifiedBy"],
        "lastModifiedBy": record["lastModifiedBy"],
    }


def erase_messages(world: World, record_id: str) -> None:
    """Forget everything said about a record, as a deletion with dataErasure asks."""
    table = world.tables["messages"]
    for message_id in table.ids("resource.id", record_id):
        world.forget(table, message_id)


def expire_messages(world: World) -> None:
    """Forget messages older than the project keeps them."""
    days = world.project["messages"].get("deleteDaysAfterCreation", 15)
    now = datetime.fromtimestamp(world.clock.timestamp(), UTC)
    oldest = iso((now - timedelta(days=days)).timestamp())
    table = world.tables["messages"]
    order = table.orders["createdAt"]
    while order and order[0][0] < oldest:
        world.forget(table, order[0][1])
