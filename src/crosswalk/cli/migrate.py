"""``crosswalk migrate``: bring the database to this version's schema."""

import os

from crosswalk.cli.output import Exit, show_lines
from crosswalk.settings.environment import load_local
from crosswalk.settings.variables import Local
from crosswalk.store import embedded
from crosswalk.store import migrate as schema


def migrate() -> Exit:
    """Apply what the database's schema lacks, all or nothing.

    The embedded database is also migrated at every start; one of yours only here.
    """
    local = load_local(os.environ)
    if local.database_url:
        return _migrate(local.database_url.get_secret_value(), "your database")
    return _migrate_embedded(local)


def _migrate_embedded(local: Local) -> Exit:
    with embedded.start(local.data_dir) as server:
        return _migrate(server.url, f"the database in {local.data_dir}")


def _migrate(url: str, name: str) -> Exit:
    found, wanted = schema.migrate(url), schema.head()
    before = f"schema {found}" if found else "empty"
    if found == wanted:
        show_lines([f"{name} has schema {wanted} already"])
    else:
        show_lines([f"{name} was {before}, and has schema {wanted} now"])
    return Exit.DONE
