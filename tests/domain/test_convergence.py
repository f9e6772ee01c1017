"""Two sides that live, a CRM with habits, and crashes: they must agree in the end.

The machine edits a shop document and a CRM record at random, lets passes run, and lets
them die before or after the write. Its oracle is a note of its own of who said what,
kept without asking the code under test.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crosswalk.domain.context import Context
from crosswalk.domain.fitting import FieldShape
from crosswalk.domain.mapping import Entry, compile_map, values
from crosswalk.domain.model import (
    Base,
    CrmRecord,
    Json,
    Kind,
    Link,
    ShopRecord,
    shop_ref,
)
from crosswalk.domain.plan import Plan, agree, make_plan
from crosswalk.ports import CrmField

ORDER = ("unsubscribed", "pending", "subscribed")

#: One field an owner, and the shop-owned ones once more for each habit of the CRM.
ENTRIES = (
    Entry(crm="city", shop="custom.city"),
    Entry(crm="work_number", shop="custom.phone", empty="clear"),
    Entry(crm="cf_level", shop="custom.level"),
    Entry(crm="job_title", shop="custom.title", owner="crm"),
    Entry(crm="medium", shop="custom.medium", owner="newest", empty="clear"),
    Entry(crm="lifecycle_stage", shop="custom.stage", owner="seed"),
    Entry(crm="tags", shop="custom.tags", owner="append", empty="clear"),
    Entry(crm="keyword", shop="custom.keyword", owner="manual"),
    Entry(
        crm="cf_consent", shop="custom.consent", owner="most_restrictive", order=ORDER
    ),
)
MAP, FINDINGS = compile_map(Kind.PERSON, ENTRIES)
OWNER = {entry.crm: entry.owner for entry in ENTRIES}
NAME = {entry.crm: entry.shop.removeprefix("custom.") for entry in ENTRIES}
FIELDS = sorted(OWNER)
SCHEMA: Mapping[str, FieldShape] = {
    name: CrmField(name=name, label=name, type="text", custom=False, required=False)
    for name in FIELDS
}

words = st.sampled_from(["a", "B", "c c", " d", "+49 30 1", "+49 30 2", "dropped"])
tags = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True)
consents = st.sampled_from([*ORDER, "unknown"])


def _some(name: str) -> st.SearchStrategy[Json]:
    """Draw a value that either side could hold in a field, at times none."""
    known = {"tags": tags, "cf_consent": consents}.get(name, words)
    return st.one_of(known, known, st.none())


#: What one edit changes: any of the fields at once.
edits = st.fixed_dictionaries({}, optional={name: _some(name) for name in FIELDS})


class Crm:
    """A CRM that trims, reformats phones, drops a value and sorts its tags."""

    def __init__(self) -> None:
        self.fields: dict[str, Json] = dict.fromkeys(FIELDS)
        self.writes: list[Mapping[str, Json]] = []

    def write(self, fields: Mapping[str, Json]) -> None:
        """Store what is sent, in the CRM's own way."""
        self.writes.append(dict(fields))
        for name, value in fields.items():
            if value == "dropped":
                continue
            self.fields[name] = _spelled(name, value)


def _spelled(name: str, value: Json) -> Json:
    """Write a value as the CRM would; no content is None."""
    if isinstance(value, list):
        return sorted(value) or None
    if name == "work_number" and isinstance(value, str):
        return value.replace(" ", "")
    return value.strip() or None if isinstance(value, str) else value


