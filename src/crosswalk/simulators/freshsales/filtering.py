"""/filtered_search: rules over the fields of a module, all of which must hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crosswalk.simulators.freshsales.errors import RefusalError, missing_attributes
from crosswalk.simulators.freshsales.fields import read_moment
from crosswalk.simulators.freshsales.records import Record
from crosswalk.simulators.freshsales.store import Table

#: Attributes of rules that are called otherwise in a record.
ALIASES: Final[Mapping[str, str]] = {"contact_email.email": "email"}

DATES: Final = frozenset({"created_at", "updated_at"})
DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One condition of a filter."""

    attribute: str
    operator: str
    value: Any


def read_rules(given: object, table: Table) -> list[Rule]:
    """Read ``filter_rule``.

    Raises:
        RefusalError: it is no list of rules, or an attribute or operator is unknown.
    """
    if not isinstance(given, list) or not given:
        raise missing_attributes()
    return [_read_rule(rule, table) for rule in given]


def _read_rule(given: object, table: Table) -> Rule:
    if not isinstance(given, dict) or not {"attribute", "operator"} <= given.keys():
        raise missing_attributes()
    attribute = ALIASES.get(str(given["attribute"]), str(given["attribute"]))
    if attribute not in _attributes(table):
        raise RefusalError(f"Invalid attribute {attribute}")
    if given["operator"] not in OPERATORS:
        raise RefusalError(f"Invalid operator {given['operator']}")
    return Rule(
        attribute=attribute, operator=given["operator"], value=given.get("value")
    )


def _attributes(table: Table) -> set[str]:
    extra = {"id", "email", "name", "deleted", "sales_account_id", *DATES}
    return extra | table.fields.by_name.keys()


def matching(rules: list[Rule], table: Table) -> list[Record]:
    """Return the records for which all *rules* hold, in no particular order."""
    in_bin = any(r.attribute == "deleted" and str(r.value) in "1true" for r in rules)
    others = [rule for rule in rules if rule.attribute != "deleted"]
    pool = table.bin.values() if in_bin else _candidates(others, table)
    seen_until = _seen_until(table)
    day = table.account.switches.text("date_filter_granularity") == "day"
    return [
        record
        for record in pool
        if record.created_at <= seen_until
        and all(_holds(rule, record, table, by_day=day) for rule in others)
    ]


def _seen_until(table: Table) -> float:
    lag = table.account.switches.number("index_lag_seconds")
    return table.account.clock.timestamp() - lag


def _candidates(rules: list[Rule], table: Table) -> Iterable[Record]:
    """Return a small superset of the answer where an index offers one."""
    for rule in rules:
        name = "emails" if rule.attribute == "email" else rule.attribute
        if rule.operator in ("is", "is_in") and table.indexes(name):
            values = rule.value if isinstance(rule.value, list) else [rule.value]
            ids = {i for value in values for i in table.holders(name, value)}
            return [table.live[record_id] for record_id in ids]
    for rule in rules:
        if rule.attribute == "updated_at" and rule.operator == "is_after":
            recent = table.by_update.irange(minimum=(read_moment(rule.value) - DAY, 0))
            return (table.live[record_id] for _, record_id in recent)
    return table.live.values()


def _holds(rule: Rule, record: Record, table: Table, *, by_day: bool) -> bool:
    if rule.attribute in DATES:
        moment = getattr(record, rule.attribute)
        wanted = read_moment(rule.value) if rule.value not in (None, "") else 0.0
        if by_day:
            moment, wanted = moment // DAY, wanted // DAY
        return OPERATORS[rule.operator](moment, wanted)
    value = _value(rule.attribute, record, table)
    return OPERATORS[rule.operator](value, rule.value)


def _value(attribute: str, record: Record, table: Table) -> Any:  # noqa: ANN401 JSON
    match attribute:
        case "id":
            return record.id
        case "name":
            return table.module.name(record)
        case "sales_account_id":
            return [i for i, _ in record.hidden.get("sales_accounts", ())]
        case "emails":
            return record.shown.get("email")
        case _:
            return record.value(attribute)


def _same(value: object, wanted: object) -> bool:
    """Texts and numbers are compared as texts, without regard to case."""
    if isinstance(value, list):
        return any(_same(one, wanted) for one in value)
    return value is not None and str(value).casefold() == str(wanted).casefold()


def _is_in(value: object, wanted: object) -> bool:
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(_same(value, choice) for choice in choices)


def _contains(value: object, wanted: object) -> bool:
    return value is not None and str(wanted).casefold() in str(value).casefold()


def _is_after(value: object, wanted: object) -> bool:
    return value is not None and _ordered(value) > _ordered(wanted)


def _is_before(value: object, wanted: object) -> bool:
    return value is not None and _ordered(value) < _ordered(wanted)


def _ordered(value: object) -> tuple[float, str]:
    """Moments are compared as numbers, custom dates by their ISO spelling."""
    return (value, "") if isinstance(value, float) else (0.0, str(value))


def _is_not_null(value: object, _: object) -> bool:
    return value not in (None, "", [])


#: The operators seen in running code (contract 7.3).
OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "is": _same,
    "is_in": _is_in,
    "contains": _contains,
    "is_after": _is_after,
    "is_before": _is_before,
    "is_not_null": _is_not_null,
}
