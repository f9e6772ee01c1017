"""The resources of the API as the store sees them."""

from typing import Final

from crosswalk.simulators.commercetools import kinds
from crosswalk.simulators.commercetools.store import TableSpec

TABLES: Final = (
    TableSpec(
        name="customers",
        type_id="customer",
        kind=kinds.CUSTOMER,
        lookups=("key", "customerNumber", "externalId", "email", "lowercaseEmail"),
        unique=("key", "customerNumber"),
    ),
    TableSpec(
        name="business-units",
        type_id="business-unit",
        kind=kinds.BUSINESS_UNIT,
        lookups=(
            "key",
            "parentUnit.key",
            "topLevelUnit.key",
            "associates.customer.id",
            "inheritedAssociates.customer.id",
        ),
    ),
    TableSpec(
        name="associate-roles", type_id="associate-role", kind=kinds.ASSOCIATE_ROLE
    ),
    TableSpec(name="stores", type_id="store", kind=kinds.STORE),
    TableSpec(
        name="customer-groups",
        type_id="customer-group",
        kind=kinds.CUSTOMER_GROUP,
        lookups=("key", "name"),
        unique=("key", "name"),
    ),
    TableSpec(name="types", type_id="type", kind=kinds.TYPE),
    TableSpec(name="channels", type_id="channel", kind=kinds.CHANNEL),
    TableSpec(
        name="messages",
        type_id="message",
        kind=kinds.MESSAGE,
        lookups=("resource.id",),
        unique=(),
    ),
)

NAME_OF_TYPE: Final = {spec.type_id: spec.name for spec in TABLES}
