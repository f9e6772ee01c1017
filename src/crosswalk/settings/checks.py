"""Runs the mapping tests that a configuration carries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

from crosswalk.domain.decisions import Keep
from crosswalk.domain.lint import Finding
from crosswalk.domain.mapping import FieldMap, values
from crosswalk.domain.model import (
    Both,
    CrmRecord,
    Fields,
    Json,
    Link,
    ShopRecord,
    shop_ref,
)
from crosswalk.domain.plan import Plan, make_plan
from crosswalk.settings.config import Config
from crosswalk.settings.shape import MappingTest

#: What a record in a test is called, on either side.
EXAMPLE: Final = "example"
#: When both records of a test were last modified.
MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """How one mapping test went."""

    #: Tells pytest that this is none of its tests.
    __test__: ClassVar = False

    name: str
    #: One for each field that came out otherwise than expected.
    findings: Sequence[Finding] = ()

    @property
    def passed(self) -> bool:
        """Whether every field came out as expected."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _AnyField:
    """A CRM field that holds every value: a test knows no CRM."""

    type: str = ""
    custom: bool = True
    choices: Sequence[str] = ()


def run_tests(config: Config) -> list[TestResult]:
    """Run all tests of a configuration, in their order."""
    return [
        TestResult(name=test.name, findings=tuple(_surprises(config, number, test)))
        for number, test in enumerate(config.tests)
    ]


def _surprises(config: Config, number: int, test: MappingTest) -> Iterator[Finding]:
    """Find the fields that came out otherwise than the test expects."""
    plan = _plan(config, test)
    for name, expected in test.expect.items():
        got, why, remedy = _outcome(plan, name)
        if got != expected:
            yield Finding(
                code="T101",
                at=config.source.place(("tests", number, "expect", name)),
                what=f"{name}: expected {_told(expected)}, got {_told(got)}{why}",
                remedy=remedy,
            )


def _plan(config: Config, test: MappingTest) -> Plan:
    """Plan the record of a test as a sync would."""
    field_map = config.maps[test.kind]
    known = bool(test.crm or test.base)
    return make_plan(
        ShopRecord(
            ref=shop_ref(test.kind, EXAMPLE),
            version=1,
            modified_at=MOMENT,
            document=test.shop,
        ),
        field_map=field_map,
        mapped=values(field_map, test.shop, config.context(test.shop)),
        link=_link(test) if test.base else None,
        crm=_crm_record(test, field_map) if known else None,
        schema={rule.crm: _AnyField() for rule in field_map.rules},
        complete=True,
    )


def _link(test: MappingTest) -> Link:
    base = {name: Both(shop=value, crm=value) for name, value in test.base.items()}
    return Link(
        kind=test.kind, shop_id=EXAMPLE, crm_id=EXAMPLE, rule="person", base=base
    )


def _crm_record(test: MappingTest, field_map: FieldMap) -> CrmRecord:
    """Hold what the test says, else what the base says, else nothing."""
    empty: Fields = {rule.crm: None for rule in field_map.rules}
    fields = {**empty, **test.base, **test.crm}
    return CrmRecord(kind=test.kind, id=EXAMPLE, updated_at=MOMENT, fields=fields)


def _outcome(plan: Plan, name: str) -> tuple[Json, str, str]:
    """Say what became of a field, why, and where to look if that is wrong."""
    for problem in plan.problems:
        if problem.field == name:
            return "problem", f" ({problem.what})", problem.remedy
    remedy = "change the mapping of the field, or what the test expects"
    if name in plan.conflicts:
        return "conflict", " (both sides moved)", remedy
    if name in plan.fields:
        return {"write": plan.fields[name]}, "", remedy
    reasons = {v.field: v.verdict for v in plan.verdicts}
    verdict = reasons[name]
    why = f" ({verdict.because})" if isinstance(verdict, Keep) else ""
    return "keep", why, remedy


def _told(outcome: Json) -> str:
    if isinstance(outcome, Mapping):
        return f"write {outcome['write']!r}"
    return str(outcome)
