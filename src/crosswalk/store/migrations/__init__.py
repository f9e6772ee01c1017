"""The schema's history, as Alembic runs it: plain SQL, one transaction for all."""
