"""The custom fields that the sample CRM account has, and the people who use it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Record = tuple[str, dict[str, Any]]

CONSENT: Final = ("subscribed", "unsubscribed", "unknown")

#: Type and choices of every custom field, by module and name.
FIELDS: Final[Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]]] = {
    "contacts": {
        "cf_customer_number": ("text", ()),
        "cf_shop_key": ("text", ()),
        "cf_vat_id": ("text", ()),
        "cf_company_roles": ("textarea", ()),
        "cf_customer_groups": ("text", ()),
        "cf_price_lists": ("text", ()),
        "cf_stores": ("text", ()),
        "cf_locale": ("text", ()),
        "cf_language": ("text", ()),
        "cf_date_of_birth": ("date", ()),
        "cf_email_consent": ("dropdown", CONSENT),
        "cf_email_consent_at": ("date_time", ()),
        "cf_email_consent_source": ("text", ()),
        "cf_sms_consent": ("dropdown", CONSENT),
        "cf_sms_consent_at": ("date_time", ()),
        "cf_loyalty_tier": ("dropdown", ("bronze", "silver", "gold")),
        "cf_email_verified": ("checkbox", ()),
    },
    "sales_accounts": {
        "cf_commercetools_id": ("text", ()),
        "cf_unit_type": ("dropdown", ("Company", "Division")),
        "cf_unit_status": ("dropdown", ("Active", "Inactive")),
        "cf_top_level_unit": ("text", ()),
        "cf_vat_id": ("text", ()),
        "cf_contact_email": ("text", ()),
        "cf_price_lists": ("text", ()),
        "cf_customer_groups": ("text", ()),
        "cf_stores": ("text", ()),
        "cf_associates": ("textarea", ()),
        "cf_credit_limit": ("text", ()),
    },
}
#: The fields in which no two records may agree.
UNIQUE: Final = frozenset({"cf_commercetools_id"})

FIRST_OWNER_ID: Final = 125_000_000_001
OWNERS: Final = ("Imke Petersen", "Raoul Castagne", "Tom Ashdown")


def field_records() -> Iterator[Record]:
    """Yield every custom field as an administrator adds it."""
    for module, fields in FIELDS.items():
        for name, (kind, choices) in fields.items():
            yield (
                "fields",
                {
                    "module": module,
                    "name": name,
                    "label": name.removeprefix("cf_").replace("_", " ").capitalize(),
                    "type": kind,
                    "unique": name in UNIQUE,
                    "choices": list(choices),
                },
            )


def owner_records() -> Iterator[Record]:
    """Yield the salespeople as the selector of owners would show them."""
    for number, name in enumerate(OWNERS):
        yield (
            "owners",
            {
                "id": FIRST_OWNER_ID + number,
                "display_name": name,
                "email": f"{name.split()[0].lower()}@sales.example.com",
                "is_active": True,
                "work_number": None,
                "mobile_number": None,
            },
        )
