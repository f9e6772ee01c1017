"""What a record's verdicts come to."""

import pytest

from crosswalk.domain.decisions import Conflict, Keep, Now, Reason
from crosswalk.domain.mapping import Entry, compile_map
from crosswalk.domain.model import (
    Both,
    Json,
    Kind,
    Role,
    shop_ref,
)
from crosswalk.domain.plan import Plan
from tests.domain.plans import AT, agreed_after, crm_record, link_with, map_of, plan_of


def test_a_new_record_gets_every_value_of_the_shop() -> None:
    """
    Without link and crm record nothing needs reading, and all that is said is sent.
    """
    plan = plan_of(
        map_of(city="shop", keyword="newest", lifecycle_stage="seed", medium="crm"),
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
    plan = plan_of(
        map_of(city="shop", keyword="manual"),
        {"city": "Bonn", "keyword": "x"},
        link=link_with(base),
    )
    assert (plan.fields, plan.unread) == ({}, frozenset())
    assert [each.verdict for each in plan.verdicts] == [Keep(Reason.UNCHANGED)] * 2


def test_what_cannot_be_decided_unseen_is_named() -> None:
    """
    A moved field of a cautious owner asks for the CRM's record; the others go on.
    """
    plan = plan_of(
        map_of(city="shop", keyword="manual", tags="append"),
        {"city": "Bonn", "keyword": "x", "tags": ["a"]},
        link=link_with({}),
    )
    assert plan.unread == {"keyword", "tags"}
    assert plan.fields == {"city": "Bonn"}


def test_a_field_that_reading_does_not_show_is_a_problem() -> None:
    """
    After a complete read a missing field is reported, not read again for ever.
    """
    plan = plan_of(
        map_of(keyword="manual"),
        {"keyword": "x"},
        link=link_with({}),
        crm=crm_record(),
        complete=True,
    )
    assert plan.unread == frozenset()
    assert [problem.code for problem in plan.problems] == ["not_answered"]


def test_a_dispute_is_left_to_a_person() -> None:
    """
    When both sides moved a manual field, it is in conflict and is not sent.
    """
    base = {"keyword": Both(shop="a", crm="a")}
    plan = plan_of(
        map_of(keyword="manual"),
        {"keyword": "b"},
        link=link_with(base),
        crm=crm_record(keyword="c"),
    )
    assert plan.conflicts == {
        "keyword": Conflict(base["keyword"], Now("b", "c", AT, AT))
    }
    assert plan.fields == {}
    assert agreed_after(plan, crm_record(keyword="c"), base).base == base


def test_the_shop_is_not_written() -> None:
    """
    A value that should go to the shop is kept back, and shown.
    """
    plan = plan_of(
        map_of(medium="crm"), {}, link=link_with({}), crm=crm_record(medium="m")
    )
    assert plan.writes_back == {"medium": "m"}
    assert [each.verdict for each in plan.verdicts] == [Keep(Reason.SHOP_READ_ONLY)]
    assert agreed_after(plan, crm_record(medium="m")).base == {}


def test_a_secondary_link_writes_nothing() -> None:
    """
    The primary link owns the fields of a contact that two customers share.
    """
    plan = plan_of(
        map_of(city="shop"), {"city": "Bonn"}, link=link_with({}, role=Role.SECONDARY)
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
    plan = plan_of(field_map, {"keyword": "many", "city": "Bonn"})
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
    plan = plan_of(map_of(**{name: "shop"}), {name: value})
    assert plan.fields == {}
    assert [(problem.field, problem.code) for problem in plan.problems] == [
        (name, code)
    ]
    assert agreed_after(plan, crm_record()).base == {}


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
    assert plan_of(map_of(**{name: "shop"}), {name: value}).fields == {name: value}


def test_a_choice_is_cleared_by_none() -> None:
    """
    Clearing a dropdown is no wrong choice.
    """
    field_map, _ = compile_map(
        Kind.PERSON,
        [Entry(crm="lifecycle_stage", shop="custom.stage", empty="clear")],
    )
    base = {"lifecycle_stage": Both(shop="Lead", crm="Lead")}
    plan = plan_of(field_map, {}, link=link_with(base))
    assert plan.fields == {"lifecycle_stage": None}


def test_an_unknown_field_is_named_with_the_likely_one() -> None:
    """
    A misspelt field suggests the real one; in an empty schema there is none to suggest.
    """
    (problem,) = plan_of(map_of(citty="shop"), {"citty": "x"}).problems
    assert problem.remedy == "did you mean 'city'?"
