"""The schema's history."""

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


def test_the_copied_schema_is_that_of_the_installed_procrastinate() -> None:
    """
    A Procrastinate with another schema needs a migration before it can be used.
    """
    copied = VERSIONS.joinpath("0001_procrastinate.sql").read_text("utf-8")
    _, _, statements = copied.partition("-- Procrastinate Schema")
    _, _, theirs = SchemaManager.get_schema().partition("-- Procrastinate Schema")
    assert statements == theirs


def test_every_version_is_one_file_of_sql_and_one_of_python() -> None:
    """
    Versions are numbered without a gap.
    """
    names = sorted(file.name for file in VERSIONS.iterdir() if file.name[0].isdigit())
    stems = {name.partition(".")[0] for name in names}
    assert len(names) == 2 * len(stems)
    assert {stem[:4] for stem in stems} == {f"{n:04}" for n in range(1, len(stems) + 1)}
