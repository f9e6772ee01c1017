"""What every test can ask for: a database of its own."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from crosswalk.store import embedded
from crosswalk.store.database import Database
from crosswalk.store.migrate import migrate

_NUMBERS = count(1)

# A run in the background ignores SIGINT and hands that on to every process it starts;
# tests that interrupt one would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as everything does."""
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a PostgreSQL for this process; its address, with a migrated template."""
    # A socket's path must be short, and as root the server's user must get there.
    place = Path(tempfile.mkdtemp(prefix="cw"))
    place.chmod(0o755)
    try:
        with embedded.start(place) as running:
            _execute(running.url, "CREATE DATABASE template")
            migrate(_address(running.url, "template"))
            yield running.url
    finally:
        shutil.rmtree(place)


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make a migrated, empty database and drop it in the end; its address."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE template")
    try:
        yield _address(server, name)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server: str) -> Iterator[str]:
    """Make a migrated, empty database; its address."""
    with fresh_database(server) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open a migrated, empty database."""
    async with await Database.open(database_url) as opened:
        yield opened


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _address(url: str, name: str) -> str:
    return url.replace("@/postgres?", f"@/{name}?")
