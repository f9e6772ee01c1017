"""Everything we know of failure on either side, and what the engine does about it.

CrosswalkError
+-- RemoteError           a call did not do what it was asked to; its fault says why
+-- ConfigurationError    a person must change the configuration first
+-- UnreachableError      the database does not answer, or not to us
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from crosswalk.domain.model import Json, Side


class Fault(StrEnum):
    """In which of the known ways a call failed; MEANINGS says what each means."""

    THROTTLED = "throttled"
    TRANSIENT = "transient"
    AMBIGUOUS = "ambiguous"
    STALE = "stale"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    GONE = "gone"
    DENIED = "denied"
    SCHEMA = "schema"


#: What each fault says.
MEANINGS: Final[Mapping[Fault, str]] = {
    Fault.THROTTLED: "Too many calls; nothing was done.",
    Fault.TRANSIENT: "The other side is unwell; nothing was done.",
    Fault.AMBIGUOUS: "A write got no answer that settles it: it may or may not have"
    " been done.",
    Fault.STALE: "The version that we sent is not the current one.",
    Fault.REFUSED: "The record will never be taken as it stands.",
    Fault.DUPLICATE: "A unique value belongs to another record.",
    Fault.MISSING: "Something the record refers to is not there yet.",
    Fault.GONE: "The record is not there (any more).",
    Fault.DENIED: "The credentials are wrong or may not do this.",
    Fault.SCHEMA: "The request is not one that this API knows: a setting or the"
    " program is wrong.",
}
#: What a person can do about each; records are repeated by themselves meanwhile.
REMEDIES: Final[Mapping[Fault, str]] = {
    Fault.THROTTLED: "wait: it goes on when the quota allows; if it keeps happening,"
    " lower the calls per hour or find out what else spends the account's calls",
    Fault.TRANSIENT: "wait: records are repeated for 72 hours; if it stays, see that"
    " the URL is right and reachable from this machine",
    Fault.AMBIGUOUS: "try again: what was written is looked up before it is repeated",
    Fault.STALE: "try again: the current version is read first",
    Fault.REFUSED: "correct the named value in the record or its mapping",
    Fault.DUPLICATE: "say which record it is: crosswalk review list",
    Fault.MISSING: "create what the record refers to, or correct the reference",
    Fault.GONE: "check the id; if the record was deleted, decide what takes its"
    " place: crosswalk review list",
    Fault.DENIED: "check the key or the client's scopes: crosswalk check names them",
    Fault.SCHEMA: "check the URL and the mapping: crosswalk check names what differs",
}


class CrosswalkError(Exception):
    """The root of every error that Crosswalk raises on purpose."""


class RemoteError(CrosswalkError):
    """A call did not do what it was asked to."""

    def __init__(
        self,
        fault: Fault,
        *,
        call: str,
        status: int = 0,
        messages: Sequence[str] = (),
        field: str = "",
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        self.fault = fault
        #: Method and path, without host and query.
        self.call = call
        #: HTTP status, 0 when no answer came.
        self.status = status
        self.messages = tuple(messages)
        #: The field that the other side complained of, where it named one.
        self.field = field
        #: Seconds the other side asked us to wait, where it did.
        self.retry_after = retry_after
        self.request_id = request_id
        said = "; ".join(self.messages) or "no answer"
        super().__init__(f"{call}: {fault} ({status or 'no status'}): {said}")


class ConfigurationError(CrosswalkError):
    """A person must change the configuration first."""


class UnreachableError(CrosswalkError):
    """The database does not answer, or not to us."""

    def __init__(self, said: str) -> None:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        super().__init__(lines[0] if lines else "no answer")


class Failure(NamedTuple):
    """What an answer that is no success says."""

    fault: Fault
    #: The other side's own words.
    messages: tuple[str, ...] = ()
    #: The field it complains of, by mapping name where the words allow; else "".
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """One way in which one side says no; what a row leaves out it does not ask for."""

    side: Side
    fault: Fault
    #: HTTP status; a number below 10 stands for its whole class.
    status: int = 0
    #: Error code in the body.
    code: str = ""
    #: Words in one of the messages; a group "field" names the field.
    text: str = ""
    #: Beginning of "METHOD path" that the row is limited to.
    call: str = ""

    def match_text(self, messages: Sequence[str]) -> re.Match[str] | None:
        """Find the row's words in one of *messages*, in any case."""
        found = (re.search(self.text, said, re.IGNORECASE) for said in messages)
        return next((match for match in found if match), None)


