"""A website visitor's side of the web channel."""

from __future__ import annotations

import uuid
from typing import Any

import httpx


class Visitor:
    """A browser with a session."""

    def __init__(self, http: httpx.Client, said: set[str]) -> None:
        """Opens a session; `said` is where to note what is typed."""
        self.http, self.said = http, said
        self.opened = http.post("session", json={}).json()
        self.headers = {"Authorization": f"Bearer {self.opened['token']}"}

    def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        """Posts a body with the token."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.http.post(path, json=body, headers=headers, **options)

    def send(self, text: str, id: str | None = None) -> httpx.Response:
        """Sends typed words, with an id of their own unless one is given."""
        self.said.add(text)
        return self.post("messages", {"id": id or str(uuid.uuid4()), "text": text})

    def press(self, payload: str) -> httpx.Response:
        """Presses a button."""
        return self.post("messages", {"id": str(uuid.uuid4()), "payload": payload})

    def hears(self, text: str) -> list[dict[str, Any]]:
        """Sends words and returns the replies."""
        reply = self.send(text)
        assert reply.status_code == 200, reply.text
        return list(reply.json()["messages"])

    def history(self) -> list[dict[str, Any]]:
        """Returns the conversation so far."""
        return list(self.http.get("history", headers=self.headers).json()["messages"])
