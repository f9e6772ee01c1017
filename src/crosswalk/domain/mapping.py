"""Field rules as configured, compiled and applied to a document."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from crosswalk.domain.context import Context, TransformError
from crosswalk.domain.lint import Finding, suggest
from crosswalk.domain.model import Document, Json, Kind
from crosswalk.domain.paths import SHAPES, Path, compile_path
from crosswalk.domain.problems import Problem
from crosswalk.domain.transforms import TAKES_EMPTY, Step, UnfitError, bind
from crosswalk.domain.values import is_blank


class Owner(StrEnum):
    """Whose value of a field stands when the two sides differ."""

    #: The shop's; put back where the CRM differs.
    SHOP = "shop"
    #: The CRM's; never written there.
    CRM = "crm"
    #: That of the record which was modified last.
    NEWEST = "newest"
    #: The CRM's, after the shop has given it a first value.
    SEED = "seed"
    #: Both: the shop adds its entries to the CRM's list.
    APPEND = "append"
    #: Whichever side changed it; a person decides when both did.
    MANUAL = "manual"
    #: The more restrictive one of two choices.
    MOST_RESTRICTIVE = "most_restrictive"


class Empty(StrEnum):
    """What an empty value of the owner means."""

    #: It says nothing.
    IGNORE = "ignore"
    #: It takes back what had been agreed.
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mapping entry as configured."""

    #: The CRM field by its mapping name.
    crm: str
    #: The JMESPath expression over the shop's document.
    shop: str
    owner: str = Owner.SHOP.value
    empty: str = Empty.IGNORE.value
    transform: Sequence[str | Mapping[str, Json]] = ()
    #: The values of a most_restrictive field, the most restrictive first.
    order: Sequence[Json] = ()
    #: Where it stands in the configuration.
    at: str = ""


Read: TypeAlias = Callable[[Document, Context], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one CRM field is kept in agreement."""

    crm: str
    #: The expression as it was written.
    expression: str
    owner: Owner
    empty: Empty = Empty.IGNORE
    order: tuple[Json, ...] = ()
    #: The names of its transforms, in order.
    transforms: tuple[str, ...] = ()
    at: str = ""
    #: Reads the shop's value from a document; may raise TransformError, and
    #: ValueError or TypeError where the expression does not fit the document.
    read: Read


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """All field rules of one kind of record."""

    kind: Kind
    rules: tuple[FieldRule, ...] = ()

    def rule(self, name: str) -> FieldRule:
        """Give the rule of a CRM field; KeyError when it is not mapped."""
        for rule in self.rules:
            if rule.crm == name:
                return rule
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What the shop says of every mapped field, in the CRM's terms."""

    #: By CRM field; None where the document has nothing.
    values: Mapping[str, Json]
    #: By CRM field, where no value could be made; such a field has no value.
    problems: Mapping[str, Problem] = field(default_factory=dict)


def compile_map(kind: Kind, entries: Sequence[Entry]) -> tuple[FieldMap, list[Finding]]:
    """Compile the entries of a kind; all that is wrong is found at once.

    An entry with a finding is left out of the map.
    """
    rules: list[FieldRule] = []
    findings: list[Finding] = []
    seen: dict[str, str] = {}
    for entry in entries:
        rule, wrong = _compile(kind, entry)
        if entry.crm in seen:
            where = seen[entry.crm] or "an entry before it"
            what = f"'{entry.crm}' is already mapped at {where}"
            wrong.append(("M103", what, "remove one of the two, or rename its target"))
        seen.setdefault(entry.crm, entry.at)
        findings.extend(
            Finding(code=code, at=entry.at, what=what, remedy=remedy)
            for code, what, remedy in wrong
        )
        if not wrong:
            rules.append(rule)
    return FieldMap(kind=kind, rules=tuple(rules)), findings


def values(field_map: FieldMap, document: Document, context: Context) -> Mapped:
    """Work out what the shop says of every mapped field."""
    found: dict[str, Json] = {}
    problems: dict[str, Problem] = {}
    for rule in field_map.rules:
        try:
            value = rule.read(document, context)
        except (ValueError, TypeError, ArithmeticError) as error:
            problems[rule.crm] = _problem(rule, error)
        else:
            found[rule.crm] = None if is_blank(value) else value
    return Mapped(values=found, problems=problems)


def _compile(kind: Kind, entry: Entry) -> tuple[FieldRule, list[tuple[str, str, str]]]:
    """Compile one entry, and say what is wrong with it: code, what, remedy."""
    path, wrong = compile_path(entry.shop, SHAPES[kind])
    steps: list[Step] = []
    for step in entry.transform:
        try:
            steps.append(bind(step))
        except UnfitError as error:
            wrong.append((error.code, error.what, error.remedy))
    wrong.extend(_policy_complaints(entry))
    rule = FieldRule(
        crm=entry.crm,
        expression=entry.shop,
        owner=Owner(entry.owner) if entry.owner in _OWNERS else Owner.SHOP,
        empty=Empty(entry.empty) if entry.empty in _EMPTIES else Empty.IGNORE,
        order=tuple(entry.order),
        transforms=tuple(step.name for step in steps),
        at=entry.at,
        read=_reader(path, steps),
    )
    return rule, wrong


_OWNERS: Final = frozenset(owner.value for owner in Owner)
_EMPTIES: Final = frozenset(empty.value for empty in Empty)


def _policy_complaints(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Say what is wrong with owner, empty policy and order."""
    if entry.owner not in _OWNERS:
        remedy = suggest(entry.owner, _OWNERS)
        yield "M101", f"'{entry.owner}' is no owner of a field", remedy
    if entry.empty not in _EMPTIES:
        remedy = suggest(entry.empty, _EMPTIES)
        yield "M110", f"'{entry.empty}' is no empty policy", remedy
    if (entry.owner == Owner.MOST_RESTRICTIVE) != bool(entry.order):
        yield _ORDER_COMPLAINTS[bool(entry.order)]


#: Whether there is an order -> what is wrong with that.
_ORDER_COMPLAINTS: Final[Mapping[bool, tuple[str, str, str]]] = {
    False: (
        "M107",
        "most_restrictive needs to know which value restricts most",
        "add order: with all values, the most restrictive first",
    ),
    True: (
        "M111",
        "an order is of use to the owner most_restrictive only",
        "remove order:, or make most_restrictive the owner",
    ),
}


def _reader(path: Path, steps: Sequence[Step]) -> Read:
    """Put an expression and its transforms together."""
    if not steps:
        return lambda document, _: path(document)
    chain = tuple(
        (step.apply, dict(step.arguments), step.name in TAKES_EMPTY) for step in steps
    )

    def read(document: Document, context: Context) -> Json:
        value = path(document)
        for apply, arguments, takes_empty in chain:
            if takes_empty or not is_blank(value):
                value = apply(value, context, **arguments)
        return value

    return read


def _problem(rule: FieldRule, error: Exception) -> Problem:
    if isinstance(error, TransformError):
        return Problem(
            field=rule.crm,
            code="transform_refused",
            what=error.what,
            remedy=error.remedy,
        )
    return Problem(
        field=rule.crm,
        code="expression_failed",
        what=f"'{rule.expression}' does not fit this record: {error}",
        remedy="make the expression bear what is missing, as in a || 'b'",
    )
