"""``crosswalk sync``: one pass to quiescence, then exit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeAlias

from cyclopts import Parameter
from rich.status import Status

from crosswalk import bootstrap
from crosswalk.cli import summary
from crosswalk.cli.opening import open_world
from crosswalk.cli.output import ERR, AsJson, Exit, complain
from crosswalk.domain.lint import Finding
from crosswalk.domain.model import Kind, Lane, shop_ref
from crosswalk.engine import census
from crosswalk.engine.backfill import ORDER
from crosswalk.engine.poll import poll_shop
from crosswalk.engine.quiet import until_quiet
from crosswalk.engine.world import World
from crosswalk.store import pending

Entity: TypeAlias = Literal["people", "companies"]
#: What each word means.
KIND_OF: Final[Mapping[Entity, Kind]] = {
    "people": Kind.PERSON,
    "companies": Kind.COMPANY,
}
#: Who marks what a person wants synced, as the ledger calls it.
SOURCE: Final = "sync"


async def sync(
    *,
    entity: Annotated[
        Entity | None, Parameter(help="Only these; without it both, companies first.")
    ] = None,
    since: Annotated[
        datetime | None,
        Parameter(
            help="Look at what changed in the shop from this moment on (ISO 8601, UTC"
            " unless it says otherwise), not from where the last look ended."
        ),
    ] = None,
    id: Annotated[  # noqa: A002 - it names the flag
        tuple[str, ...],
        Parameter(
            help="Only the record with this id (of a company, its key), changed or"
            " not; may be given many times, with --entity.",
            negative="",
        ),
    ] = (),
    json: AsJson = False,
) -> Exit:
    """Do one pass: take in what changed, work it off, say what became of it, end.

    What has to wait for longer than a minute stays for the next pass or for
    'crosswalk run'.
    """
    if id and entity is None:
        complain("nothing done", [_which_entity()])
        return Exit.FAILED
    kinds = [kind for kind in ORDER if entity is None or KIND_OF[entity] is kind]
    async with open_world() as world:
        began = await summary.start(world)
        with ERR.status("Looking at the CRM") as status:
            await _meet_crm(kinds, world, status)
            async with bootstrap.working(world):
                if id:
                    seen = await _force(kinds[0], id, world, status)
                else:
                    seen = await _pass(kinds, _in_utc(since), world, status)
        await summary.show(world, began, seen=seen, as_json=json)
    return Exit.DONE


async def _pass(
    kinds: Sequence[Kind], since: datetime | None, world: World, status: Status
) -> Mapping[Kind, int]:
    seen = {}
    for kind in kinds:
        status.update(f"Looking for changed {summary.NAMES[kind]}")
        seen[kind] = await poll_shop(kind, world, since=since)
        await _quiet(world, status)
    return seen


async def _meet_crm(kinds: Sequence[Kind], world: World, status: Status) -> None:
    """Take in what changed in the CRM; raises at once what it refuses us with."""

    def tell(seen: int, total: int | None) -> None:
        of = f" of {total:,}" if total else ""
        status.update(f"Reading who is in the CRM: {seen:,}{of}")

    for kind in kinds:
        await census.bring_up(kind, world, progress=tell)


async def _force(
    kind: Kind, ids: Collection[str], world: World, status: Status
) -> Mapping[Kind, int]:
    async with world.database.transaction() as tx:
        woken = await pending.mark(
            tx,
            [shop_ref(kind, id_).key for id_ in ids],
            lane=Lane.ACTION,
            at=world.clock.now(),
            source=SOURCE,
            partitions=world.rules.partitions,
        )
    await world.wake.wake(woken)
    await _quiet(world, status)
    return {kind: len(set(ids))}


async def _quiet(world: World, status: Status) -> None:
    def tell(left: int) -> None:
        status.update(f"Working: {summary.plural(left, 'record')} left")

    await until_quiet(world, progress=tell)


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo:
        return moment and moment.astimezone(UTC)
    return moment.replace(tzinfo=UTC)


def _which_entity() -> Finding:
    return Finding(
        code="usage",
        at="--id",
        what="an id alone does not say what it is the id of",
        remedy="add --entity people or --entity companies",
    )
