"""What is stored about a patient, as data that can be handed over."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from clinic.storage.erasures import TABLES

# Numbers of ours that say nothing about the patient.
_LEFT_OUT = {"id", "conversation_id", "request_key", "open_key", "message_key", "health_check_id"}


def records_of(session: Session, conversation_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a conversation by table name, oldest first, ready for JSON."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        query = (
            select(table).where(table.conversation_id == conversation_id).order_by(table.created_at)
        )
        columns = [c.key for c in inspect(table).columns if c.key not in _LEFT_OUT]
        found[table.__tablename__] = [
            {column: _plain(getattr(row, column)) for column in columns}
            for row in session.execute(query).scalars()
        ]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value
