"""The intent classifier: logistic regressions on sentence vectors and on character n-grams.

Their log probabilities are averaged. The sentence vectors know synonyms, the n-grams misspellings;
in one block of features the larger part would drown the other (measured before the start).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    FULL_RETRIEVAL_INTENT_NAME_KEY,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.clauses import CLAUSES
from components.sentence_encoder import SENTENCE_VECTORS
from components.text import CLEANED

QUESTIONS = "questions"
WHOLE_INTENT = "whole_intent"
THEME_SEPARATOR = "/"

_FILE = "topic_classifier.skops"
_RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Sets the intent, its ranking, and the property `questions` for a message with asking clauses.

    `whole_intent` is what the text resembles as it stands, before an asking clause has its say.

    `questions` is a list of `{"intent", "theme", "confidence", "text"}`, one per clause, in order;
    `theme` is what stands behind the "/" of a retrieval intent, else None.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Inverse regularisation of both regressions, n-gram lengths, iterations, random seed."""
        return {
            "vector_c": 20.0,
            "ngram_c": 20.0,
            "ngram_range": [1, 4],
            "max_ngrams": 30000,
            "max_iterations": 150,
            "random_seed": 20261123,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        models: dict[str, Any] | None = None,
    ) -> None:
        """Takes the configuration and, after a load, the trained models."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._models = models

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
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
    ) -> TopicClassifier:
        """Rasa's factory for a trained model; only scikit-learn and NumPy types are read."""
        with model_storage.read_from(resource) as folder:
            path = folder / _FILE
            unknown = [
                name
                for name in skops.io.get_untrusted_types(file=path)
                if not name.startswith(("sklearn.", "numpy.", "scipy."))
            ]
            if unknown:
                raise InvalidConfigException(
                    f"The trained model holds unexpected types: {unknown}."
                )
            models = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
        return cls(config, model_storage, resource, models)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits both regressions on all examples that have a text and an intent."""
        examples = [
            e
            for e in training_data.intent_examples
            if e.get(TEXT) and e.get(SENTENCE_VECTORS) is not None
        ]
        labels = [e.get(INTENT_RESPONSE_KEY) or e.get(INTENT) for e in examples]
        if len(set(labels)) < 2:
            raise InvalidConfigException(
                "TopicClassifier needs examples of two intents and SentenceEncoder before it."
            )
        ngrams = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=tuple(self._config["ngram_range"]),
            max_features=self._config["max_ngrams"],
            sublinear_tf=True,
            dtype=np.float32,
        )
        vectors = np.stack([e.get(SENTENCE_VECTORS)[0] for e in examples])
        counts = ngrams.fit_transform([e.get(CLEANED) for e in examples])
        self._models = {
            "ngrams": ngrams,
            "on_vectors": self._regression("vector_c").fit(vectors, labels),
            "on_ngrams": self._regression("ngram_c").fit(counts, labels),
        }
        with self._model_storage.write_to(self._resource) as folder:
            skops.io.dump(self._models, folder / _FILE)
        return self._resource

    def _regression(self, c_key: str) -> LogisticRegression:
        return LogisticRegression(
            C=self._config[c_key],
            max_iter=self._config["max_iterations"],
            random_state=self._config["random_seed"],
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies messages in place, each with its clauses in one batch."""
        for message in messages:
            text = message.get(CLEANED) or ""
            clauses = message.get(CLAUSES) or []
            rows = message.get(SENTENCE_VECTORS)
            probabilities = self._probabilities([text, *clauses], rows)
            # One asking clause in a longer story: the story is context, the clause the question.
            whole = probabilities[0]
            message.set(WHOLE_INTENT, self._question(whole, text), add_to_output=False)
            if len(clauses) == 1:
                whole = _normalised(np.sqrt(probabilities[0] * probabilities[1]))
            self._set_intent(message, whole)
            questions = [
                self._question(p, c) for p, c in zip(probabilities[1:], clauses, strict=True)
            ]
            message.set(QUESTIONS, questions, add_to_output=True)
        return messages

    def _probabilities(self, texts: list[str], vectors: np.ndarray) -> np.ndarray:
        """Returns the joined probabilities, shape (texts, labels)."""
        assert self._models is not None, "load() comes before process()"
        of_vectors = self._models["on_vectors"].predict_proba(vectors)
        of_ngrams = self._models["on_ngrams"].predict_proba(self._models["ngrams"].transform(texts))
        return _normalised(np.sqrt(of_vectors * of_ngrams))

    def _labels(self) -> np.ndarray:
        assert self._models is not None, "load() comes before process()"
        return self._models["on_vectors"].classes_

    def _question(self, probabilities: np.ndarray, text: str) -> dict[str, Any]:
        label, _, theme = self._labels()[probabilities.argmax()].partition(THEME_SEPARATOR)
        return {
            "intent": label,
            "theme": theme or None,
            "confidence": round(float(probabilities.max()), 4),
            "text": text,
        }

    def _set_intent(self, message: Message, probabilities: np.ndarray) -> None:
        ranking: dict[str, dict[str, Any]] = {}
        order = probabilities.argsort()[::-1]
        for position in order:
            full_name = str(self._labels()[position])
            name = full_name.partition(THEME_SEPARATOR)[0]
            entry = ranking.setdefault(name, {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 0.0})
            # An intent is as likely as its themes together; its theme is the likeliest of them.
            entry[PREDICTED_CONFIDENCE_KEY] += float(probabilities[position])
            if full_name != name:
                entry.setdefault(FULL_RETRIEVAL_INTENT_NAME_KEY, full_name)
        ordered = sorted(ranking.values(), key=lambda e: -e[PREDICTED_CONFIDENCE_KEY])
        for entry in ordered:
            entry[PREDICTED_CONFIDENCE_KEY] = round(entry[PREDICTED_CONFIDENCE_KEY], 4)
        message.set(INTENT, dict(ordered[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ordered[:_RANKING_LENGTH], add_to_output=True)


def _normalised(probabilities: np.ndarray) -> np.ndarray:
    return probabilities / probabilities.sum(axis=-1, keepdims=True)
