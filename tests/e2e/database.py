"""What the clinic's tables hold of a conversation, read past the code under test."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

TABLES = ("consultation_requests", "health_checks", "handoffs", "feedback")


def rows(database: Path, table: str, conversation: str) -> list[dict[str, Any]]:
    """Returns a conversation's rows of one of `TABLES`, the oldest first."""
    return _select(database, f"select * from {table} where conversation_id = ?", conversation)


def erasures(database: Path, conversation_hash: str) -> list[dict[str, Any]]:
    """Returns the receipts of a conversation's erasures."""
    query = "select * from erasures where conversation_hash = ?"
    return _select(database, query, conversation_hash)


def messages(database: Path, conversation: str) -> list[dict[str, Any]]:
    """Returns what Rasa's own table holds of a conversation."""
    return _select(database, "select * from events where sender_id = ?", conversation)


def _select(database: Path, query: str, value: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"{query} order by id", [value])]
