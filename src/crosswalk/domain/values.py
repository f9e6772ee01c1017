"""When two spellings are one value.

The CRM trims, answers numbers as text or text as numbers, and joins what was chosen
from a multi-select with ``;``. None of that is an edit.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from crosswalk.domain.model import Json, is_empty

#: What a multi-select field of the CRM is joined with (contract section 2.3).
SEPARATOR = ";"

#: A number as both sides would spell it; "007" is a text, not seven.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def is_blank(value: Json) -> bool:
    """Say whether a value has no content, blanks counting as none."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return is_empty(value)


def same(a: Json, b: Json) -> bool:
    """Say whether two values are one, however either side spells it.

    Texts are compared without their outer blanks, a number with a text by its amount,
    a truth with "true" and "false", a list with a text by entries; a value without
    content is the same as none. Two texts are never read as numbers: "1.1" is not
    "1.10".
    """
    if a is b or (a.__class__ is b.__class__ and a == b):
        return True
    a_is_blank, b_is_blank = is_blank(a), is_blank(b)
    if a_is_blank or b_is_blank:
        return a_is_blank and b_is_blank
    if isinstance(a, list | tuple) or isinstance(b, list | tuple):
        return _same_entries(entries(a), entries(b))
    if isinstance(a, str) and isinstance(b, str):
        return a.strip() == b.strip()
    if isinstance(a, bool) or isinstance(b, bool):
        return _word(a) == _word(b)
    number = _number(a)
    return number is not None and number == _number(b)


def entries(value: Json) -> list[Json]:
    """Read a list, or a text joined with semicolons, as a list without blanks."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(SEPARATOR)]
    elif not isinstance(value, list | tuple):
        value = [value]
    return [entry for entry in value if not is_blank(entry)]


def entry_key(entry: Json) -> str:
    """Name a list entry so that two spellings of it in another case are one."""
    return str(entry).strip().casefold()


def respelled(a: Json, b: Json) -> bool:
    """Say whether two values have the same letters and digits."""
    return _letters(a) == _letters(b)


def _same_entries(a: Sequence[Json], b: Sequence[Json]) -> bool:
    return len(a) == len(b) and all(map(same, a, b))


def _word(value: Json) -> str:
    return str(value).strip().lower()


def _letters(value: Json) -> str:
    return "".join(filter(str.isalnum, str(value).casefold()))


def _number(value: Json) -> Decimal | None:
    """Read an amount exactly; None when the value is none."""
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if isinstance(value, int | float | Decimal) or _NUMBER.fullmatch(text):
        return Decimal(text)
    return None
