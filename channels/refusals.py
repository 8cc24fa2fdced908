"""Refusals of the web channel: a code for programs, words for the visitor, the clinic's phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanic import response
from sanic.response import HTTPResponse

from clinic.content.wording import load_response

STATUS = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden_origin": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_long": 413,
    "unsupported_media_type": 415,
    "too_many_requests": 429,
    "unavailable": 503,
}
CODE_OF_STATUS = {status: code for code, status in STATUS.items()}


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that is not served.

    Attributes:
        code: one of `STATUS`.
        headers: further headers of the answer, such as `Retry-After`.
    """

    code: str
    headers: tuple[tuple[str, str], ...] = ()


def refused(code: str, **headers: object) -> Refusal:
    """A refusal with headers, e.g. `retry_after=30` for `Retry-After: 30`."""
    named = ((name.replace("_", "-").title(), str(value)) for name, value in headers.items())
    return Refusal(code, tuple(named))


class Refusals:
    """The answers to refused requests."""

    def __init__(self, responses_dir: Path, variables: Mapping[str, str], phone: str) -> None:
        """Reads the words, `utter_web_<code>` in data/responses/."""
        self._phone = phone
        self._words = {
            code: load_response(responses_dir, f"utter_web_{code}").format(**variables)
            for code in STATUS
        }

    def answer(self, refusal: Refusal) -> HTTPResponse:
        """The answer to a refused request."""
        error = {
            "code": refusal.code,
            "message": self._words[refusal.code],
            "phone": self._phone,
        }
        return response.json(
            {"error": error}, status=STATUS[refusal.code], headers=dict(refusal.headers)
        )
