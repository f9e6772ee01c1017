"""Both simulators as processes of their own, and their control API."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """A running simulator; every method speaks to its control API."""

    #: The address that a client is given.
    url: str

    @property
    def control(self) -> str:
        """Where the control API is."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/_control"

    def switch(self, **switches: object) -> None:
        """Set switches."""
        self._send("PUT", "/switches", switches)

    def act(self, act: str, **facts: object) -> Any:  # noqa: ANN401 - JSON
        """Have something happen that no API call of ours does."""
        return self._send("POST", "/act", {"act": act, **facts})

    def advance(self, seconds: float) -> None:
        """Put the simulator's clock forward."""
        self._send("POST", "/clock", {"advance_seconds": seconds})

    def seed(self, records: Iterable[tuple[str, Mapping[str, object]]]) -> None:
        """Put records in place without a call and without a message."""
        lines = [
            orjson.dumps({"resource": resource, "record": record})
            for resource, record in records
        ]
        request = Request(  # noqa: S310 - loopback
            f"{self.control}/seed", data=b"\n".join(lines), method="POST"
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            answer.read()

    def records(self, resource: str) -> list[dict[str, Any]]:
        """Read all records of a resource as the simulator holds them."""
        with urlopen(f"{self.control}/records/{resource}", timeout=60) as answer:  # noqa: S310 - loopback
            return [orjson.loads(line) for line in answer if line.strip()]

    def calls(self) -> Counter[str]:
        """Count the calls since the last reset, by method, route and status."""
        return Counter(self._read("/calls/summary"))

    def writes(self) -> int:
        """Count the writing calls since the last reset."""
        return int(self._read("")["calls"]["writes"])

    def total(self) -> int:
        """Count all calls since the last reset."""
        return int(self._read("")["calls"]["total"])

    def fetch(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Any:  # noqa: ANN401 - JSON
        """Call the API itself, as any client may."""
        parts = urlsplit(self.url)
        request = Request(  # noqa: S310 - loopback
            f"{parts.scheme}://{parts.netloc}{path}",
            data=body,
            method=method,
            headers=dict(headers),
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return orjson.loads(answer.read())

    def forget_calls(self) -> None:
        """Begin to count anew."""
        self._send("DELETE", "/calls", None)

    def _read(self, path: str) -> Any:  # noqa: ANN401 - JSON
        with urlopen(self.control + path, timeout=60) as answer:  # noqa: S310 - loopback
            return orjson.loads(answer.read())

    def _send(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        request = Request(  # noqa: S310 - loopback
            self.control + path,
            data=None if body is None else orjson.dumps(body),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return orjson.loads(answer.read() or b"null")


@contextmanager
def simulator(name: str) -> Iterator[Simulator]:
    """Run a simulator in a process of its own, on a free port of loopback."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"crosswalk.simulators.{name}", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield Simulator(url=process.stdout.readline().split()[1])
        finally:
            process.terminate()