class Oracle:
    """An independent note of who said what, and what may follow from it.

    It knows the last common value of every field, from watching both sides at the end
    of each pass, and works out from three values what a pass may do to the CRM.
    """

    def __init__(self) -> None:
        self.common: dict[str, tuple[Json, Json]] = {}
        self.seeded = False

    def forget(self) -> None:
        """Nothing was ever agreed."""
        self.common = {}
        self.seeded = False

    def note(self, name: str, said: Json, held: Json) -> None:
        """Write down what both sides hold when they hold the same."""
        if _spelled(name, said) == held:
            self.common[name] = (_spelled(name, said), held)

    def allowed(self, name: str, said: Json, held: Json) -> list[Json]:
        """List what the CRM may hold after a pass that saw these two values."""
        said = _spelled(name, said)
        moved = self.common.get(name, (None, None))
        shop_moved = said is not None and said != moved[0]
        crm_moved = held is not None and held != moved[1]
        judge = getattr(self, f"_{OWNER[name]}")
        outcome: list[Json] = judge(said, held, shop_moved, crm_moved)
        # A write that the CRM drops leaves what was there.
        return [held, *outcome] if said == "dropped" else outcome

    def _shop(self, said: Json, held: Json, *_: bool) -> list[Json]:
        return [said] if said is not None else [held, None]

    def _crm(self, _said: Json, held: Json, *_: bool) -> list[Json]:
        return [held]

    def _seed(self, said: Json, held: Json, *_: bool) -> list[Json]:
        return [said, None] if held is None and not self.seeded else [held]

    def _manual(self, said: Json, held: Json, *moved: bool) -> list[Json]:
        return [said] if moved == (True, False) else [held]

    def _newest(self, said: Json, held: Json, *moved: bool) -> list[Json]:
        if said is None or held is None:
            return [said, held, None]
        # The common value may be older than the shop's last word.
        if moved[1]:
            return [said, held]
        return self._manual(said, held, *moved)

    def _most_restrictive(self, said: Json, held: Json, *moved: bool) -> list[Json]:
        if said not in ORDER or not moved[0]:
            return [held]
        if held not in ORDER:
            return [said]
        strictest = min(said, held, key=ORDER.index)
        return [strictest] if moved[1] else [said, strictest]


