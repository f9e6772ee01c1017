"""How values, times and addresses are written for a person at a terminal."""

import getpass
import re
from datetime import datetime
from typing import Annotated, Final, TypeAlias

import orjson
from cyclopts import Parameter

from crosswalk.domain.model import Json

#: Characters of a value that a table shows.
WIDEST: Final = 200
#: Units of time, the largest first, with their seconds.
UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
ADDRESS: Final = re.compile(r"([^\s@,;\"]+)@([^\s@,;\"]+)")

#: The flag of every command that shows people's addresses.
Reveal: TypeAlias = Annotated[
    bool, Parameter(help="Show e-mail addresses in full.", negative="")
]
#: Who acts, as the journal names it.
Actor: TypeAlias = Annotated[
    str | None, Parameter(help="Who decides; without it, the user of this machine.")
]
#: Whether the work is done at once.
Now: TypeAlias = Annotated[
    bool,
    Parameter(help="Work it off in this process, and wait for it.", negative=""),
]


def shown(value: Json) -> str:
    """Write a value as a table shows it; nothing is a dash, lists have commas."""
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(shown(entry) for entry in value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."


def masked(text: str, *, reveal: bool) -> str:
    """Write a text with the e-mail addresses in it hidden but for the domain."""
    return text if reveal else ADDRESS.sub(_mask, text)


def duration(seconds: float) -> str:
    """Write a length of time in its two largest units."""
    left, parts = round(seconds), []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "at once"


def age(moment: datetime, now: datetime) -> str:
    """Write how long ago something was."""
    return duration(max(1.0, (now - moment).total_seconds()))


def who(actor: str | None) -> str:
    """Name who acts."""
    return actor or getpass.getuser()


def _mask(address: re.Match[str]) -> str:
    local, domain = address.groups()
    return f"{local[0]}***@{domain}"
