"""Reading of the treatment that a message names: the entity `treatment`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from components.text import CLEANED

_WORD = re.compile(r"[^\W\d_]+")
_SIMILAR = 86
_SHORTEST_FUZZY = 6


def read_treatments(text: str, words: dict[str, str | None]) -> list[dict[str, Any]]:
    """Finds the treatments named in a text, misspelt names included.

    Args:
        text: the cleaned message.
        words: lower-case word to treatment id, or None for a word that means neither.

    Returns:
        Rasa entities in the order of the text.
    """
    entities = []
    for match in _WORD.finditer(text.lower()):
        word = match.group()
        treatment = words.get(word)
        if word not in words and len(word) >= _SHORTEST_FUZZY:
            similar = process.extractOne(
                word, list(words), scorer=fuzz.ratio, score_cutoff=_SIMILAR
            )
            treatment = words[similar[0]] if similar else None
        if treatment:
            entities.append(
                {
                    "entity": "treatment",
                    "value": treatment,
                    "start": match.start(),
                    "end": match.end(),
                    "extractor": "TreatmentReader",
                }
            )
    return entities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TreatmentReader(GraphComponent):
    """Adds an entity `treatment` (mesotherapy or derma_roller) for each name of one."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The file that lists the names, relative to the project's folder."""
        return {"file": "data/content/treatments.yml"}

    def __init__(self, words: dict[str, str | None]) -> None:
        """Takes word to treatment id."""
        self._words = words

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TreatmentReader:
        """Rasa's factory: reads the file of names."""
        path = Path(__file__).parent.parent / config["file"]
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        words: dict[str, str | None] = dict.fromkeys(content["not_meant"])
        for treatment, names in content["treatments"].items():
            words.update(dict.fromkeys(names, treatment))
        return cls(words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads messages in place."""
        for message in messages:
            found = read_treatments(message.get(CLEANED), self._words)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
