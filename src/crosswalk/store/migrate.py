"""Bring a database's schema to this version of the program."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import psycopg
from psycopg.errors import UndefinedTable

from crosswalk.domain.faults import ConfigurationError, UnreachableError
from crosswalk.store.sql import STATEMENTS

_VERSIONS: Final = "crosswalk.store.migrations.versions"
#: Seconds that a database may take to answer at first.
PATIENCE: Final = 10


def head() -> str:
    """Name the schema version that this program speaks."""
    names = (file.name for file in files(_VERSIONS).iterdir())
    return max(name[:4] for name in names if name[0].isdigit())


def version(url: str) -> str | None:
    """Name the schema version of a database; None when it has none yet.

    Raises:
        UnreachableError: Nobody answers there, or not to us.
    """
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        raise UnreachableError(str(error)) from error
    with connection:
        try:
            row = connection.execute(STATEMENTS["database.version"]).fetchone()
        except UndefinedTable:
            return None
    return None if row is None else str(row[0])


def migrate(url: str) -> str | None:
    """Apply what is missing, all or nothing; answers the version found.

    Raises:
        ConfigurationError: A newer program has been here; ours would not understand.
    """
    found = version(url)
    if found is not None and found > head():
        raise ConfigurationError(
            f"the database has schema {found}, this program knows {head()}: "
            "run the newer program, or restore a backup from before the upgrade"
        )
    if found != head():
        with as_file(files("crosswalk.store.migrations")) as scripts:
            _upgrade(url, scripts)
    return found


def _upgrade(url: str, scripts: Path) -> None:
    # Alembic takes a third of a second to load; a start that finds nothing to do
    # does without it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url),
        poolclass=NullPool,
    )
    with engine.begin() as connection:
        # Two processes that start at once: the second finds nothing left to do.
        connection.exec_driver_sql(STATEMENTS["database.lock_schema"].decode())
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
