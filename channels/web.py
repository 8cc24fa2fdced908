"""The web channel: a website's chat widget, over HTTP and JSON.

A turn takes milliseconds and its replies come together, so that an answer is one response: it needs
no open connection, and a resend with the same message id can get the same answer. The description
for programs is web/openapi.yml.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Request, response
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse

from channels import web_checks as checks
from channels.refusals import CODE_OF_STATUS, Refusal, Refusals, refused
from channels.sessions import Sessions
from channels.site import Site
from channels.transcript import as_text, shown, transcript
from channels.turns import OnNewMessage, TurnFailed, Turns
from clinic.content.wording import clinic_variables, load_buttons, load_response
from clinic.profile import load_profile
from clinic.settings import load_settings
from clinic.storage import erasures, feedback
from clinic.storage.database import StorageUnavailable
from clinic.storage.export import records_of
from clinic.storage.inbox import Incoming

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[HTTPResponse]]

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_RETRY_AFTER = 5
# Bytes that the server reads of any request, instead of Sanic's 100 MB.
_LONGEST_REQUEST = 1_000_000


class WebChannel(InputChannel):
    """Everything under `/webhooks/web/`."""

    @classmethod
    def name(cls) -> str:
        """The channel's part of the address."""
        return "web"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        webhook = Blueprint("web_webhook", "web_webhook")
        desk = _Desk(self.name(), on_new_message)

        @webhook.listener("after_server_start")
        async def start(app: Any, loop: asyncio.AbstractEventLoop) -> None:
            app.config.REQUEST_MAX_SIZE = _LONGEST_REQUEST
            app.error_handler.add(SanicException, desk.refuse_unserved)
            await desk.turns.start(app)

        # Rasa answers every OPTIONS itself, before it comes to a route.
        @webhook.middleware("response")
        async def finish(request: Request, answer: HTTPResponse) -> None:
            desk.finish(request, answer)

        @webhook.route("/", methods=_METHODS)
        async def root(request: Request) -> HTTPResponse:
            return await desk.serve(request, "")

        # One route for all, so that an unknown address and a wrong method get clear answers too.
        @webhook.route("/<path:path>", methods=_METHODS)
        async def inner(request: Request, path: str) -> HTTPResponse:
            return await desk.serve(request, path)

        return webhook


