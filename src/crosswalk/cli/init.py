"""``crosswalk init``: begin a configuration."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from crosswalk.cli.output import Exit, complain, say
from crosswalk.domain.lint import Finding
from crosswalk.settings.schema import schema_text

#: What the first line of either template names, for editors.
SCHEMA_NAME: Final = "crosswalk.schema.json"


def init(
    path: Annotated[Path, Parameter(help="Where to write it.")] = Path(
        "crosswalk.yaml"
    ),
    /,
    *,
    minimal: Annotated[
        bool,
        Parameter(help="Write a short one that needs one custom field.", negative=""),
    ] = False,
    force: Annotated[
        bool, Parameter(help="Write over an existing file.", negative="")
    ] = False,
) -> Exit:
    """Write a commented crosswalk.yaml, and beside it the JSON Schema for editors."""
    template = "minimal.yaml" if minimal else "default.yaml"
    text = files("crosswalk").joinpath("settings", template).read_text("utf-8")
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        complain("nothing written", [_taken(path)])
        return Exit.FAILED
    path.with_name(SCHEMA_NAME).write_text(schema_text(), encoding="utf-8")
    say(f"Wrote {path}. Next: put the credentials into the environment,")
    say("then let 'crosswalk check' say what is missing.")
    return Exit.DONE


def _taken(path: Path) -> Finding:
    return Finding(
        code="exists",
        at=str(path),
        what="there is a file of this name already",
        remedy="name another file, or write over it with --force",
    )
