"""The first tables of our own."""

from crosswalk.store.migrations.plain import apply

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create ledger, pending, links, bases, journal and what belongs to them."""
    apply("0002_first.sql")
