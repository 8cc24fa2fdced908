"""The migration makes what the models and Rasa expect."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from clinic.storage.database import Database, make_engine, open_database
from clinic.storage.migrate import upgrade
from clinic.storage.models import Base

ROOT = Path(__file__).parents[2]
OWN = {
    "consultation_requests",
    "health_checks",
    "handoffs",
    "feedback",
    "erasures",
    "inbox_messages",
}


def test_all_tables_are_there(database: Database) -> None:
    names = set(sa.inspect(database.engine).get_table_names())
    assert names == {*OWN, "events", "alembic_version"}
    assert set(Base.metadata.tables) == OWN


def test_the_migration_makes_what_the_models_say(database: Database) -> None:
    def own_table(_object: object, name: str, kind: str, *_: object) -> bool:
        return not (kind == "table" and name == "events")

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": own_table})
        assert compare_metadata(context, Base.metadata) == []


def test_the_events_table_is_rasas(database: Database) -> None:
    # Slow to import, so only here.
    from rasa.core.tracker_store import SQLTrackerStore

    table = SQLTrackerStore.SQLEvent.__table__
    wanted = {c.name: (str(c.type), c.nullable, bool(c.primary_key)) for c in table.columns}
    inspector = sa.inspect(database.engine)
    made = {
        c["name"]: (str(c["type"]), c["nullable"], bool(c["primary_key"]))
        for c in inspector.get_columns(table.name)
    }
    assert made == wanted
    indexes = {i["name"]: i["column_names"] for i in inspector.get_indexes(table.name)}
    for index in table.indexes:
        assert indexes[index.name] == [column.name for column in index.columns]
    assert indexes["ix_events_sender_id_timestamp"] == ["sender_id", "timestamp"]


def test_a_second_migration_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/clinic.db"
    assert upgrade(url) == upgrade(url) == "0003"


def test_migrations_at_the_same_time_wait_for_one_another(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "clinic.storage.migrate"],
            cwd=ROOT,
            env={"DATABASE_URL": f"sqlite:///{tmp_path}/clinic.db", "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert output == "The database is at version 0003.\n"


def test_a_database_in_which_rasa_was_first_keeps_its_events(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/clinic.db"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, "
                "type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), "
                "action_name VARCHAR(255), data TEXT)"
            )
        )
        connection.execute(sa.text("CREATE INDEX ix_events_sender_id ON events (sender_id)"))
        connection.execute(sa.text("INSERT INTO events VALUES (1,'s','user',1.0,'','','{}')"))
    upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM events")).scalar_one() == 1
        names = {index["name"] for index in sa.inspect(connection).get_indexes("events")}
    assert "ix_events_sender_id_timestamp" in names
    engine.dispose()


def test_going_back_leaves_the_events(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", str(database.engine.url))
    monkeypatch.chdir(ROOT)
    database.close()
    config = Config(str(ROOT / "alembic.ini"))
    command.downgrade(config, "base")
    assert set(sa.inspect(database.engine).get_table_names()) == {"events", "alembic_version"}
    database.close()
    command.upgrade(config, "head")
    assert set(sa.inspect(database.engine).get_table_names()) >= OWN


def test_sqlite_is_set_up_for_several_processes(database: Database) -> None:
    with database.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 3000}


def test_opening_does_not_connect(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/none/clinic.db")
    database.close()
    assert not (tmp_path / "none").exists()


def test_postgresql_is_given_its_time_limits() -> None:
    engine = make_engine("postgresql://user:password@localhost/clinic")
    _, options = engine.dialect.create_connect_args(engine.url)
    assert engine.dialect.name == "postgresql"
    assert engine.pool._pre_ping  # type: ignore[attr-defined]
    assert "password" in options
