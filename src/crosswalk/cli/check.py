"""``crosswalk check``: is everything in place?"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from crosswalk import bootstrap
from crosswalk.cli import logs
from crosswalk.cli.output import AsJson, Column, Exit, complain, show_json, show_rows
from crosswalk.domain.faults import (
    ConfigurationError,
    CrosswalkError,
    UnreachableError,
)
from crosswalk.domain.lint import Finding
from crosswalk.domain.model import Kind, Side
from crosswalk.engine.checks import (
    Check,
    check_crm,
    check_owners,
    check_quota,
    check_shop,
)
from crosswalk.engine.clock import SystemClock
from crosswalk.settings.config import Config, load_config
from crosswalk.settings.environment import Parts, load_parts
from crosswalk.settings.refused import Refused
from crosswalk.settings.variables import Local
from crosswalk.store import configurations, migrate


async def check(*, as_json: AsJson = False) -> Exit:
    """See that settings, database, shop and CRM fit together.

    Everything is looked at in one run, also where a part of the configuration is
    refused. Nothing is written on either side. Exit code 2 means findings, 3 that the
    configuration is refused.
    """
    logs.configure()
    parts = load_parts(os.environ)
    config, refused = _configuration(parts)
    settings = _settings(parts)
    asked = await asyncio.gather(
        _database(parts), _shop(parts, config), _crm(parts, config)
    )
    checks = [settings, refused, *(check for group in asked for check in group)]
    if as_json:
        show_json([asdict(check) for check in checks])
    else:
        _show(checks)
    if settings.findings or refused.findings:
        return Exit.REFUSED
    found = any(check.findings for check in checks)
    return Exit.FINDINGS if found else Exit.DONE


def _show(checks: Sequence[Check]) -> None:
    """Print a line for each question, then what was found."""
    show_rows([_line(check) for check in checks], _COLUMNS, as_json=False)
    warnings = [warning for check in checks for warning in check.warnings]
    findings = [finding for check in checks for finding in check.findings]
    if warnings:
        complain("worth knowing", warnings, style="yellow")
    if findings:
        complain("to be put right", findings)


_COLUMNS = (
    Column(key="mark", title=""),
    Column(key="name", title="question"),
    Column(key="answer", title="answer"),
)


def _line(check: Check) -> dict[str, str]:
    if check.findings:
        codes = ", ".join(dict.fromkeys(finding.code for finding in check.findings))
        return {"mark": "no", "name": check.name, "answer": f"see {codes} below"}
    if check.skipped:
        answer = f"not asked: {check.skipped}"
        return {"mark": "-", "name": check.name, "answer": answer}
    return {"mark": "ok", "name": check.name, "answer": check.fine}


def _settings(parts: Parts) -> Check:
    found = tuple(parts.findings)
    fine = "" if found else "the environment is complete"
    return Check(name="settings", fine=fine, findings=found)


def _configuration(parts: Parts) -> tuple[Config | None, Check]:
    """Load the configuration; None when it is refused or cannot be found."""
    name = "configuration"
    if parts.local is None:
        return None, Check(name=name, skipped="the settings do not lead to it")
    try:
        config = load_config(parts.local.config)
    except Refused as refused:
        return None, Check(name=name, findings=refused.findings)
    contacts, accounts = (len(config.maps[kind].rules) for kind in _BY_NAME)
    fine = f"{config.source.name} maps {contacts} contact and {accounts} account fields"
    return config, Check(name=name, fine=fine)


#: In the order in which people think of them.
_BY_NAME = (Kind.PERSON, Kind.COMPANY)


async def _database(parts: Parts) -> Sequence[Check]:
    local = parts.local
    if local is None:
        return [Check(name="database", skipped="the settings do not lead to it")]
    at = "CROSSWALK_DATABASE_URL" if local.database_url else str(local.data_dir)
    try:
        bound = await _owners(local)
    except (CrosswalkError, OSError) as error:
        return [Check(name="database", findings=(_unusable(at, error),))]
    kind = "yours" if local.database_url else f"the embedded one in {local.data_dir}"
    fine = f"{kind} opens, with schema {migrate.head()}"
    return [Check(name="database", fine=fine), check_owners(bound, _targets(parts))]


async def _owners(local: Local) -> Mapping[Side, str]:
    async with (
        bootstrap.open_database(local) as database,
        database.single() as tx,
    ):
        return await configurations.owners(tx)


def _targets(parts: Parts) -> dict[Side, str]:
    """Name the sides that are configured, as a database keeps them."""
    targets = {}
    if parts.shop:
        targets[Side.SHOP] = bootstrap.shop_name(parts.shop)
    if parts.crm:
        targets[Side.CRM] = parts.crm.url
    return targets


def _unusable(at: str, error: CrosswalkError | OSError) -> Finding:
    """Say why a database cannot be used."""
    match error:
        case UnreachableError():
            remedy = "see that the server runs, and compare the address with yours"
            what = f"does not answer: {error}"
            return Finding(code="K121", at=at, what=what, remedy=remedy)
        case ConfigurationError():
            what, _, remedy = str(error).partition(": ")
            remedy = remedy or "see docs/howto/several-machines.md"
            return Finding(code="K122", at=at, what=what, remedy=remedy)
        case _:
            remedy = "free, create or permit what is named, then try again"
            return Finding(code="K121", at=at, what=str(error), remedy=remedy)


async def _shop(parts: Parts, config: Config | None) -> Sequence[Check]:
    settings, clock = parts.shop, SystemClock()
    if settings is None:
        return [Check(name="shop", skipped="its settings are refused")]
    used = config or load_config(None)
    async with bootstrap.shop_side(settings, used, clock) as shop:
        return await check_shop(shop, settings.project_key, clock)


async def _crm(parts: Parts, config: Config | None) -> Sequence[Check]:
    settings, clock = parts.crm, SystemClock()
    if settings is None:
        return [Check(name="CRM", skipped="its settings are refused")]
    used = config or load_config(None)
    quota = bootstrap.call_quota(settings, used, clock)
    rules = bootstrap.engine_rules(config) if config else None
    async with bootstrap.crm_side(settings, used, quota, clock=clock) as crm:
        checks = await check_crm(crm, rules)
    limits = settings.calls_per_hour, settings.calls_per_minute
    return [*checks, check_quota(*limits, used.sync.reserve_percent)]
