"""The two streams of records with which the simulators are seeded."""

from collections.abc import Iterator
from typing import Any

from crosswalk.simulators.sample.crm import crm_accounts, crm_contacts
from crosswalk.simulators.sample.customers import customer
from crosswalk.simulators.sample.fields import field_records, owner_records
from crosswalk.simulators.sample.project import furniture
from crosswalk.simulators.sample.units import unit, unit_count

Record = tuple[str, dict[str, Any]]


def shop_records(*, seed: int, customers: int) -> Iterator[Record]:
    """Yield resource and record of the whole shop, nothing before what it refers to."""
    yield from furniture(seed)
    for index in range(customers):
        yield "customers", customer(seed, index)
    for number in range(unit_count(customers)):
        yield "business-units", unit(seed, number)


def crm_records(*, seed: int, customers: int) -> Iterator[Record]:
    """Yield resource and record of the CRM as it is before the first sync."""
    yield from field_records()
    yield from owner_records()
    for account in crm_accounts(seed, customers):
        yield "sales_accounts", account
    for contact in crm_contacts(seed, customers):
        yield "contacts", contact
