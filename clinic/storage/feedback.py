"""Thumbs up and down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic.storage.insert import insert_if_new
from clinic.storage.models import Feedback

RATINGS = ("up", "down")


def add(
    session: Session,
    conversation_id: str,
    rating: str,
    topic: str | None,
    now: datetime,
    message_key: str | None = None,
) -> Feedback:
    """Store a rating of the answer to `topic`, or of the assistant when it is None.

    With a `message_key` a later rating of the same message takes the place of the earlier one.

    Raises:
        ValueError: the rating is neither up nor down.
    """
    if rating not in RATINGS:
        raise ValueError(f"{rating!r} is neither up nor down")
    values = {
        "conversation_id": conversation_id,
        "rating": rating,
        "topic": topic,
        "created_at": now,
        "message_key": message_key,
    }
    if message_key is None:
        row = Feedback(**values)
        session.add(row)
        session.flush()
        return row
    of_message = Feedback.message_key == message_key
    if not insert_if_new(session, Feedback, values):
        change = update(Feedback).where(of_message).values(rating=rating, created_at=now)
        session.execute(change.execution_options(synchronize_session=False))
    kept: Feedback = session.execute(select(Feedback).where(of_message)).scalars().one()
    return kept
