"""The stage of the demo: both simulators and a data directory, gone afterwards."""

import asyncio
import os
import shlex
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crosswalk.domain.faults import CrosswalkError
from crosswalk.settings.config import built_in

#: Seconds that a simulator may take to start or to end.
PATIENCE: Final = 20
#: Of a name that says what it is for, should anything ever be left behind.
PREFIX: Final = "crosswalk-demo-"
#: What the built-in configuration is told to do at once here: the simulated shop's
#: listings do not lag, and nobody wants to wait.
HURRY: Final[Mapping[str, str]] = {
    "  poll_every: 60\n": "  poll_every: 1\n",
    "  settle: 30\n": "  settle: 0\n",
    "  overlap: 120\n": "  overlap: 2\n",
}
#: A quota that never slows the demo.
PLENTY: Final = "100000000"


class StageError(CrosswalkError):
    """A simulator does not start; its last words are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the demo plays on."""

    #: Where everything is kept until the end.
    place: Path
    shop_url: str
    crm_url: str

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment in which every command works on this stage."""
        return {
            "CROSSWALK_DATA_DIR": str(self.place),
            "CROSSWALK_CONFIG": str(self.place / "crosswalk.yaml"),
            "CROSSWALK_COMMERCETOOLS__API_URL": self.shop_url,
            "CROSSWALK_COMMERCETOOLS__AUTH_URL": self.shop_url,
            "CROSSWALK_COMMERCETOOLS__PROJECT_KEY": "sample",
            "CROSSWALK_COMMERCETOOLS__CLIENT_ID": "sample-client",
            "CROSSWALK_COMMERCETOOLS__CLIENT_SECRET": "sample-secret",
            "CROSSWALK_FRESHSALES__URL": self.crm_url,
            "CROSSWALK_FRESHSALES__API_KEY": "sample-key",
            "CROSSWALK_FRESHSALES__CALLS_PER_HOUR": PLENTY,
            "CROSSWALK_FRESHSALES__CALLS_PER_MINUTE": PLENTY,
        }

    @property
    def environ_file(self) -> Path:
        """The file that brings the environment into another terminal."""
        return self.place / "environment"


@asynccontextmanager
async def set_up() -> AsyncIterator[Stage]:
    """Start both simulators and lay everything out; leave nothing behind."""
    with _place() as place:
        async with (
            _simulator("commercetools", place) as shop_url,
            _simulator("freshsales", place) as crm_url,
        ):
            stage = Stage(place=place, shop_url=shop_url, crm_url=crm_url)
            _lay_out(stage)
            yield stage


@contextmanager
def _place() -> Iterator[Path]:
    """Make a folder that PostgreSQL can work in; as root it runs as somebody else."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    parent = next(filter(_is_open, _temporary()), None) if as_root else None
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    if as_root:
        place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _temporary() -> Iterator[Path]:
    yield from map(Path, (tempfile.gettempdir(), "/tmp", "/var/tmp"))  # noqa: S108 - mkdtemp follows


def _is_open(folder: Path) -> bool:
    places = (folder, *folder.parents)
    return folder.is_dir() and all(p.stat().st_mode & 0o005 == 0o005 for p in places)


@asynccontextmanager
async def _simulator(name: str, place: Path) -> AsyncIterator[str]:
    """Run a simulator on a free port; its address.

    It has a session of its own: Ctrl-C is for us alone, we end it when we are ready.
    """
    log = place / f"{name}.log"
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"crosswalk.simulators.{name}", "--port", "0"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        yield await _address(process, log)
    finally:
        await _end(process)


async def _address(process: Process, log: Path) -> str:
    if process.stdout is None:
        raise AssertionError("its output was asked for")
    line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
    words = line.decode().split()
    if words[:1] != ["ready"]:
        raise StageError(f"a simulator does not start: {_last_words(log)}")
    return words[1]


def _last_words(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-600:]


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()


def _lay_out(stage: Stage) -> None:
    config = built_in()
    for usual, here in HURRY.items():
        config = config.replace(usual, here)
    (stage.place / "crosswalk.yaml").write_text(config, encoding="utf-8")
    lines = (f"export {k}={shlex.quote(v)}\n" for k, v in stage.environ.items())
    stage.environ_file.write_text("".join(lines), encoding="utf-8")
