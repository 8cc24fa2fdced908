"""Erasing what is stored of a conversation, and telling what that is.

The messages themselves are Rasa's events. Within a turn the tracker store erases those, as it
writes them at the turn's end; outside of one `erase_events` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from clinic.settings import conversation_hash
from clinic.storage.models import (
    EVENTS,
    ConsultationRequest,
    Erasure,
    Feedback,
    Handoff,
    HealthCheck,
    InboxMessage,
)

# Requests point to health checks and go first.
TABLES: tuple[Any, ...] = (ConsultationRequest, HealthCheck, Handoff, Feedback)


@dataclass(frozen=True)
class ErasureReceipt:
    """What was erased: rows by table name, and the code that stands for the conversation."""

    conversation_hash: str
    counts: Mapping[str, int]
    erased_at: datetime


@dataclass(frozen=True)
class HeldData:
    """What is stored of a conversation: rows by table name, and its requests' references."""

    counts: Mapping[str, int]
    references: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether anything at all is stored."""
        return any(self.counts.values())


def erase_conversation(
    session: Session, conversation_id: str, key: str, now: datetime
) -> ErasureReceipt:
    """Delete the conversation's rows from all tables and keep a receipt.

    `key` is the installation's conversation key; the receipt names the conversation by its hash.
    """
    counts: dict[str, int] = {}
    for table in TABLES:
        query = (
            delete(table)
            .where(table.conversation_id == conversation_id)
            .execution_options(synchronize_session="fetch")
        )
        result: Any = session.execute(query)
        counts[table.__tablename__] = int(result.rowcount)
    # Copies of what stands in the conversation; nothing that a patient would count.
    session.execute(
        delete(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id)
        .execution_options(synchronize_session="fetch")
    )
    hashed = conversation_hash(conversation_id, key)
    session.add(Erasure(conversation_hash=hashed, counts=counts, created_at=now))
    session.flush()
    return ErasureReceipt(hashed, counts, now)


def erase_events(session: Session, conversation_id: str) -> None:
    """Delete the messages of a conversation; no turn of it may run meanwhile."""
    session.execute(delete(EVENTS).where(EVENTS.c.sender_id == conversation_id))


def held_data(session: Session, conversation_id: str) -> HeldData:
    """Tell what is stored of the conversation; cancelled requests are stored too."""
    counts: dict[str, int] = {}
    for table in TABLES:
        query = select(func.count(table.id)).where(table.conversation_id == conversation_id)
        counts[table.__tablename__] = int(session.execute(query).scalar_one())
    references = (
        select(ConsultationRequest.reference)
        .where(ConsultationRequest.conversation_id == conversation_id)
        .order_by(ConsultationRequest.created_at, ConsultationRequest.id)
    )
    return HeldData(counts, tuple(session.execute(references).scalars()))
