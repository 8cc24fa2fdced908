"""What may come in as a text, and what a typed payload is taken for."""

from __future__ import annotations

import re
import unicodedata

_PAYLOAD = re.compile(r"^\s*/")
_PAYLOAD_PARTS = re.compile(r"^[\s/]+|\{.*$", re.DOTALL)


def looks_like_payload(text: str) -> bool:
    """Whether Rasa would take a text for a button's payload."""
    return bool(_PAYLOAD.match(text))


def as_words(payload: str) -> str:
    """Takes a typed payload for its words: "/book_consultation{..}" is "book consultation"."""
    return _PAYLOAD_PARTS.sub("", payload).replace("_", " ")


def storable(text: str) -> str:
    """The text without what no database takes: NUL and halves of surrogate pairs."""
    return "".join(c for c in text if c != "\0" and unicodedata.category(c) != "Cs")


def has_control_characters(text: str) -> bool:
    """Whether a text holds control characters or halves of surrogate pairs."""
    return any(unicodedata.category(c) in ("Cc", "Cs") for c in text)
