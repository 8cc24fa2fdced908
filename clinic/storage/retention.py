"""Deleting what has been kept for as long as patients are told.

The words of a conversation go, a day's after the other. What patients have asked the clinic for
(requests, call-backs) stays until it is erased by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic.storage.models import EVENTS


def delete_expired(session: Session, before: datetime, most: int) -> int:
    """Delete the oldest words from before a time, at most `most` events; return how many.

    A conversation that begins again after so long is a new session for Rasa, which reads nothing
    of the older ones.
    """
    expired = (
        select(EVENTS.c.id)
        .where(EVENTS.c.timestamp < before.timestamp())
        .order_by(EVENTS.c.timestamp)
        .limit(most)
    )
    result: Any = session.execute(delete(EVENTS).where(EVENTS.c.id.in_(expired)))
    return int(result.rowcount)
