"""Thumbs up and down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from clinic.storage.models import Feedback

RATINGS = ("up", "down")


def add(
    session: Session, conversation_id: str, rating: str, topic: str | None, now: datetime
) -> Feedback:
    """Store a rating of the answer to `topic`, or of the assistant when it is None.

    Raises:
        ValueError: the rating is neither up nor down.
    """
    if rating not in RATINGS:
        raise ValueError(f"{rating!r} is neither up nor down")
    row = Feedback(conversation_id=conversation_id, rating=rating, topic=topic, created_at=now)
    session.add(row)
    session.flush()
    return row