def _codes(fault: Fault, *codes: str) -> Iterator[FaultRow]:
    return (FaultRow(side=Side.SHOP, code=code, fault=fault) for code in codes)


def _statuses(side: Side, fault: Fault, *statuses: int) -> Iterator[FaultRow]:
    return (FaultRow(side=side, status=status, fault=fault) for status in statuses)


def _texts(fault: Fault, *texts: str) -> Iterator[FaultRow]:
    return (FaultRow(side=Side.CRM, text=text, fault=fault) for text in texts)


#: Everything we know of failure, most telling first: the first row that fits decides.
#: Codes go before words, words before statuses, because both sides wrap one failure
#: in the status of another.
FAULTS: Final[tuple[FaultRow, ...]] = (
    # commercetools: contracts 1.4.
    *_codes(Fault.STALE, "ConcurrentModification"),
    *_codes(Fault.DUPLICATE, "DuplicateField", "DuplicateFieldWithConflictingResource"),
    *_codes(Fault.MISSING, "ReferencedResourceNotFound"),
    *_codes(Fault.GONE, "ResourceNotFound"),
    *_codes(
        Fault.TRANSIENT,
        "LockedField",  # two writes of one e-mail at the same moment
        "QueryTimedOut",
        "SearchNotReady",
        "OverCapacity",
        "PendingOperation",
    ),
    *_codes(
        Fault.REFUSED,
        "InvalidField",
        "RequiredField",
        "InvalidOperation",
        "ReferenceExists",
        "MaxResourceLimitExceeded",
        "ResourceSizeLimitExceeded",
    ),
    *_codes(
        Fault.SCHEMA,
        "InvalidInput",
        "InvalidJsonInput",
        "SyntaxError",
        "SemanticError",
        "QueryComplexityLimitExceeded",
        "ContentTooLarge",
    ),
    *_codes(Fault.DENIED, "invalid_token", "insufficient_scope", "invalid_client"),
    *_statuses(Side.SHOP, Fault.DENIED, 401, 403),
    *_statuses(Side.SHOP, Fault.GONE, 404),
    *_statuses(Side.SHOP, Fault.STALE, 409),
    *_statuses(Side.SHOP, Fault.THROTTLED, 429),
    *_statuses(Side.SHOP, Fault.TRANSIENT, 408, 503),
    *_statuses(Side.SHOP, Fault.SCHEMA, 3, 405, 414),
    *_statuses(Side.SHOP, Fault.REFUSED, 4),
    *_statuses(Side.SHOP, Fault.AMBIGUOUS, 5),
    # Freshsales: contracts 1.4 and 11.
    *_texts(Fault.DENIED, r"^login failed"),
    *_texts(Fault.THROTTLED, r"too many requests|response_code :: 429"),
    FaultRow(side=Side.CRM, code="3002", fault=Fault.DUPLICATE),
    *_texts(
        Fault.DUPLICATE,
        r"(?P<field>\w+) is not unique",
        r"already exists",
        r"ya existe",
        r"(?P<field>\w+) (no es único|has already been taken)",
    ),
    *_texts(Fault.GONE, r"not in the CRM"),
    *_texts(
        Fault.REFUSED,
        r"need to fill this (?P<field>.+?)( \.\.\.| to submit|$)",
        r"invalid (?P<field>contact status|lifecycle stage) provided",
        r"invalid (?P<field>email) address",
        r"not in required length",
    ),
    *_texts(Fault.SCHEMA, r"invalid or missing attributes"),
    # A lookup was seen forbidden while every other call worked (1.4).
    FaultRow(side=Side.CRM, status=403, call="GET /lookup", fault=Fault.TRANSIENT),
    # 405 on a bulk call was seen to mean "busy" (2.7).
    *(
        FaultRow(
            side=Side.CRM,
            status=405,
            call=f"POST /{plural}/bulk_upsert",
            fault=Fault.TRANSIENT,
        )
        for plural in ("contacts", "sales_accounts")
    ),
    *_statuses(Side.CRM, Fault.DENIED, 401, 403),
    *_statuses(Side.CRM, Fault.GONE, 404),
    *_statuses(Side.CRM, Fault.THROTTLED, 429),
    *_statuses(Side.CRM, Fault.TRANSIENT, 408, 503),
    *_statuses(Side.CRM, Fault.SCHEMA, 3, 405),
    *_statuses(Side.CRM, Fault.REFUSED, 4),
    *_statuses(Side.CRM, Fault.AMBIGUOUS, 5),
)

