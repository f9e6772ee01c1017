"""What Crosswalk remembers: PostgreSQL, named SQL, one round trip a table."""
