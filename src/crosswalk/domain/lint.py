"""Findings about a configuration: values with code, place, what and way out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

#: Every code that a mapping can be found with; a code never changes its meaning.
CODES: Final[Mapping[str, str]] = {
    "M101": "The owner of a field is none that exists.",
    "M102": "A transform is none that exists.",
    "M103": "Two entries write the same CRM field.",
    "M104": "An expression is not valid JMESPath.",
    "M105": "An expression calls a function that JMESPath does not have.",
    "M106": "An expression reads a name that the document does not have.",
    "M107": "The owner most_restrictive is used without an order of values.",
    "M108": "The arguments of a transform do not fit it.",
    "M109": "A function is called with the wrong number of arguments.",
    "M110": "The empty policy of a field is none that exists.",
    "M111": "An order of values is given to an owner that has no use for it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a person should change in the configuration."""

    #: A key of CODES.
    code: str
    #: The place, as in "crosswalk.yaml:14 contacts.fields[3]".
    at: str
    what: str
    remedy: str


def suggest(word: str, known: Iterable[str]) -> str:
    """Say what to write in place of an unknown word, the likeliest one first."""
    names = sorted(known)
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{by_lower[close[0]]}'?"
    return f"use one of: {', '.join(names)}"
