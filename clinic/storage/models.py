"""The tables of the clinic.

Rasa's own table `events` is made by the migration and not mapped here; `EVENTS` names the columns
of it that are used.

Times are aware datetimes in UTC on the Python side and naive UTC in the database.
"""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    column,
    table,
)
from sqlalchemy.orm import DeclarativeMeta, Mapped, registry
from sqlalchemy.types import TypeDecorator

# Its times are seconds since 1970.
EVENTS = table("events", column("id"), column("sender_id"), column("timestamp"))

_registry = registry()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: an aware datetime in any zone goes in, an aware datetime in UTC comes out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a time without a zone: nobody could say later which moment it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def _column(*args: Any, **options: Any) -> Any:
    # SQLAlchemy 1.4's types do not let a Column be assigned to a Mapped; 2.0's mapped_column would.
    return Column(*args, **options)


class Base(metaclass=DeclarativeMeta):
    """What every table's class begins with."""

    __abstract__ = True
    registry = _registry
    metadata = _registry.metadata

    def __init__(self, **values: Any) -> None:
        """Make a row with the given columns."""
        _registry.constructor(self, **values)


class ConsultationRequest(Base):
    """A patient's wish for a consultation; the clinic calls back."""

    __tablename__ = "consultation_requests"

    id: Mapped[int] = _column(Integer, primary_key=True)
    reference: Mapped[str] = _column(String(16), nullable=False, unique=True)
    conversation_id: Mapped[str] = _column(String(255), nullable=False, index=True)
    name: Mapped[str] = _column(String(120), nullable=False)
    phone: Mapped[str | None] = _column(String(32))
    email: Mapped[str | None] = _column(String(254))
    preferred_words: Mapped[str] = _column(Text, nullable=False)
    preferred_day: Mapped[date | None] = _column(Date)
    preferred_time: Mapped[time | None] = _column(Time)
    preferred_part: Mapped[str | None] = _column(String(16))
    status: Mapped[str] = _column(String(16), nullable=False, index=True)
    """new, changed or cancelled."""
    request_key: Mapped[str | None] = _column(String(64), unique=True)
    """The same for the same request; empty once it is cancelled, so that it can be made again."""
    health_check_id: Mapped[int | None] = _column(
        Integer, ForeignKey("health_checks.id", ondelete="SET NULL")
    )
    """Set only when the patient agreed to share the check with the clinic."""
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False, index=True)
    updated_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)


class HealthCheck(Base):
    """The result of a finished check, stored only with consent and only as ids."""

    __tablename__ = "health_checks"

    id: Mapped[int] = _column(Integer, primary_key=True)
    conversation_id: Mapped[str] = _column(String(255), nullable=False, index=True)
    outcome: Mapped[str] = _column(String(32), nullable=False)
    findings: Mapped[list[str]] = _column(JSON, nullable=False)
    consent_version: Mapped[str] = _column(String(32), nullable=False)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False, index=True)


class Handoff(Base):
    """A mark that somebody of the staff should look at a conversation."""

    __tablename__ = "handoffs"

    id: Mapped[int] = _column(Integer, primary_key=True)
    conversation_id: Mapped[str] = _column(String(255), nullable=False, index=True)
    reason: Mapped[str] = _column(String(32), nullable=False)
    """asked, urgent, self_harm, misunderstood or callback."""
    name: Mapped[str | None] = _column(String(120))
    phone: Mapped[str | None] = _column(String(32))
    email: Mapped[str | None] = _column(String(254))
    status: Mapped[str] = _column(String(16), nullable=False, index=True)
    """open or done."""
    open_key: Mapped[str | None] = _column(String(64), unique=True)
    """The same for the same open mark; empty once it is done."""
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False, index=True)


class Feedback(Base):
    """A thumb up or down, for one answer or for the assistant as a whole."""

    __tablename__ = "feedback"

    id: Mapped[int] = _column(Integer, primary_key=True)
    conversation_id: Mapped[str] = _column(String(255), nullable=False, index=True)
    topic: Mapped[str | None] = _column(String(64), index=True)
    rating: Mapped[str] = _column(String(8), nullable=False)
    """up or down."""
    message_key: Mapped[str | None] = _column(String(340), unique=True, index=True)
    """The message that was rated, where it was one; rated again it keeps the last rating."""
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False, index=True)


class InboxMessage(Base):
    """A message that a channel has accepted, until it is answered and for resends of it."""

    __tablename__ = "inbox_messages"
    __table_args__ = (UniqueConstraint("channel", "conversation_id", "message_id"),)

    id: Mapped[int] = _column(Integer, primary_key=True)
    channel: Mapped[str] = _column(String(32), nullable=False)
    message_id: Mapped[str] = _column(String(128), nullable=False)
    """The channel's own id of the message; a resend has the same."""
    conversation_id: Mapped[str] = _column(String(255), nullable=False, index=True)
    text: Mapped[str | None] = _column(Text)
    """What was typed, or a button's payload; empty once it is answered."""
    is_payload: Mapped[bool] = _column(Boolean, nullable=False)
    replies: Mapped[list[dict[str, Any]] | None] = _column(JSON(none_as_null=True))
    """The assistant's messages; empty until it is answered."""
    attempts: Mapped[int] = _column(Integer, nullable=False)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False, index=True)


class Erasure(Base):
    """The receipt of an erasure: proof that it was done, without saying whose data it was."""

    __tablename__ = "erasures"

    id: Mapped[int] = _column(Integer, primary_key=True)
    conversation_hash: Mapped[str] = _column(String(12), nullable=False, index=True)
    counts: Mapped[dict[str, int]] = _column(JSON, nullable=False)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
