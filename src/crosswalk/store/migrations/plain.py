"""Migrations are files of plain SQL."""

from importlib.resources import files

from alembic import op
from psycopg import Connection


def apply(file: str) -> None:
    """Run a file of statements as it stands, in the migration's transaction."""
    text = (
        files("crosswalk.store.migrations.versions").joinpath(file).read_text("utf-8")
    )
    driver = op.get_bind().connection.driver_connection
    if not isinstance(driver, Connection):
        raise TypeError(driver)
    driver.execute(text.encode())
