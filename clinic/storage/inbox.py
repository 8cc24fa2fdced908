"""Messages that a channel has accepted: none is lost, none is answered twice.

A message is kept before its turn begins. What a crash leaves without an answer is found again, and
a resend of an answered message gets the same answer. The words are dropped once they are answered:
from then on they stand in the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinic.storage.insert import insert_if_new
from clinic.storage.models import InboxMessage

Reply = dict[str, Any]


@dataclass(frozen=True)
class Incoming:
    """A message on its way in.

    Attributes:
        channel: the channel's name.
        message_id: the channel's own id of the message in its conversation, at most 128 characters.
        conversation_id: whose it is.
        text: what was typed, or the payload of a button.
        is_payload: which of the two it is.
    """

    channel: str
    message_id: str
    conversation_id: str
    text: str
    is_payload: bool = False


def accept(session: Session, message: Incoming, now: datetime) -> list[Reply] | None:
    """Keep a message; return its replies if it was answered before, else None."""
    new = {
        "channel": message.channel,
        "message_id": message.message_id,
        "conversation_id": message.conversation_id,
        "text": message.text,
        "is_payload": message.is_payload,
        "attempts": 0,
        "created_at": now,
    }
    if insert_if_new(session, InboxMessage, new):
        return None
    replies: list[Reply] | None = session.execute(_row(message)).scalars().one().replies
    return replies


def begin(session: Session, message: Incoming) -> int:
    """Count an attempt to answer; return how many there have been, 0 if it is not kept any more."""
    row: InboxMessage | None = session.execute(_row(message)).scalars().one_or_none()
    if row is None:
        return 0
    attempts: int = row.attempts + 1
    row.attempts = attempts
    return attempts


def answered(session: Session, message: Incoming, replies: Sequence[Reply]) -> None:
    """Keep the replies and drop the words; an erased message stays erased."""
    session.execute(
        update(InboxMessage)
        .where(*_is(message))
        .values(replies=list(replies), text=None)
        .execution_options(synchronize_session=False)
    )


def unanswered(session: Session, channel: str) -> list[Incoming]:
    """Return the messages without an answer, the oldest first."""
    query = (
        select(InboxMessage)
        .where(
            InboxMessage.channel == channel,
            InboxMessage.replies.is_(None),
            InboxMessage.text.is_not(None),
        )
        .order_by(InboxMessage.id)
    )
    return [
        Incoming(row.channel, row.message_id, row.conversation_id, row.text or "", row.is_payload)
        for row in session.execute(query).scalars()
    ]


def forget(session: Session, before: datetime) -> int:
    """Delete answered messages of before a time, when nobody resends them; return how many."""
    result: Any = session.execute(
        delete(InboxMessage)
        .where(InboxMessage.created_at < before, InboxMessage.text.is_(None))
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def expire(session: Session, before: datetime) -> None:
    """Delete all messages of before a time, those that wait for an answer too."""
    session.execute(
        delete(InboxMessage)
        .where(InboxMessage.created_at < before)
        .execution_options(synchronize_session=False)
    )


def _row(message: Incoming) -> Any:
    return select(InboxMessage).where(*_is(message))


def _is(message: Incoming) -> tuple[Any, ...]:
    return (
        InboxMessage.channel == message.channel,
        InboxMessage.conversation_id == message.conversation_id,
        InboxMessage.message_id == message.message_id,
    )
