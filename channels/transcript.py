"""A conversation as the visitor sees it, made from the events that Rasa keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from channels.turns import turns_of
from clinic.storage.inbox import Reply

_KINDS = ("emergency", "check")


def shown(reply: Reply, at: datetime) -> dict[str, Any]:
    """One of the assistant's messages, with the source of an answer and what kind it is.

    `kind` is emergency, check (a question of the contraindication check) or plain.
    """
    metadata = reply["metadata"]
    kind = metadata.get("kind")
    source = metadata.get("source")
    step, of = metadata.get("step"), metadata.get("of")
    return {
        "id": reply["id"],
        "from": "assistant",
        "text": reply["text"],
        "at": as_text(at),
        "buttons": [
            {"title": button["title"], "payload": button["payload"]} for button in reply["buttons"]
        ],
        "answer": metadata.get("answer"),
        "source": {"section": source, "reviewed_on": metadata.get("reviewed_on")}
        if source
        else None,
        "kind": kind if kind in _KINDS else "plain",
        "check": {"step": step, "of": of} if step and of else None,
    }


def transcript(events: Any, greeting: Iterable[Mapping[str, str]] = ()) -> list[dict[str, Any]]:
    """Both sides of a conversation, oldest first; a pressed button shows as its title.

    `greeting` are the buttons that the channel shows before the first message.
    """
    messages: list[dict[str, Any]] = []
    titles = {button["payload"]: button["title"] for button in greeting}
    for user, replies in turns_of(events):
        at = _moment(user.timestamp)
        text = titles.get((user.text or "").strip(), user.text or "")
        messages.append({"id": user.message_id, "from": "visitor", "text": text, "at": as_text(at)})
        messages += [shown(reply, at) for reply in replies]
        for reply in replies:
            titles |= {button["payload"]: button["title"] for button in reply["buttons"]}
    return messages


def as_text(moment: datetime) -> str:
    """A moment in UTC, e.g. "2026-11-26T08:00:00Z"."""
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(timestamp: float | None) -> datetime:
    return datetime.fromtimestamp(timestamp or 0.0, timezone.utc)
