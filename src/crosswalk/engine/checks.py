"""Is everything in place? Each question is asked of the real side, all of them at once.

A check never writes anything on either side.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.domain.lint import Finding, suggest
from crosswalk.domain.model import Kind
from crosswalk.engine.world import Rules
from crosswalk.ports import Clock, Crm, CrmField, Project, Shop

#: What the sync reads in the shop, and the permissions that each allow it
#: (contract 1.3; channels got a pair of their own in June 2026).
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "customers": ("view_customers", "manage_customers"),
    "business units": ("view_business_units", "manage_business_units"),
    "associate roles": ("view_associate_roles", "manage_associate_roles"),
    "customer groups": ("view_customer_groups", "manage_customer_groups"),
    "stores": ("view_stores", "manage_stores"),
    "channels": (
        "view_channels",
        "manage_channels",
        "view_products",
        "manage_products",
    ),
    "project settings": ("view_project_settings", "manage_project_settings"),
}
#: Seconds that the shop's clock and ours may differ.
SKEW: Final = 60
#: What the CRM fills in by itself, whatever its settings say of required fields.
FILLED_BY_CRM: Final = frozenset({"lifecycle_stage", "contact_status", "owner"})
#: What to do about a side that cannot be spoken to.
WAYS_OUT: Final[Mapping[Fault, str]] = {
    Fault.DENIED: "the credentials are refused: copy them anew, see docs/quickstart.md",
    Fault.GONE: "the address is not that of the API: compare it letter by letter",
    Fault.SCHEMA: "the address is not that of the API: compare it letter by letter",
    Fault.TRANSIENT: "nobody answers there: check the address and the network",
    Fault.THROTTLED: "the quota is used up: try again later, or raise the plan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question and its answer."""

    name: str
    #: What was found to be in order; empty when nothing was.
    fine: str = ""
    findings: tuple[Finding, ...] = ()


async def check_all(
    shop: Shop, crm: Crm, rules: Rules, clock: Clock
) -> Sequence[Check]:
    """Ask everything of both sides at once."""
    of_shop = _check_shop(shop, clock)
    of_crm = (_check_fields(kind, crm, rules) for kind in Kind)
    answers = await asyncio.gather(of_shop, *of_crm)
    return [check for checks in answers for check in checks]


async def _check_shop(shop: Shop, clock: Clock) -> Sequence[Check]:
    try:
        project = await shop.project()
    except RemoteError as error:
        at = "CROSSWALK_COMMERCETOOLS__*"
        return [Check(name="commercetools", findings=(_unreachable(at, error),))]
    found = [
        *_missing_scopes(project),
        *_skew((project.at - clock.now()).total_seconds()),
    ]
    languages = ", ".join(project.languages)
    fine = f"project {project.key} answers; its languages: {languages}"
    return [Check(name="commercetools", fine=fine, findings=tuple(found))]


def _missing_scopes(project: Project) -> Iterable[Finding]:
    held = {scope.partition(":")[0] for scope in project.scopes}
    if "manage_project" in held:
        return
    for what, allowing in NEEDED.items():
        if not held & set(allowing):
            yield Finding(
                code="C102",
                at="CROSSWALK_COMMERCETOOLS__CLIENT_ID",
                what=f"the API client may not read {what}",
                remedy=f"create one that also has the scope {allowing[0]}",
            )


def _skew(seconds: float) -> Iterable[Finding]:
    if abs(seconds) > SKEW:
        yield Finding(
            code="C103",
            at="this machine's clock",
            what=f"differs from the shop's by {seconds:+.0f} s",
            remedy="let NTP set the clock",
        )


async def _check_fields(kind: Kind, crm: Crm, rules: Rules) -> Sequence[Check]:
    name = f"Freshsales {'contacts' if kind is Kind.PERSON else 'accounts'}"
    try:
        schema = await crm.schema(kind)
    except RemoteError as error:
        at = "CROSSWALK_FRESHSALES__*"
        return [Check(name=name, findings=(_unreachable(at, error),))]
    found = [*_missing_fields(kind, schema, rules), *_unfilled(kind, schema, rules)]
    fine = f"{len(schema)} fields; all that are mapped exist"
    return [Check(name=name, fine="" if found else fine, findings=tuple(found))]


def _missing_fields(
    kind: Kind, schema: Mapping[str, CrmField], rules: Rules
) -> Iterable[Finding]:
    wanted = {rule.crm: rule.at for rule in rules.maps[kind].rules}
    wanted[rules.id_field[kind]] = f"{kind}: the field that holds our id"
    for name, at in wanted.items():
        if name in schema:
            continue
        if name.startswith("cf_"):
            remedy = (
                f"create it in Freshsales (Admin Settings), or {_close(name, schema)}"
            )
        else:
            remedy = suggest(name, schema)
        yield Finding(
            code="C111", at=at, what=f"the CRM has no field '{name}'", remedy=remedy
        )


def _close(name: str, schema: Mapping[str, CrmField]) -> str:
    custom = [known for known in schema if known.startswith("cf_")]
    if not custom:
        return "take it out of the mapping"
    return suggest(name, custom)


def _unfilled(
    kind: Kind, schema: Mapping[str, CrmField], rules: Rules
) -> Iterable[Finding]:
    filled = {rule.crm for rule in rules.maps[kind].rules} | FILLED_BY_CRM
    filled.add(rules.id_field[kind])
    for field in schema.values():
        if field.required and field.name not in filled:
            yield Finding(
                code="C112",
                at=f"Freshsales field '{field.name}' ({field.label})",
                what="is required by the CRM, but no mapping fills it",
                remedy=f"map it (crm: {field.name}), or make it optional in Freshsales",
            )


def _unreachable(at: str, error: RemoteError) -> Finding:
    remedy = WAYS_OUT.get(error.fault, "see the message; then try again")
    return Finding(code="C101", at=at, what=str(error), remedy=remedy)
