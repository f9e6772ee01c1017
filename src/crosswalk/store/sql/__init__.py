"""The statements of the store, one file a table, each under a name.

``-- name --`` opens a statement, the comment lines after it say what it is for; it is
called as ``file.name``.
"""

import re
from importlib.resources import files
from typing import Final

_HEADER: Final = re.compile(r"^-- ([a-z_]+) --\n(?:-- .*\n)+", re.MULTILINE)


def _load() -> dict[str, bytes]:
    """Read every statement of this package by its full name."""
    statements: dict[str, bytes] = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".sql"):
            table = file.name.removesuffix(".sql")
            _, *parts = _HEADER.split(file.read_text("utf-8"))
            for name, statement in zip(parts[::2], parts[1::2], strict=True):
                statements[f"{table}.{name}"] = statement.strip().encode()
    return statements


STATEMENTS: Final = _load()
