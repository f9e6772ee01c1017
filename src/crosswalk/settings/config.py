"""Loads crosswalk.yaml: checked as a whole, compiled, and known by its hash."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, TypeAlias

import orjson
from pydantic import ValidationError

from crosswalk.domain.context import Context
from crosswalk.domain.lint import Finding, suggest
from crosswalk.domain.mapping import Entry, FieldMap, compile_map
from crosswalk.domain.model import Document, Json, Kind
from crosswalk.domain.paths import SHAPES, compile_path
from crosswalk.settings.complaints import complaints
from crosswalk.settings.document import Steps, YamlFile, load_yaml, read_yaml
from crosswalk.settings.refused import Refused
from crosswalk.settings.shape import (
    CONTACT_ID_FIELD,
    Accounts,
    ConsentSource,
    Contacts,
    FieldLine,
    File,
    Locale,
    MappingTest,
    Sync,
)

#: A mapping line, and where it stands.
Placed: TypeAlias = tuple[Steps, FieldLine]
Lines: TypeAlias = Mapping[Kind, Sequence[Placed]]

#: The section that maps each kind.
SECTION: Final[Mapping[Kind, str]] = {
    Kind.PERSON: "contacts",
    Kind.COMPANY: "accounts",
}
#: What a sales account cannot be created without (Freshsales, settings/fields).
ACCOUNT_NAME: Final = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration that can be worked with."""

    contacts: Contacts
    accounts: Accounts
    consent: Mapping[str, ConsentSource]
    locale: Locale
    sync: Sync
    tests: tuple[MappingTest, ...]
    maps: Mapping[Kind, FieldMap]
    #: Everything that has an effect, defaults included, as JSON in one spelling.
    effective: str
    source: YamlFile

    @property
    def hash(self) -> str:
        """Name this configuration; comments, order of keys and tests do not count."""
        return sha256(self.effective.encode()).hexdigest()

    def context(self, document: Document) -> Context:
        """Tell the circumstances in which a record's values are read."""
        address = document.get("address")
        known = address if isinstance(address, Mapping) else {}
        return Context(
            country=known.get("country"),
            languages=self.locale.languages,
            crm_language=self.locale.crm_language,
            zone=self.locale.zone,
            fallback_region=self.locale.region,
        )


def built_in(variant: Literal["default", "minimal"] = "default") -> str:
    """Return the text of a configuration that comes with Crosswalk."""
    return files("crosswalk.settings").joinpath(f"{variant}.yaml").read_text("utf-8")


def load_config(path: Path | None) -> Config:
    """Read a configuration, None for the built-in one; Refused with all findings."""
    if path is None:
        return make_config(read_yaml(built_in().encode(), name="default.yaml"))
    return make_config(load_yaml(path))


def make_config(source: YamlFile) -> Config:
    """Check and compile a file's content; Refused with all findings."""
    lines = {kind: list(_lines(source, kind)) for kind in SECTION}
    compiled = {kind: _compile(kind, lines[kind], source) for kind in SECTION}
    findings = [*source.findings]
    findings += (f for _, found in compiled.values() for f in found)
    findings += _ids_by_hand(lines, source)
    try:
        file = File.model_validate(source.content)
    except ValidationError as error:
        raise Refused(complaints(source, error) + findings) from None
    maps = {kind: fields for kind, (fields, _) in compiled.items()}
    findings += _no_name(lines[Kind.COMPANY], source)
    findings += _wrong_paths(file.consent, source)
    findings += _wrong_tests(file.tests, lines, source)
    if findings:
        raise Refused(findings)
    return Config(
        contacts=file.contacts,
        accounts=file.accounts,
        consent=file.consent,
        locale=file.locale,
        sync=file.sync,
        tests=file.tests,
        maps=maps,
        effective=_canonical(file.model_dump(mode="json", exclude={"tests"})),
        source=source,
    )


def _canonical(content: Json) -> str:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def _lines(source: YamlFile, kind: Kind) -> Iterator[Placed]:
    """Tell the mapping lines that are in order by themselves, and where they stand."""
    section = _child(source.content, SECTION[kind])
    written = _child(section, "fields")
    for number, line in enumerate(written if isinstance(written, list) else ()):
        try:
            checked = FieldLine.model_validate(line)
        except ValidationError:
            continue
        yield (SECTION[kind], "fields", number), checked


def _child(content: Json, key: str) -> Json:
    return content.get(key) if isinstance(content, dict) else None


def _compile(
    kind: Kind, lines: Iterable[Placed], source: YamlFile
) -> tuple[FieldMap, list[Finding]]:
    return compile_map(
        kind,
        [Entry(at=source.place(steps), **line.model_dump()) for steps, line in lines],
    )


def _ids_by_hand(lines: Lines, source: YamlFile) -> Iterator[Finding]:
    """Find mappings of the fields that carry our ids; those are always written."""
    id_field = _child(_child(source.content, "accounts"), "id_field")
    kept = {
        Kind.PERSON: CONTACT_ID_FIELD,
        Kind.COMPANY: id_field or Accounts.model_fields["id_field"].default,
    }
    for kind, own in lines.items():
        for steps, line in own:
            if line.crm == kept[kind]:
                yield Finding(
                    code="C110",
                    at=source.place((*steps, "crm")),
                    what=f"'{line.crm}' carries the shop's id and is always written",
                    remedy="remove this line",
                )


def _no_name(lines: Iterable[Placed], source: YamlFile) -> list[Finding]:
    if any(line.crm == ACCOUNT_NAME for _, line in lines):
        return []
    at = source.place((SECTION[Kind.COMPANY], "fields"))
    what = "nothing is mapped to 'name', and no account can be without"
    remedy = "add {crm: name, shop: name}"
    return [Finding(code="C111", at=at, what=what, remedy=remedy)]


def _wrong_paths(
    consent: Mapping[str, ConsentSource], source: YamlFile
) -> Iterator[Finding]:
    """Find consent paths that lead nowhere in a customer's document."""
    for channel, kept in consent.items():
        for part, path in kept.model_dump(exclude_none=True).items():
            _, wrong = compile_path(path, SHAPES[Kind.PERSON])
            at = source.place(("consent", channel, part))
            for code, what, remedy in wrong:
                yield Finding(code=code, at=at, what=what, remedy=remedy)


def _wrong_tests(
    tests: Iterable[MappingTest], lines: Lines, source: YamlFile
) -> Iterator[Finding]:
    """Find tests that speak of fields which their mapping does not have."""
    for number, test in enumerate(tests):
        mapped = {line.crm for _, line in lines[test.kind]}
        for part in ("crm", "base", "expect"):
            for name in getattr(test, part).keys() - mapped:
                yield Finding(
                    code="C112",
                    at=source.place(("tests", number, part, name)),
                    what=f"'{name}' is not mapped for a {test.kind}",
                    remedy=suggest(name, mapped),
                )
