"""Adding a row that may be there already, in one statement that two processes cannot both win."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic.storage.models import Base


def insert_if_new(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its unique values is taken; tell whether it was inserted."""
    name = session.get_bind().dialect.name
    insert: Any = sqlite.insert if name == "sqlite" else postgresql.insert
    result: Any = session.execute(insert(table).values(**values).on_conflict_do_nothing())
    return bool(result.rowcount)