class Sides(RuleBasedStateMachine):
    """A pair of records under edits, passes and crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = datetime(2026, 1, 1, tzinfo=UTC)
        self.shop: dict[str, Json] = {}
        self.shop_at = self.crm_at = self.clock
        self.crm = Crm()
        self.base: Base = {}
        self.oracle = Oracle()
        #: Tags that were in the CRM when a pass last looked.
        self.seen_tags: set[str] = set()
        #: Which of those were a person's.
        self.seen_persons_tags: set[str] = set()
        #: Tags that a person put into the CRM, and did not take out again.
        self.persons_tags: set[str] = set()
        #: Tags that a person took out of the CRM.
        self.removed_tags: set[str] = set()
        #: Whether a pass was cut off, or a base lost.
        self.crashed = False

    @rule(edit=edits)
    def shop_edits(self, edit: Mapping[str, Json]) -> None:
        """A customer changes something."""
        self.clock += timedelta(minutes=1)
        self.shop |= {NAME[name]: value for name, value in edit.items()}
        self.shop_at = self.clock

    @rule(edit=edits)
    def person_edits(self, edit: Mapping[str, Json]) -> None:
        """A salesperson changes something."""
        self.clock += timedelta(minutes=1)
        before = self.tags()
        for name, value in edit.items():
            self.crm.fields[name] = _spelled(name, value)
        added, taken = self.tags() - before, before - self.tags()
        # What is taken out and put back between two looks was never out.
        put_back = self.seen_tags - self.seen_persons_tags
        self.persons_tags = (self.persons_tags - taken) | (added - put_back)
        self.removed_tags |= taken
        self.crm_at = self.clock

    @rule(look=st.booleans())
    def one_pass(self, *, look: bool) -> None:
        """A pass runs to its end."""
        self.sync(look=look)

    @rule()
    def crash_before_the_write(self) -> None:
        """A pass dies with its plan made."""
        self.decided(look=False)

    @rule()
    def crash_after_the_write(self) -> None:
        """A pass dies before the base is saved."""
        self.send(self.decided(look=False))
        self.crashed = True

    @rule()
    @precondition(lambda self: self.base)
    def base_is_lost(self) -> None:
        """The base is gone, as after the restore of an old backup."""
        self.base = {}
        self.oracle.forget()
        self.crashed = True

    @rule()
    def quiet(self) -> None:
        """After a full pass the next runs write nothing, but what the CRM drops."""
        refused = self.sync(look=True)
        held, written = dict(self.crm.fields), len(self.crm.writes)
        for look in (False, True, False, True):
            assert self.sync(look=look) <= refused
        assert self.crm.fields == held
        assert all(set(sent) <= refused for sent in self.crm.writes[written:])
        if not self.crashed:
            said = set(self.shop.get("tags") or ())
            assert said - self.removed_tags <= self.tags()
            assert self.tags() <= said | self.persons_tags

    @invariant()
    def a_field_of_the_crm_is_never_written(self) -> None:
        """What the CRM owns was not sent in any write."""
        assert all("job_title" not in sent for sent in self.crm.writes)

    @invariant()
    def a_persons_tag_is_never_lost(self) -> None:
        """Every tag that a person put there is there."""
        assert self.persons_tags <= self.tags()

    def tags(self) -> set[str]:
        """List the CRM's tags."""
        return set(self.crm.fields["tags"] or ())

    def plan(self, crm: CrmRecord | None) -> Plan:
        """Decide, from the base alone or knowing the CRM's record."""
        record = ShopRecord(
            ref=shop_ref(Kind.PERSON, "c1"),
            version=1,
            modified_at=self.shop_at,
            document={"id": "c1", "custom": self.shop},
        )
        return make_plan(
            record,
            field_map=MAP,
            mapped=values(MAP, record.document, Context()),
            link=Link(
                kind=Kind.PERSON, shop_id="c1", crm_id="9", rule="id", base=self.base
            ),
            crm=crm,
            schema=SCHEMA,
            complete=crm is not None,
        )

    def decided(self, *, look: bool) -> Plan:
        """Decide, and read where the plan asks for it."""
        plan = self.plan(self.record() if look else None)
        return self.plan(self.record()) if plan.unread else plan

    def send(self, plan: Plan) -> CrmRecord:
        """Write what is planned, if anything, and look at the record."""
        if plan.fields:
            self.crm.write(plan.fields)
            self.clock += timedelta(seconds=1)
            self.crm_at = self.clock
        self.seen_tags = self.tags()
        self.seen_persons_tags = set(self.persons_tags)
        return self.record()

    def sync(self, *, look: bool) -> set[str]:
        """Run a pass to its end, as an engine would; name what was not stored."""
        before = dict(self.crm.fields)
        dropped: set[str] = set()
        plan = self.decided(look=look)
        while True:
            seen = look or plan.fields or plan.unread
            answer = self.send(plan) if seen else None
            done = agree(plan, base=self.base, sent=plan.fields, answer=answer)
            self.base = done.base
            dropped |= {problem.field for problem in done.dropped}
            if answer is None or not done.surprises:
                break
            plan = self.plan(answer)
        self.judge(before, looked=look, wrote=set(plan.fields))
        return dropped

    def judge(
        self, before: Mapping[str, Json], *, looked: bool, wrote: set[str]
    ) -> None:
        """Hold what the pass did against the oracle, and note what is common."""
        for name in set(FIELDS) - {"tags"}:
            said, held = self.shop.get(NAME[name]), self.crm.fields[name]
            allowed = self.oracle.allowed(name, said, before[name])
            if not looked:
                allowed.append(before[name])
            assert held in allowed, (name, said, before[name], held)
            self.oracle.note(name, said, held)
        seeded = self.crm.fields["lifecycle_stage"] is not None
        self.oracle.seeded |= seeded and "lifecycle_stage" in wrote

    def record(self) -> CrmRecord:
        """Read the CRM's record."""
        return CrmRecord(
            kind=Kind.PERSON,
            id="9",
            updated_at=self.crm_at,
            fields=dict(self.crm.fields),
        )


Sides.TestCase.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None
)
TestSides = Sides.TestCase


def test_the_mapping_of_the_machine_is_sound() -> None:
    """
    The mapping that the machine works with has no finding.
    """
    assert FINDINGS == []
