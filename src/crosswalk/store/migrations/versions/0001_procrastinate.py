"""The job queue's own schema."""

from crosswalk.store.migrations.plain import apply

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create Procrastinate's tables and functions."""
    apply("0001_procrastinate.sql")
