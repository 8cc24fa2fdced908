"""Reading of the treatment that a message names: the entity `treatment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language
from spacy.matcher import Matcher

from clinic.content.files import load_mapping
from components.text import CLEANED

# Letters that may be wrong in a name, by the length from which on that many are forgiven.
_SLIPS = {6: "FUZZY1", 10: "FUZZY2"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TreatmentReader(GraphComponent):
    """Adds an entity `treatment` (mesotherapy or derma_roller) for each name of one.

    It uses spaCy's tokeniser and matcher without a language model; misspelt names are matched by
    edit distance (spaCy's FUZZY operators).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The file that lists the names, relative to the project's folder."""
        return {"file": "data/content/treatments.yml"}

    def __init__(self, language: Language, matcher: Matcher) -> None:
        """Takes the tokeniser and the matcher with one rule per treatment."""
        self._language = language
        self._matcher = matcher

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
        content = load_mapping(path)
        language = spacy.blank("en")
        matcher = Matcher(language.vocab)
        for treatment, names in content["treatments"].items():
            matcher.add(treatment, _patterns(names, content["not_meant"]))
        return cls(language, matcher)

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads messages in place."""
        for message in messages:
            found = self._read(message.get(CLEANED) or "")
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _read(self, text: str) -> list[dict[str, Any]]:
        document = self._language.make_doc(text)
        spans = {(span.start, span.label_): span for span in self._matcher(document, as_spans=True)}
        return [
            {
                "entity": "treatment",
                "value": span.label_,
                "start": span.start_char,
                "end": span.end_char,
                "extractor": "TreatmentReader",
            }
            for span in sorted(spans.values(), key=lambda span: span.start_char)
        ]


def _patterns(names: list[str], not_meant: list[str]) -> list[list[dict[str, Any]]]:
    """Returns spaCy patterns of one token: the names as they are, and long ones with slips."""
    patterns: list[list[dict[str, Any]]] = [[{"LOWER": {"IN": names}}]]
    for length, fuzzy in _SLIPS.items():
        long = [name for name in names if len(name) >= length]
        if long:
            word = {fuzzy: {"IN": long}, "NOT_IN": not_meant}
            patterns.append([{"LOWER": word, "LENGTH": {">=": length}}])
    return patterns
