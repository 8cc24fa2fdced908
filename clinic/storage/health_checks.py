"""Results of finished health checks, stored only with the person's consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.storage.models import HealthCheck

OUTCOMES = ("not_recommended", "ask_doctor", "nothing_on_list")


def add(
    session: Session,
    conversation_id: str,
    outcome: str,
    findings: Sequence[str],
    consent_version: str,
    now: datetime,
) -> HealthCheck:
    """Store a result and return its row.

    `findings` are ids only (`Outcome.findings`); `consent_version` names the text that the person
    agreed to.

    Raises:
        ValueError: there is no consent, or the outcome is not one of a finished check.
    """
    if not consent_version:
        raise ValueError("a health check is stored only with consent")
    if outcome not in OUTCOMES:
        raise ValueError(f"{outcome!r} is not the outcome of a finished check")
    row = HealthCheck(
        conversation_id=conversation_id,
        outcome=outcome,
        findings=list(findings),
        consent_version=consent_version,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def latest(session: Session, conversation_id: str) -> HealthCheck | None:
    """Return the conversation's newest result."""
    query = (
        select(HealthCheck)
        .where(HealthCheck.conversation_id == conversation_id)
        .order_by(HealthCheck.created_at.desc(), HealthCheck.id.desc())
        .limit(1)
    )
    row: HealthCheck | None = session.execute(query).scalars().first()
    return row
