"""What an account's administrator decided: fields, choices and their ids; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crosswalk.domain.model import Json, Kind
from crosswalk.ports import CrmField

#: References that mappings write by name -> the selector that knows their ids (8.1).
#: The API's key is the name with ``_id``, and include= takes the name.
REFERENCES: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.PERSON: {
        "owner": "owners",
        "territory": "territories",
        "lead_source": "lead_sources",
        "campaign": "campaigns",
        "lifecycle_stage": "lifecycle_stages",
        "contact_status": "contact_statuses",
    },
    Kind.COMPANY: {
        "owner": "owners",
        "territory": "territories",
        "industry_type": "industry_types",
        "business_type": "business_types",
    },
}

#: Other names that differ: the API's -> the one in mappings.
NAMES: Final[Mapping[str, str]] = {
    "emails": "email",
    "parent_sales_account_id": "parent_account",
}

#: Links to other records: mapping name -> what include= takes, where an answer does
#: not carry them anyway (section 4).
LINKS: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.PERSON: {"sales_accounts": "sales_accounts"},
    Kind.COMPANY: {"parent_account": ""},
}

#: What every record has and no description of fields was seen to list (2.3, 4):
#: mapping name -> type.
UNLISTED: Final[Mapping[Kind, Mapping[str, str]]] = {
    kind: {**dict.fromkeys(LINKS[kind], "lookup"), "tags": "tags"} for kind in Kind
}

#: A field that takes several choices, joined by semicolons (2.3).
MULTIPLE: Final = "multi_select_dropdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The entries of a selector, both ways."""

    #: Spelled without regard to case.
    ids: Mapping[str, int]
    names: Mapping[int, str]

    @classmethod
    def of(cls, entries: Iterable[Json]) -> "Choices":
        """Read a selector's entries; an owner is called by e-mail, answers to both."""
        ids: dict[str, int] = {}
        names: dict[int, str] = {}
        for entry in entries:
            spellings = [entry.get(key) for key in ("email", "name", "display_name")]
            known = [spelling for spelling in spellings if spelling]
            for spelling in known:
                ids.setdefault(spelling.casefold(), entry["id"])
            names[entry["id"]] = known[0] if known else str(entry["id"])
        return cls(ids=ids, names=names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything about one module that translating needs."""

    #: By mapping name.
    fields: Mapping[str, CrmField] = field(default_factory=dict)
    #: By mapping name, for the references that are mapped.
    choices: Mapping[str, Choices] = field(default_factory=dict)


def mapped_selectors(kind: Kind, wanted: Collection[str]) -> dict[str, str]:
    """List the references among *wanted* with their selectors."""
    return {
        name: selector for name, selector in REFERENCES[kind].items() if name in wanted
    }


def includes(kind: Kind, wanted: Collection[str]) -> str:
    """Say what include= must name for an answer to carry all of *wanted*."""
    links = [inc for name, inc in LINKS[kind].items() if inc and name in wanted]
    return ",".join([*mapped_selectors(kind, wanted), *links])


def read_catalogue(
    kind: Kind, described: Json, choices: Mapping[str, Choices]
) -> Catalogue:
    """Read /settings/<module>/fields, given the choices of the mapped references."""
    fields = {
        read.name: read
        for read in (
            _field(kind, row, choices) for row in described.get("fields") or ()
        )
    }
    for name, type_ in UNLISTED[kind].items():
        fields.setdefault(name, _unlisted(name, type_))
    return Catalogue(fields=fields, choices=choices)


def _field(kind: Kind, row: Json, choices: Mapping[str, Choices]) -> CrmField:
    name = mapping_name(kind, row["name"])
    return CrmField(
        name=name,
        label=row.get("label") or name,
        type=MULTIPLE if row.get("multiple") else row.get("type") or "text",
        custom=name.startswith("cf_"),
        required=bool(row.get("required")),
        choices=_choices(row, choices.get(name)),
    )


def mapping_name(kind: Kind, api_name: str) -> str:
    """Give the name that mappings use for a field of the API."""
    stem = api_name.removesuffix("_id")
    return stem if stem in REFERENCES[kind] else NAMES.get(api_name, api_name)


def _choices(row: Json, known: Choices | None) -> Sequence[str]:
    if known is not None:
        return list(known.names.values())
    return [str(choice["value"]) for choice in row.get("choices") or ()]


def _unlisted(name: str, type_: str) -> CrmField:
    return CrmField(
        name=name,
        label=name.replace("_", " ").capitalize(),
        type=type_,
        custom=False,
        required=False,
    )
