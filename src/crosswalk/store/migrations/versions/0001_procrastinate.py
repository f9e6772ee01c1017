"""The job queue's own schema, from the package that is pinned.

A later version of Procrastinate brings its own migrations; each that we take is a
migration here, so that no database changes because a package did.
"""

from procrastinate.schema import SchemaManager

from crosswalk.store.migrations.plain import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create Procrastinate's tables and functions."""
    run(SchemaManager.get_schema())
