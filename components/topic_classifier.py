"""The intent classifier: which topic or wish a message is about, and whether it asks several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    FULL_RETRIEVAL_INTENT_NAME_KEY,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from clinic.content.answers import Answers, load_answers
from clinic.context import MORE, QUESTION_PREFIX, WHY
from components.clauses import CLAUSES, Clause, texts_of
from components.examples import (
    THEME_SEPARATOR,
    label_of,
    labelled_examples,
    sample,
)
from components.health_lexicon import OWN_STATUSES
from components.joint_model import DEFAULTS, JointModel
from components.questions import (
    Question,
    Reading,
    consists_of_questions,
    find_questions,
)
from components.sentence_encoder import SENTENCE_VECTORS, stacked_vectors
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
REPORT = "report_condition"
OF_NOBODY = "report_condition/nobody"

_ANSWERABLE_PREFIXES = (QUESTION_PREFIX, "not_covered", "clinic_info")

_FILE = "topic_classifier.npz"
_RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Sets the intent and its ranking, of the whole message, and the property `questions`.

    An intent with themes has the likeliest one as `full_retrieval_intent_name`, and
    its own share of the confidence as `theme_confidence`.

    `questions` is a list of `{"intent", "theme", "confidence", "text"}`, in order, of the questions
    that stand in clauses of their own (components/questions.py); `theme` is what stands behind the
    "/" of a retrieval intent, else None. `wish` is such an entry, or None, for a clause that wants
    something done: "I'd like to book. Does it hurt?", "can I book, and where do I park?"
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings of the classifiers (components/joint_model.py), wishes and several questions.

        `report_examples`: so many of the thousands of statements about health, which are for
        components/statements.py to learn; all of them would outweigh the questions.
        `wish_threshold`: lowest confidence of a wish beside questions. `several`: fields
        of `Reading` that differ from its defaults. `content_dir`: the folder that says which
        questions are the same for both treatments.
        """
        return {
            **DEFAULTS,
            "report_examples": 400,
            "wish_threshold": 0.9,
            "several": {},
            "content_dir": "data/content",
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: JointModel | None = None,
        twins: Mapping[str, str] | None = None,
        covered: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Takes the configuration and, after a load, the model, `twins_of` and `covered_by`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._reading = Reading(**config["several"])
        labels = model.labels if model else []
        self._reports = [c for c, label in enumerate(labels) if label.startswith(REPORT)]
        intents = [label.partition(THEME_SEPARATOR)[0] for label in labels]
        self._unanswerable = [c for c, label in enumerate(labels) if not is_answerable(label)]
        self._requests = [c for c, intent in enumerate(intents) if intent in REQUESTS]
        self._twins = [
            (labels.index(twin), labels.index(intent))
            for intent, twin in (twins or {}).items()
            if intent in labels and twin in labels
        ]
        self._covered = covered or {}

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
        """Rasa's factory for a trained model."""
        with model_storage.read_from(resource) as folder:
            model = JointModel.load(config, folder / _FILE)
        folder = config["content_dir"]
        return cls(config, model_storage, resource, model, twins_of(folder), covered_by(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the classifiers on all examples that have a text and an intent.

        Raises:
            InvalidConfigException: there are not two labels with vectors.
        """
        reports = int(self._config["report_examples"])
        examples = sample(
            labelled_examples(training_data),
            _topic_of,
            lambda label: reports if label.startswith(REPORT) else None,
            # Other lots than for the vectors: with one for each of them reports would outweigh
            # the stories that have a question among much about one's health.
            REPORT,
        )
        model = JointModel.fit(
            self._config,
            [e.get(CLEANED) for e in examples],
            stacked_vectors(examples),
            [_topic_of(label_of(e)) for e in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies messages in place, each with its clauses in one batch."""
        assert self._model, "load() comes before process()"
        for message in messages:
            text = message.get(CLEANED) or ""
            clauses = message.get(CLAUSES) or []
            texts = texts_of(text, clauses)
            rows = message.get(SENTENCE_VECTORS)[: len(texts)]
            probabilities = self._model.probabilities(texts, rows)
            self._set_intent(message, probabilities[0], self._model.labels)
            wish = self._wish(clauses, text, probabilities, self._model.labels)
            asks_nothing = self._reports + (self._requests if wish else [])
            if _states_own(message):
                asks_nothing = self._unanswerable
            questions = find_questions(
                clauses,
                text,
                self._without(probabilities, asks_nothing),
                self._model.labels,
                is_answerable,
                self._reading,
                self._twins,
                (MORE, WHY),
                _names_in(message, text),
                self._covered,
            )
            message.set(QUESTIONS, [as_data(q) for q in questions], add_to_output=True)
            message.set(WISH, wish, add_to_output=False)
        return messages

    @staticmethod
    def _without(probabilities: np.ndarray, columns: list[int]) -> np.ndarray:
        """The same, but the whole message in row 0 is left with its share of the other columns.

        "I'm on warfarin. Does it hurt?" is a report as a whole, and "Book me. Does it hurt?" a
        wish, which say nothing of what is asked.
        """
        left = probabilities.copy()
        left[0, columns] = 0.0
        return left

    def _wish(
        self, clauses: list[Clause], text: str, probabilities: np.ndarray, labels: list[str]
    ) -> dict[str, Any] | None:
        """The first wish in a clause of its own; "can you help?" in a story is none."""
        may_ask = consists_of_questions(clauses, text, self._reading)
        for clause in clauses:
            best = int(probabilities[clause.row].argmax())
            found = Question(labels[best], float(probabilities[clause.row, best]), clause.text)
            wish = as_data(found)
            is_sure = found.confidence >= self._config["wish_threshold"]
            if (may_ask or not clause.asks) and is_sure and wish["intent"] in REQUESTS:
                return wish
        return None

    @staticmethod
    def _set_intent(message: Message, probabilities: np.ndarray, labels: list[str]) -> None:
        ranking: dict[str, dict[str, Any]] = {}
        order = probabilities.argsort()[::-1]
        for position in order:
            full_name = labels[position]
            name = full_name.partition(THEME_SEPARATOR)[0]
            if name not in ranking:
                ranking[name] = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 0.0}
                if full_name != name:
                    ranking[name][FULL_RETRIEVAL_INTENT_NAME_KEY] = full_name
                    theme_confidence = round(float(probabilities[position]), 4)
                    ranking[name][THEME_CONFIDENCE] = theme_confidence
            # An intent is as likely as its themes together; its theme is the likeliest of them.
            ranking[name][PREDICTED_CONFIDENCE_KEY] += float(probabilities[position])
        ordered = sorted(ranking.values(), key=lambda e: -e[PREDICTED_CONFIDENCE_KEY])
        for entry in ordered:
            entry[PREDICTED_CONFIDENCE_KEY] = round(entry[PREDICTED_CONFIDENCE_KEY], 4)
        message.set(INTENT, dict(ordered[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ordered[:_RANKING_LENGTH], add_to_output=True)


def _names_in(message: Message, text: str) -> set[str]:
    """The words of a message that name a treatment."""
    named = (e for e in message.get(ENTITIES, []) if e["entity"] == "treatment")
    return {text[e["start"] : e["end"]].lower() for e in named}


def _states_own(message: Message) -> bool:
    """Whether the readers have found something of the patient's own health."""
    return any(e.get("status") in OWN_STATUSES for e in message.get(ENTITIES, []))


def _topic_of(label: str) -> str:
    """Which condition is reported is for components/statements.py to say."""
    is_own = label.startswith(f"{REPORT}{THEME_SEPARATOR}") and label != OF_NOBODY
    return REPORT if is_own else label


@cache
def twins_of(content_dir: str) -> Mapping[str, str]:
    """Maps the intents about the roller to those that ask the same about the injections."""
    return {
        f"{QUESTION_PREFIX}{topic}": f"{QUESTION_PREFIX}{twin}"
        for topic, twin in _answers(content_dir).twins().items()
    }


@cache
def covered_by(content_dir: str) -> Mapping[str, Collection[str]]:
    """Maps intents to those that their answers cover, where these name no treatment."""
    return {
        f"{QUESTION_PREFIX}{answer.id}": {f"{QUESTION_PREFIX}{one}" for one in answer.covers}
        for answer in _answers(content_dir).answers.values()
        if answer.covers
    }


@cache
def _answers(content_dir: str) -> Answers:
    return load_answers(Path(__file__).parent.parent / content_dir)


def confidence_of(message: Message, intent: str) -> float:
    """How likely the classifier of topics finds an intent; 0 where it is not among the first."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    return sum(e[PREDICTED_CONFIDENCE_KEY] for e in ranking if e[INTENT_NAME_KEY] == intent)


def is_answerable(label: str) -> bool:
    """Tells whether an intent, or a label with its theme, is a question that has an answer."""
    return label.startswith(_ANSWERABLE_PREFIXES)


def as_data(question: Question) -> dict[str, Any]:
    """A question as an entry of the property `questions`."""
    intent, _, theme = question.label.partition(THEME_SEPARATOR)
    return {
        "intent": intent,
        "theme": theme or None,
        "confidence": round(question.confidence, 4),
        "text": question.text,
    }
