"""What holds for every word of the assistant, whatever a script expects."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from scripts.settings import ROOT
from tests.e2e.talk import Reply

_REFERENCE = re.compile(r"\bC-[A-Z0-9]{6}\b")
_PLACEHOLDER = re.compile(r"\{\w+\}|\butter_\w+|\bNone\b")
_ARTICLE_ANSWER_FACTS = ("source", "reviewed_on")


@lru_cache(maxsize=1)
def banned_phrases() -> list[re.Pattern[str]]:
    """The patterns of data/content/banned_phrases.yml."""
    entries = yaml.safe_load((ROOT / "data/content/banned_phrases.yml").read_text("utf-8"))
    return [re.compile(entry["pattern"], re.IGNORECASE) for entry in entries]


def problems(reply: Reply, first: bool, failure_expected: bool) -> list[str]:
    """Returns what is wrong with a reply in any conversation.

    Args:
        reply: What came back.
        first: Whether it is the first reply of the conversation.
        failure_expected: Whether the apology for a failure is expected here.
    """
    found = []
    if not reply.messages:
        found.append("no reply")
    for message in reply.messages:
        found += _problems_of_message(message)
    if first and "automated assistant" not in reply.text:
        found.append("the first reply does not say that this is an automated assistant")
    if not failure_expected and "something went wrong on my side" in reply.text:
        found.append("a failure")
    return found


def _problems_of_message(message: dict[str, Any]) -> list[str]:
    text = message["text"]
    titles = [button["title"] for button in message.get("buttons", [])]
    found = [] if text.strip() else ["an empty message"]
    for written in (text, *titles):
        # The letters of a reference are chance, and may look like a dose.
        words = _REFERENCE.sub("", written)
        found += [f"banned: {hit[0]!r}" for p in banned_phrases() if (hit := p.search(words))]
        found += [f"a gap: {hit[0]!r}" for hit in [_PLACEHOLDER.search(words)] if hit]
    if len(titles) != len(set(titles)):
        found.append(f"the same button twice: {titles}")
    metadata = message.get("metadata") or {}
    if metadata.get("answer") not in (None, "not_covered"):
        found += [f"an answer without {f}" for f in _ARTICLE_ANSWER_FACTS if not metadata.get(f)]
    return found
