"""A shell with an environment: runs ``crosswalk`` as a process and reads its words."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.simulated import Simulator

#: Seconds that a command may take.
PATIENCE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    #: Standard error without frames and line ends, so that sentences stay whole.
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """The result as JSON."""
        return orjson.loads(self.out)


@dataclass(frozen=True, slots=True)
class Running:
    """A command that has not ended yet."""

    process: subprocess.Popen[str]

    def wait_for(self, text: str) -> str:
        """Read on to the line that holds a text, and answer it."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if text in line:
                return line
        raise AssertionError(f"it never said {text!r}: {''.join(said)}")

    def end(self, number: int = signal.SIGINT) -> Said:
        """Send a signal; answer how it ends, with what it says from then on."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE)
        assert "Traceback" not in out, out
        return Said(code=self.process.returncode, out=out, err=_unframed(out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Where commands run: a folder, two sides and a database."""

    folder: Path
    shop: Simulator
    crm: Simulator
    environ: Mapping[str, str]

    def run(self, *words: str, **changes: str) -> Said:
        """Run ``crosswalk``; *changes* are variables, without their prefix."""
        ours = {f"CROSSWALK_{name}": value for name, value in changes.items()}
        done = subprocess.run(
            [sys.executable, "-m", "crosswalk", *words],
            cwd=self.folder,
            env={**plain(), **self.environ, **ours},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(code=done.returncode, out=done.stdout, err=_unframed(done.stderr))

    @contextmanager
    def begin(self, *words: str) -> Iterator["Running"]:
        """Start ``crosswalk``, to be watched while it runs; in the end it is killed."""
        with subprocess.Popen(
            [sys.executable, "-m", "crosswalk", *words],
            cwd=self.folder,
            env={**plain(), **self.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    def write(self, text: str) -> None:
        """Put a crosswalk.yaml into the folder."""
        (self.folder / "crosswalk.yaml").write_text(text, encoding="utf-8")


def plain() -> dict[str, str]:
    """Give the environment without any setting of ours, and with plain output."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("CROSSWALK_")}
    return {**kept, "COLUMNS": "100", "NO_COLOR": "1"}


def settings_of(shop: Simulator, crm: Simulator, database: str) -> dict[str, str]:
    """Name everything that leads to two simulators and a database."""
    return {
        "CROSSWALK_DATABASE_URL": database,
        "CROSSWALK_COMMERCETOOLS__API_URL": shop.url,
        "CROSSWALK_COMMERCETOOLS__AUTH_URL": shop.url,
        "CROSSWALK_COMMERCETOOLS__PROJECT_KEY": "sample",
        "CROSSWALK_COMMERCETOOLS__CLIENT_ID": "sample-client",
        "CROSSWALK_COMMERCETOOLS__CLIENT_SECRET": "sample-secret",
        "CROSSWALK_FRESHSALES__URL": crm.url,
        "CROSSWALK_FRESHSALES__API_KEY": "sample-key",
        "CROSSWALK_FRESHSALES__CALLS_PER_HOUR": "1000000",
        "CROSSWALK_FRESHSALES__CALLS_PER_MINUTE": "1000000",
    }


def _unframed(text: str) -> str:
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())
