"""What a transform knows besides the value, and how it says no."""

from dataclasses import dataclass
from decimal import Decimal

from crosswalk.domain.model import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The circumstances of one record that its values are read in."""

    #: ISO 3166-1 alpha-2 of the record's address; None where it has none.
    country: str | None = None
    #: Which language of a localized text is wanted, the best first (BCP 47).
    languages: tuple[str, ...] = ()
    #: The language that people read in the CRM.
    crm_language: str = "en"
    #: The CRM account's time zone (IANA).
    zone: str = "UTC"
    #: Alpha-2 of the country that a national phone number is read in without address.
    fallback_region: str | None = None


class TransformError(ValueError):
    """A transform cannot take this value; what is wrong, and the way out."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


def text_of(value: Json) -> str:
    """Read a text, or a number as it is spelled; TransformError for all else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise TransformError(
        f"a text was expected, not {kind_of(value)}",
        "choose a part of it in the expression, or join it first",
    )


def list_of(value: Json) -> list[Json]:
    """Read a list; a single value is a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def kind_of(value: Json) -> str:
    """Name a JSON value's kind as a person would."""
    names = {bool: "a truth", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), f"'{value}'")
