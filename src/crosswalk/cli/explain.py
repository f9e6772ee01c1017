"""``crosswalk explain``: why each value of a record is what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal, TypeAlias

from cyclopts import Parameter

from crosswalk.cli.opening import open_world
from crosswalk.cli.output import (
    AsJson,
    Column,
    Exit,
    show_json,
    show_lines,
    show_rows,
)
from crosswalk.cli.values import Reveal, masked, shown
from crosswalk.domain.matching import email_key
from crosswalk.domain.model import Kind, Ref, shop_ref
from crosswalk.engine import explain as engine
from crosswalk.engine.desk import NotAllowedError
from crosswalk.engine.explain import Story
from crosswalk.engine.world import World
from crosswalk.store import identity, links

Noun: TypeAlias = Literal["person", "company"]
FIELDS: Final = (
    Column(key="field", title="field"),
    Column(key="shop", title="shop"),
    Column(key="crm", title="CRM"),
    Column(key="owner", title="owner"),
    Column(key="verdict", title="a sync would"),
    Column(key="written", title="last written"),
    Column(key="expression", title="from"),
)
HISTORY: Final = (
    Column(key="at", title="when"),
    Column(key="verb", title="what"),
    Column(key="state", title="end"),
    Column(key="fields", title="fields"),
    Column(key="cause", title="because of"),
)
#: Lines of history that are shown.
LATEST: Final = 10


async def explain(
    kind: Annotated[Noun, Parameter(help="What sort of record.")],
    id: Annotated[  # noqa: A002 - it names the argument
        str,
        Parameter(help="The shop's id; of a person also the number or e-mail."),
    ],
    /,
    *,
    crm: Annotated[bool, Parameter(help="The id is that of the CRM.", negative="")] = (
        False
    ),
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> Exit:
    """Say why each value of a record is what it is, and what a sync would do now.

    The shop is read, the CRM is not: its values are those that were seen last.
    """
    async with open_world() as world:
        ref = await _resolve(Kind(kind), id, world, crm=crm)
        story = await engine.explain(ref, world)
    if as_json:
        show_json(asdict(story))
    else:
        _show(story, reveal=reveal)
    return Exit.DONE


async def _resolve(kind: Kind, word: str, world: World, *, crm: bool) -> Ref:
    """Find the one shop record that is meant."""
    if crm:
        async with world.database.single() as tx:
            linked = await links.of_crm(tx, kind, [word])
        if word not in linked:
            raise NotAllowedError(f"no {kind} of the shop is linked to {word}")
        return shop_ref(kind, linked[word].shop_id)
    found = set(await world.shop.find(kind, word))
    if not found and "@" in word:
        async with world.database.single() as tx:
            known = await identity.candidates(tx, kind, email_keys=[email_key(word)])
        found = {one.linked_to for one in known if one.linked_to}
    if not found:
        raise NotAllowedError(f"the shop has no {kind} called '{word}'")
    if len(found) > 1:
        several = ", ".join(sorted(found))
        raise NotAllowedError(f"'{word}' is several: {several}; give one of these ids")
    return shop_ref(kind, found.pop())


def _show(story: Story, *, reveal: bool) -> None:
    show_lines(_head(story, reveal=reveal))
    rows = [_field(asdict(field), reveal=reveal) for field in story.fields]
    if rows:
        show_rows(rows, FIELDS, as_json=False)
    for problem in story.problems:
        what = masked(problem.what, reveal=reveal)
        show_lines([f"{problem.field} cannot be written: {what}; {problem.remedy}"])
    if story.history:
        show_lines(["", "What was done, the latest first:"])
        show_rows(_history(story), HISTORY, as_json=False)


def _head(story: Story, *, reveal: bool) -> Iterator[str]:
    yield story.ref.key
    if not story.found:
        yield "the shop has no such record (any more)"
    if story.link is None:
        yield "not linked to any CRM record"
    else:
        link = story.link
        seen = ", ".join(f"{k}: {shown(v)}" for k, v in link.evidence.items())
        when = f" on {link.linked_at:%Y-%m-%d %H:%M}" if link.linked_at else ""
        yield f"linked to {link.crm_id} ({link.role}) by {link.actor}{when}"
        yield f"found by: {link.rule}" + (
            f" ({masked(seen, reveal=reveal)})" if seen else ""
        )
    yield _state(story, reveal=reveal)
    yield ""


def _state(story: Story, *, reveal: bool) -> str:
    row = story.pending
    if row is None:
        return "nothing is to be done about it"
    what = str((row["detail"] or {}).get("what", ""))
    because = f": {row['because']} {masked(what, reveal=reveal)}" if what else ""
    return f"it is {row['state']}{because}"


def _field(field: Mapping[str, Any], *, reveal: bool) -> dict[str, str]:
    at, cause = field["written_at"], field["cause"]
    return {
        **field,
        "shop": masked(shown(field["shop"]), reveal=reveal),
        "crm": masked(shown(field["crm"]), reveal=reveal),
        "written": f"{at:%Y-%m-%d %H:%M} by {cause}" if at else "-",
    }


def _history(story: Story) -> list[dict[str, str]]:
    sources = {f"ledger {n.number}": n.source for n in story.notices}
    return [
        {
            "at": f"{row.at:%Y-%m-%d %H:%M:%S}",
            "verb": row.verb,
            "state": row.state,
            "fields": ", ".join(row.fields) or "-",
            "cause": sources.get(row.cause, row.cause),
        }
        for row in story.history[:LATEST]
    ]
