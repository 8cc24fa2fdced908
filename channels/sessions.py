"""Signed, expiring tokens of website visitors. The server chooses the conversation's id."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from itsdangerous import BadSignature, URLSafeTimedSerializer

_PREFIX = "web-"
_PURPOSE = "clinic web session"


class InvalidToken(ValueError):
    """A token is forged, damaged or expired."""


@dataclass(frozen=True)
class WebSession:
    """A visitor's conversation, the token that opens it, and when that expires."""

    conversation_id: str
    token: str
    expires_at: datetime


class Sessions:
    """Issues tokens and reads them; keeps nothing."""

    def __init__(self, key: str, lifetime: timedelta) -> None:
        """Takes the installation's key and how long a token lasts."""
        self._lifetime = lifetime
        self._serializer = URLSafeTimedSerializer(key, salt=_PURPOSE)

    def open(self, conversation_id: str | None = None) -> WebSession:
        """A session for a new conversation, whose id nobody can guess, or anew for an old one."""
        conversation_id = conversation_id or _PREFIX + secrets.token_urlsafe(24)
        token = self._serializer.dumps(conversation_id)
        _, signed_at = self._serializer.loads(token, return_timestamp=True)
        return WebSession(conversation_id, token, signed_at + self._lifetime)

    def conversation_of(self, token: str, now: datetime | None = None) -> str:
        """The id of the conversation that a token opens.

        Raises:
            InvalidToken: it is not one of ours, or has expired.
        """
        try:
            found, signed_at = self._serializer.loads(token, return_timestamp=True)
        except (BadSignature, ValueError) as error:
            raise InvalidToken from error
        age = (now or datetime.now(timezone.utc)) - signed_at
        if not isinstance(found, str) or age > self._lifetime or age < -timedelta(minutes=1):
            raise InvalidToken
        return found
