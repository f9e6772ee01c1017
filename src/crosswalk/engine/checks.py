"""Is everything in place? Each question is asked of the real side, all of them at once.

A check never writes anything on either side.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crosswalk.domain.faults import REMEDIES, Fault, RemoteError
from crosswalk.domain.lint import Finding, suggest
from crosswalk.domain.model import Kind, Side
from crosswalk.engine.world import Rules
from crosswalk.ports import Clock, Crm, CrmField, Shop

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
#: The scope that allows everything.
EVERYTHING: Final = "manage_project"
#: Seconds that the shop's clock and ours may differ.
SKEW: Final = 60
#: What the CRM fills in by itself, whatever its settings say of required fields.
FILLED_BY_CRM: Final = frozenset({"lifecycle_stage", "contact_status", "owner"})
#: What the CRM calls each kind.
MODULES: Final[Mapping[Kind, str]] = {Kind.PERSON: "contacts", Kind.COMPANY: "accounts"}
_SHOP: Final = "CROSSWALK_COMMERCETOOLS__"
_CRM: Final = "CROSSWALK_FRESHSALES__"
#: Where to look for a fault of an address, and of a key.
PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "token": (f"{_SHOP}AUTH_URL", f"{_SHOP}CLIENT_ID and CLIENT_SECRET"),
    "shop": (f"{_SHOP}API_URL and PROJECT_KEY", f"{_SHOP}PROJECT_KEY"),
    "crm": (f"{_CRM}URL", f"{_CRM}API_KEY"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One way in which a side cannot be asked."""

    code: str
    fits: Callable[[RemoteError, str], bool]
    #: "address" or "key" as PLACES has them, or the setting itself.
    at: str = "address"
    what: str
    remedy: str


