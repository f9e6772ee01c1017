"""What the core costs: from the shop's JSON to a plan, without any I/O."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from benchmarks.measures import Measure
from benchmarks.stage import SEED, configuration, set_stage
from crosswalk import bootstrap
from crosswalk.commercetools import translate
from crosswalk.commercetools.memberships import member_ids
from crosswalk.commercetools.reference import Reference, index_references
from crosswalk.domain.mapping import values
from crosswalk.domain.model import Json, Kind
from crosswalk.domain.plan import Plan, make_plan
from crosswalk.engine.clock import SystemClock
from crosswalk.ports import CrmField
from crosswalk.settings.config import Config
from crosswalk.settings.environment import load_environment
from crosswalk.simulators import sample

CUSTOMERS: Final = 5000
QUICK_CUSTOMERS: Final = 50

Records = Mapping[str, Sequence[Json]]


async def of_a_customer(*, quick: bool) -> Sequence[Measure]:
    """Translate, map and plan every customer of a sample as a new contact."""
    customers = QUICK_CUSTOMERS if quick else CUSTOMERS
    config, schema = configuration(), await _schema()
    records = _records(customers)
    began = time.process_time()
    plans = _plans(records, config, schema)
    spent = time.process_time() - began
    assert len(plans) == customers, len(plans)
    assert all(plan.fields["email"] or plan.problems for plan in plans)
    return [
        Measure(
            name="mapping.cpu",
            value=spent / customers * 1e6,
            unit="us/customer",
            conditions=f"{customers:,} customers, "
            f"{len(config.maps[Kind.PERSON].rules)} mapped fields",
        )
    ]


def _plans(
    records: Records, config: Config, schema: Mapping[str, CrmField]
) -> list[Plan]:
    rules, reference = bootstrap.shop_rules(config), _reference(records, config)
    units, field_map = _units(records), config.maps[Kind.PERSON]
    plans: list[Plan] = []
    for row in records["customers"]:
        record = translate.person(
            row, units=units.get(row["id"], ()), reference=reference, rules=rules
        )
        mapped = values(field_map, record.document, config.context(record.document))
        plans.append(
            make_plan(
                record,
                field_map=field_map,
                mapped=mapped,
                link=None,
                crm=None,
                schema=schema,
            )
        )
    return plans


def _records(customers: int) -> Records:
    """Sort a sample shop by resource."""
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for resource, record in sample.shop_records(seed=SEED, customers=customers):
        found[resource].append(record)
    return found


def _units(records: Records) -> Mapping[str, Iterable[Json]]:
    """Find the business units of each customer."""
    units: defaultdict[str, list[Json]] = defaultdict(list)
    for unit in records["business-units"]:
        for member in member_ids(unit, inherited=True):
            units[member].append(unit)
    return units


def _reference(records: Records, config: Config) -> Reference:
    return index_references(
        stores=records["stores"],
        groups=records["customer-groups"],
        channels=records["channels"],
        roles=records["associate-roles"],
        languages=config.locale.languages,
    )


async def _schema() -> Mapping[str, CrmField]:
    """Ask a CRM with the sample's fields what it takes."""
    async with set_stage(1) as stage:
        environment = load_environment(stage.variables)
        sides = bootstrap.open_sides(environment, configuration(), SystemClock())
        async with sides as (_, crm, _):
            return await crm.schema(Kind.PERSON)
