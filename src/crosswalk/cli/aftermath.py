"""What became of entities that a person set to work again."""

from collections.abc import Sequence
from typing import Final

from crosswalk import bootstrap
from crosswalk.cli.output import say, show_lines
from crosswalk.domain.model import Ref, Role
from crosswalk.engine.quiet import until_settled
from crosswalk.engine.world import World
from crosswalk.store import links, pending
from crosswalk.store.database import Transaction

#: Entities that are told one by one.
TOLD: Final = 20


async def see_to(entities: Sequence[str], world: World, *, now: bool) -> None:
    """Work entities off in this process, or say who will; tell how they stand then."""
    if not now:
        say("The next worker sees to it; --now does it in this process.")
        return
    async with bootstrap.working(world):
        await until_settled(entities, world)
    async with world.database.single() as tx:
        show_lines([await _stands(tx, entity) for entity in entities[:TOLD]])
    if (left := len(entities) - TOLD) > 0:
        say(f"... and {left} more; crosswalk errors list shows what is left.")


async def _stands(tx: Transaction, entity: str) -> str:
    row = await pending.show(tx, entity)
    if row is not None:
        because = f", {row['because']}" if row["because"] else ""
        return f"{entity}: {row['state']}{because}"
    ref = Ref.parse(entity)
    link = (await links.of_shop(tx, ref.kind, [ref.id])).get(ref.id)
    if link is None:
        return f"{entity}: left out"
    second = ", as a second one of it" if link.role is Role.SECONDARY else ""
    return f"{entity}: in agreement with {link.crm_id}{second}"
