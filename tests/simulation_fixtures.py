"""Both simulators as processes of their own, and a handle to play with each.

A `conftest.py` that imports the fixtures gives them to its tests. A simulator lives as
long as the test process and keeps its records; its switches are reset for every test.
"""

import http.client
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import orjson
import pytest

from crosswalk.domain.model import Json

#: How long a simulator may take to start or stop, in seconds.
PATIENCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """The control API of a running simulator."""

    #: Where the API that it imitates is.
    url: str

    def switch(self, **values: bool | float | str) -> None:
        """Turn switches."""
        self._ask("PUT", "/switches", values)

    def seed(self, records: Iterable[tuple[str, Json]]) -> None:
        """Store records as they stand, each with its resource."""
        lines = [orjson.dumps({"resource": n, "record": r}) for n, r in records]
        self._send("POST", "/seed", b"\n".join(lines))

    def act(self, act: str, **facts: Json) -> Json:
        """Do what only this simulator can."""
        return self._ask("POST", "/act", {"act": act, **facts})

    def advance(self, seconds: float) -> None:
        """Move its clock forward."""
        self._ask("POST", "/clock", {"advance_seconds": seconds})

    def calls(self) -> dict[str, int]:
        """Count its calls since the test began, by method, route and status."""
        return dict(self._ask("GET", "/calls/summary"))

    def reset(self) -> None:
        """Put every switch back and forget the calls."""
        table = self._ask("GET", "/switches")["switches"]
        self._ask("PUT", "/switches", {row["name"]: row["default"] for row in table})
        self._ask("DELETE", "/calls")

    def _ask(self, method: str, path: str, content: Json = None) -> Json:
        return self._send(method, path, orjson.dumps(content or {}))

    def _send(self, method: str, path: str, body: bytes) -> Json:
        place = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(place, timeout=PATIENCE)
        try:
            connection.request(method, f"/_control{path}", body)
            answer = connection.getresponse()
            content = orjson.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, content
        return content


def run_simulator(name: str) -> Iterator[Simulator]:
    """Run a simulator until the generator ends."""
    module = f"crosswalk.simulators.{name}"
    with subprocess.Popen(
        [sys.executable, "-m", module, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            word, url = process.stdout.readline().split()
            assert word == "ready"
            yield Simulator(url=url)
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def running_commercetools() -> Iterator[Simulator]:
    """Run the simulated commercetools for the whole test process."""
    yield from run_simulator("commercetools")


@pytest.fixture(scope="session")
def running_freshsales() -> Iterator[Simulator]:
    """Run the simulated Freshsales for the whole test process."""
    yield from run_simulator("freshsales")


@pytest.fixture
def simulated_shop(running_commercetools: Simulator) -> Simulator:
    """Give the simulated commercetools with every switch at its default."""
    running_commercetools.reset()
    return running_commercetools


@pytest.fixture
def simulated_crm(running_freshsales: Simulator) -> Simulator:
    """Give the simulated Freshsales with every switch at its default."""
    running_freshsales.reset()
    return running_freshsales
