"""The REST channel for the loopback address: tests, the terminal chat, and whoever measures.

Rasa's own REST channel takes typed text for a payload, answers a failed turn with silence, and lets
one malformed sender id end the process. This one checks what comes in and always has an answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from clinic.content.wording import clinic_variables, load_response
from clinic.profile import load_profile
from clinic.settings import conversation_hash, load_settings
from clinic.storage.database import StorageUnavailable

logger = logging.getLogger(__name__)

_LONGEST_SENDER = 200
_LONGEST_BODY = 262_144
# Longer texts are kept and read up to here; the pipeline reads less still.
_LONGEST_TEXT = 4_000
_PAYLOAD = re.compile(r"^\s*/")
_PAYLOAD_PARTS = re.compile(r"^[\s/]+|\{.*$", re.DOTALL)


class RestOutput(CollectingOutputChannel):
    """Collects the messages of a turn, each whole and with its metadata (answer id, source)."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in responses and events."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message of the assistant."""
        await self._persist_message(
            {
                "recipient_id": recipient_id,
                "text": message.get("text") or "",
                **({"buttons": message["buttons"]} if message.get("buttons") else {}),
                **({"metadata": message["metadata"]} if message.get("metadata") else {}),
            }
        )


class RestChannel(InputChannel):
    """`POST /webhooks/rest/webhook` with `{"sender": str, "message": str}`: a list of messages."""

    @classmethod
    def name(cls) -> str:
        """The channel's part of the address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        webhook = Blueprint("rest_webhook", "rest_webhook")
        settings = load_settings()
        # A turn has two actions at the most; beyond their limits something hangs.
        turn_limit = 2 * settings.action_time_limit + 2
        failure = load_response(settings.root / "data/responses", "utter_failure").format(
            **clinic_variables(load_profile(settings.content_dir))
        )

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            checked = _check(request)
            if isinstance(checked, HTTPResponse):
                return checked
            sender, text = checked
            output = RestOutput()
            complete = False
            try:
                if _PAYLOAD.match(text) and not await _was_offered(request, sender, text):
                    text = _as_words(text)
                message = UserMessage(text, output, sender, input_channel=self.name())
                await asyncio.wait_for(on_new_message(message), turn_limit)
                complete = True
            except (Exception, StorageUnavailable) as error:
                # The error's text may quote the patient; its type does not.
                logger.error(
                    "A turn failed: conversation=%s error=%s",
                    conversation_hash(sender, settings.conversation_key()),
                    type(error).__name__,
                )
            # What was said before the fault stands: it may be the emergency number.
            if not complete or not output.messages:
                await output.send_response(sender, {"text": failure})
            return response.json(output.messages)

        return webhook


def _check(request: Request) -> tuple[str, str] | HTTPResponse:
    """Returns sender id and text of a well-formed request, else the refusal."""
    if len(request.body) > _LONGEST_BODY:
        return _refusal(413, f"A request may have at most {_LONGEST_BODY} bytes.")
    try:
        body = request.json
    except Exception:
        return _refusal(400, "The body is not valid JSON.")
    if not isinstance(body, dict):
        return _refusal(400, "The body must be a JSON object with `sender` and `message`.")
    sender, text = body.get("sender", "default"), body.get("message")
    if not isinstance(sender, str) or not sender or len(sender) > _LONGEST_SENDER:
        return _refusal(400, f"`sender` must be a text of 1 to {_LONGEST_SENDER} characters.")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in sender):
        return _refusal(400, "`sender` must not hold control characters.")
    if not isinstance(text, str):
        return _refusal(400, "`message` must be a text.")
    text = "".join(c for c in text[:_LONGEST_TEXT] if c != "\0" and unicodedata.category(c) != "Cs")
    return sender, text


def _refusal(status: int, reason: str) -> HTTPResponse:
    return response.json({"error": reason}, status=status)


async def _was_offered(request: Request, sender: str, payload: str) -> bool:
    """Tells whether a payload is one of a button that the assistant sent in this conversation."""
    tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
    return tracker is not None and any(
        button.get("payload") == payload.strip()
        for event in tracker.events
        if isinstance(event, BotUttered)
        for button in event.data.get("buttons") or []
    )


def _as_words(text: str) -> str:
    """Takes a typed payload for its words: "/book_consultation{..}" is "book consultation"."""
    return _PAYLOAD_PARTS.sub("", text).replace("_", " ")
