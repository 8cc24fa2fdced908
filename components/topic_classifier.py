"""The intent classifier: logistic regression on sentence vectors, support vectors on n-grams.

Their log probabilities are averaged. The sentence vectors know synonyms and long stories, the
n-grams rare words and misspellings; in one block of features the larger part would drown the other.
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
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from components.clauses import CLAUSES, TEXTS, Clause
from components.questions import Question, Reading, find_questions
from components.sentence_encoder import SENTENCE_VECTORS
from components.text import CLEANED

QUESTIONS = "questions"
WISH = "wish"
THEME_CONFIDENCE = "theme_confidence"
# What a patient can ask the assistant to do.
REQUESTS = {
    "book_consultation",
    "cancel_request",
    "change_request",
    "check_eligibility",
    "delete_data",
    "human_handoff",
    "stop",
}
THEME_SEPARATOR = "/"

_ANSWERABLE_PREFIXES = ("ask_", "not_covered", "clinic_info")

_FILE = "topic_classifier.skops"
_RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Sets the intent and its ranking, of the whole message, and the property `questions`.

    An intent with themes has the likeliest one as `full_retrieval_intent_name`, and
    its own share of the confidence as `theme_confidence`.

    `questions` is a list of `{"intent", "theme", "confidence", "text"}`, in order, of the questions
    that stand in clauses of their own (components/questions.py); `theme` is what stands behind the
    "/" of a retrieval intent, else None. `wish` is such an entry, or None, for a clause that wants
    something done: "I'd like to book. Does it hurt?"
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings of both classifiers, of their joining, and of several questions in a message.

        `vector_c`, `ngram_c`: inverse regularisation; `ngram_sharpness`: what the support vectors'
        distances are multiplied by before the softmax; `vector_weight`: share of the vectors in the
        joined log probabilities, 0 to 1; `wish_threshold`: lowest confidence of a wish beside
        questions. `several`: fields of `Reading` that differ from its defaults.
        """
        return {
            "vector_c": 4.0,
            "vector_weight": 0.5,
            "ngram_c": 1.0,
            "ngram_sharpness": 4.0,
            "ngram_range": [2, 4],
            "max_ngrams": 20000,
            "max_iterations": 200,
            "wish_threshold": 0.8,
            "random_seed": 20261125,
            "several": {},
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
        self._labels = [str(label) for label in models["on_vectors"].classes_] if models else []
        self._reading = Reading(**config["several"])

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
        """Fits both classifiers on all examples that have a text and an intent."""
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
        vectors = np.stack([np.asarray(e.get(SENTENCE_VECTORS)[0]) for e in examples])
        counts = ngrams.fit_transform([e.get(CLEANED) for e in examples])
        # Its numbers are NumPy's, and skops would write a file for each of them.
        ngrams.vocabulary_ = {ngram: int(column) for ngram, column in ngrams.vocabulary_.items()}
        seed = self._config["random_seed"]
        of_vectors = LogisticRegression(
            C=self._config["vector_c"],
            tol=1e-3,
            max_iter=self._config["max_iterations"],
            random_state=seed,
        )
        # Ten times as fast as a regression on so many features, and as good.
        of_ngrams = LinearSVC(C=self._config["ngram_c"], random_state=seed)
        self._models = {
            "ngrams": ngrams,
            "on_vectors": of_vectors.fit(vectors, labels),
            "on_ngrams": of_ngrams.fit(counts, labels),
        }
        with self._model_storage.write_to(self._resource) as folder:
            skops.io.dump(self._models, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies messages in place, each with its clauses in one batch."""
        for message in messages:
            text = message.get(CLEANED) or ""
            rows = message.get(SENTENCE_VECTORS)
            probabilities = self._probabilities(message.get(TEXTS) or [text], rows)
            self._set_intent(message, probabilities[0])
            questions = find_questions(
                message.get(CLAUSES) or [],
                text,
                probabilities,
                self._labels,
                is_answerable,
                self._reading,
            )
            message.set(QUESTIONS, [_as_data(q) for q in questions], add_to_output=True)
            wish = self._wish(message.get(CLAUSES) or [], probabilities)
            message.set(WISH, wish, add_to_output=False)
        return messages

    def _wish(self, clauses: list[Clause], probabilities: np.ndarray) -> dict[str, Any] | None:
        for clause in clauses:
            best = int(probabilities[clause.row].argmax())
            found = Question(
                self._labels[best], float(probabilities[clause.row, best]), clause.text
            )
            wish = _as_data(found)
            is_sure = found.confidence >= self._config["wish_threshold"]
            if not clause.asks and is_sure and wish["intent"] in REQUESTS:
                return wish
        return None

    def _probabilities(self, texts: list[str], vectors: np.ndarray) -> np.ndarray:
        """Returns the joined probabilities, shape (texts, labels)."""
        assert self._models is not None, "load() comes before process()"
        weight = self._config["vector_weight"]
        of_vectors = self._models["on_vectors"].predict_proba(vectors)
        distances = self._models["on_ngrams"].decision_function(
            self._models["ngrams"].transform(texts)
        )
        # Two labels have one distance, from the first to the second.
        if distances.ndim == 1:
            distances = np.stack([-distances, distances], axis=1)
        of_ngrams = softmax(self._config["ngram_sharpness"] * distances, axis=1)
        joined = of_vectors**weight * of_ngrams ** (1 - weight)
        return joined / joined.sum(axis=1, keepdims=True)

    def _set_intent(self, message: Message, probabilities: np.ndarray) -> None:
        ranking: dict[str, dict[str, Any]] = {}
        order = probabilities.argsort()[::-1]
        for position in order:
            full_name = self._labels[position]
            name = full_name.partition(THEME_SEPARATOR)[0]
            entry = ranking.setdefault(name, {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 0.0})
            # An intent is as likely as its themes together; its theme is the likeliest of them.
            entry[PREDICTED_CONFIDENCE_KEY] += float(probabilities[position])
            if full_name != name and FULL_RETRIEVAL_INTENT_NAME_KEY not in entry:
                entry[FULL_RETRIEVAL_INTENT_NAME_KEY] = full_name
                entry[THEME_CONFIDENCE] = round(float(probabilities[position]), 4)
        ordered = sorted(ranking.values(), key=lambda e: -e[PREDICTED_CONFIDENCE_KEY])
        for entry in ordered:
            entry[PREDICTED_CONFIDENCE_KEY] = round(entry[PREDICTED_CONFIDENCE_KEY], 4)
        message.set(INTENT, dict(ordered[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ordered[:_RANKING_LENGTH], add_to_output=True)


def is_answerable(label: str) -> bool:
    """Tells whether an intent, or a label with its theme, is a question that has an answer."""
    return label.startswith(_ANSWERABLE_PREFIXES)


def _as_data(question: Question) -> dict[str, Any]:
    intent, _, theme = question.label.partition(THEME_SEPARATOR)
    return {
        "intent": intent,
        "theme": theme or None,
        "confidence": round(question.confidence, 4),
        "text": question.text,
    }
