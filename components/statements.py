"""What a message states of the patient's own health, decided once the readers have read it.

The readers of words (components/health_reading.py, components/red_flag_reading.py) know every name
of a condition and few of the ways to speak of somebody else, of the past or in jest; a classifier
learns those from examples. What the readers found is among the classifier's features, so that it
learns how far they can be trusted. Both together decide (components/adjudication.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from clinic.content.files import load_mapping
from components.adjudication import (
    NOTHING,
    OTHER_LANGUAGE,
    Adjudicator,
    Thresholds,
    may_overrule,
    words_of,
)
from components.clauses import STATEMENT_CLAUSES
from components.examples import (
    THEME_SEPARATOR,
    TOGETHER,
    WITH_VECTOR,
    label_of,
    labelled_examples,
    sample,
)
from components.health_lexicon import DENIED, NOT_OWN, OWN_STATUSES, PRESENT, UNSURE
from components.joint_model import DEFAULTS, JointModel
from components.readings import read_all
from components.red_flag_reading import EMERGENCY, SELF_HARM
from components.red_flags import RED_FLAG_KINDS
from components.sentence_encoder import SENTENCE_VECTORS, stacked_vectors
from components.text import CLEANED
from components.topic_classifier import OF_NOBODY, REPORT, confidence_of

HEALTH_STATED = "health_stated"
OWN, UNCLEAR = "own", "unclear"

_OTHER = "other"
_TOPIC = "topic"
_KIND_OF_LABEL = {"urgent_symptoms": EMERGENCY, "self_harm": SELF_HARM}
_STATUSES = (PRESENT, UNSURE, DENIED, NOT_OWN)
_KINDS = (EMERGENCY, SELF_HARM)
# Of the topic classifier where it is judged whether something is an emergency.
_TOPIC_WEIGHT = 0.3
_FILE = "statements.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class StatementClassifier(GraphComponent):
    """Settles the entities `condition`, the property `red_flag_kinds`, and `health_stated`.

    A reader's own condition can become present, unsure, or not_own with `overruled` set, as figures
    have that may be the patient's; what a reader takes for somebody else's, the patient's. A
    condition in words that no reader knows is added, with `resembled` set. `health_stated` is own,
    nothing or unclear.

    Learns from the examples of `report_condition`, whose metadata list what they state
    (<condition>, <condition>_unsure, other or nobody), from `urgent_symptoms` and `self_harm`, and
    from some examples of every other intent.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings of the classifier (components/joint_model.py) and of this component.

        `topic_examples`: of each other label, so many; `reader_weight`: scale of the readers'
        features beside the vectors of length 1; `thresholds`: fields of `Thresholds` that differ
        from its defaults; `content_dir`: the folder of the readers' words.
        """
        return {
            **DEFAULTS,
            # "my sister is on", "I had": who and when stands in the sequence of words, and less of
            # it in pieces of words.
            "ngram_range": [4, 4],
            "word_ngram_range": [1, 3],
            "topic_examples": 30,
            "reader_weight": 0.5,
            "thresholds": {},
            "content_dir": "data/content",
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        conditions: Sequence[str],
        model: JointModel | None = None,
    ) -> None:
        """Takes the configuration, the ids of the conditions and, after a load, the model."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._conditions = list(conditions)
        self._model = model
        self._thresholds = Thresholds(**config["thresholds"])
        self._adjudicator = Adjudicator(self._conditions, self._thresholds)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StatementClassifier:
        """Rasa's factory for training."""
        return cls(config, model_storage, resource, _conditions(_folder(config)))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> StatementClassifier:
        """Rasa's factory for a trained model."""
        with model_storage.read_from(resource) as folder:
            model = JointModel.load(config, folder / _FILE)
        return cls(config, model_storage, resource, _conditions(_folder(config)), model)

    def train(self, training_data: TrainingData) -> Resource:
        """Reads the examples with the readers and fits the classifier.

        Raises:
            InvalidConfigException: there are not two labels with vectors.
        """
        examples = self._chosen(labelled_examples(training_data))
        vectors = stacked_vectors(examples)
        read = read_all([e.get(CLEANED) for e in examples], _folder(self._config))
        features = np.stack([self._features(one.mentions, one.kinds) for one in read])
        # An example of two statements is learnt as one of each, so that both become likely.
        pairs = [
            (row, statement)
            for row, example in enumerate(examples)
            for statement in _statements_of(label_of(example))
        ]
        rows = [row for row, _ in pairs]
        model = JointModel.fit(
            self._config,
            [examples[row].get(CLEANED) for row in rows],
            vectors[rows],
            [statement for _, statement in pairs],
            features[rows],
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Settles messages in place."""
        for message in messages:
            probabilities, by_clause = self._probabilities(message)
            message.set(RED_FLAG_KINDS, self._kinds(message, probabilities), add_to_output=True)
            entities = self._adjudicator.conditions_in(message, probabilities, by_clause)
            message.set(ENTITIES, entities, add_to_output=True)
            stated = self._stated(message, entities, probabilities)
            message.set(HEALTH_STATED, stated, add_to_output=True)
        return messages

    def _chosen(self, examples: list[Message]) -> list[Message]:
        """All statements about health, and as many of each other label as the configuration says.

        A classifier that also learnt all questions would take longer and judge statements no
        better. What is said in another language may be a statement as well, and is not learnt.
        """
        number = int(self._config["topic_examples"])
        return sample(
            [example for example in examples if label_of(example) != OTHER_LANGUAGE],
            lambda label: label,
            lambda label: number if _statements_of(label) == [_TOPIC] else None,
            WITH_VECTOR,
            # So few are of use only where they have a vector.
            lambda example: example.get(SENTENCE_VECTORS) is not None,
        )

    def _features(
        self, mentions: Iterable[tuple[str | None, str]], kinds: Iterable[str]
    ) -> np.ndarray:
        """What the readers found: a place for each condition, or none, with each status, and kind.

        Returns:
            float32 (4 * (conditions + 1) + 2,)
        """
        width = len(_STATUSES)
        features = np.zeros(width * (len(self._conditions) + 1) + len(_KINDS), dtype=np.float32)
        for condition, status in mentions:
            place = len(self._conditions)
            if condition in self._conditions:
                place = self._conditions.index(condition)
            features[width * place + _STATUSES.index(status)] = self._config["reader_weight"]
        for kind in kinds:
            features[_KINDS.index(kind) - len(_KINDS)] = self._config["reader_weight"]
        return features

    def _probabilities(self, message: Message) -> tuple[dict[str, float], list[dict[str, float]]]:
        """The probabilities of the statements, of the whole message and of each of its clauses."""
        assert self._model, "load() comes before process()"
        read = [e for e in message.get(ENTITIES, []) if e["entity"] == "condition"]
        clauses = message.get(STATEMENT_CLAUSES) or []
        features = [
            self._features(
                [(e.get("near"), e["status"]) for e in read], message.get(RED_FLAG_KINDS) or []
            )
        ]
        for clause in clauses:
            within = [e for e in read if clause.start <= e["start"] < clause.end]
            features.append(self._features([(e.get("near"), e["status"]) for e in within], []))
        vectors = np.asarray(message.get(SENTENCE_VECTORS))
        rows = self._model.probabilities(
            [message.get(CLEANED) or "", *(clause.text for clause in clauses)],
            np.vstack([vectors[:1], vectors[len(vectors) - len(clauses) :]]),
            np.stack(features),
        )
        whole, *by_clause = (self._by_statement(row) for row in rows)
        return whole, by_clause

    def _by_statement(self, row: np.ndarray) -> dict[str, float]:
        assert self._model
        found = dict(zip(self._model.labels, map(float, row), strict=True))
        found[NOTHING] = found.pop(_TOPIC, 0.0) + found.get(NOTHING, 0.0)
        return found

    def _kinds(self, message: Message, probabilities: dict[str, float]) -> list[str]:
        read = set(message.get(RED_FLAG_KINDS) or [])
        likely = self._dangers(message, probabilities)
        danger = sum(likely.values())
        if read:
            is_unlikely = danger < self._thresholds.no_danger
            is_none = is_unlikely and may_overrule(message, self._thresholds)
            return [] if is_none else sorted(read)
        if danger >= self._thresholds.danger and words_of(message) >= self._thresholds.shortest:
            return [max(likely, key=lambda kind: likely[kind])]
        return []

    @staticmethod
    def _dangers(message: Message, probabilities: dict[str, float]) -> dict[str, float]:
        """How likely each kind is, by this classifier and, with less weight, that of topics.

        Each is misled by other figures of speech, so both are right more often than either.
        """
        return {
            kind: (1 - _TOPIC_WEIGHT) * probabilities.get(label, 0.0)
            + _TOPIC_WEIGHT * confidence_of(message, label)
            for label, kind in _KIND_OF_LABEL.items()
        }

    def _stated(
        self,
        message: Message,
        entities: list[dict[str, Any]],
        probabilities: dict[str, float],
    ) -> str:
        limits = self._thresholds
        own = any(e["entity"] == "condition" and e["status"] in OWN_STATUSES for e in entities)
        if own or probabilities.get(_OTHER, 0.0) >= limits.other:
            return OWN
        dangers = sum(probabilities.get(label, 0.0) for label in _KIND_OF_LABEL)
        is_unlikely = probabilities[NOTHING] + dangers < limits.unlikely
        if is_unlikely and confidence_of(message, REPORT) >= limits.report:
            return OWN
        return NOTHING if probabilities[NOTHING] >= limits.clear else UNCLEAR


def _statements_of(label: str) -> list[str]:
    """The statements that an example of a label makes, one at least."""
    if label == OF_NOBODY:
        return [NOTHING]
    intent, _, theme = label.partition(THEME_SEPARATOR)
    if intent == REPORT and theme:
        return theme.split(TOGETHER)
    return [intent if intent in _KIND_OF_LABEL else _TOPIC]


def _conditions(folder: Path) -> list[str]:
    listed = load_mapping(folder / "contraindications.yml")["contraindications"]
    return [condition["id"] for condition in listed]


def _folder(config: dict[str, Any]) -> Path:
    return Path(__file__).parent.parent / config["content_dir"]
