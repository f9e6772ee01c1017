"""The embedded server: shared by its processes, closed to everybody else."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crosswalk.domain.faults import ConfigurationError
from crosswalk.store import embedded

AS_ROOT = os.geteuid() == 0
ONLY_ROOT = pytest.mark.skipif(not AS_ROOT, reason="only root changes users")

#: A process that uses the server until its input ends; says where it is.
USER = """
import sys
from pathlib import Path
from crosswalk.store import embedded
with embedded.start(Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Make a directory whose path is short and that every user may pass through."""
    made = Path(tempfile.mkdtemp(prefix="cw"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def _begin(place: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def _finish(process: "subprocess.Popen[str]") -> None:
    process.communicate()


def _is_running(place: Path) -> bool:
    return (place / "postgres" / "postmaster.pid").exists()


def test_processes_share_one_server_and_the_last_one_stops_it(place: Path) -> None:
    """
    Two processes that start at once get the same server; it stops with the second.
    """
    first, second = _begin(place), _begin(place)
    assert _said(first) == _said(second) != ""
    _finish(first)
    assert _is_running(place)
    _finish(second)
    assert not _is_running(place)


def test_a_server_is_adopted_after_a_kill(place: Path) -> None:
    """
    The server outlives the kill -9 of its process; the next one uses and stops it.
    """
    killed = _begin(place)
    url = _said(killed)
    killed.send_signal(signal.SIGKILL)
    _finish(killed)
    assert _is_running(place)
    with embedded.start(place) as server:
        assert server.url == url
    assert not _is_running(place)


def test_what_was_committed_survives_the_server_s_own_death(place: Path) -> None:
    """
    A commit survives the kill -9 of the server itself; the next start recovers it.
    """
    with embedded.start(place) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        pid = (place / "postgres" / "postmaster.pid").read_text().splitlines()[0]
        os.kill(int(pid), signal.SIGKILL)
    with embedded.start(place) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_nobody_gets_in_without_the_password(place: Path) -> None:
    """
    The server takes no connection without the password, and only its user can read it.
    """
    with embedded.start(place) as server:
        for password in ("", "guess"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(make_conninfo(server.url, password=password))
    assert stat.S_IMODE((place / "postgres.password").stat().st_mode) == 0o600
    assert stat.S_IMODE((place / "postgres").stat().st_mode) == 0o700


@ONLY_ROOT
def test_another_user_does_not_even_reach_the_socket(place: Path) -> None:
    """
    Another local user is stopped before the password is asked for.
    """
    with embedded.start(place):
        reach = (
            "import socket; s = socket.socket(socket.AF_UNIX); "
            f"s.connect('{place}/postgres/.s.PGSQL.5432')"
        )
        tried = subprocess.run(
            ["/usr/bin/env", "python3", "-c", reach],
            user="nobody",
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )
    assert "PermissionError" in tried.stderr


@ONLY_ROOT
def test_as_root_a_private_directory_is_refused_and_left_as_it_is(place: Path) -> None:
    """
    As root a data directory inside a private one is refused; nothing is opened.
    """
    private = place / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(ConfigurationError, match="is private"):
        embedded.start(private / "data")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_long_path_is_no_obstacle(place: Path) -> None:
    """
    Where the path is too long for a socket, it lies in a short directory of its own.
    """
    deep = place / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True, mode=0o755)
    deep.parent.chmod(0o755)
    deep.chmod(0o755)
    with embedded.start(deep) as server:
        host = conninfo_to_dict(server.url)["host"]
        socket_directory = Path(str(host))
        assert stat.S_IMODE(socket_directory.stat().st_mode) == 0o700
        psycopg.connect(server.url).close()
    assert not socket_directory.exists()


def test_a_directory_that_cannot_be_made_is_named(place: Path) -> None:
    """
    A data directory in the way of which lies a file is refused with the remedy.
    """
    (place / "file").touch()
    with pytest.raises(ConfigurationError, match="CROSSWALK_DATA_DIR"):
        embedded.start(place / "file" / "data")
