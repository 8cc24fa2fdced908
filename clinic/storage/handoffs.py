"""Marks that somebody of the staff should look at a conversation."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.storage.insert import insert_if_new
from clinic.storage.models import Handoff

OPEN, DONE = "open", "done"
REASONS = ("asked", "urgent", "self_harm", "misunderstood", "callback")


def mark(
    session: Session,
    conversation_id: str,
    reason: str,
    now: datetime,
    *,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> tuple[Handoff, bool]:
    """Mark a conversation for the staff; return the mark and whether it is new.

    The same mark (same conversation, reason and contact) is kept once while it is open.

    Raises:
        ValueError: the reason is not known.
    """
    if reason not in REASONS:
        raise ValueError(f"{reason!r} is not a reason for a handoff")
    key = _open_key(conversation_id, reason, name, phone, email)
    created = insert_if_new(
        session,
        Handoff,
        {
            "conversation_id": conversation_id,
            "reason": reason,
            "name": name,
            "phone": phone,
            "email": email,
            "status": OPEN,
            "open_key": key,
            "created_at": now,
        },
    )
    query = select(Handoff).where(Handoff.open_key == key)
    row: Handoff = session.execute(query).scalars().one()
    return row, created


def close(session: Session, handoff: Handoff) -> Handoff:
    """Set a mark done and return it; a later mark of the same kind is a new one."""
    handoff.status = DONE
    handoff.open_key = None
    session.add(handoff)
    session.flush()
    return handoff


def _open_key(*parts: str | None) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
