"""Migrations are plain SQL: our own files, and the schema that Procrastinate ships."""

from importlib.resources import files

from alembic import op
from psycopg import Connection


def apply(file: str) -> None:
    """Run a file of statements as it stands, in the migration's transaction."""
    versions = files("crosswalk.store.migrations.versions")
    run(versions.joinpath(file).read_text("utf-8"))


def run(statements: str) -> None:
    """Run statements as they stand, in the migration's transaction."""
    driver = op.get_bind().connection.driver_connection
    if not isinstance(driver, Connection):
        raise TypeError(driver)
    driver.execute(statements.encode())
