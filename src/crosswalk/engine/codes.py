"""The open vocabulary of reasons: why a record is not in agreement, or was left out.

Every end that is not simply "done" carries one of these codes. A code never changes
its meaning; a new reason is a row here, and docs/reference/errors.md follows.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from crosswalk.domain.faults import MEANINGS, REMEDIES
from crosswalk.domain.problems import PROBLEMS

#: What to do about what repairs itself.
NOTHING: Final = "nothing to do"
#: Where a person answers.
ASK: Final = "say which it is: crosswalk review list"


class Reason(NamedTuple):
    """What a code says, and what a person can do about it."""

    says: str
    remedy: str


#: The ends that are neither a failed call nor a field's problem.
ENDS: Final[Mapping[str, Reason]] = {
    "I101": Reason(
        "A person decided to leave the record out.",
        "to take that back: crosswalk review reopen",
    ),
    "I102": Reason("A CRM record changed that is linked to no shop record.", NOTHING),
    "I103": Reason("The shop has no such record (any more).", NOTHING),
    "R101": Reason("An earlier create is in doubt: it is looked up first.", NOTHING),
    "R102": Reason("The shop announced a state that it does not show yet.", NOTHING),
    "R103": Reason("Another record was linked to the CRM record just now.", NOTHING),
    "R104": Reason("The CRM knew the record already; it is matched anew.", NOTHING),
    "V101": Reason("Several CRM records match.", ASK),
    "V102": Reason("The CRM record that matches carries another external id.", ASK),
    "V103": Reason("The CRM record that matches belongs to another customer.", ASK),
    "V104": Reason(
        "The CRM record is gone.", "decide what takes its place: crosswalk review list"
    ),
    "V105": Reason(
        "Both sides changed a field that neither owns.",
        "say which value stands: crosswalk review list",
    ),
    "W101": Reason("The company above it is not linked yet.", NOTHING),
    "E900": Reason(
        "Crosswalk itself failed on this record.",
        "report it with the record's id: this is a fault of Crosswalk",
    ),
}

#: Failed calls, by fault.
CALLS: Final[Mapping[str, Reason]] = {
    f"remote_{fault}": Reason(MEANINGS[fault], REMEDIES[fault]) for fault in REMEDIES
}

#: Fields that could not be written; the remedy is that of the single problem.
FIELDS: Final[Mapping[str, Reason]] = {
    code: Reason(says, "see the remedy that is shown with it")
    for code, says in PROBLEMS.items()
}

#: Every code that the end of a piece of work can carry.
REASONS: Final[Mapping[str, Reason]] = {**ENDS, **CALLS, **FIELDS}

#: What `crosswalk check` can find, besides a configuration that is refused; each
#: finding comes with a remedy of its own.
CHECKS: Final[Mapping[str, str]] = {
    "K101": "A side does not answer.",
    "K102": "What answers is not the API, or not this project.",
    "K103": "A side refuses the credentials.",
    "K104": "The API client lacks a scope that the sync needs.",
    "K105": "This machine's clock differs from the shop's.",
    "K106": "The API client may do more than the sync needs (a warning).",
    "K107": "A side is too busy to be asked.",
    "K111": "The mapping names a field that the CRM does not have.",
    "K112": "The CRM requires a field that no mapping fills.",
    "K121": "The database does not answer.",
    "K122": "The database is not as this program needs it.",
    "K123": "The database belongs to another shop or CRM.",
    "K131": "The calls a minute exceed the calls an hour (a warning).",
}
