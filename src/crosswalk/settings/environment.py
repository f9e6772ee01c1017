"""Reads the environment; tells everything that is wrong with it at once."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from crosswalk.domain.lint import Finding, suggest
from crosswalk.settings.refused import Refused
from crosswalk.settings.urls import REGIONS, api_url_of, auth_url_of
from crosswalk.settings.variables import (
    CONFIG_NAME,
    FILE,
    NEST,
    Commercetools,
    CrmSide,
    Environment,
    Freshsales,
    Local,
    Settings,
    ShopSide,
    declared,
    is_secret,
    variable,
)

#: Characters that a secret's file may have.
LONGEST_SECRET: Final = 65_536

AnySettings = TypeVar("AnySettings", bound=Settings)


def load_local(environ: Mapping[str, str]) -> Local:
    """Read what every command needs; Refused with all findings."""
    return _load(Local, environ)


def load_environment(environ: Mapping[str, str]) -> Environment:
    """Read everything, the keys to both sides included; Refused with all findings."""
    return _load(Environment, environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What can be used of an environment, even where another part of it cannot."""

    #: None where that part is refused.
    local: Local | None
    shop: Commercetools | None
    crm: Freshsales | None
    findings: Sequence[Finding]


def load_parts(environ: Mapping[str, str]) -> Parts:
    """Read each part for itself; never refuses, but tells all that is wrong."""
    findings: list[Finding] = []

    def part(model: type[AnySettings]) -> AnySettings | None:
        try:
            return _load(model, environ)
        except Refused as refused:
            findings.extend(refused.findings)
            return None

    local, shop, crm = part(Local), part(ShopSide), part(CrmSide)
    return Parts(
        local=local,
        shop=shop.commercetools if shop else None,
        crm=crm.freshsales if crm else None,
        findings=findings,
    )


def _load(model: type[AnySettings], environ: Mapping[str, str]) -> AnySettings:
    settings = {variable(steps): info for steps, info in declared(model)}
    given, findings = _given(environ, settings)
    findings += _misspelt(environ, settings)
    values = _values(model, given)
    _fill_in(model, values, environ)
    try:
        loaded = model(**values)
    except ValidationError as error:
        known = {finding.at for finding in findings}
        found = (_finding(details, settings) for details in error.errors())
        raise Refused([*findings, *(f for f in found if f.at not in known)]) from None
    if findings:
        raise Refused(findings)
    return loaded


def _given(
    environ: Mapping[str, str], settings: Mapping[str, FieldInfo]
) -> tuple[dict[str, str], list[Finding]]:
    """Collect what is set, secrets from their files; empty is the same as unset."""
    given = {name: environ[name] for name in settings if environ.get(name)}
    findings = []
    for name, info in settings.items():
        path = environ.get(name + FILE, "")
        if not path or not is_secret(info):
            continue
        read = _twice(name) if name in given else _read_secret(name + FILE, path)
        if isinstance(read, Finding):
            findings.append(read)
        else:
            given[name] = read
    return given, findings


def _twice(name: str) -> Finding:
    what = f"is set, and so is {name}"
    remedy = "keep one of the two"
    return Finding(code="E105", at=name + FILE, what=what, remedy=remedy)


def _read_secret(variable: str, path: str) -> str | Finding:
    remedy = "name a text file that this user may read, with the secret alone in it"
    try:
        with Path(path).open(encoding="utf-8") as file:
            secret = file.read(LONGEST_SECRET).rstrip("\r\n")
    except OSError as error:
        what = f"names a file that cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        what = "names a file that is not text"
    else:
        if secret:
            return secret
        what = "names an empty file"
    return Finding(code="E106", at=variable, what=what, remedy=remedy)


def _misspelt(
    environ: Mapping[str, str], settings: Mapping[str, FieldInfo]
) -> list[Finding]:
    """Find variables that begin like a group of ours but are none of it."""
    twins = {name + FILE for name, info in settings.items() if is_secret(info)}
    known = settings.keys() | twins
    groups = tuple({n.partition(NEST)[0] + NEST for n in settings if NEST in n})
    return [
        Finding(
            code="E107",
            at=name,
            what="is no setting",
            remedy=suggest(name, known),
        )
        for name in sorted(environ)
        if groups and name.startswith(groups) and name not in known
    ]


def _values(model: type[Settings], given: Mapping[str, str]) -> dict[str, Any]:
    """Sort variables into groups, each group at least empty."""
    source = EnvSettingsSource(model)
    source.env_vars = {name.lower(): value for name, value in given.items()}
    groups = [steps[0] for steps, _ in declared(model) if len(steps) > 1]
    return {group: {} for group in groups} | source()


def _fill_in(
    model: type[Settings], values: dict[str, Any], environ: Mapping[str, str]
) -> None:
    """Add the defaults that depend on where we are."""
    if issubclass(model, Local):
        values.setdefault("data_dir", default_data_dir(environ))
        values["data_dir"] = Path(values["data_dir"]).expanduser()
        if Path(CONFIG_NAME).exists():
            values.setdefault("config", Path(CONFIG_NAME))
    shop = values.get("commercetools", {})
    if (region := shop.get("region")) in REGIONS:
        shop.setdefault("api_url", api_url_of(region))
        shop.setdefault("auth_url", auth_url_of(region))


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Tell where data goes when nobody says; never a private folder of root."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/crosswalk")
    home = Path(environ.get("HOME") or Path.home())
    share = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(share) / "crosswalk"


def _finding(details: ErrorDetails, settings: Mapping[str, FieldInfo]) -> Finding:
    """Word one error; never with the value, which may be a secret in a wrong place."""
    name = variable(details["loc"])
    facts = details.get("ctx", {})
    info = settings.get(name)
    match details["type"]:
        case "refused":
            code, what, remedy = facts["code"], facts["what"], facts["remedy"]
        case "missing":
            help_ = info.description if info else ""
            code, what, remedy = "E101", "is not set", f"set it. {help_}"
        case "literal_error":
            code, what = "E102", "is no region that is known"
            remedy = f"choose one of: {', '.join(REGIONS)}; else give both addresses"
        case "greater_than_equal":
            code, what = "E103", f"is less than {facts['ge']}"
            remedy = "write the number that your plan allows"
        case _:
            code, what, remedy = "E104", "is no whole number", "write digits only"
    return Finding(code=code, at=name, what=what, remedy=remedy)
