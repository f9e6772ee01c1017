"""What both sides agree on after a pass."""

import pytest

from crosswalk.domain.decisions import UNREAD
from crosswalk.domain.model import (
    Both,
    CrmRecord,
    Fields,
    Json,
    Kind,
)
from tests.domain.plans import AT, agreed_after, crm_record, link_with, map_of, plan_of

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
    seen = None if crm is UNREAD else crm_record(city=crm)
    plan = plan_of(map_of(city=owner), {"city": shop}, link=link_with(base), crm=seen)
    agreed = agreed_after(plan, crm_record(**answer), base)
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
    plan = plan_of(map_of(city="shop"), {"city": shop}, link=link_with(base))
    agreed = agreed_after(plan, crm_record(city=held), base)
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
    plan = plan_of(
        map_of(city="shop", keyword="shop", medium="crm", lifecycle_stage="seed"),
        {"city": "Bonn", **dict.fromkeys(base, "a")},
        link=link_with(base),
    )
    answer = crm_record(city="Bonn", keyword="b", medium="b", lifecycle_stage="b")
    agreed = agreed_after(plan, answer, base)
    assert agreed.surprises == ("keyword",)
    assert agreed.base["keyword"] == base["keyword"]


def test_a_surprise_is_planned_for_with_the_answer_at_hand() -> None:
    """
    The answer that surprised is enough to plan again, without another read.
    """
    field_map = map_of(keyword="shop")
    base = {"keyword": Both(shop="a", crm="a")}
    plan = plan_of(
        field_map, {"keyword": "a"}, link=link_with(base), crm=crm_record(keyword="b")
    )
    assert plan.fields == {"keyword": "a"}


def test_records_can_agree_without_any_write() -> None:
    """
    Two equal records that are linked get their base from reading alone.
    """
    field_map = map_of(city="shop", keyword="newest", tags="append")
    shop = {"city": "Bonn", "keyword": "x", "tags": ["a"]}
    crm = crm_record(**shop)
    plan = plan_of(field_map, shop, link=link_with({}), crm=crm)
    agreed = agreed_after(plan, crm)
    assert plan.fields == {}
    again = plan_of(field_map, shop, link=link_with(agreed.base))
    assert (again.fields, again.unread) == ({}, frozenset())
    assert agreed_after(again, None, agreed.base).base == agreed.base


def test_an_old_edit_never_comes_back_as_new() -> None:
    """
    A CRM edit that was newer stays, when later only other fields of the shop change.
    """
    field_map = map_of(keyword="newest")
    base = {"keyword": Both(shop="a", crm="a")}
    crm = CrmRecord(
        kind=Kind.PERSON,
        id="9",
        updated_at=AT.replace(hour=1),
        fields={"keyword": "c"},
    )
    plan = plan_of(field_map, {"keyword": "b"}, link=link_with(base), crm=crm)
    agreed = agreed_after(plan, crm, base)
    later = plan_of(
        field_map,
        {"keyword": "b"},
        link=link_with(agreed.base),
        crm=crm_record(keyword="c"),
    )
    assert later.fields == {}