class _Desk:
    """Serves requests: who may, how often, in what shape, and what each address does."""

    def __init__(self, channel: str, on_new_message: OnNewMessage) -> None:
        settings = load_settings()
        profile = load_profile(settings.content_dir)
        responses = settings.root / "data/responses"
        self._channel = channel
        self._settings = settings
        self._profile = profile
        variables = clinic_variables(profile, settings.retention_days)
        buttons = load_buttons(responses, "utter_greet")
        words = load_response(responses, "utter_greet").format(**variables)
        self._buttons = buttons
        self._greeting = {"text": words, "buttons": buttons}
        offered = [button["payload"] for button in buttons]
        self.turns = Turns(channel, on_new_message, settings, offered)
        self._refusals = Refusals(responses, variables, profile.phone)
        self._origins = checks.Origins(settings.web_origins)
        self._rates = checks.Rates(
            settings.web_messages_per_minute,
            settings.web_sessions_per_minute,
            settings.web_requests_per_minute,
        )
        lifetime = timedelta(hours=settings.web_session_hours)
        self._sessions = Sessions(settings.conversation_key(), lifetime)
        self._site = Site(settings.root / "web")
        self._handlers: dict[str, dict[str, Handler]] = {
            "session": {"POST": self._open_session},
            "messages": {"POST": self._take_message},
            "history": {"GET": self._show_history},
            "feedback": {"POST": self._take_feedback},
            "export": {"GET": self._export},
            "conversation": {"DELETE": self._erase},
        }

    async def serve(self, request: Request, path: str) -> HTTPResponse:
        """Answers a request, whatever it is."""
        try:
            if not self._site.has(path):
                self._origins.check(request)
            self._rates.count_request(checks.address_of(request))
            return await self._handler(request.method, path)(request)
        except Refusal as refusal:
            return self._refusals.answer(refusal)
        except (Exception, StorageUnavailable) as error:
            # The error's text may quote the patient; its type does not.
            logger.error("A request failed: path=%s error=%s", path[:40], type(error).__name__)
            return self._refusals.answer(refused("unavailable", retry_after=_RETRY_AFTER))

    def refuse_unserved(self, request: Request, error: SanicException) -> HTTPResponse:
        """Answers what Sanic turns down before it comes to a route, here or nowhere at all."""
        code = CODE_OF_STATUS.get(error.status_code, "bad_request")
        if error.status_code >= 500:
            code = "unavailable"
        answer = self._refusals.answer(refused(code, **getattr(error, "headers", {})))
        self.finish(request, answer)
        return answer

    def finish(self, request: Request, answer: HTTPResponse) -> None:
        """Sets the headers that every answer has."""
        self._origins.allow(request, answer)
        # Rasa's own; there is no cookie that a page could send along.
        answer.headers.pop("Access-Control-Allow-Credentials", None)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")

    def _handler(self, method: str, path: str) -> Handler:
        methods = self._handlers.get(path)
        if methods is None:
            if not self._site.has(path):
                raise refused("not_found")

            async def send(request: Request) -> HTTPResponse:
                return self._site.answer(path)

            methods = {"GET": send, "HEAD": send}
        if method not in methods:
            raise refused("method_not_allowed", allow=", ".join([*methods, "OPTIONS"]))
        return methods[method]

    def _conversation(self, request: Request) -> str:
        return checks.conversation_of(request, self._sessions)

    async def _open_session(self, request: Request) -> HTTPResponse:
        """A new session; with a valid token the same conversation for longer. Stores nothing."""
        checks.body_of(request)
        token = checks.token_of(request)
        known = self._conversation(request) if token else None
        if known is None:
            self._rates.count_session(checks.address_of(request))
        session = self._sessions.open(known)
        return response.json(
            {
                "token": session.token,
                "expires_at": as_text(session.expires_at),
                "message_length": checks.LONGEST_TEXT,
                "clinic": {
                    "name": self._profile.name,
                    "phone": self._profile.phone,
                    "emergency_number": self._profile.emergency_number,
                },
                "greeting": self._greeting,
            },
            status=201,
        )

    async def _take_message(self, request: Request) -> HTTPResponse:
        """A turn; the same message id gives the same answer again."""
        conversation = self._conversation(request)
        posted = checks.message_in(checks.body_of(request))
        self._rates.count_message(conversation)
        message = Incoming(self._channel, posted.id, conversation, posted.text, posted.is_payload)
        try:
            replies = await self.turns.answer(request.app.ctx.agent, message)
        except TurnFailed as error:
            raise refused("unavailable", retry_after=_RETRY_AFTER) from error
        now = datetime.now(timezone.utc)
        return response.json(
            {"id": posted.id, "messages": [shown(reply, now) for reply in replies]}
        )

    async def _show_history(self, request: Request) -> HTTPResponse:
        return response.json({"messages": await self._messages(request)})

    async def _messages(self, request: Request) -> list[dict[str, Any]]:
        store = request.app.ctx.agent.tracker_store
        tracker = await store.retrieve_full_tracker(self._conversation(request))
        return transcript(tracker.events, self._buttons) if tracker else []

    async def _take_feedback(self, request: Request) -> HTTPResponse:
        """A thumb for an answer; a later one for the same message takes its place."""
        conversation = self._conversation(request)
        rated = checks.rating_in(checks.body_of(request))
        rateable = {m["id"]: m.get("answer") for m in await self._messages(request)}
        topic = rateable.get(rated.message)
        if topic is None:
            raise refused("not_found")
        with self.turns.database.session() as session:
            feedback.add(
                session,
                conversation,
                rated.rating,
                topic,
                datetime.now(timezone.utc),
                f"{self._channel}:{conversation}:{rated.message}",
            )
        return response.empty()

    async def _export(self, request: Request) -> HTTPResponse:
        """Everything that is stored of the conversation."""
        conversation = self._conversation(request)
        messages = await self._messages(request)
        with self.turns.database.reading() as session:
            records = records_of(session, conversation)
        now = datetime.now(timezone.utc)
        return response.json(
            {"exported_at": as_text(now), "messages": messages, "records": records},
            headers={"Content-Disposition": 'attachment; filename="conversation.json"'},
        )

    async def _erase(self, request: Request) -> HTTPResponse:
        """Erases the conversation and all records, when no turn of it runs."""
        conversation = self._conversation(request)
        now = datetime.now(timezone.utc)
        async with self.turns.alone(request.app.ctx.agent, conversation):
            with self.turns.database.session() as session:
                erasures.erase_events(session, conversation)
                receipt = erasures.erase_conversation(
                    session, conversation, self._settings.conversation_key(), now
                )
        return response.json(
            {"erased_at": as_text(receipt.erased_at), "reference": receipt.conversation_hash}
        )
