"""The checks of a request to the web channel; each failure is a `Refusal`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sanic import Request
from sanic.response import HTTPResponse

from channels.refusals import STATUS, refused
from channels.sessions import InvalidToken, Sessions
from channels.texts import storable
from clinic.storage.feedback import RATINGS

LONGEST_TEXT = 1_000
_LONGEST_BODY = 16_384
_LONGEST_TOKEN = 512
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BEARER = "bearer "
_ALLOWED = "Authorization, Content-Type"
_EXPOSED = "Retry-After, Content-Disposition"


@dataclass(frozen=True)
class Posted:
    """A message as the widget posts it."""

    id: str
    text: str
    is_payload: bool


@dataclass(frozen=True)
class Rated:
    """A thumb for one of the assistant's messages."""

    message: str
    rating: str


class Origins:
    """Which websites' pages may use the channel: its own, and those of the settings."""

    def __init__(self, allowed: Collection[str]) -> None:
        """Takes origins such as "https://clinic.example"."""
        self._allowed = frozenset(allowed)

    def check(self, request: Request) -> None:
        """Refuses what another website's page sends; a request without `Origin` is no page's."""
        origin = request.headers.get("origin")
        if origin is not None and not self._is_allowed(request, origin):
            raise refused("forbidden_origin")

    def allow(self, request: Request, answer: HTTPResponse) -> None:
        """Lets the page of an allowed website read an answer.

        Any page may ask before it sends something, and read that it is refused: nothing else tells
        its visitor, and the clinic that forgot WEB_ORIGINS, what is wrong.
        """
        origin = request.headers.get("origin")
        answer.headers["Vary"] = "Origin"
        is_refusal = request.method == "OPTIONS" or answer.status == STATUS["forbidden_origin"]
        if origin is not None and (is_refusal or self._is_allowed(request, origin)):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Headers"] = _ALLOWED
            answer.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            answer.headers["Access-Control-Expose-Headers"] = _EXPOSED
            answer.headers["Access-Control-Max-Age"] = "600"

    def _is_allowed(self, request: Request, origin: str) -> bool:
        if origin in self._allowed:
            return True
        try:
            host = urlsplit(origin).netloc
        except ValueError:
            return False
        return bool(host) and host == request.headers.get("host")


class Rates:
    """How often: messages of a session, requests and new sessions of an address."""

    def __init__(self, messages: int, sessions: int, requests: int) -> None:
        """Takes the limits per minute; counts are kept in memory, each process its own."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._messages = RateLimitItemPerMinute(messages)
        self._sessions = RateLimitItemPerMinute(sessions)
        self._requests = RateLimitItemPerMinute(requests)

    def count_request(self, address: str) -> None:
        """Counts a request of an address; refuses one too many."""
        self._count(self._requests, "request", address)

    def count_session(self, address: str) -> None:
        """Counts a new session of an address; refuses one too many."""
        self._count(self._sessions, "session", address)

    def count_message(self, conversation_id: str) -> None:
        """Counts a message of a session; refuses one too many."""
        self._count(self._messages, "message", conversation_id)

    def _count(self, limit: RateLimitItemPerMinute, *of: str) -> None:
        if not self._limiter.hit(limit, *of):
            reset = self._limiter.get_window_stats(limit, *of).reset_time
            raise refused("too_many_requests", retry_after=max(1, round(reset - time.time())))


def address_of(request: Request) -> str:
    """The address that a request comes from; behind proxies, the one that they name."""
    return request.remote_addr or request.ip


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request.

    Another content type is refused: a page of any website may post text or forms without asking.
    """
    if len(request.body) > _LONGEST_BODY:
        raise refused("too_long")
    if (request.content_type or "").split(";")[0].strip().lower() != "application/json":
        raise refused("unsupported_media_type")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise refused("bad_request") from error
    if not isinstance(body, dict):
        raise refused("bad_request")
    return body


def token_of(request: Request) -> str | None:
    """The bearer token of a request, None where it has none."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(_BEARER) or len(header) > _LONGEST_TOKEN:
        return None
    return header[len(_BEARER) :].strip() or None


def conversation_of(request: Request, sessions: Sessions) -> str:
    """The id of the conversation that a request's token opens."""
    token = token_of(request)
    try:
        if token is None:
            raise InvalidToken
        return sessions.conversation_of(token)
    except InvalidToken as error:
        raise refused("unauthorized", www_authenticate="Bearer") from error


def message_in(body: dict[str, Any]) -> Posted:
    """The message in a body: an id, and either a text or a payload."""
    if not body.keys() <= {"id", "text", "payload"} or ("text" in body) == ("payload" in body):
        raise refused("bad_request")
    is_payload = "payload" in body
    message_id, text = body.get("id"), body.get("payload" if is_payload else "text")
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise refused("bad_request")
    if not isinstance(text, str):
        raise refused("bad_request")
    if len(text) > LONGEST_TEXT:
        raise refused("too_long")
    text = storable(text)
    if not text.strip():
        raise refused("bad_request")
    return Posted(message_id, text, is_payload)


def rating_in(body: dict[str, Any]) -> Rated:
    """The rating in a body."""
    message, rating = body.get("message"), body.get("rating")
    if body.keys() != {"message", "rating"} or not isinstance(message, str):
        raise refused("bad_request")
    if not isinstance(rating, str) or rating not in RATINGS:
        raise refused("bad_request")
    return Rated(message, rating)
