"""Customers who change in the shop, through its API, in a process of their own.

``python -m benchmarks.shopper URL RATE`` reads one errand a line, runs it when its turn
has come and writes down, a line each, whose record now has which version. RATE is in
errands a second; 0 is as fast as the shop allows.
"""

import asyncio
import base64
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson
from aiohttp import ClientSession, TCPConnector

#: Errands that are under way at once.
AT_ONCE: Final = 32
PROJECT: Final = "sample"
CLIENT: Final = base64.b64encode(b"sample-client:sample-secret").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One change of a customer."""

    number: int
    id: str
    #: The version that the shop has, unless an earlier errand moved it on.
    version: int
    #: An update action of the shop's API.
    action: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a shop would tell of a change, and which errand it was."""

    errand: int
    id: str
    version: int


@asynccontextmanager
async def shopping(
    url: str, errands: Iterable[Errand], *, rate: float
) -> AsyncIterator[AsyncIterator[Notice]]:
    """Have another process run errands; answers its notices as they come."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.shopper",
        url,
        str(rate),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.writelines(orjson.dumps(asdict(e)) + b"\n" for e in errands)
    process.stdin.write_eof()
    try:
        yield _notices(process.stdout)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def shop_for(url: str, errands: Iterable[Errand]) -> int:
    """Run all errands as fast as the shop allows; answers how many there were."""
    async with shopping(url, errands, rate=0) as notices:
        return len([notice async for notice in notices])


async def _notices(lines: asyncio.StreamReader) -> AsyncIterator[Notice]:
    async for line in lines:
        yield Notice(**orjson.loads(line))


async def _run(url: str, rate: float, errands: Iterable[Errand]) -> None:
    """Run errands at their times, whether those before them have ended or not."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with (
        ClientSession(connector=TCPConnector(limit=AT_ONCE)) as session,
        asyncio.TaskGroup() as running,
    ):
        shop = _Shop(session, f"{url}/{PROJECT}", await _token(session, url))
        began = time.monotonic()
        for number, errand in enumerate(errands):
            if rate:
                early = began + number / rate - time.monotonic()
                await asyncio.sleep(max(0.0, early))
            await gate.acquire()
            task = running.create_task(shop.run(errand))
            task.add_done_callback(lambda _: gate.release())


class _Shop:
    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._versions: dict[str, int] = {}
        self._turn: dict[str, asyncio.Lock] = {}

    async def run(self, errand: Errand) -> None:
        """Change a customer, and tell."""
        async with self._turn.setdefault(errand.id, asyncio.Lock()):
            version = self._versions.get(errand.id, errand.version)
            body = {"version": version, "actions": [errand.action]}
            async with self._session.post(
                f"{self._url}/customers/{errand.id}", json=body, headers=self._headers
            ) as answer:
                answer.raise_for_status()
                changed = orjson.loads(await answer.read())
            self._versions[errand.id] = changed["version"]
        told = Notice(errand=errand.number, id=errand.id, version=changed["version"])
        sys.stdout.buffer.write(orjson.dumps(asdict(told)) + b"\n")
        sys.stdout.buffer.flush()


async def _token(session: ClientSession, url: str) -> str:
    form = {"grant_type": "client_credentials"}
    headers = {"Authorization": f"Basic {CLIENT}"}
    async with session.post(f"{url}/oauth/token", data=form, headers=headers) as answer:
        answer.raise_for_status()
        return str((await answer.json())["access_token"])


if __name__ == "__main__":
    given = [Errand(**orjson.loads(line)) for line in sys.stdin.buffer]
    asyncio.run(_run(sys.argv[1], float(sys.argv[2]), given))
