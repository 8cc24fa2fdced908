"""Cleaning of the message text, the first step of the pipeline.

Everything behind this step reads the property `cleaned`; what the patient typed stays as it is in
the conversation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

CLEANED = "cleaned"
LANGUAGE = "language"

_QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛´`ʼ′", "'") | dict.fromkeys("“”„‟″", '"') | {"–": "-", "—": "-"}
)
# "BMI < 30 and > 25" holds no tag.
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
# What stands in a script or a style sheet is nothing that anybody says.
_CODE = re.compile(r"<(script|style)\b[^<>]{0,200}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Of digits each one counts: they are a phone number.
_RUN = re.compile(r"(\D)\1{3,}")


def clean(text: str, max_characters: int) -> str:
    """Makes a typed text fit for reading.

    Args:
        text: what the patient typed.
        max_characters: the length to cut to; features grow with the length of the text.

    Returns:
        The text with ordinary quotes, without code, tags and invisible characters, white space
        collapsed.
    """
    # First the quotes: NFKC would part "don´t" into a blank and an accent.
    text = unicodedata.normalize("NFKC", text[:max_characters].translate(_QUOTES))
    text = _TAG.sub(" ", _CODE.sub(" ", text))
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in text)
    # "helloooooo" and "!!!!!!!!" carry no more than their first letters.
    text = _RUN.sub(r"\1\1\1", text)
    return " ".join(text.split())


def script_of(text: str) -> str:
    """Names the script in which most letters of a text are written: latin, greek, other or none."""
    if text.isascii():
        return "latin" if any(c.isalpha() for c in text) else "none"
    letters = [unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha()]
    if not letters:
        return "none"
    if letters.count("LATIN") * 2 >= len(letters):
        return "latin"
    return "greek" if letters.count("GREEK") * 2 >= len(letters) else "other"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextCleaner(GraphComponent):
    """Writes the properties `cleaned` (str) and `language` (latin, greek, other or none)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Longest text that is read, in characters."""
        return {"max_characters": 1000}

    def __init__(self, config: dict[str, Any]) -> None:
        """Takes the configuration of config.yml."""
        self._max_characters = int(config["max_characters"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextCleaner:
        """Rasa's factory."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Cleans the training examples."""
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Cleans messages in place."""
        for message in messages:
            cleaned = clean(message.get(TEXT) or "", self._max_characters)
            message.set(CLEANED, cleaned, add_to_output=True)
            message.set(LANGUAGE, script_of(cleaned), add_to_output=True)
        return messages
