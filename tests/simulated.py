"""Both simulators at work, and a handle to play with each.

A simulator runs in a process of its own, as it does for people (`simulator`), or in a
thread of this one, which is there at once (`quick_simulator`). A `conftest.py` that
imports the fixtures gives them to its tests: those simulators live as long as the test
process and keep their records; their switches are reset for every test.
"""

import asyncio
import http.client
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import pytest

from crosswalk.simulators import commercetools, freshsales

#: How long a simulator may take to answer, start or stop, in seconds.
PATIENCE: Final = 60
#: What runs each simulator.
SERVE: Final[Mapping[str, Callable[..., Coroutine[Any, Any, None]]]] = {
    "commercetools": commercetools.serve,
    "freshsales": freshsales.serve,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """A running simulator; every method but *fetch* speaks to its control API."""

    #: The address that a client is given.
    url: str

    def switch(self, **switches: object) -> None:
        """Turn switches."""
        self._ask("PUT", "/switches", switches)

    def act(self, act: str, **facts: object) -> Any:  # noqa: ANN401 - JSON
        """Have something happen that no API call of ours does."""
        return self._ask("POST", "/act", {"act": act, **facts})

    def advance(self, seconds: float) -> None:
        """Put the simulator's clock forward."""
        self._ask("POST", "/clock", {"advance_seconds": seconds})

    def seed(self, records: Iterable[tuple[str, Mapping[str, object]]]) -> None:
        """Put records in place without a call and without a message."""
        lines = [orjson.dumps({"resource": n, "record": r}) for n, r in records]
        self.fetch("POST", "/_control/seed", b"\n".join(lines))

    def records(self, resource: str) -> list[dict[str, Any]]:
        """Read all records of a resource as the simulator holds them."""
        lines = self._send("GET", f"/_control/records/{resource}", None, {})
        return [orjson.loads(line) for line in lines.splitlines() if line]

    def calls(self) -> Counter[str]:
        """Count the calls since the last reset, by method, route and status."""
        return Counter(self._ask("GET", "/calls/summary"))

    def writes(self) -> int:
        """Count the writing calls since the last reset."""
        return int(self._ask("GET", "")["calls"]["writes"])

    def total(self) -> int:
        """Count all calls since the last reset."""
        return int(self._ask("GET", "")["calls"]["total"])

    def forget_calls(self) -> None:
        """Begin to count anew."""
        self._ask("DELETE", "/calls")

    def reset(self) -> None:
        """Put every switch back and forget the calls."""
        table = self._ask("GET", "/switches")["switches"]
        self.switch(**{row["name"]: row["default"] for row in table})
        self.forget_calls()

    def fetch(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Call the API itself, as any client may."""
        return orjson.loads(self._send(method, path, body, headers or {}) or b"null")

    def _ask(self, method: str, path: str, content: object = None) -> Any:  # noqa: ANN401 - JSON
        return self.fetch(method, f"/_control{path}", orjson.dumps(content or {}))

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> bytes:
        place = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(place, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert answer.status < 300, content
        return content


@contextmanager
def simulator(name: str) -> Iterator[Simulator]:
    """Run a simulator in a process of its own, on a free port of loopback."""
    with subprocess.Popen(
        [sys.executable, "-m", f"crosswalk.simulators.{name}", "--port", "0"],
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


@contextmanager
def quick_simulator(name: str, loop: asyncio.AbstractEventLoop) -> Iterator[Simulator]:
    """Run a fresh simulator on a loop that runs in another thread."""
    url: Future[str] = Future()
    serving = asyncio.run_coroutine_threadsafe(
        SERVE[name](port=0, ready=url.set_result), loop
    )
    try:
        yield Simulator(url=url.result(PATIENCE))
    finally:
        serving.cancel()


@pytest.fixture(scope="session")
def backstage() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own, for simulators that live briefly."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield loop
    asyncio.run_coroutine_threadsafe(_end_all(), loop).result(PATIENCE)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE)
    loop.close()


@pytest.fixture(scope="session")
def running_commercetools() -> Iterator[Simulator]:
    """Run the simulated commercetools for the whole test process."""
    with simulator("commercetools") as running:
        yield running


@pytest.fixture(scope="session")
def running_freshsales() -> Iterator[Simulator]:
    """Run the simulated Freshsales for the whole test process."""
    with simulator("freshsales") as running:
        yield running


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


async def _end_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