#: What people call a field in messages -> its mapping name.
FIELD_OF_LABEL: Final = {
    "contact": "",
    "e-mail": "email",
    "emails": "email",
    "mobile": "mobile_number",
    "mobilenumber": "mobile_number",
    "work": "work_number",
}


def shop_fault(status: int, body: Json) -> Failure:
    """Name the failure in a commercetools answer; *body* is JSON or plain text."""
    errors = body.get("errors") if isinstance(body, dict) else None
    entries = [entry for entry in errors or () if isinstance(entry, dict)]
    codes = [str(entry.get("code", "")) for entry in entries]
    if isinstance(body, dict):
        codes.append(str(body.get("error", "")))
    field = next((str(entry["field"]) for entry in entries if "field" in entry), "")
    messages = _messages(entries) or _messages(body)
    row, _ = _first_row(Side.SHOP, status, codes=codes, messages=messages)
    return Failure(row.fault, messages, field)


def crm_fault(status: int, body: Json, *, call: str = "") -> Failure:
    """Name the failure in a Freshsales answer; *call* is "METHOD path"."""
    errors = body.get("errors", body) if isinstance(body, dict) else body
    facts = errors if isinstance(errors, dict) else {}
    messages = _messages(errors)
    if "login" in facts:
        messages = (f"login {facts['login']}", *messages)
    row, match = _first_row(
        Side.CRM,
        # A failure was seen in the body of a success.
        facts["code"] if isinstance(facts.get("code"), int) else status,
        codes=(str(facts.get("error_code", "")),),
        messages=messages,
        call=call,
    )
    return Failure(row.fault, messages, _field(match, messages, row.fault))


#: For an answer that fits no row, such as a success that cannot be read.
_UNKNOWN: Final = FaultRow(side=Side.SHOP, fault=Fault.AMBIGUOUS)


def _first_row(
    side: Side,
    status: int,
    *,
    codes: Sequence[str],
    messages: Sequence[str],
    call: str = "",
) -> tuple[FaultRow, re.Match[str] | None]:
    """Find the row that decides, and the words that fitted it."""
    for row in FAULTS:
        if row.side is not side or not call.startswith(row.call):
            continue
        if row.status not in (0, status, status // 100):
            continue
        if row.code and row.code not in codes:
            continue
        match = row.match_text(messages) if row.text else None
        if row.text and match is None:
            continue
        return row, match
    return _UNKNOWN, None


def _field(match: re.Match[str] | None, messages: Sequence[str], fault: Fault) -> str:
    """Give the mapping name of the field that the words name."""
    label = (match.groupdict().get("field") or "").strip().lower() if match else ""
    if not label and fault is Fault.DUPLICATE and "@" in " ".join(messages):
        return "email"
    return FIELD_OF_LABEL.get(label, label.replace(" ", "_"))


#: Where an error keeps its words, in the order of preference.
_WORDS: Final = ("message", "error_description", "description", "error")


def _messages(body: Json) -> tuple[str, ...]:
    """Collect the words of an error, whatever shape it has."""
    if isinstance(body, str):
        return (_plain(body),) if body.strip() else ()
    if isinstance(body, dict):
        words = next((body[key] for key in _WORDS if body.get(key)), ())
        return _messages(words)
    if isinstance(body, list | tuple):
        return tuple(said for entry in body for said in _messages(entry))
    return ()


def _plain(text: str) -> str:
    """Shorten a text; of a web page only the title is left."""
    if text.lstrip()[:1] == "<":
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        words = " ".join(title[1].split()) if title else "no title"
        return f"a web page: {words}"[:200]
    return text.strip()[:500]
