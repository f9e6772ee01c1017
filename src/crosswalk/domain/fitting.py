"""Whether a CRM field can hold a value, as far as its settings tell."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from crosswalk.domain.lint import suggest
from crosswalk.domain.model import Json
from crosswalk.domain.problems import Problem
from crosswalk.domain.values import entries, is_blank, same

#: Characters that a standard text field takes (contract section 11, point 21).
TEXT_LIMIT: Final = 255


class FieldShape(Protocol):
    """What the settings of the CRM tell of a field (ports.CrmField is one)."""

    @property
    def type(self) -> str:
        """The CRM's name for the kind of field."""

    @property
    def custom(self) -> bool:
        """Whether the account added it."""

    @property
    def choices(self) -> Sequence[str]:
        """Writable values of a dropdown; empty for every other type."""


Schema = Mapping[str, FieldShape]


def misfit(name: str, value: Json, schema: Schema) -> Problem | None:
    """Say why the CRM would refuse, cut or drop a value; None when it fits."""
    if name not in schema:
        return Problem(
            field=name,
            code="unknown_field",
            what=f"the CRM has no field '{name}'",
            remedy=suggest(name, schema) if schema else "create it in the CRM",
        )
    shape = schema[name]
    if shape.choices:
        return _not_a_choice(name, value, shape.choices)
    if shape.type == "text" and not shape.custom and len(str(value)) > TEXT_LIMIT:
        return Problem(
            field=name,
            code="too_long",
            what=f"{len(str(value))} characters, {TEXT_LIMIT} are possible",
            remedy=f"shorten it in the shop, or add truncate: {TEXT_LIMIT}",
        )
    return None


def _not_a_choice(name: str, value: Json, choices: Sequence[str]) -> Problem | None:
    """Every part of the value must be one of the choices."""
    if value in choices or is_blank(value):
        return None
    for part in entries(value):
        if not any(same(part, choice) for choice in choices):
            return Problem(
                field=name,
                code="not_a_choice",
                what=f"'{part}' is none of: {', '.join(choices)}",
                remedy="add the choice in the CRM, or translate it with lookup",
            )
    return None
