"""Repair of slips of the pen: the sentence encoder knows words, not their misspellings."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from symspellpy import SymSpell, Verbosity

from components.clauses import TEXTS
from components.health_lexicon import load_dictionary
from components.text import CLEANED

REPAIRED = "repaired_texts"

_FILE = "vocabulary.json"
# Words whose repair is kept, so that nobody can fill the memory.
_MOST_KEPT = 20_000
# Words with an apostrophe are left alone: "neighbour's" is no slip.
_WORD = re.compile(r"(?<![\w'])[^\W\d_]{4,}(?![\w'])")


class Speller:
    """Finds the known word that a misspelt one most likely stands for."""

    def __init__(self, counts: dict[str, int], known: Iterable[str]) -> None:
        """Takes the words to repair to, with their frequency, and further words to leave alone."""
        self.counts = counts
        self.known = frozenset(known)
        self._symspell = SymSpell(max_dictionary_edit_distance=2)
        for word, count in counts.items():
            self._symspell.create_dictionary_entry(word, count)
        # The same slips come again and again, most of all in the training.
        self._kept = lru_cache(_MOST_KEPT)(self._repaired_word)

    def repaired(self, text: str) -> str:
        """Returns the text with its unknown words of four letters and more repaired.

        A word of up to five letters may be one slip away from a known one, a longer word two; of
        the nearest the most frequent is taken. What is near to nothing stays.
        """
        return _WORD.sub(lambda match: self._kept(match[0]), text)

    def _repaired_word(self, word: str) -> str:
        lower = word.lower()
        if lower in self.counts or lower in self.known:
            return word
        slips = 1 if len(lower) < 6 else 2
        near = self._symspell.lookup(lower, Verbosity.TOP, max_edit_distance=slips)
        return near[0].term if near else word


def words_to_repair_to(
    texts: Iterable[str], ordinary: frozenset[str], frequent: int
) -> dict[str, int]:
    """Finds the words of training questions, with their frequency, for a `Speller`.

    Args:
        texts: the questions; misspelt ones are among them.
        ordinary: words that are spelt correctly.
        frequent: from so many occurrences on a word that is none of those counts as known too:
            names of treatments, and misspellings that the classifier has learnt as they are.
    """
    words = Counter(match.group().lower() for text in texts for match in _WORD.finditer(text))
    return {w: n for w, n in sorted(words.items()) if w in ordinary or n >= frequent}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class SpellingRepairer(GraphComponent):
    """Writes the property `repaired_texts` (list of str) for the encoder: the `texts`, repaired.

    The readers of red flags and of health have spellers of their own, with words that matter to
    them; the classifier's n-grams see the text as it was typed.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """From how many occurrences on a word is known; the folder of ordinary_words.txt."""
        return {"frequent": 8, "content_dir": "data/content"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        speller: Speller | None = None,
    ) -> None:
        """Takes the configuration and, after a load, the speller."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._speller = speller

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingRepairer:
        """Rasa's factory for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingRepairer:
        """Rasa's factory for a trained model."""
        with model_storage.read_from(resource) as folder:
            content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, Speller(content["counts"], content["known"]))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the words of the training questions."""
        folder = Path(__file__).parent.parent / self._config["content_dir"]
        texts = [e.get(CLEANED) for e in training_data.training_examples if e.get(TEXT)]
        dictionary = load_dictionary(folder)
        counts = words_to_repair_to(texts, dictionary, int(self._config["frequent"]))
        content = {"counts": counts, "known": sorted(dictionary)}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(content), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Repairs the training examples."""
        self.process([e for e in training_data.training_examples if e.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Repairs messages in place."""
        assert self._speller is not None, "load() comes before process()"
        for message in messages:
            texts = message.get(TEXTS) or [message.get(CLEANED) or ""]
            repaired = [self._speller.repaired(text) for text in texts]
            message.set(REPAIRED, repaired, add_to_output=False)
        return messages
