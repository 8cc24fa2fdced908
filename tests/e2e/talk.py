"""One conversation with the running assistant, turn by turn."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import Any

import httpx

_PATIENCE = 30.0


@dataclass(frozen=True)
class Reply:
    """What came back in one turn."""

    messages: list[dict[str, Any]]
    """As the channel sent them: `text`, `buttons`, `metadata`."""
    said: list[dict[str, Any]]
    """The same as events of the tracker: `response`, `answer`, `theme`."""
    asks: str | None
    """The slot that the assistant waits for."""
    form: str | None

    @property
    def text(self) -> str:
        """All that the patient reads in this turn."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def responses(self) -> list[str]:
        """The names of the responses, in their order."""
        return [event["response"] for event in self.said]

    @property
    def answers(self) -> list[str]:
        """The ids of the answers, in their order; what is not covered with its theme."""
        return [
            f"{event['answer']}/{event['theme']}" if event["theme"] else event["answer"]
            for event in self.said
            if event["answer"]
        ]

    @property
    def buttons(self) -> dict[str, str]:
        """The payload of each button, by its title."""
        return {
            button["title"]: button["payload"]
            for message in self.messages
            for button in message.get("buttons", [])
        }


class Talk:
    """A patient's side of a conversation."""

    def __init__(self, url: str, token: str, sender: str, said: set[str]):
        """Takes the server's address, the API's token, and where to note what is typed."""
        self.sender = sender
        self.last: Reply | None = None
        self._said = said
        self._token = token
        self._client = httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False)

    def __enter__(self) -> Talk:
        """Begins the conversation."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection."""
        self._client.close()

    def say(self, text: str) -> Reply:
        """Types a message and returns the reply."""
        self._said.add(text)
        return self._send(text)

    def press(self, title: str) -> Reply:
        """Presses the first button of the last reply with a title; a `*` in it is any text.

        Raises:
            AssertionError: There is no such button.
        """
        offered = self.last.buttons if self.last else {}
        fitting = fnmatch.filter(offered, title)
        assert fitting, f"no button {title!r}; there are: {list(offered)}"
        return self._send(offered[fitting[0]])

    def tracker(self) -> dict[str, Any]:
        """Returns the conversation as the HTTP API shows it."""
        answer = self._client.get(
            f"/conversations/{self.sender}/tracker", params={"token": self._token}
        )
        answer.raise_for_status()
        tracker: dict[str, Any] = answer.json()
        return tracker

    def _send(self, text: str) -> Reply:
        answer = self._client.post(
            "/webhooks/rest/webhook", json={"sender": self.sender, "message": text}
        )
        answer.raise_for_status()
        tracker = self.tracker()
        self.last = Reply(
            messages=answer.json(),
            said=_said_since_last_message(tracker["events"]),
            asks=tracker["slots"].get("requested_slot"),
            form=(tracker.get("active_loop") or {}).get("name"),
        )
        return self.last


def _said_since_last_message(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the assistant's messages of this turn; none when the turn erased the conversation."""
    turns = [number for number, event in enumerate(events) if event["event"] == "user"]
    said = []
    for event in events[turns[-1] :] if turns else []:
        if event["event"] == "bot":
            metadata = event.get("metadata") or {}
            said.append(
                {
                    "response": metadata.get("utter_action") or "",
                    "answer": metadata.get("answer"),
                    "theme": (metadata.get("metadata") or {}).get("theme"),
                }
            )
    return said
