"""``crosswalk errors``: what is parked and why, and how it gets to work again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias

from cyclopts import App, Parameter

from crosswalk.cli.aftermath import see_to
from crosswalk.cli.opening import open_store, open_world
from crosswalk.cli.output import (
    AsJson,
    Column,
    Exit,
    say,
    show_json,
    show_lines,
    show_rows,
)
from crosswalk.cli.values import Actor, Now, Reveal, age, masked, who
from crosswalk.engine import desk
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.codes import REASONS
from crosswalk.engine.desk import NotAllowedError
from crosswalk.store import pending
from crosswalk.store.pending import Parked

Code: TypeAlias = Annotated[
    str | None, Parameter(help="Only those that are parked for this reason.")
]
GROUPS: Final = (
    Column(key="code", title="code"),
    Column(key="kind", title="kind"),
    Column(key="rows", title="records", number=True),
    Column(key="oldest", title="oldest"),
    Column(key="says", title="what it says"),
)
ROWS: Final = (
    Column(key="code", title="code"),
    Column(key="entity", title="record"),
    Column(key="age", title="age"),
    Column(key="attempts", title="tries", number=True),
    Column(key="what", title="what"),
    Column(key="remedy", title="remedy"),
)

app = App(name="errors")


@app.command(name="list")
async def list_(
    *,
    code: Code = None,
    limit: Annotated[int, Parameter(help="Records to list, the latest first.")] = 50,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> Exit:
    """List parked records: counted by reason, then the latest one by one."""
    async with open_store() as database, database.single() as tx:
        groups = await pending.parked_by_code(tx)
        parked = await pending.parked(tx, because=code, limit=limit)
    now = SystemClock().now()
    rows = [_row(one, now, reveal=reveal) for one in parked]
    if as_json:
        show_json(rows)
        return Exit.DONE
    counted = [group for group in groups if code in (None, group.because)]
    if not counted:
        say("Nothing is parked.")
        return Exit.DONE
    told = [
        {
            "code": group.because,
            "kind": group.kind,
            "rows": group.rows,
            "oldest": age(group.oldest, now),
            "says": _says(group.because),
        }
        for group in counted
    ]
    show_rows(told, GROUPS, as_json=False)
    show_lines([""])
    show_rows(rows, ROWS, as_json=False)
    left = sum(group.rows for group in counted) - len(rows)
    if left:
        say(f"... and {left} more; --limit shows more of them")
    return Exit.DONE


@app.command
async def show(
    entity: Annotated[str, Parameter(help="As the list names it.")],
    /,
    *,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> Exit:
    """Show one parked record with everything that is known of its trouble."""
    async with open_store() as database, database.single() as tx:
        found = await pending.parked(tx, entity=entity, limit=1)
    if not found:
        raise NotAllowedError(f"{entity} is not parked")
    row = _row(found[0], SystemClock().now(), reveal=reveal)
    if as_json:
        show_json(row)
        return Exit.DONE
    lines = [f"{row['entity']}", f"  {row['code']}: {_says(row['code'])}"]
    lines += [f"  {row['what']}", f"  remedy: {row['remedy']}"]
    lines += [f"  parked {row['age']} ago, after {row['attempts']} tries"]
    for problem in row["detail"].get("fields", ()):
        what = masked(problem["what"], reveal=reveal)
        lines.append(f"  field {problem['field']}: {problem['code']}, {what}")
    for name in ("call", "status", "field"):
        if row["detail"].get(name):
            lines.append(f"  {name}: {row['detail'][name]}")
    show_lines(lines)
    return Exit.DONE


@app.command
async def retry(
    *entities: Annotated[str, Parameter(help="Records, as the list names them.")],
    code: Code = None,
    every: Annotated[
        bool, Parameter(name="--all", help="All that is parked.", negative="")
    ] = False,
    actor: Actor = None,
    now: Now = False,
) -> Exit:
    """Set parked records to work again: those named, of one code, or all."""
    if sum(map(bool, (entities, code, every))) != 1:
        raise NotAllowedError("name records, or give --code, or give --all")
    async with open_world() as world:
        wanted = None if every else entities
        if code:
            async with world.database.single() as tx:
                parked = await pending.parked(tx, because=code, limit=desk.MOST)
            wanted = tuple(one.entity for one in parked)
        done = await desk.retry(wanted, world, actor=who(actor))
        if missing := sorted(set(entities) - set(done)):
            say(f"Not parked: {', '.join(missing)}")
        show_lines([f"{len(done)} set to work again"])
        if done:
            await see_to(done, world, now=now)
    return Exit.FAILED if missing else Exit.DONE


def _row(parked: Parked, now: datetime, *, reveal: bool) -> dict[str, Any]:
    told: Mapping[str, Any] = parked.detail or {}
    return {
        "entity": parked.entity,
        "code": parked.because,
        "what": masked(str(told.get("what", "")), reveal=reveal),
        "remedy": told.get("remedy") or "see docs/reference/errors.md",
        "attempts": parked.attempts,
        "age": age(parked.first_at, now),
        "parked_at": parked.updated_at,
        "detail": dict(told.get("detail") or {}),
    }


def _says(code: str) -> str:
    return REASONS[code].says if code in REASONS else ""
