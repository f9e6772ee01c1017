"""What a record's verdicts come to, and what both sides agree on afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import pytest

from crosswalk.domain.context import Context
from crosswalk.domain.decisions import UNREAD, Conflict, Keep, Now, Reason
from crosswalk.domain.mapping import Entry, FieldMap, compile_map, values
from crosswalk.domain.model import (
    Base,
    Both,
    CrmRecord,
    Document,
    Fields,
    Json,
    Kind,
    Link,
    Role,
    ShopRecord,
    shop_ref,
)
from crosswalk.domain.plan import Agreement, Plan, agree, make_plan
from crosswalk.ports import CrmField

AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _field(
    name: str,
    type_: str = "text",
    choices: tuple[str, ...] = (),
    *,
    custom: bool = False,
) -> CrmField:
    return CrmField(
        name=name,
        label=name,
        type=type_,
        custom=custom,
        required=False,
        choices=choices,
    )


SCHEMA: Final[Mapping[str, CrmField]] = {
    "city": _field("city"),
    "keyword": _field("keyword"),
    "medium": _field("medium"),
    "tags": _field("tags", "auto_complete"),
    "cf_consent": _field("cf_consent", custom=True),
    "lifecycle_stage": _field("lifecycle_stage", "dropdown", ("Lead", "Customer")),
    "cf_interests": _field(
        "cf_interests", "multi_select_dropdown", ("a", "b"), custom=True
    ),
    "cf_note": _field("cf_note", custom=True),
}


def _map(**owners: str) -> FieldMap:
    """Map each CRM field from the custom field of the same name."""
    order = {"most_restrictive": ("no", "yes")}
    field_map, findings = compile_map(
        Kind.PERSON,
        [
            Entry(
                crm=name,
                shop=f"custom.{name}",
                owner=owner,
                order=order.get(owner, ()),
            )
            for name, owner in owners.items()
        ],
    )
    assert findings == []
    return field_map


def _record(document: Document) -> ShopRecord:
    return ShopRecord(
        ref=shop_ref(Kind.PERSON, "c1"),
        version=7,
        modified_at=AT,
        document={"id": "c1", "custom": document},
    )


def _crm(**fields: Json) -> CrmRecord:
    return CrmRecord(kind=Kind.PERSON, id="9", updated_at=AT, fields=fields)


def _link(base: Base, role: Role = Role.PRIMARY) -> Link:
    return Link(
        kind=Kind.PERSON, shop_id="c1", crm_id="9", rule="email", base=base, role=role
    )


def _plan(  # the parts of a pass
    field_map: FieldMap,
    shop: Document,
    *,
    link: Link | None = None,
    crm: CrmRecord | None = None,
    complete: bool = False,
) -> Plan:
    record = _record(shop)
    return make_plan(
        record,
        field_map=field_map,
        mapped=values(field_map, record.document, Context()),
        link=link,
        crm=crm,
        schema=SCHEMA,
        complete=complete,
    )


def _agree(plan: Plan, answer: CrmRecord | None, base: Base | None = None) -> Agreement:
    return agree(plan, base=base or {}, sent=plan.fields, answer=answer)


def test_a_new_record_gets_every_value_of_the_shop() -> None:
    """
    Without link and crm record nothing needs reading, and all that is said is sent.
    """
    plan = _plan(
        _map(city="shop", keyword="newest", lifecycle_stage="seed", medium="crm"),
        {"city": "Bonn", "keyword": "x", "lifecycle_stage": "Lead", "medium": "m"},
    )
    assert plan.fields == {"city": "Bonn", "keyword": "x", "lifecycle_stage": "Lead"}
    assert plan.unread == frozenset()
    assert (plan.ref, plan.version) == (shop_ref(Kind.PERSON, "c1"), 7)


def test_nothing_is_written_when_nothing_moved() -> None:
    """
    A linked record that equals its base costs neither a read nor a write.
    """
    base = {"city": Both(shop="Bonn", crm="BONN"), "keyword": Both(shop="x", crm="x")}
    plan = _plan(
        _map(city="shop", keyword="manual"),
        {"city": "Bonn", "keyword": "x"},
        link=_link(base),
    )
    assert (plan.fields, plan.unread) == ({}, frozenset())
    assert [each.verdict for each in plan.verdicts] == [Keep(Reason.UNCHANGED)] * 2


def test_what_cannot_be_decided_unseen_is_named() -> None:
    """
    A moved field of a cautious owner asks for the CRM's record; the others go on.
    """
    plan = _plan(
        _map(city="shop", keyword="manual", tags="append"),
        {"city": "Bonn", "keyword": "x", "tags": ["a"]},
        link=_link({}),
    )
    assert plan.unread == {"keyword", "tags"}
    assert plan.fields == {"city": "Bonn"}


def test_a_field_that_reading_does_not_show_is_a_problem() -> None:
    """
    After a complete read a missing field is reported, not read again for ever.
    """
    plan = _plan(
        _map(keyword="manual"),
        {"keyword": "x"},
        link=_link({}),
        crm=_crm(),
        complete=True,
    )
    assert plan.unread == frozenset()
    assert [problem.code for problem in plan.problems] == ["not_answered"]


def test_a_dispute_is_left_to_a_person() -> None:
    """
    When both sides moved a manual field, it is in conflict and is not sent.
    """
    base = {"keyword": Both(shop="a", crm="a")}
    plan = _plan(
        _map(keyword="manual"),
        {"keyword": "b"},
        link=_link(base),
        crm=_crm(keyword="c"),
    )
    assert plan.conflicts == {
        "keyword": Conflict(base["keyword"], Now("b", "c", AT, AT))
    }
    assert plan.fields == {}
    assert _agree(plan, _crm(keyword="c"), base).base == base


def test_the_shop_is_not_written() -> None:
    """
    A value that should go to the shop is kept back, and shown.
    """
    plan = _plan(_map(medium="crm"), {}, link=_link({}), crm=_crm(medium="m"))
    assert plan.writes_back == {"medium": "m"}
    assert [each.verdict for each in plan.verdicts] == [Keep(Reason.SHOP_READ_ONLY)]
    assert _agree(plan, _crm(medium="m")).base == {}


def test_a_secondary_link_writes_nothing() -> None:
    """
    The primary link owns the fields of a contact that two customers share.
    """
    plan = _plan(
        _map(city="shop"), {"city": "Bonn"}, link=_link({}, role=Role.SECONDARY)
    )
    assert plan == Plan(ref=shop_ref(Kind.PERSON, "c1"), version=7)


def test_a_refused_value_stops_its_field_only() -> None:
    """
    A transform that refuses costs its own field, with what and remedy, no other.
    """
    field_map, _ = compile_map(
        Kind.PERSON,
        [
            Entry(crm="keyword", shop="custom.keyword", transform=["decimal"]),
            Entry(crm="city", shop="custom.city"),
        ],
    )
    plan = _plan(field_map, {"keyword": "many", "city": "Bonn"})
    assert plan.fields == {"city": "Bonn"}
    assert [problem.code for problem in plan.problems] == ["transform_refused"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("citty", "Bonn", "unknown_field"),
        ("lifecycle_stage", "Boss", "not_a_choice"),
        ("cf_interests", ["a", "z"], "not_a_choice"),
        ("cf_interests", "a;z", "not_a_choice"),
        ("city", "x" * 256, "too_long"),
    ],
)
def test_what_the_crm_would_drop_is_not_sent(name: str, value: Json, code: str) -> None:
    """
    A value that the field cannot hold is a problem before it is a lost write.
    """
    plan = _plan(_map(**{name: "shop"}), {name: value})
    assert plan.fields == {}
    assert [(problem.field, problem.code) for problem in plan.problems] == [
        (name, code)
    ]
    assert _agree(plan, _crm()).base == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lifecycle_stage", "Lead "),
        ("cf_interests", ["a", "b"]),
        ("cf_interests", "b; a"),
        ("cf_note", "x" * 256),
        ("city", "x" * 255),
    ],
)
def test_what_the_crm_can_hold_is_sent(name: str, value: Json) -> None:
    """
    A choice, several choices and a long text of a custom field are sent.
    """
    assert _plan(_map(**{name: "shop"}), {name: value}).fields == {name: value}


def test_a_choice_is_cleared_by_none() -> None:
    """
    Clearing a dropdown is no wrong choice.
    """
    field_map, _ = compile_map(
        Kind.PERSON,
        [Entry(crm="lifecycle_stage", shop="custom.stage", empty="clear")],
    )
    base = {"lifecycle_stage": Both(shop="Lead", crm="Lead")}
    plan = _plan(field_map, {}, link=_link(base))
    assert plan.fields == {"lifecycle_stage": None}


def test_an_unknown_field_is_named_with_the_likely_one() -> None:
    """
    A misspelt field suggests the real one; in an empty schema there is none to suggest.
    """
    (problem,) = _plan(_map(citty="shop"), {"citty": "x"}).problems
    assert problem.remedy == "did you mean 'city'?"


#: owner, base, shop now, crm read (or UNREAD), sent?, answer -> base afterwards.
AGREED: list[tuple[str, Both | None, Json, Json, Fields, Both | None]] = [
    # Sent and stored, respelled, or not answered.
    ("shop", None, "Bonn", UNREAD, {"city": "Bonn"}, Both(shop="Bonn", crm="Bonn")),
    ("shop", None, "Bonn", UNREAD, {"city": "BONN"}, Both(shop="Bonn", crm="BONN")),
    ("shop", None, "Bonn", UNREAD, {}, Both(shop="Bonn", crm="Bonn")),
    # Only the spelling moved, and the CRM spells it as before.
    (
        "shop",
        Both(shop="+491", crm="+491"),
        "+49 1",
        UNREAD,
        {"city": "+491"},
        Both(shop="+49 1", crm="+491"),
    ),
    # Not sent.
    ("shop", None, "Bonn", "Bonn", {"city": "Bonn"}, Both(shop="Bonn", crm="Bonn")),
    ("shop", None, None, "Ulm", {"city": "Ulm"}, None),
    ("seed", None, "a", "b", {"city": "b"}, Both(shop="a", crm="b")),
    ("seed", Both(shop="a", crm="a"), "b", UNREAD, {}, Both(shop="b", crm="a")),
    ("seed", Both(shop="a", crm="a"), "b", None, {}, Both(shop="a", crm="a")),
    ("newest", None, None, "b", {"city": "b"}, Both(shop=None, crm="b")),
    ("manual", None, None, "b", {"city": "b"}, None),
    ("most_restrictive", None, "yes", "no", {}, Both(shop="yes", crm=None)),
    (
        "most_restrictive",
        Both(shop="yes", crm="yes"),
        "yes",
        "no",
        {},
        Both(shop="yes", crm="yes"),
    ),
    (
        "append",
        None,
        ["a"],
        ["x"],
        {"city": ["a", "x"]},
        Both(shop=["a"], crm=["a", "x"]),
    ),
    ("append", None, ["a"], ["a", "x"], {}, Both(shop=[], crm=["a", "x"])),
    ("append", None, None, ["x"], {}, None),
    (
        "append",
        Both(shop=["a"], crm=["a"]),
        None,
        ["x"],
        {},
        Both(shop=["a"], crm=["x"]),
    ),
    # A person put "a" back, after somebody had taken it out: it is not the shop's now.
    ("append", Both(shop=["a"], crm=[]), None, ["a"], {}, Both(shop=[], crm=["a"])),
    (
        "append",
        Both(shop=["a"], crm=["a"]),
        ["a"],
        UNREAD,
        {},
        Both(shop=["a"], crm=["a"]),
    ),
]


@pytest.mark.parametrize(("owner", "before", "shop", "crm", "answer", "after"), AGREED)
def test_the_base_holds_what_each_side_answered(
    owner: str,
    before: Both | None,
    shop: Json,
    crm: Json,
    answer: Fields,
    after: Both | None,
) -> None:
    """
    After a pass the base is what both sides hold, or what it was where they differ.
    """
    base = {} if before is None else {"city": before}
    seen = None if crm is UNREAD else _crm(city=crm)
    plan = _plan(_map(city=owner), {"city": shop}, link=_link(base), crm=seen)
    agreed = _agree(plan, _crm(**answer), base)
    assert agreed.base == ({} if after is None else {"city": after})
    assert agreed.dropped == ()


@pytest.mark.parametrize(
    ("before", "shop", "held"),
    [
        (None, "Ulm", None),
        (Both(shop="Bonn", crm="Bonn"), "Ulm", "Bonn"),
        (Both(shop="Bonn", crm="Bonn"), "Ulm", ""),
    ],
)
def test_a_silently_dropped_value_is_a_problem(
    before: Both | None, shop: Json, held: Json
) -> None:
    """
    A value that is answered as nothing or as the old one was not stored.
    """
    base = {} if before is None else {"city": before}
    plan = _plan(_map(city="shop"), {"city": shop}, link=_link(base))
    agreed = _agree(plan, _crm(city=held), base)
    assert [problem.code for problem in agreed.dropped] == ["not_stored"]
    assert agreed.base == base


def test_a_touched_field_is_a_surprise() -> None:
    """
    A field that we did not send and that is not as the base has it was touched.
    """
    base = {
        name: Both(shop="a", crm="a")
        for name in ("keyword", "medium", "lifecycle_stage")
    }
    plan = _plan(
        _map(city="shop", keyword="shop", medium="crm", lifecycle_stage="seed"),
        {"city": "Bonn", **dict.fromkeys(base, "a")},
        link=_link(base),
    )
    answer = _crm(city="Bonn", keyword="b", medium="b", lifecycle_stage="b")
    agreed = _agree(plan, answer, base)
    assert agreed.surprises == ("keyword",)
    assert agreed.base["keyword"] == base["keyword"]


def test_a_surprise_is_planned_for_with_the_answer_at_hand() -> None:
    """
    The answer that surprised is enough to plan again, without another read.
    """
    field_map = _map(keyword="shop")
    base = {"keyword": Both(shop="a", crm="a")}
    plan = _plan(field_map, {"keyword": "a"}, link=_link(base), crm=_crm(keyword="b"))
    assert plan.fields == {"keyword": "a"}


def test_records_can_agree_without_any_write() -> None:
    """
    Two equal records that are linked get their base from reading alone.
    """
    field_map = _map(city="shop", keyword="newest", tags="append")
    shop = {"city": "Bonn", "keyword": "x", "tags": ["a"]}
    crm = _crm(**shop)
    plan = _plan(field_map, shop, link=_link({}), crm=crm)
    agreed = _agree(plan, crm)
    assert plan.fields == {}
    again = _plan(field_map, shop, link=_link(agreed.base))
    assert (again.fields, again.unread) == ({}, frozenset())
    assert _agree(again, None, agreed.base).base == agreed.base


def test_an_old_edit_never_comes_back_as_new() -> None:
    """
    A CRM edit that was newer stays, when later only other fields of the shop change.
    """
    field_map = _map(keyword="newest")
    base = {"keyword": Both(shop="a", crm="a")}
    crm = CrmRecord(
        kind=Kind.PERSON,
        id="9",
        updated_at=AT.replace(hour=1),
        fields={"keyword": "c"},
    )
    plan = _plan(field_map, {"keyword": "b"}, link=_link(base), crm=crm)
    agreed = _agree(plan, crm, base)
    later = _plan(
        field_map, {"keyword": "b"}, link=_link(agreed.base), crm=_crm(keyword="c")
    )
    assert later.fields == {}
