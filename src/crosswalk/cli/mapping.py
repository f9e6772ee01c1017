"""``crosswalk mapping``: check, test and try the mapping."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from cyclopts import App, Parameter

from crosswalk import bootstrap
from crosswalk.cli import logs
from crosswalk.cli.output import (
    AsJson,
    Column,
    Exit,
    complain,
    say,
    show_json,
    show_lines,
    show_rows,
)
from crosswalk.cli.values import Reveal, masked, shown
from crosswalk.domain.mapping import FieldMap, values
from crosswalk.domain.model import Kind, ShopRecord
from crosswalk.engine.clock import SystemClock
from crosswalk.engine.desk import NotAllowedError
from crosswalk.settings.checks import run_tests
from crosswalk.settings.config import Config, load_config
from crosswalk.settings.environment import load_environment, load_local

File: TypeAlias = Annotated[
    Path | None,
    Parameter(help="The configuration; without it, the one that is in use."),
]
TESTS: Final = (
    Column(key="result", title=""),
    Column(key="name", title="test"),
    Column(key="found", title="came out otherwise"),
)
VALUES: Final = (
    Column(key="crm", title="CRM field"),
    Column(key="value", title="value"),
    Column(key="from", title="from"),
    Column(key="owner", title="owner"),
)

app = App(name="mapping")


@app.command
def check(path: File = None, /) -> Exit:
    """Check the configuration alone; nothing is asked of either side."""
    config = _load(path)
    contacts, accounts = (
        len(config.maps[k].rules) for k in (Kind.PERSON, Kind.COMPANY)
    )
    told = f"{contacts} fields of contacts, {accounts} of accounts"
    show_lines([f"{config.source.name}: {told}, {len(config.tests)} tests; in order"])
    return Exit.DONE


@app.command(name="test")
def run(path: File = None, /, *, as_json: AsJson = False) -> Exit:
    """Run the tests that the configuration carries; exit code 2 if one fails."""
    results = run_tests(_load(path))
    rows = [
        {
            "result": "ok" if result.passed else "no",
            "name": result.name,
            "found": "; ".join(finding.what for finding in result.findings),
        }
        for result in results
    ]
    show_rows(rows, TESTS, as_json=as_json)
    findings = [finding for result in results for finding in result.findings]
    if findings:
        complain("mapping tests", findings)
        return Exit.FINDINGS
    say(f"{len(results)} tests passed.")
    return Exit.DONE


@app.command
async def preview(
    id: Annotated[  # noqa: A002 - it names the argument
        str, Parameter(help="A customer's id, number or e-mail, or a company's key.")
    ],
    /,
    *,
    as_json: AsJson = False,
    reveal: Reveal = False,
) -> Exit:
    """Show what the mapping makes of one record of the shop; nothing is written.

    What only Crosswalk's links can tell, such as ids of accounts, stays empty here:
    'crosswalk explain' knows it.
    """
    logs.configure()
    environment = load_environment(os.environ)
    config = load_config(environment.config)
    side = bootstrap.shop_side(environment.commercetools, config, SystemClock())
    async with side as shop:
        for kind in (Kind.PERSON, Kind.COMPANY):
            for found in (await shop.find(kind, id))[:1]:
                (record,) = (await shop.load(kind, [found])).values()
                return _show(record, config.maps[kind], config, as_json, reveal=reveal)
    raise NotAllowedError(f"the shop has no customer and no company called '{id}'")


def _load(path: Path | None) -> Config:
    return load_config(path or load_local(os.environ).config)


def _show(
    record: ShopRecord,
    field_map: FieldMap,
    config: Config,
    as_json: bool,  # noqa: FBT001 - as the flag has it
    *,
    reveal: bool,
) -> Exit:
    mapped = values(field_map, record.document, config.context(record.document))
    rows: Sequence[Mapping[str, Any]] = [
        {
            "crm": rule.crm,
            "value": mapped.values.get(rule.crm),
            "from": " | ".join([rule.expression, *rule.transforms]),
            "owner": rule.owner,
            "problem": mapped.problems[rule.crm].what
            if rule.crm in mapped.problems
            else None,
        }
        for rule in field_map.rules
    ]
    if as_json:
        show_json({"entity": record.ref.key, "fields": rows})
        return Exit.DONE
    show_lines([f"{record.ref.key}, version {record.version}", ""])
    told = [
        row | {"value": masked(row["problem"] or shown(row["value"]), reveal=reveal)}
        for row in map(dict, rows)
    ]
    show_rows(told, VALUES, as_json=False)
    return Exit.DONE
