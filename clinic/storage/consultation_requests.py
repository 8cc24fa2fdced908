"""Consultation requests: add, change, cancel, find."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.preferred_time import PreferredTime
from clinic.storage.insert import insert_if_new
from clinic.storage.models import ConsultationRequest

NEW, CHANGED, CANCELLED = "new", "changed", "cancelled"

# No letter or digit that is taken for another when read aloud or written by hand, and no vowels,
# so that no word comes out.
_ALPHABET = "234679CDFGHJKMNPQRTVWXY"
_LENGTH = 6


@dataclass(frozen=True)
class RequestDetails:
    """What a patient asks for; `phone` is E.164, and phone or email is set."""

    name: str
    phone: str | None
    email: str | None
    preferred: PreferredTime


def add(
    session: Session,
    conversation_id: str,
    details: RequestDetails,
    now: datetime,
    health_check_id: int | None = None,
) -> tuple[ConsultationRequest, bool]:
    """Store a request; return its row and whether it is new.

    The same open request of the same conversation is stored once, also when two processes add it
    at the same time. `health_check_id` is given only with the patient's consent to share it; it is
    put on a request that is there already.

    Raises:
        ValueError: there is neither a phone number nor an e-mail address.
    """
    key = _request_key(conversation_id, details)
    for _ in range(5):
        values = {
            "reference": _new_reference(),
            "conversation_id": conversation_id,
            "status": NEW,
            "request_key": key,
            "health_check_id": health_check_id,
            "created_at": now,
            "updated_at": now,
            **_columns(details),
        }
        created = insert_if_new(session, ConsultationRequest, values)
        row = _by_key(session, key)
        if row is not None:
            if not created and health_check_id is not None:
                row.health_check_id = health_check_id
                session.flush()
            return row, created
        # Neither inserted nor there: the reference was taken; another one will not be.
    raise RuntimeError("no free reference for a consultation request")


def change(
    session: Session, request: ConsultationRequest, details: RequestDetails, now: datetime
) -> ConsultationRequest:
    """Put new details into an open request and return it.

    When that makes it the same as another open request of the conversation, this one is cancelled
    and the other one is returned.

    Raises:
        ValueError: the request is cancelled.
    """
    if request.status == CANCELLED:
        raise ValueError(f"{request.reference} is cancelled")
    key = _request_key(request.conversation_id, details)
    if key == request.request_key:
        return request
    same = _by_key(session, key)
    if same is not None:
        cancel(session, request, now)
        return same
    for name, value in _columns(details).items():
        setattr(request, name, value)
    request.request_key = key
    request.status = CHANGED
    request.updated_at = now
    session.add(request)
    session.flush()
    return request


def cancel(session: Session, request: ConsultationRequest, now: datetime) -> ConsultationRequest:
    """Cancel a request and return it; a cancelled one stays as it is."""
    if request.status != CANCELLED:
        request.status = CANCELLED
        request.request_key = None
        request.updated_at = now
        session.add(request)
        session.flush()
    return request


def all_open(session: Session, conversation_id: str) -> list[ConsultationRequest]:
    """Return the conversation's requests that are not cancelled, the newest first."""
    query = (
        select(ConsultationRequest)
        .where(ConsultationRequest.conversation_id == conversation_id)
        .where(ConsultationRequest.status != CANCELLED)
        .order_by(ConsultationRequest.created_at.desc(), ConsultationRequest.id.desc())
    )
    return list(session.execute(query).scalars())


def is_one_of_several(session: Session, request: ConsultationRequest) -> bool:
    """Return whether the conversation has sent other requests too, cancelled ones included."""
    query = (
        select(ConsultationRequest.id)
        .where(ConsultationRequest.conversation_id == request.conversation_id)
        .where(ConsultationRequest.id != request.id)
        .limit(1)
    )
    return session.execute(query).first() is not None


def by_reference(
    session: Session, reference: str, conversation_id: str | None = None
) -> ConsultationRequest | None:
    """Return the request with this reference, however it is typed ("c 7kq4m2"), or None.

    In a chat give `conversation_id` too: a reference alone must not show another person's data.
    """
    letters = "".join(c for c in reference.upper() if c.isalnum())
    wanted = f"C-{letters[1:] if len(letters) == _LENGTH + 1 else letters}"
    query = select(ConsultationRequest).where(ConsultationRequest.reference == wanted)
    if conversation_id is not None:
        query = query.where(ConsultationRequest.conversation_id == conversation_id)
    row: ConsultationRequest | None = session.execute(query).scalars().first()
    return row


def _by_key(session: Session, key: str) -> ConsultationRequest | None:
    query = select(ConsultationRequest).where(ConsultationRequest.request_key == key)
    row: ConsultationRequest | None = session.execute(query).scalars().first()
    return row


def _columns(details: RequestDetails) -> dict[str, Any]:
    if details.phone is None and details.email is None:
        raise ValueError("a consultation request needs a phone number or an e-mail address")
    return {
        "name": details.name,
        "phone": details.phone,
        "email": details.email,
        "preferred_words": details.preferred.words,
        "preferred_day": details.preferred.day,
        "preferred_time": details.preferred.time,
        "preferred_part": details.preferred.part,
    }


def _request_key(conversation_id: str, details: RequestDetails) -> str:
    parts = [
        conversation_id,
        details.name.casefold(),
        details.phone,
        details.email and details.email.casefold(),
        details.preferred.words,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _new_reference() -> str:
    return "C-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
