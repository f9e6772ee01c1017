"""Reads a YAML file as plain values, and knows on which line each of them stands.

A configuration needs little of YAML, and little is read: no anchors (a few hundred
bytes of them can stand for gigabytes), no tags, no second document, no key twice.
Without quotes only ``true``, ``false``, ``null`` and numbers are more than text; the
country NO, a day and a number with a leading zero stay the text they look like.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from crosswalk.domain.lint import Finding
from crosswalk.domain.model import Json
from crosswalk.settings.refused import Refused

#: Bytes that a configuration file may have.
LARGEST: Final = 1024 * 1024
#: How many lists and mappings may stand inside one another.
DEEPEST: Final = 32
#: Keys and values that a file may have.
MOST: Final = 20_000
#: Characters shown of a line that cannot be read.
SHOWN: Final = 60

WORDS: Final[Mapping[str, Json]] = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.title(), word.upper())
}
WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
FRACTION: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")

#: Keys and positions that lead from the top of a file to one of its nodes.
Steps: TypeAlias = tuple[str | int, ...]
#: The parser of ruamel.yaml carries no types.
Event: TypeAlias = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """A file's content, and where in the file each part of it stands."""

    #: What the file is called in findings.
    name: str
    content: Json
    lines: Mapping[Steps, int]
    #: What is wrong but did not keep the rest from being read.
    findings: Sequence[Finding]

    def line(self, steps: Steps) -> int:
        """Tell the line of a node, or of the nearest one around it."""
        around = (steps[:length] for length in range(len(steps), -1, -1))
        return next((self.lines[s] for s in around if s in self.lines), 1)

    def place(self, steps: Steps) -> str:
        """Name a node as ``file:line path``."""
        return f"{self.name}:{self.line(steps)} {path_of(steps)}".rstrip()


def path_of(steps: Steps) -> str:
    """Write steps as people do: ``contacts.fields[2].owner``."""
    parts = (f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps)
    return "".join(parts).removeprefix(".")


def load_yaml(path: Path) -> YamlFile:
    """Read a file; Refused when it cannot be opened or understood."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        because = error.strerror or type(error).__name__
        raise _refused("Y101", str(path), f"cannot be read: {because}") from None
    return read_yaml(data, name=path.name)


def read_yaml(data: bytes, *, name: str) -> YamlFile:
    """Read a file's bytes; Refused when they are no YAML that is read here."""
    if len(data) > LARGEST:
        raise _refused("Y102", name, "is larger than 1 MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused("Y103", f"{name}:{line}", "is not UTF-8 text") from None
    events = YAML(typ="safe", pure=True).parse(text)
    reader = _Reader(name=name, events=iter(events))
    try:
        content = reader.file()
    except YAMLError as error:
        raise Refused([_syntax(name, text, error)]) from None
    return YamlFile(
        name=name, content=content, lines=reader.lines, findings=reader.findings
    )


#: What to do about each reason not to read on.
REMEDY: Final = {
    "Y101": "check the path, and that this user may read the file",
    "Y102": "a configuration is a few hundred lines; is this the right file?",
    "Y103": "save the file as UTF-8",
    "Y104": "check the indentation, the quotes and the brackets around this place",
    "Y105": "a configuration is never that deep; is a bracket open?",
    "Y106": "write the value out where it is needed; anchors are not read",
    "Y107": "remove one of the two",
    "Y108": "remove the tag; put text into quotes",
    "Y109": "write a single word or text as the key",
    "Y110": "keep one document, without a line of three dashes between",
}


def _refused(code: str, at: str, what: str) -> Refused:
    return Refused([Finding(code=code, at=at, what=what, remedy=REMEDY[code])])


def _syntax(name: str, text: str, error: YAMLError) -> Finding:
    """Say where a file stops being YAML, and show that line."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        what = "a character is not allowed in YAML"
        return Finding(code="Y104", at=name, what=what, remedy=REMEDY["Y104"])
    mark = error.problem_mark
    said = str(error.problem).replace("\t", "\\t")
    shown = [*text.splitlines(), ""][mark.line : mark.line + 1]
    what = f"{said} in: {''.join(shown).strip()[:SHOWN]}"
    at = f"{name}:{mark.line + 1}:{mark.column + 1}"
    return Finding(code="Y104", at=at, what=what, remedy=REMEDY["Y104"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Turns the parser's events into values; never expands anything."""

    name: str
    events: Iterator[Event]
    lines: dict[Steps, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def file(self) -> Json:
        """Read the one document of a file; None when it holds nothing."""
        content, documents = None, 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop("Y110", event, "a second document begins")
                content = self._node(next(self.events), ())
        return content

    def _node(self, event: Event, steps: Steps) -> Json:
        if len(self.lines) >= MOST:
            raise self._stop("Y102", event, f"has more than {MOST} keys and values")
        self.lines.setdefault(steps, event.start_mark.line + 1)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise self._stop("Y106", event, f"the anchor '{event.anchor}' is used")
        if event.tag is not None:
            raise self._stop("Y108", event, f"the tag '{event.tag}' is used")
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if len(steps) >= DEEPEST:
            raise self._stop("Y105", event, f"is deeper than {DEEPEST} levels")
        if isinstance(event, SequenceStartEvent):
            return self._list(steps)
        return self._mapping(steps)

    def _list(self, steps: Steps) -> list[Json]:
        items: list[Json] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._node(event, (*steps, len(items))))
        return items

    def _mapping(self, steps: Steps) -> dict[str, Json]:
        content: dict[str, Json] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event)
            if key in content:
                self._twice(event, (*steps, key))
                self._node(next(self.events), (*steps, key))
                continue
            self.lines[*steps, key] = event.start_mark.line + 1
            content[key] = self._node(next(self.events), (*steps, key))
        return content

    def _key(self, event: Event) -> str:
        if isinstance(event, ScalarEvent) and event.tag is None and not event.anchor:
            return str(event.value)
        raise self._stop("Y109", event, "a key is not plain text")

    def _twice(self, event: Event, steps: Steps) -> None:
        first, line = self.lines[steps], event.start_mark.line + 1
        what = f"'{steps[-1]}' stands on line {first} and again on line {line}"
        at = f"{self.name}:{line} {path_of(steps)}"
        found = Finding(code="Y107", at=at, what=what, remedy=REMEDY["Y107"])
        self.findings.append(found)

    def _stop(self, code: str, event: Event, what: str) -> Refused:
        return _refused(code, f"{self.name}:{event.start_mark.line + 1}", what)


def _scalar(event: Event) -> Json:
    """Read a scalar; with quotes it is always text."""
    text = str(event.value)
    if event.style is not None:
        return text
    if WHOLE.fullmatch(text):
        return int(text)
    if FRACTION.fullmatch(text):
        return float(text)
    return WORDS.get(text, text)
