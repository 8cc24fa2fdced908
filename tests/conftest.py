"""A migrated SQLite file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.storage.database import Database, open_database
from clinic.storage.migrate import upgrade


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a freshly migrated database; copying it is quicker than migrating each time."""
    path = tmp_path_factory.mktemp("migrated") / "clinic.db"
    upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def database(tmp_path: Path, empty_file: bytes) -> Iterator[Database]:
    path = tmp_path / "clinic.db"
    path.write_bytes(empty_file)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()
