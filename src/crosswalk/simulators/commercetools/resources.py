"""The resources that can be created and changed, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from crosswalk.simulators.commercetools.actions.customers import (
    CUSTOMER_ACTIONS,
    CUSTOMER_DRAFT,
    check_customer,
    check_customer_delete,
    create_customer,
    fill_customer,
)
from crosswalk.simulators.commercetools.actions.settings import (
    CHANNEL_ACTIONS,
    CHANNEL_DRAFT,
    GROUP_ACTIONS,
    GROUP_DRAFT,
    ROLE_ACTIONS,
    ROLE_DRAFT,
    STORE_ACTIONS,
    STORE_DRAFT,
    create_channel,
    create_group,
    create_role,
    create_store,
)
from crosswalk.simulators.commercetools.actions.types import (
    TYPE_ACTIONS,
    TYPE_DRAFT,
    create_type,
)
from crosswalk.simulators.commercetools.actions.units import (
    UNIT_ACTIONS,
    UNIT_DRAFT,
    check_unit_delete,
    create_unit,
    fill_unit,
    settle_unit,
)
from crosswalk.simulators.commercetools.changes import Actions, Arguments, Change
from crosswalk.simulators.commercetools.shapes import Fields
from crosswalk.simulators.commercetools.world import World

Record = dict[str, Any]


def _nothing(*_: object) -> None:
    """Do nothing: most resources have no rules of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a resource accepts and which rules of its own it has."""

    name: str
    draft: Fields
    actions: Actions
    #: Fills the new record from its checked draft.
    create: Callable[[Change, Arguments], None]
    #: What its messages begin with; empty where it raises none of its own.
    family: str = ""
    #: The key that a create answer wraps the record in.
    wrapper: str = ""
    #: Runs after the actions of an update.
    settle: Callable[[Change], None] = _nothing
    #: Refuses a record that may not be stored.
    check: Callable[[World, Record], None] = _nothing
    #: Refuses a deletion.
    check_delete: Callable[[World, Record], None] = _nothing
    #: Fills the fields that every record has, for seeding.
    fill: Callable[[Record], None] = _nothing
    #: Whether only projects with B2B have it.
    b2b: bool = False


RESOURCES: Final = {
    resource.name: resource
    for resource in (
        Resource(
            name="customers",
            family="Customer",
            wrapper="customer",
            draft=CUSTOMER_DRAFT,
            actions=CUSTOMER_ACTIONS,
            create=create_customer,
            check=check_customer,
            check_delete=check_customer_delete,
            fill=fill_customer,
        ),
        Resource(
            name="business-units",
            family="BusinessUnit",
            draft=UNIT_DRAFT,
            actions=UNIT_ACTIONS,
            create=create_unit,
            settle=settle_unit,
            check_delete=check_unit_delete,
            fill=fill_unit,
            b2b=True,
        ),
        Resource(
            name="associate-roles",
            draft=ROLE_DRAFT,
            actions=ROLE_ACTIONS,
            create=create_role,
            b2b=True,
        ),
        Resource(
            name="stores",
            draft=STORE_DRAFT,
            actions=STORE_ACTIONS,
            create=create_store,
        ),
        Resource(
            name="customer-groups",
            family="CustomerGroup",
            draft=GROUP_DRAFT,
            actions=GROUP_ACTIONS,
            create=create_group,
        ),
        Resource(
            name="types",
            draft=TYPE_DRAFT,
            actions=TYPE_ACTIONS,
            create=create_type,
        ),
        Resource(
            name="channels",
            draft=CHANNEL_DRAFT,
            actions=CHANNEL_ACTIONS,
            create=create_channel,
        ),
    )
}
