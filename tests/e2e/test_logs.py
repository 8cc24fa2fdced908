"""Runs last, when all has been said, and reads what was logged."""

from __future__ import annotations

import re

from tests.e2e.servers import Assistant
from tests.e2e.test_conversations import CONVERSATIONS, sender_of

# Shorter texts ("no", "hello") stand in any log.
_TELLING = 10
_CONTACT = re.compile(r"\S+@\S+\.\w+|\+?\d[\d ]{6,}\d")


def canaries(said: set[str]) -> set[str]:
    """Returns what must not stand in a log: texts, and the contact details in them."""
    contacts = {hit.strip() for text in said for hit in _CONTACT.findall(text)}
    squeezed = {contact.replace(" ", "") for contact in contacts}
    names = {name for conversation in CONVERSATIONS for name in conversation.private}
    texts = {text.strip()[:200] for text in said if len(text.strip()) >= _TELLING}
    return contacts | squeezed | names | texts


def test_the_logs_hold_no_message_text_no_contact_and_no_sender_id(
    assistants: list[Assistant],
) -> None:
    senders = {sender_of(conversation) for conversation in CONVERSATIONS}
    found = [
        f"{name}: {canary!r}"
        for assistant in assistants
        for name, log in assistant.logs().items()
        for canary in sorted(canaries(assistant.said) | senders)
        if canary in log
    ]
    assert not found
