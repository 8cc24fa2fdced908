"""Splitting of a message into the clauses that may each hold a question."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from components.text import CLEANED

CLAUSES = "clauses"

_ASKING_WORDS = (
    r"(?:how|what|whats|what's|wat|wats|when|wen|where|were|why|y|who|whos|who's|which|wich|whom|whose"
    r"|do|does|dose|did|is|are|r|am|was|will|would|can|cn|could|should|shall|may|must|has|have"
    r"|any|tell me|explain|describe|list|give me|show me|let me know|please tell|pls tell)"
)
_SENTENCE = re.compile(r"(?<=[?!;])\s*|(?<=[.])\s+|\n+")
# A comma or an "and" parts two clauses only where the next one begins like a question: "fat on my
# hips and belly" stays whole, "how many sessions and does it hurt" does not.
_JOINT = re.compile(
    rf"\s*(?:,\s*(?:and|but|also|then|plus|so|&)?|\s(?:and|but|also|plus|then|&|n)(?:\s+also)?)\s+"
    rf"(?={_ASKING_WORDS}\b)",
    re.IGNORECASE,
)
_LIST_JOINT = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|plus|n)\s+|\s*[/+]\s*)", re.IGNORECASE)
_ASKING_START = re.compile(
    r"^(?:(?:and|but|also|so|ok|okay|hi|hello|hey|please|pls|well|then)\b[ ,]*)*"
    rf"{_ASKING_WORDS}\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:hi|hello|hey)?[ ,]*(?:please )?"
    r"(?:i (?:want|would like|need|wanna)(?: to)? (?:know|ask)(?: about)?"
    r"|i'd like to (?:know|ask)(?: about)?|(?:can|could) you tell me(?: about)?|tell me(?: about)?"
    r"|what about|how about|info(?:rmation)? (?:on|about))\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_LIST_ITEM = 4
_MOST_CLAUSES = 6


def asks(clause: str) -> bool:
    """Tells whether a clause has the form of a question or of a request for information."""
    return clause.rstrip().endswith("?") or bool(_ASKING_START.match(clause))


def split_clauses(text: str) -> list[str]:
    """Splits a text into at most six clauses that may each be a question of their own.

    Returns:
        The clauses in their order; empty when there is only one question to be seen.
    """
    sentences = [s.strip() for s in _SENTENCE.split(text) if s and s.strip()]
    clauses = [part.strip(" ,") for sentence in sentences for part in _JOINT.split(sentence)]
    asking = [c for clause in clauses for c in _questions_in(clause) if _WORD.search(c)]
    if len(asking) > 1 or (asking and len(clauses) > 1):
        return asking[:_MOST_CLAUSES]
    items = _list_items(_LEAD_IN.sub("", text))
    return items[:_MOST_CLAUSES] if len(items) > 1 else []


def _questions_in(clause: str) -> list[str]:
    """A question; or the things that "I want to know the price, the pain" asks for."""
    if asks(clause):
        return [clause]
    lead_in = _LEAD_IN.match(clause)
    return _list_items(clause[lead_in.end() :]) if lead_in else []


def _list_items(text: str) -> list[str]:
    """The items of a list of a few words each; nothing when one is longer than that."""
    items = [item.strip(" ?.!") for item in _LIST_JOINT.split(text)]
    short = all(item and len(item.split()) <= _LONGEST_LIST_ITEM for item in items)
    return items if short else []


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Writes the property `clauses` (list of str) on messages; training examples need none."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseSplitter:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Splits messages in place."""
        for message in messages:
            message.set(CLAUSES, split_clauses(message.get(CLEANED)), add_to_output=False)
        return messages
