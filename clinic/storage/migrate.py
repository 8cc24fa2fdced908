"""Bringing the database to the newest version: `python -m clinic.storage.migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from clinic.settings import load_settings
from clinic.storage.database import make_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else in the database uses it.
_ADVISORY_LOCK = 4_206_112


def upgrade(url: str) -> str:
    """Bring the database at `url` to the newest version and return that version's id.

    Processes that do it at the same time wait for one another.
    """
    config = Config()
    # Alembic reads % in an option as the start of a placeholder.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return ScriptDirectory.from_config(config).get_current_head() or ""


if __name__ == "__main__":
    print(f"The database is at version {upgrade(load_settings().database_url)}.")
