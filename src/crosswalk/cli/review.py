"""``crosswalk review``: what only a person can tell."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from crosswalk.cli.aftermath import see_to
from crosswalk.cli.opening import open_world
from crosswalk.cli.output import (
    OUT,
    AsJson,
    Column,
    Exit,
    say,
    show_json,
    show_lines,
    show_rows,
)
from crosswalk.cli.values import Actor, Now, Reveal, age, masked, shown, who
from crosswalk.domain.model import Kind, Ref
from crosswalk.domain.values import same
from crosswalk.engine import desk, docket
from crosswalk.engine.desk import Decision, NotAllowedError
from crosswalk.engine.docket import Asked, Comparison
from crosswalk.engine.world import World

Number: TypeAlias = Annotated[int, Parameter(help="The question, as the list has it.")]
Sort: TypeAlias = Literal["ambiguous", "conflict", "shared", "gone", "both_changed"]
Verb: TypeAlias = Literal["link", "create", "join", "ignore", "shop", "crm"]
ROWS: Final = (
    Column(key="number", title="no.", number=True),
    Column(key="sort", title="sort"),
    Column(key="who", title="who"),
    Column(key="email", title="e-mail"),
    Column(key="candidates", title="candidates"),
    Column(key="age", title="open for"),
    Column(key="what", title="what was seen"),
)

app = App(name="review")


@app.command(name="list")
async def list_(
    *,
    sort: Annotated[Sort | None, Parameter(help="Only questions of a sort.")] = None,
    limit: Annotated[int, Parameter(help="Questions to list, oldest first.")] = 100,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> Exit:
    """List the open questions."""
    async with open_world() as world:
        found = await docket.pile(world, sort=sort, limit=limit)
        rows = [_row(asked, world, reveal=reveal) for asked in found]
    if as_json:
        show_json(rows)
    elif rows:
        show_rows(rows, ROWS, as_json=False)
    else:
        say("No question is open.")
    return Exit.DONE


@app.command
async def show(
    number: Number, /, *, as_json: AsJson = False, reveal: Reveal = False
) -> Exit:
    """Show one question: the shop's values next to those of each candidate."""
    async with open_world() as world:
        comparison = await docket.compare(number, world)
        row = _row(comparison.asked, world, reveal=reveal)
    if as_json:
        show_json({**row, **_sides(comparison, reveal=reveal)})
        return Exit.DONE
    review = comparison.asked.review
    show_lines(
        [
            f"Question {number}: {row['sort']}, {review.entity}",
            f"{row['who']} {row['email']}".strip(),
            f"{row['what']}" + (f" (by {review.rule})" if review.rule else ""),
            "",
        ]
    )
    OUT.print(_table(comparison, reveal=reveal))
    if review.decided_at:
        show_lines(["", f"decided: {review.verb} by {review.actor}"])
        return Exit.DONE
    show_lines(["", "Answers:"])
    show_lines(
        f"  {_command(number, verb):<50} {meaning}"
        for verb, meaning in desk.answers_to(review.sort).items()
    )
    return Exit.DONE


@app.command
async def decide(
    number: Number,
    verb: Annotated[Verb, Parameter(help="The answer; 'show' says what each means.")],
    /,
    *,
    to: Annotated[
        str | None, Parameter(help="The CRM record, with link and join.")
    ] = None,
    note: Annotated[str | None, Parameter(help="Why; kept with the answer.")] = None,
    actor: Actor = None,
    now: Now = False,
) -> Exit:
    """Answer a question; the record is synced by the next worker, or at once."""
    decision = Decision(
        number=number, verb=verb, crm_id=to, actor=who(actor), note=note
    )
    async with open_world() as world:
        review = await desk.decide(decision, world)
        show_lines([f"Question {number} about {review.entity}: {verb}"])
        await see_to([review.entity], world, now=now)
    return Exit.DONE


@app.command
async def reopen(
    entity: Annotated[str, Parameter(help="The record, as the list names it.")],
    /,
    *,
    actor: Actor = None,
    now: Now = False,
) -> Exit:
    """Take a decision about a record's identity back; the next pass asks again."""
    try:
        Ref.parse(entity)
    except ValueError:
        what = f"'{entity}' is no record: write it like person:shop:<id>"
        raise NotAllowedError(what) from None
    async with open_world() as world:
        await desk.reopen(entity, world, actor=who(actor))
        show_lines([f"{entity} is asked about anew"])
        await see_to([entity], world, now=now)
    return Exit.DONE


def _command(number: int, verb: str) -> str:
    to = " --to <crm id>" if verb in ("link", "join") else ""
    return f"crosswalk review decide {number} {verb}{to}"


def _row(asked: Asked, world: World, *, reveal: bool) -> dict[str, Any]:
    review = asked.review
    ids = [str(c["crm_id"]) for c in review.candidates if c.get("crm_id")]
    fields = [str(c["field"]) for c in review.candidates if c.get("field")]
    return {
        "number": review.number,
        "entity": review.entity,
        "sort": review.sort,
        "who": asked.name,
        "email": masked(asked.email, reveal=reveal),
        "candidates": ", ".join([*ids, *fields]),
        "age": age(review.opened_at, world.clock.now()),
        "what": masked(str(review.evidence.get("what", "")), reveal=reveal),
    }


def _table(comparison: Comparison, *, reveal: bool) -> Table:
    """Lay the values next to each other; what differs stands out."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("field")
    table.add_column("shop", overflow="fold")
    for option in comparison.options:
        table.add_column(f"CRM {option.crm_id}", overflow="fold")
    for name, values in _lines(comparison):
        ours, *theirs = values
        cells = [Text(masked(shown(ours), reveal=reveal))]
        for value in theirs:
            style = "" if same(value, ours) else "yellow"
            cells.append(Text(masked(shown(value), reveal=reveal), style=style))
        table.add_row(name, *cells)
    return table


def _lines(comparison: Comparison) -> Iterator[tuple[str, list[Any]]]:
    """Tell each field that somebody holds: the shop's value, then each option's."""
    ref, options = Ref.parse(comparison.asked.review.entity), comparison.options
    yield "our id", [ref.id, *(option.external_id for option in options)]
    if ref.kind is Kind.PERSON:
        yield "linked to", [None, *(option.linked_to for option in options)]
    for name, ours in comparison.shop.items():
        values = [ours, *(option.fields.get(name) for option in options)]
        if any(value not in (None, "", []) for value in values):
            yield name, values


def _sides(comparison: Comparison, *, reveal: bool) -> Mapping[str, Any]:
    def veiled(fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: masked(value, reveal=reveal) if isinstance(value, str) else value
            for name, value in fields.items()
        }

    return {
        "shop": veiled(comparison.shop),
        "options": [
            {
                "crm_id": option.crm_id,
                "external_id": option.external_id,
                "linked_to": option.linked_to,
                "fields": veiled(option.fields),
            }
            for option in comparison.options
        ],
        "answers": desk.answers_to(comparison.asked.review.sort),
    }
