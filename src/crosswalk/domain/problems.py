"""What can be wrong with one field of one record, short of a failed call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Every code that a field can be parked with; a code never changes its meaning.
PROBLEMS: Final[Mapping[str, str]] = {
    "expression_failed": "The expression could not be worked out for this record.",
    "transform_refused": "A transform could not take the shop's value.",
    "unknown_field": "The CRM has no field of this name.",
    "not_a_choice": "The value is not among the choices of the CRM's dropdown.",
    "too_long": "The text is longer than the CRM's field takes.",
    "not_answered": "The CRM does not show the field, so nothing can be decided.",
    "not_stored": "The CRM took the write but does not hold the value.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why one field of one record was not written, or not kept."""

    field: str
    #: A key of PROBLEMS.
    code: str
    what: str
    remedy: str
