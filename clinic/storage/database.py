"""Opening the database: SQLite for one machine, PostgreSQL in production."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

# Milliseconds that SQLite waits for another writer, and that PostgreSQL gives one statement.
_BUSY_TIMEOUT = 3000
_STATEMENT_TIMEOUT = 5000
_CONNECT_TIMEOUT = 3


class StorageUnavailable(BaseException):
    """The conversation cannot be read or written.

    Not an `Exception`: Rasa would answer one with an empty conversation in memory, and everything
    that the patient has said in this turn and before would be lost without a word.
    """


class Database:
    """The clinic's database; connects on first use and may be shared by threads."""

    def __init__(self, url: str) -> None:
        """Remember `url` (sqlite:/// or postgresql://); nothing is connected yet."""
        self._url = url
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The engine, made on first use."""
        with self._lock:
            if self._engine is None:
                self._engine = make_engine(self._url)
            return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for reading and writing; commits at the end, rolls back on an error.

        Rows stay readable after the end. Keep it short: SQLite has one writer at a time.
        """
        with Session(self.engine, future=True, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for reading only, which waits for no writer and holds none up."""
        engine = self.engine.execution_options(postgresql_readonly=True)
        with Session(engine, future=True, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Close every connection; a later use connects again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None


def open_database(url: str) -> Database:
    """Return the database at `url` (sqlite:/// or postgresql://) without connecting to it."""
    return Database(url)


def make_engine(url: str) -> Engine:
    """Make an engine with the timeouts and, for SQLite, the journal that this project relies on."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            future=True,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_TIMEOUT,
                "options": f"-c statement_timeout={_STATEMENT_TIMEOUT}",
            },
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # A failed statement is logged without what the patient typed.
    engine = create_engine(parsed, future=True, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late: it would read outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _use_write_ahead_log(cursor: Any) -> None:
    """Switches the journal, which SQLite refuses at once, without waiting, while others do so."""
    give_up = time.monotonic() + _BUSY_TIMEOUT / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads first and writes later fails at once, without waiting, when another
    # writer came between; taking the write lock at the start makes it wait its turn.
    reading = connection.get_execution_options().get("postgresql_readonly", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
