"""Words what is wrong with the shape of crosswalk.yaml, at its line, with a remedy."""

import re
from collections.abc import Callable, Mapping
from typing import Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crosswalk.domain.lint import Finding, suggest
from crosswalk.settings.document import YamlFile
from crosswalk.settings.shape import File

#: code, what and remedy.
Words = tuple[str, str, str]

#: Keys that people try, and that have another home.
ELSEWHERE: Final[Mapping[str, str]] = {
    "commercetools": "set CROSSWALK_COMMERCETOOLS__...; keys never stand in this file",
    "freshsales": "set CROSSWALK_FRESHSALES__...; keys never stand in this file",
    "database_url": "set CROSSWALK_DATABASE_URL; it never stands in this file",
    "data_dir": "set CROSSWALK_DATA_DIR",
}
#: What a pydantic error type wants to have.
WANTED: Final[Mapping[str, str]] = {
    "int_type": "a whole number",
    "string_type": "text; put it into quotes",
    "tuple_type": "a list; begin each item with a dash",
    "dict_type": "keys with values",
    "model_type": "keys with values",
}
GOT: Final[Mapping[type, str]] = {
    str: "text",
    int: "a number",
    float: "a number with a fraction",
    bool: "true or false",
    type(None): "nothing",
    list: "a list",
    dict: "keys with values",
}


def complaints(file: YamlFile, error: ValidationError) -> list[Finding]:
    """Turn what a validation says into findings, first line first."""
    true = (details for details in error.errors() if not _is_echo(details))
    ordered = sorted(true, key=lambda details: file.line(details["loc"]))
    return [_complaint(file, details) for details in ordered]


def _is_echo(details: ErrorDetails) -> bool:
    """Say whether a list is called short only because its items are wrong."""
    return details["type"] == "too_short" and bool(details["input"])


def _complaint(file: YamlFile, details: ErrorDetails) -> Finding:
    code, what, remedy = _words(details)
    return Finding(code=code, at=file.place(details["loc"]), what=what, remedy=remedy)


def _words(details: ErrorDetails) -> Words:
    kind = details["type"]
    if kind in WANTED:
        got = GOT.get(type(details["input"]), "something else")
        return "C104", f"is {got}", f"write {WANTED[kind]}"
    return WORDING[kind](details)


def _own(details: ErrorDetails) -> Words:
    facts = details["ctx"]
    return facts["code"], facts["what"], facts["remedy"]


def _unknown(details: ErrorDetails) -> Words:
    *above, key = details["loc"]
    known = _section(above).model_fields
    remedy = ELSEWHERE.get(str(key)) or suggest(str(key), known)
    return "C101", f"'{key}' is no key here", remedy


def _missing(details: ErrorDetails) -> Words:
    *above, key = details["loc"]
    meaning = _section(above).model_fields[str(key)].description
    return "C102", f"'{key}' is missing", f"add it. {meaning}"


def _choice(details: ErrorDetails) -> Words:
    choices = re.findall(r"'([^']*)'", details["ctx"]["expected"])
    word = details["input"]
    if not isinstance(word, str):
        return "C103", "is none of the choices", suggest("", choices)
    return "C103", f"'{word}' is none of the choices", suggest(word, choices)


def _short(details: ErrorDetails) -> Words:
    del details
    return "C105", "is empty", "fill it in"


def _low(details: ErrorDetails) -> Words:
    bound = details["ctx"]["ge"]
    return "C106", f"is less than {bound}", f"write {bound} or more"


def _high(details: ErrorDetails) -> Words:
    bound = details["ctx"]["le"]
    return "C106", f"is more than {bound}", f"write {bound} or less"


#: How each remaining type of pydantic error reads; a test holds that none is missing.
WORDING: Final[Mapping[str, Callable[[ErrorDetails], Words]]] = {
    "refused": _own,
    "extra_forbidden": _unknown,
    "missing": _missing,
    "literal_error": _choice,
    "enum": _choice,
    "string_too_short": _short,
    "too_short": _short,
    "greater_than_equal": _low,
    "less_than_equal": _high,
}


def _section(steps: list[int | str]) -> type[BaseModel]:
    """Find the section that steps lead into."""
    section: type[BaseModel] = File
    for step in steps:
        if step in section.model_fields:
            inner = _model_in(section.model_fields[str(step)].annotation)
            section = inner or section
    return section


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = (_model_in(part) for part in get_args(annotation))
    return next((part for part in parts if part is not None), None)
