"""The parts of a pass over one record, for tests of plans and agreements."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from crosswalk.domain.context import Context
from crosswalk.domain.mapping import Entry, FieldMap, compile_map, values
from crosswalk.domain.model import (
    Base,
    CrmRecord,
    Document,
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


def crm_field(
    name: str,
    type_: str = "text",
    choices: tuple[str, ...] = (),
    *,
    custom: bool = False,
) -> CrmField:
    """Describe a field as the CRM's settings do."""
    return CrmField(
        name=name,
        label=name,
        type=type_,
        custom=custom,
        required=False,
        choices=choices,
    )


SCHEMA: Final[Mapping[str, CrmField]] = {
    "city": crm_field("city"),
    "keyword": crm_field("keyword"),
    "medium": crm_field("medium"),
    "tags": crm_field("tags", "auto_complete"),
    "cf_consent": crm_field("cf_consent", custom=True),
    "lifecycle_stage": crm_field("lifecycle_stage", "dropdown", ("Lead", "Customer")),
    "cf_interests": crm_field(
        "cf_interests", "multi_select_dropdown", ("a", "b"), custom=True
    ),
    "cf_note": crm_field("cf_note", custom=True),
}


def map_of(**owners: str) -> FieldMap:
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


def record_of(document: Document) -> ShopRecord:
    """Give the shop's record with this document."""
    return ShopRecord(
        ref=shop_ref(Kind.PERSON, "c1"),
        version=7,
        modified_at=AT,
        document={"id": "c1", "custom": document},
    )


def crm_record(**fields: Json) -> CrmRecord:
    """Give the CRM's record with these fields."""
    return CrmRecord(kind=Kind.PERSON, id="9", updated_at=AT, fields=fields)


def link_with(base: Base, role: Role = Role.PRIMARY) -> Link:
    """Link the two, agreed on this base."""
    return Link(
        kind=Kind.PERSON, shop_id="c1", crm_id="9", rule="email", base=base, role=role
    )


def plan_of(  # the parts of a pass
    field_map: FieldMap,
    shop: Document,
    *,
    link: Link | None = None,
    crm: CrmRecord | None = None,
    complete: bool = False,
) -> Plan:
    """Make the plan of one pass."""
    record = record_of(shop)
    return make_plan(
        record,
        field_map=field_map,
        mapped=values(field_map, record.document, Context()),
        link=link,
        crm=crm,
        schema=SCHEMA,
        complete=complete,
    )


def agreed_after(
    plan: Plan, answer: CrmRecord | None, base: Base | None = None
) -> Agreement:
    """Say what both agree on after the plan was carried out."""
    return agree(plan, base=base or {}, sent=plan.fields, answer=answer)
