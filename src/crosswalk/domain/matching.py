"""Which crm record a shop record is, if any; never a guess between two.

A match needs one rule and one hit. Everything else is a person's to decide, and comes
with what the rule saw.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import idna

from crosswalk.domain.model import Document

#: What the key of a text that is no e-mail address begins with.
_NO_ADDRESS: Final = "not-an-address:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A crm record that could be the one, as far as it was seen."""

    crm_id: str
    external_id: str | None = None
    emails: tuple[str, ...] = ()
    mobile: str | None = None
    name: str = ""
    #: The shop id of its primary link, where it has one.
    linked_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """A shop record that looks for its crm record."""

    shop_id: str
    #: What the CRM must hold as our id: a customer's id, a business unit's key.
    our_id: str
    email: str | None = None
    mobile: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """This one, and by which rule."""

    crm_id: str
    rule: str
    evidence: Document


@dataclass(frozen=True, slots=True)
class New:
    """Nobody there: a new record is safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """More than one, or one that only a person can recognise."""

    candidates: tuple[Candidate, ...]
    rule: str
    evidence: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The one that was found carries the id of another shop record."""

    candidate: Candidate
    rule: str
    other_id: str
    evidence: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The one that was found is linked to another shop record: two of one person."""

    candidate: Candidate
    rule: str
    other_shop_id: str
    evidence: Document = field(default_factory=dict)


Match: TypeAlias = Matched | New | Ambiguous | Conflict | Shared


@lru_cache(maxsize=65_536)
def email_key(text: str) -> str:
    """Write an e-mail address in the one form by which both sides are compared.

    Unicode NFC, the local part without regard to case, the domain in lower-case IDNA
    (A-labels); plus-addresses are addresses of their own. What is no address gets a
    key that no address has.
    """
    if text.startswith(_NO_ADDRESS):
        return text
    plain = unicodedata.normalize("NFC", text.strip())
    local, at, domain = plain.rpartition("@")
    if not (local and at and domain) or re.search(r"\s", plain):
        return _NO_ADDRESS + plain.casefold()
    local = unicodedata.normalize("NFC", local.casefold())
    return f"{local}@{idna_domain(domain)}"


def idna_domain(domain: str) -> str:
    """Write a domain in lower case and A-labels; one that has none stays as it is."""
    lower = domain.lower()
    if lower.isascii():
        return lower
    try:
        return idna.encode(lower, uts46=True).decode()
    except idna.IDNAError:
        return lower


def is_address(key: str) -> bool:
    """Say whether a key is that of an e-mail address."""
    return not key.startswith(_NO_ADDRESS)


def match(
    seeker: Seeker, candidates: Sequence[Candidate], rules: Sequence[str]
) -> Match:
    """Say which candidate the seeker is; the first rule that hits decides."""
    for rule in rules:
        wanted = _WANTED[rule](seeker)
        if wanted is None:
            continue
        carried = _CARRIED[rule]
        hits = tuple(each for each in candidates if wanted in carried(each))
        if hits:
            return _judge(seeker, hits, rule, {rule: wanted})
    return New()


def _judge(
    seeker: Seeker, hits: tuple[Candidate, ...], rule: str, evidence: Document
) -> Match:
    """Say what the hits of one rule amount to."""
    if len(hits) > 1 or rule in HINTS:
        return Ambiguous(candidates=hits, rule=rule, evidence=evidence)
    (one,) = hits
    if one.linked_to is not None and one.linked_to != seeker.shop_id:
        return Shared(
            candidate=one, rule=rule, other_shop_id=one.linked_to, evidence=evidence
        )
    if one.external_id and one.external_id != seeker.our_id:
        return Conflict(
            candidate=one, rule=rule, other_id=one.external_id, evidence=evidence
        )
    return Matched(crm_id=one.crm_id, rule=rule, evidence=evidence)


def _address(text: str | None) -> str | None:
    key = email_key(text or "")
    return key if is_address(key) else None


def _phone(text: str | None) -> str | None:
    """Write an international number as + and digits; None for any other."""
    digits = re.sub(r"[^0-9+]", "", text or "")
    digits = re.sub(r"^00", "+", digits)
    return digits if digits.startswith("+") and len(digits) > 1 else None


def _name(text: str) -> str | None:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()) or None


def _known(keys: Iterable[str | None]) -> frozenset[str]:
    return frozenset(key for key in keys if key is not None)


#: What each rule looks for; None when the seeker has nothing to look for.
_WANTED: Final[Mapping[str, Callable[[Seeker], str | None]]] = {
    "external_id": lambda seeker: seeker.our_id or None,
    "email": lambda seeker: _address(seeker.email),
    "mobile": lambda seeker: _phone(seeker.mobile),
    "name_hint": lambda seeker: _name(seeker.name),
}

#: What each rule finds on a candidate.
_CARRIED: Final[Mapping[str, Callable[[Candidate], frozenset[str]]]] = {
    "external_id": lambda one: _known([one.external_id]),
    "email": lambda one: _known(map(_address, one.emails)),
    "mobile": lambda one: _known([_phone(one.mobile)]),
    "name_hint": lambda one: _known([_name(one.name)]),
}

#: The rules by their configured names, in the order in which they should stand.
RULES: Final = tuple(_WANTED)

#: Rules that never match by themselves; they can only ask a person.
HINTS: Final = frozenset({"name_hint"})
