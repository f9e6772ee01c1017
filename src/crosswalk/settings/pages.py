"""The reference pages that follow from the declarations."""

from collections.abc import Callable, Mapping
from typing import Final

from crosswalk.settings.schema import schema_text
from crosswalk.settings.variables import FILE, Setting, describe

HEAD: Final = f"""\
# Settings from the environment

Where things are, and the keys to them. A secret may also be read from a file: set the
variable with `{FILE}` behind its name to the file's path. Everything else is configured
in [crosswalk.yaml](configuration.md). A variable that is empty counts as not set.
"""


def settings_page() -> str:
    """Write docs/reference/settings.md."""
    return "\n".join([HEAD, *map(_paragraph, describe())])


def _paragraph(setting: Setting) -> str:
    default = "Required." if setting.default is None else f"Default: {setting.default}."
    secret = f" Secret: `{setting.name}{FILE}` reads it from a file."
    told = default + (secret if setting.secret else "")
    return f"### `{setting.name}`\n\n{setting.help}\n{told}\n"


#: Path below docs -> what writes the page.
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "reference/settings.md": settings_page,
    "reference/crosswalk.schema.json": schema_text,
}
