"""The schema's history."""

from hashlib import sha256
from importlib.resources import files

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from crosswalk.domain.faults import ConfigurationError
from crosswalk.store.migrate import head, migrate, version

VERSIONS = files("crosswalk.store.migrations.versions")


def test_migrating_again_changes_nothing(database_url: str) -> None:
    """
    A database at the newest version is left as it is.
    """
    assert migrate(database_url) == head()


def test_an_empty_database_is_brought_to_the_newest_version(server: str) -> None:
    """
    Migrating answers what it found: nothing, the first time.
    """
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
    url = server.replace("@/postgres?", "@/empty?")
    assert migrate(url) is None
    assert version(url) == head()


def test_a_newer_database_is_refused(database_url: str) -> None:
    """
    A program older than the schema does not touch it (P16).
    """
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="9999"):
        migrate(database_url)
    assert version(database_url) == "9999"


def test_the_schema_of_the_installed_procrastinate_is_the_one_we_migrated_to() -> None:
    """
    A Procrastinate with another schema needs a migration before it can be used.
    """
    schema = SchemaManager.get_schema().encode()
    assert sha256(schema).hexdigest()[:16] == "c70ec4b400a60ad9"


def test_every_version_is_one_step_from_the_one_before() -> None:
    """
    Versions are numbered without a gap.
    """
    names = sorted(file.name for file in VERSIONS.iterdir() if file.name[0].isdigit())
    steps = [name[:4] for name in names if name.endswith(".py")]
    assert steps == [f"{number:04}" for number in range(1, len(steps) + 1)]
