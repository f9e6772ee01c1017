"""Transforms of texts and lists."""

from collections.abc import Mapping
from typing import Final

from crosswalk.domain.context import (
    Context,
    TransformError,
    kind_of,
    list_of,
    text_of,
)
from crosswalk.domain.matching import email_key, idna_domain, is_address
from crosswalk.domain.model import Json
from crosswalk.domain.values import is_blank, same

#: Stands for an argument that was not given, where null is an answer.
_ABSENT: Final = object()

_TRUTHS: Final[Mapping[str, bool]] = {
    "true": True,
    "yes": True,
    "1": True,
    "false": False,
    "no": False,
    "0": False,
}


def trim(value: Json, _: Context) -> str:
    """Drop the blanks at both ends and write every run of blanks inside as one."""
    return " ".join(text_of(value).split())


def lower(value: Json, _: Context) -> str:
    """Write in lower case."""
    return text_of(value).lower()


def upper(value: Json, _: Context) -> str:
    """Write in upper case."""
    return text_of(value).upper()


def truncate(value: Json, _: Context, *, length: int) -> str:
    """Keep the first *length* characters."""
    return text_of(value)[:length].rstrip()


def email(value: Json, _: Context) -> str:
    """Write the domain in lower case and IDNA; the part before the @ stays."""
    text = text_of(value).strip()
    if not is_address(email_key(text)):
        raise TransformError(
            "this is no e-mail address", "correct it in the shop, or map another"
        )
    local, _at, domain = text.rpartition("@")
    written = idna_domain(domain)
    if not written.isascii():
        raise TransformError(
            "the domain of this e-mail address cannot exist", "correct it in the shop"
        )
    return f"{local}@{written}"


def join(value: Json, _: Context, *, separator: str = ", ") -> str:
    """Join a list to one text; entries without content are left out."""
    return separator.join(text_of(e) for e in list_of(value) if not is_blank(e))


def names(value: Json, _: Context, *, separator: str = ", ") -> str:
    """Join the names of stores, groups, ...; one without a name by its key."""
    return separator.join(
        _label(entry, "name", "key", "id") for entry in list_of(value)
    )


def keys(value: Json, _: Context, *, separator: str = ", ") -> str:
    """Join the keys of stores, groups, ...; one without a key by its id."""
    return separator.join(_label(entry, "key", "id") for entry in list_of(value))


def roles(value: Json, _: Context) -> str:
    """Write memberships for people: "Acme DE: buyer, approver; Acme FR: admin"."""
    return "; ".join(
        f"{_label(each, 'name', 'key', 'id')}: {', '.join(each.get('roles') or ['-'])}"
        for each in list_of(value)
    )


def default(value: Json, _: Context, *, to: Json) -> Json:
    """Give *to* where the document has nothing."""
    return to if is_blank(value) else value


def lookup(
    value: Json, _: Context, *, table: Mapping[str, Json], default: Json = _ABSENT
) -> Json:
    """Replace by the table's entry; a list entry by entry.

    Without *default* a value that the table lacks is refused, never passed through.
    """
    if isinstance(value, list):
        return [_looked_up(entry, table, default) for entry in value]
    return _looked_up(value, table, default)


def checkbox(value: Json, _: Context) -> bool:
    """Read true, false, yes, no, 1 and 0 as a truth."""
    truth = value if isinstance(value, bool) else _TRUTHS.get(str(value).lower())
    if truth is None:
        raise TransformError(
            f"neither yes nor no: {kind_of(value)}", "use lookup to say what is yes"
        )
    return truth


def yes_no(value: Json, context: Context, *, yes: str = "Yes", no: str = "No") -> str:
    """Write a truth as the text of a dropdown."""
    return yes if checkbox(value, context) else no


def _looked_up(value: Json, table: Mapping[str, Json], default: Json) -> Json:
    for known, replacement in table.items():
        if same(known, value):
            return replacement
    if default is _ABSENT:
        raise TransformError(
            f"the table has no entry for {kind_of(value)}",
            "add one, or give the table a default",
        )
    return default


def _label(entry: Json, *names_: str) -> str:
    """Take the first of an object's names that it has."""
    if not isinstance(entry, Mapping):
        return text_of(entry)
    return next((entry[name] for name in names_ if entry.get(name)), "")
