"""Alembic's entry: runs the migrations on the given connection, or on DATABASE_URL's database."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from clinic.settings import load_settings
from clinic.storage.database import make_engine
from clinic.storage.models import Base


def _include(_object: object, name: str | None, kind: str, *_: object) -> bool:
    # Rasa's table is described by Rasa; `alembic revision --autogenerate` must not drop it.
    return not (kind == "table" and name == "events")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_include,
        # SQLite cannot alter a column; batch mode copies the table instead.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _main() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = make_engine(load_settings().database_url)
    with engine.begin() as connection:
        _run(connection)


_main()
