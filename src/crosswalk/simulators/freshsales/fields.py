"""Fields of a module: what they are, and what values they take.

A check returns the value as it would be stored, `DROPPED` where Freshsales loses
it without a word, or raises `RefusalError`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from crosswalk.simulators.freshsales.errors import RefusalError
from crosswalk.simulators.switches import Switches

#: A value that is not stored although the call succeeds.
DROPPED: Final = object()

MAX_TEXT: Final = 255
MAX_PARAGRAPH: Final = 65_535
LENGTH: Final = "not in required length"

#: More than a local part of 64 and a domain of labels is not checked.
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a module, standard or custom."""

    #: The key in a record, or in its ``custom_field``.
    name: str
    #: What people call it; the texts about required fields use it.
    label: str
    #: The API's word for its type; a key of `CHECKS`.
    type: str = "text"
    required: bool = False
    unique: bool = False
    #: The texts of a dropdown's choices.
    choices: tuple[str, ...] = ()
    #: The selector or module that a reference's ids come from.
    target: str = ""

    @property
    def custom(self) -> bool:
        """Whether an administrator added the field."""
        return self.name.startswith("cf_")

    def content(self, position: int) -> dict[str, Any]:
        """Spell the field as /settings/<module>/fields does."""
        choices = [
            {"id": position * 1000 + n, "value": choice, "position": n}
            for n, choice in enumerate(self.choices, 1)
        ]
        return {
            "id": str(71_000_000_000 + position),
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "default": not self.custom,
            "actionable": True,
            "position": position,
            "choices": choices,
            "required": self.required,
            "visible": True,
            "multiple": self.type == "multi_select_dropdown",
            "field_group_id": 71_000_000_000,
        }


class FieldSet:
    """The fields of one module, standard ones first, and what follows from them."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.by_name = {field.name: field for field in fields}
        self._derive()

    def put(self, field: Field) -> None:
        """Add a field, or replace the one of its name."""
        self.by_name[field.name] = field
        self._derive()

    def remove(self, name: str) -> None:
        """Take a field away."""
        del self.by_name[name]
        self._derive()

    def _derive(self) -> None:
        fields = self.by_name.values()
        #: A ``custom_field`` in which nothing is set.
        self.blank_custom = dict.fromkeys(f.name for f in fields if f.custom)
        self.standard = {f.name: f for f in fields if not f.custom}
        self.required = tuple(f for f in fields if f.required)
        self.unique = tuple(f.name for f in fields if f.unique)


def read_moment(value: object) -> float:
    """Read a date or time as Unix time; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise RefusalError(f"Invalid date {value}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def check_email(value: object, switches: Switches) -> str:
    """Return an e-mail address as it is stored."""
    if not isinstance(value, str):
        raise RefusalError("invalid email address")
    address = value.strip() if switches.on("trim_text") else value
    plain = address.isascii() or switches.on("unicode_emails")
    if len(address) > MAX_TEXT or not plain or not EMAIL.fullmatch(address):
        raise RefusalError("invalid email address")
    return address.lower() if switches.on("lower_case_emails") else address


def _ill_typed(field: Field) -> RefusalError:
    return RefusalError(f"Invalid value for {field.label}")


def _text(field: Field, value: object, switches: Switches) -> str:
    if not isinstance(value, str):
        raise _ill_typed(field)
    if len(value) > (MAX_PARAGRAPH if field.type == "textarea" else MAX_TEXT):
        raise RefusalError(f"{field.label} {LENGTH}")
    if switches.on("trim_text"):
        value = value.strip()
    if field.name == "country" and switches.on("title_case_country"):
        return value.title()
    return value


def _phone(field: Field, value: object, switches: Switches) -> str:
    number = _text(field, value, switches)
    if not switches.on("respell_phones"):
        return number
    digits = re.sub(r"[^+\d]", "", number)
    return f"{digits[:3]} {digits[3:]}"


def _number(field: Field, value: object, _: Switches) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _ill_typed(field)
    return value


def _decimal(field: Field, value: object, _: Switches) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _ill_typed(field)
    return value


def _checkbox(field: Field, value: object, _: Switches) -> bool:
    if not isinstance(value, bool):
        raise _ill_typed(field)
    return value


def _date(field: Field, value: object, switches: Switches) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise _ill_typed(field) from error
    spelled = day.isoformat()
    return f"{spelled}T00:00:00Z" if switches.on("dates_as_datetimes") else spelled


def _date_time(field: Field, value: object, _: Switches) -> str:
    try:
        datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _ill_typed(field) from error
    return str(value)


def _choice(field: Field, value: object, switches: Switches) -> object:
    if not isinstance(value, str):
        raise _ill_typed(field)
    if value in field.choices:
        return value
    if switches.text("invalid_choice") == "refuse":
        raise _ill_typed(field)
    return DROPPED


def _choices(field: Field, value: object, switches: Switches) -> object:
    """Several choices travel as one string joined with semicolons."""
    if not isinstance(value, str):
        raise _ill_typed(field)
    wanted = [part for part in value.split(";") if part]
    kept = [part for part in wanted if part in field.choices]
    if len(kept) < len(wanted) and switches.text("invalid_choice") == "refuse":
        raise _ill_typed(field)
    return ";".join(kept) if kept or not wanted else DROPPED


def _read_only(_field: Field, _value: object, _switches: Switches) -> object:
    return DROPPED


#: What each type of field takes; null is taken care of before.
CHECKS: Final[Mapping[str, Callable[[Field, Any, Switches], Any]]] = {
    "text": _text,
    "textarea": _text,
    "phone": _phone,
    "number": _number,
    "decimal": _decimal,
    "checkbox": _checkbox,
    "date": _date,
    "date_time": _date_time,
    "dropdown": _choice,
    "radio": _choice,
    "multi_select_dropdown": _choices,
    "lookup": _number,
    "auto_complete": _number,
    "formula": _read_only,
}