#: Why a side cannot be asked; the first that fits decides.
LOSSES: Final = (
    Loss(
        code="K103",
        fits=lambda error, _: error.fault is Fault.DENIED,
        at="key",
        what="is refused: {said}",
        remedy="copy it anew; it may have been revoked, or be of another account",
    ),
    Loss(
        code="K107",
        fits=lambda error, _: error.fault is Fault.THROTTLED,
        what="too busy: {said}",
        remedy=REMEDIES[Fault.THROTTLED],
    ),
    Loss(
        code="K101",
        fits=lambda error, _: not error.status,
        what="nobody answers: {said}",
        remedy="compare the address letter by letter, and see that this machine has"
        " a way there: proxy, firewall, DNS",
    ),
    Loss(
        code="K101",
        fits=lambda error, _: error.status >= 500,
        what="answers with {status}: {said}",
        remedy=REMEDIES[Fault.TRANSIENT],
    ),
    Loss(
        code="K104",
        fits=lambda _, said: "scope" in said,
        at=f"{_SHOP}SCOPES",
        what="{said}",
        remedy="leave the setting out, or name scopes that the client has",
    ),
    Loss(
        code="K102",
        fits=lambda *_: True,
        what="what answers is not what it should be ({status}): {said}",
        remedy="compare the address letter by letter with the one in the browser",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question and its answer."""

    name: str
    #: What was found to be in order; empty when something was not.
    fine: str = ""
    findings: tuple[Finding, ...] = ()
    #: What works, but should not stay so.
    warnings: tuple[Finding, ...] = ()
    #: Why the question could not be asked; empty when it was.
    skipped: str = ""


async def check_shop(shop: Shop, project_key: str, clock: Clock) -> Sequence[Check]:
    """Ask the shop who we are to it, what we may read there, and what time it is."""
    access, scopes, time = "shop", "shop scopes", "clock"
    try:
        held = await shop.scopes()
    except RemoteError as error:
        return [
            Check(name=access, findings=(_lost(error),)),
            *_skipped(scopes, time, because="the shop gives us no token"),
        ]
    foreign = _foreign(held, project_key)
    asked = _check_scopes(scopes, held)
    if foreign:
        return [
            Check(name=access, findings=foreign),
            *_skipped(scopes, time, because="the client is of another project"),
        ]
    try:
        project = await shop.project()
    except RemoteError as error:
        # A scope that is missing was found by its name already.
        found = () if error.status == 403 and asked.findings else (_lost(error),)
        because = "the project's settings cannot be read"
        reached = Check(name=access, findings=found, skipped="" if found else because)
        return [reached, asked, *_skipped(time, because=because)]
    languages = ", ".join(project.languages)
    fine = f"project {project.key} answers; its languages: {languages}"
    skew = (project.at - clock.now()).total_seconds()
    return [Check(name=access, fine=fine), asked, _check_clock(time, skew)]


async def check_crm(crm: Crm, rules: Rules | None) -> Sequence[Check]:
    """Ask the CRM who we are to it and which fields it has; without rules only that."""
    schemas: dict[Kind, Mapping[str, CrmField]] = {}
    names = {kind: f"CRM {MODULES[kind]}" for kind in MODULES}
    for kind in MODULES:
        try:
            schemas[kind] = await crm.schema(kind)
        except RemoteError as error:
            because = "the CRM does not tell its fields"
            return [
                Check(name="CRM", findings=(_lost(error),)),
                *_skipped(*names.values(), because=because),
            ]
    checks = [Check(name="CRM", fine="it answers, and takes the key")]
    if rules is None:
        because = "the mapping is refused"
        return [*checks, *_skipped(*names.values(), because=because)]
    for kind, name in names.items():
        checks.append(_check_fields(name, kind, schemas[kind], rules))
    return checks


def check_quota(per_hour: int, per_minute: int, reserve_percent: int) -> Check:
    """Say what the settings allow us to spend."""
    share = (100 - reserve_percent) / 100
    fine = (
        f"{per_hour} calls an hour and {per_minute} a minute, of which "
        f"{int(per_hour * share)} and {int(per_minute * share)} are ours"
    )
    if per_minute <= per_hour:
        return Check(name="quota", fine=fine)
    odd = Finding(
        code="K131",
        at=f"{_CRM}CALLS_PER_MINUTE",
        what=f"{per_minute} calls a minute are more than {per_hour} an hour",
        remedy="compare both numbers with your plan: Admin Settings, API settings",
    )
    return Check(name="quota", fine=fine, warnings=(odd,))


def check_owners(bound: Mapping[Side, str], wanted: Mapping[Side, str]) -> Check:
    """Say whether the database is that of these two sides."""
    found = tuple(
        Finding(
            code="K123",
            at="the database",
            what=f"belongs to the {side} {bound[side]}, not to {name}",
            remedy="use another CROSSWALK_DATA_DIR or CROSSWALK_DATABASE_URL for"
            " another shop or CRM, or correct the address",
        )
        for side, name in wanted.items()
        if bound.get(side, name) != name
    )
    return Check(
        name="database owner",
        fine="" if found else "it belongs to this shop and CRM, or to nobody yet",
        findings=found,
    )


def _skipped(*names: str, because: str) -> list[Check]:
    return [Check(name=name, skipped=because) for name in names]


def _foreign(held: Collection[str], project_key: str) -> tuple[Finding, ...]:
    """Find a client that may do nothing in this project, but something in another."""
    projects = {scope.split(":")[1] for scope in held if ":" in scope}
    if not projects or project_key in projects:
        return ()
    return (
        Finding(
            code="K102",
            at=f"{_SHOP}PROJECT_KEY",
            what=f"the API client is not of project '{project_key}'",
            remedy=suggest(project_key, projects),
        ),
    )


def _check_scopes(name: str, scopes: Collection[str]) -> Check:
    held = {scope.partition(":")[0] for scope in scopes}
    missing = {
        what: allowing[0]
        for what, allowing in NEEDED.items()
        if not held & {EVERYTHING, *allowing}
    }
    found = tuple(
        Finding(
            code="K104",
            at=f"{_SHOP}CLIENT_ID",
            what=f"the API client may not read {what}",
            remedy=f"create a client that also has the scope {scope}",
        )
        for what, scope in missing.items()
    )
    fine = "" if found else "the API client may read all that the sync reads"
    return Check(name=name, fine=fine, findings=found, warnings=tuple(_excess(held)))


def _excess(held: Collection[str]) -> Iterable[Finding]:
    """Find what we are trusted with and have no use for."""
    enough = {allowing[0] for allowing in NEEDED.values()} | {"view_products"}
    more = sorted(set(held) - enough)
    if more:
        shown = ", ".join(more[:5]) + (" and more" if len(more) > 5 else "")
        yield Finding(
            code="K106",
            at=f"{_SHOP}CLIENT_ID",
            what=f"the API client may do more than is needed: {shown}",
            remedy="create one with the view_ scopes alone; nothing is written there",
        )


def _check_clock(name: str, skew: float) -> Check:
    if abs(skew) <= SKEW:
        return Check(name=name, fine=f"{abs(skew):.0f} s from the shop's")
    odd = Finding(
        code="K105",
        at="this machine's clock",
        what=f"the shop's clock differs from it by {skew:+.0f} s",
        remedy="let NTP set the clock",
    )
    return Check(name=name, findings=(odd,))


def _check_fields(
    name: str, kind: Kind, schema: Mapping[str, CrmField], rules: Rules
) -> Check:
    found = (*_missing_fields(kind, schema, rules), *_unfilled(kind, schema, rules))
    mapped = len(rules.maps[kind].rules)
    fine = f"all {mapped} mapped fields exist, nothing required is left unfilled"
    return Check(name=name, fine="" if found else fine, findings=found)


def _missing_fields(
    kind: Kind, schema: Mapping[str, CrmField], rules: Rules
) -> Iterable[Finding]:
    wanted = {rule.crm: rule.at for rule in rules.maps[kind].rules}
    wanted[rules.id_field[kind]] = f"{MODULES[kind]}: the field that holds our id"
    for name, at in wanted.items():
        if name not in schema:
            what = f"the CRM's {MODULES[kind]} have no field '{name}'"
            remedy = _create_or(name, schema)
            yield Finding(code="K111", at=at, what=what, remedy=remedy)


def _create_or(name: str, schema: Mapping[str, CrmField]) -> str:
    if not name.startswith("cf_"):
        return suggest(name, schema)
    hint = suggest(name, [known for known in schema if known.startswith("cf_")])
    other = f"; or {hint}" if hint.startswith("did you mean") else ""
    return f"create it in Freshsales, see docs/howto/connect-freshsales.md{other}"


def _unfilled(
    kind: Kind, schema: Mapping[str, CrmField], rules: Rules
) -> Iterable[Finding]:
    filled = {rule.crm for rule in rules.maps[kind].rules} | FILLED_BY_CRM
    filled.add(rules.id_field[kind])
    for field in schema.values():
        if field.required and field.name not in filled:
            yield Finding(
                code="K112",
                at=f"{MODULES[kind]}: {field.name} ({field.label})",
                what="is required by the CRM, but no mapping fills it",
                remedy=f"map it (crm: {field.name}), or make it optional in Freshsales",
            )


def _lost(error: RemoteError) -> Finding:
    """Say why a side cannot be asked, and which setting to look at."""
    said = "; ".join(error.messages) or "it says nothing"
    loss = next(loss for loss in LOSSES if loss.fits(error, said))
    address, key = PLACES[_whose(error.call)]
    return Finding(
        code=loss.code,
        at={"address": address, "key": key}.get(loss.at, loss.at),
        what=loss.what.format(said=said, status=error.status),
        remedy=loss.remedy,
    )


def _whose(call: str) -> str:
    """Say whom a call was for, as PLACES names it."""
    if call.startswith("POST /oauth/"):
        return "token"
    of_crm = any(part in call for part in ("/settings/", "/selector/"))
    return "crm" if of_crm else "shop"
