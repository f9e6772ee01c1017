"""Pouring records into a running simulator through its control API."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import orjson
from aiohttp import ClientSession, ClientTimeout
from yarl import URL

Record = tuple[str, dict[str, Any]]

#: A request is closed once its body has grown to so many bytes.
CHUNK_BYTES: Final = 512 * 1024
#: Seconds that one chunk may take.
PATIENCE: Final = ClientTimeout(total=60)


class SeedingError(Exception):
    """A simulator refused records; holds the status and what it said."""

    def __init__(self, status: int, answer: str) -> None:
        self.status = status
        self.answer = answer
        super().__init__(f"the simulator refused the records: {status} {answer}")


async def seed(
    url: str,
    records: Iterable[Record],
    *,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Store *records*, in their order, in the simulator that answers at *url*.

    Args:
        url: Any address of the simulator; only its scheme, host and port count.
        records: Resource and record, one after the other; never held all at once.
        progress: Told after every chunk how many records are stored by then.

    Raises:
        SeedingError: The simulator refused a record; those before it are stored.
    """
    target = URL(url).origin() / "_control" / "seed"
    stored = 0
    async with ClientSession(timeout=PATIENCE) as session:
        for lines in chunks(records):
            async with session.post(target, data=b"\n".join(lines)) as answer:
                if not answer.ok:
                    raise SeedingError(answer.status, await answer.text())
            stored += len(lines)
            if progress is not None:
                progress(stored)


def chunks(records: Iterable[Record]) -> Iterator[list[bytes]]:
    """Yield the lines of *records* in lists of about `CHUNK_BYTES`."""
    lines: list[bytes] = []
    size = 0
    for resource, record in records:
        line = orjson.dumps({"resource": resource, "record": record})
        lines.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines
