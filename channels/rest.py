"""The REST channel for the loopback address: tests, the terminal chat, and whoever measures.

Rasa's own REST channel takes typed text for a payload, answers a failed turn with silence, and lets
one malformed sender id end the process. This one checks what comes in and always has an answer.
"""

from __future__ import annotations

import asyncio
import uuid

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from channels.texts import has_control_characters, storable
from channels.turns import OnNewMessage, Turns
from clinic.settings import load_settings
from clinic.storage.database import StorageUnavailable
from clinic.storage.inbox import Incoming, Reply

_LONGEST_SENDER = 200
_LONGEST_BODY = 262_144
# Longer texts are kept and read up to here; the pipeline reads less still.
_LONGEST_TEXT = 4_000


class RestChannel(InputChannel):
    """`POST /webhooks/rest/webhook` with `{"sender": str, "message": str}`: a list of messages."""

    @classmethod
    def name(cls) -> str:
        """The channel's part of the address."""
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        webhook = Blueprint("rest_webhook", "rest_webhook")
        turns = Turns(self.name(), on_new_message, load_settings())

        @webhook.listener("after_server_start")
        async def resume(app: object, loop: asyncio.AbstractEventLoop) -> None:
            await turns.start(app)

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            checked = _check(request)
            if isinstance(checked, HTTPResponse):
                return checked
            sender, text = checked
            # Whoever writes here may send payloads; the ones that were offered count as such.
            message = Incoming(self.name(), uuid.uuid4().hex, sender, text, is_payload=True)
            try:
                replies = await turns.answer(request.app.ctx.agent, message, gives_up=True)
            except StorageUnavailable:
                replies = [turns.apology(message)]
            return response.json([_shown(sender, reply) for reply in replies])

        return webhook


def _shown(sender: str, reply: Reply) -> dict[str, object]:
    extras = {key: reply[key] for key in ("buttons", "metadata") if reply[key]}
    return {"recipient_id": sender, "text": reply["text"], **extras}


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
    if has_control_characters(sender):
        return _refusal(400, "`sender` must not hold control characters.")
    if not isinstance(text, str):
        return _refusal(400, "`message` must be a text.")
    return sender, storable(text[:_LONGEST_TEXT])


def _refusal(status: int, reason: str) -> HTTPResponse:
    return response.json({"error": reason}, status=status)
