"""What a field holds: decides what predicates, sorts and expansions may ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scalar(StrEnum):
    """A field of one value."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Object:
    """A field with fields of its own."""

    fields: Mapping[str, "Kind"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer by id, which can be expanded into the record itself."""

    type_id: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: "Kind"


@dataclass(frozen=True, slots=True)
class Localized:
    """A text per language; the names of its fields are language tags."""


@dataclass(frozen=True, slots=True)
class CustomFields:
    """The fields of whatever Types exist for one kind of resource."""

    resource_type: str


Kind = Scalar | Object | Reference | Many | Localized | CustomFields

TEXT, NUMBER, FLAG, MOMENT = Scalar.TEXT, Scalar.NUMBER, Scalar.FLAG, Scalar.MOMENT

REFERENCE_FIELDS: Final = Object({"typeId": TEXT, "id": TEXT})
KEY_REFERENCE: Final = Object({"typeId": TEXT, "key": TEXT})
MONEY: Final = Object({"currencyCode": TEXT, "centAmount": NUMBER})
ACTOR: Final = Object(
    {
        "clientId": TEXT,
        "isPlatformClient": FLAG,
        "externalUserId": TEXT,
        "anonymousId": TEXT,
        "customer": Reference("customer"),
    }
)

ADDRESS_TEXTS: Final = (
    "key",
    "country",
    "title",
    "salutation",
    "firstName",
    "lastName",
    "streetName",
    "streetNumber",
    "additionalStreetInfo",
    "postalCode",
    "city",
    "region",
    "state",
    "company",
    "department",
    "building",
    "apartment",
    "pOBox",
    "phone",
    "mobile",
    "email",
    "fax",
    "additionalAddressInfo",
    "externalId",
)


def custom_of(resource_type: str) -> Object:
    """Describe the ``custom`` of a resource type."""
    fields = CustomFields(resource_type)
    return Object({"type": Reference("type"), "fields": fields})


ADDRESS: Final = Object(
    dict.fromkeys(("id", *ADDRESS_TEXTS), TEXT) | {"custom": custom_of("address")}
)

GROUP_ASSIGNMENT: Final = Object({"customerGroup": Reference("customer-group")})

COMMON: Final[Mapping[str, Kind]] = {
    "id": TEXT,
    "version": NUMBER,
    "createdAt": MOMENT,
    "lastModifiedAt": MOMENT,
    "createdBy": ACTOR,
    "lastModifiedBy": ACTOR,
}

#: What customers and business units have in common.
ADDRESSED: Final[Mapping[str, Kind]] = {
    "addresses": Many(ADDRESS),
    "defaultShippingAddressId": TEXT,
    "shippingAddressIds": Many(TEXT),
    "defaultBillingAddressId": TEXT,
    "billingAddressIds": Many(TEXT),
    "customerGroupAssignments": Many(GROUP_ASSIGNMENT),
    "stores": Many(KEY_REFERENCE),
}

_CUSTOMER_TEXTS: Final = (
    "key",
    "customerNumber",
    "externalId",
    "email",
    "lowercaseEmail",
    "password",
    "authenticationMode",
    "firstName",
    "middleName",
    "lastName",
    "title",
    "salutation",
    "dateOfBirth",
    "companyName",
    "vatId",
    "locale",
)

CUSTOMER: Final = Object(
    {
        **COMMON,
        **ADDRESSED,
        **dict.fromkeys(_CUSTOMER_TEXTS, TEXT),
        "isEmailVerified": FLAG,
        "customerGroup": Reference("customer-group"),
        "custom": custom_of("customer"),
    }
)

_ROLE: Final[Mapping[str, Kind]] = {"associateRole": KEY_REFERENCE}
_ASSIGNMENT: Final = Object({**_ROLE, "inheritance": TEXT})
_INHERITED: Final = Object({**_ROLE, "source": KEY_REFERENCE})


def _associate(assignment: Object) -> Object:
    assignments = Many(assignment)
    customer = Reference("customer")
    return Object({"customer": customer, "associateRoleAssignments": assignments})


_UNIT_TEXTS: Final = (
    "key",
    "status",
    "unitType",
    "name",
    "contactEmail",
    "storeMode",
    "associateMode",
    "approvalRuleMode",
)

BUSINESS_UNIT: Final = Object(
    {
        **COMMON,
        **ADDRESSED,
        **dict.fromkeys(_UNIT_TEXTS, TEXT),
        "inheritedStores": Many(KEY_REFERENCE),
        "associates": Many(_associate(_ASSIGNMENT)),
        "inheritedAssociates": Many(_associate(_INHERITED)),
        "parentUnit": KEY_REFERENCE,
        "topLevelUnit": KEY_REFERENCE,
        "custom": custom_of("business-unit"),
    }
)

ASSOCIATE_ROLE: Final = Object(
    {
        **COMMON,
        "key": TEXT,
        "name": TEXT,
        "buyerAssignable": FLAG,
        "permissions": Many(TEXT),
        "custom": custom_of("associate-role"),
    }
)

STORE: Final = Object(
    {
        **COMMON,
        "key": TEXT,
        "name": Localized(),
        "languages": Many(TEXT),
        "countries": Many(Object({"code": TEXT})),
        "distributionChannels": Many(Reference("channel")),
        "supplyChannels": Many(Reference("channel")),
        "custom": custom_of("store"),
    }
)

CUSTOMER_GROUP: Final = Object(
    {**COMMON, "key": TEXT, "name": TEXT, "custom": custom_of("customer-group")}
)

TYPE: Final = Object(
    {
        **COMMON,
        "key": TEXT,
        "name": Localized(),
        "description": Localized(),
        "resourceTypeIds": Many(TEXT),
        "fieldDefinitions": Many(
            Object({"name": TEXT, "required": FLAG, "label": Localized()})
        ),
    }
)

CHANNEL: Final = Object(
    {
        **COMMON,
        "key": TEXT,
        "roles": Many(TEXT),
        "name": Localized(),
        "description": Localized(),
        "address": ADDRESS,
        "custom": custom_of("channel"),
    }
)

MESSAGE: Final = Object(
    {
        **COMMON,
        "type": TEXT,
        "sequenceNumber": NUMBER,
        "resourceVersion": NUMBER,
        "resource": REFERENCE_FIELDS,
        "resourceUserProvidedIdentifiers": Object(
            dict.fromkeys(("key", "externalId", "customerNumber"), TEXT)
        ),
    }
)
