"""Deleting what has been kept for as long as patients are told.

The words of a conversation go, a day's after the other. What patients have asked the clinic for
(requests, call-backs) stays until it is erased by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import column, delete, select
from sqlalchemy import table as sa_table
from sqlalchemy.orm import Session

from clinic.storage.models import InboxMessage

# Rasa's own table, which the migrations make; its times are seconds since 1970.
_EVENTS = sa_table("events", column("id"), column("timestamp"))


def delete_expired(session: Session, before: datetime, most: int) -> int:
    """Delete the oldest words from before a time, at most `most` events; return how many.

    A conversation that begins again after so long is a new session for Rasa, which reads nothing
    of the older ones.
    """
    expired = (
        select(_EVENTS.c.id)
        .where(_EVENTS.c.timestamp < before.timestamp())
        .order_by(_EVENTS.c.timestamp)
        .limit(most)
    )
    result: Any = session.execute(delete(_EVENTS).where(_EVENTS.c.id.in_(expired)))
    session.execute(
        delete(InboxMessage)
        .where(InboxMessage.created_at < before)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)
