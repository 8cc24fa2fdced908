"""What a message states of the patient's own health, decided once the readers have read it.

The readers of words (components/health_reading.py, components/red_flag_reading.py) know every name
of a condition and few of the ways to speak of somebody else, of the past or in jest; a classifier
learns those from examples. What the readers found is among the classifier's features, so that it
learns how far they can be trusted. Both together decide, and the doubt goes to the side of caution.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from clinic.content.files import load_mapping
from components.examples import (
    THEME_SEPARATOR,
    TOGETHER,
    label_of,
    labelled_examples,
    sample,
)
from components.health_lexicon import CONTRAINDICATION, DENIED, NEAR, NOT_OWN, PRESENT, UNSURE
from components.joint_model import DEFAULTS, JointModel
from components.readings import read_all
from components.red_flag_reading import EMERGENCY, SELF_HARM
from components.red_flags import RED_FLAG_KINDS
from components.sentence_encoder import SENTENCE_VECTORS, stacked_vectors
from components.text import CLEANED
from components.topic_classifier import OF_NOBODY, REPORT, confidence_of

HEALTH_STATED = "health_stated"
OWN, NOTHING, UNCLEAR = "own", "nothing", "unclear"
RESEMBLED, OVERRULED = "resembled", "overruled"

_OTHER = "other"
_TOPIC = "topic"
_OTHER_LANGUAGE = "other_language"
_UNSURE_SUFFIX = "_unsure"
_KIND_OF_LABEL = {"urgent_symptoms": EMERGENCY, "self_harm": SELF_HARM}
_OWN_STATUSES = (PRESENT, UNSURE)
_STATUSES = (PRESENT, UNSURE, DENIED, NOT_OWN)
_KINDS = (EMERGENCY, SELF_HARM)
# Of the topic classifier where it is judged whether something is an emergency.
_TOPIC_WEIGHT = 0.3
# In so few words there is hardly room for a doubt that no reader knows.
_FEW_WORDS = 8
_FILE = "statements.npz"


@dataclass(frozen=True)
class Thresholds:
    """How sure the classifier must be, as probabilities, and of how long a message.

    Attributes:
        nothing: of nothing being stated, to overrule a reader that is sure of a condition.
        doubt: the same, to overrule a reader that is not sure.
        danger: of an emergency or self-harm where no reader found one.
        shortest: words from which on a message can be such an emergency: "pain" is a topic.
        no_danger: below which one that a reader found counts as a figure of speech.
        condition: of a condition that no reader found.
        beside: the same beside own conditions, as a share of what they leave of the probability.
        beside_least: and the least of it.
        present: of its being there, below which such a condition counts as not sure.
        known: of a condition that a reader found, from which on present or unsure is decided here.
        stray: below which something merely near a condition is dropped beside a sure one.
        sure: from which on a condition is a sure one.
        certain: of a condition, from which on what a reader takes for another one is a misreading
            where that is all but impossible: "radiotherapy on my breast".
        impossible: below which it is.
        firm: how many times likelier unsure must be than present, to doubt what a reader is sure of
            in a few words.
        plain: of a condition's being there, as a share of what others leave, from which on what is
            merely near it becomes it.
        other: of another health matter in words that no reader knows.
        unlikely: of nothing being stated, below which something is, though it is not clear what.
        report: of a report, as the classifier of topics finds it, below which that is doubted.
        measured: of nothing being stated, below which somebody else's height and weight count as
            not sure: whose figures are told is mostly who wants the treatment.
        others: how many times likelier their being there must be than nothing, to count as there:
            "do you treat people over BMI 30?" tells of nobody.
        foreign: of another language, from which on the readers are not overruled either.
        longest: words up to which the readers are overruled at all. The examples are no longer, and
            in a long story one sentence about one's own health hardly moves the whole.
    """

    nothing: float = 0.65
    doubt: float = 0.6
    danger: float = 0.3
    shortest: int = 2
    no_danger: float = 0.15
    condition: float = 0.25
    beside: float = 0.45
    beside_least: float = 0.1
    present: float = 0.25
    known: float = 0.05
    stray: float = 0.1
    sure: float = 0.6
    certain: float = 0.9
    impossible: float = 0.02
    firm: float = 3.0
    plain: float = 0.5
    other: float = 0.25
    unlikely: float = 0.4
    report: float = 0.01
    measured: float = 0.9
    others: float = 2.0
    foreign: float = 0.1
    longest: int = 60


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class StatementClassifier(GraphComponent):
    """Settles the entities `condition`, the property `red_flag_kinds`, and `health_stated`.

    A reader's own condition can become present, unsure, or not_own with `overruled` set, as figures
    have that may be the patient's; what it takes for somebody else's, the patient's. A condition in words that no reader knows is added, with
    `resembled` set. `health_stated` is own, nothing or unclear.

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
            # "my sister is on", "I had": who and when stands in the sequence of words.
            "word_ngram_range": [1, 3],
            "topic_examples": 50,
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
            probabilities = self._probabilities(message)
            message.set(RED_FLAG_KINDS, self._kinds(message, probabilities), add_to_output=True)
            entities = self._settled(message, probabilities)
            entities += self._resembled(message, entities, probabilities)
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
            [example for example in examples if label_of(example) != _OTHER_LANGUAGE],
            lambda label: label,
            lambda label: number if _statements_of(label) == [_TOPIC] else None,
            self._config["random_seed"],
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

    def _probabilities(self, message: Message) -> dict[str, float]:
        assert self._model, "load() comes before process()"
        read = [
            (e.get("near"), e["status"])
            for e in message.get(ENTITIES, [])
            if e["entity"] == "condition"
        ]
        features = self._features(read, message.get(RED_FLAG_KINDS) or [])
        row = self._model.probabilities(
            [message.get(CLEANED) or ""],
            np.asarray(message.get(SENTENCE_VECTORS)[:1]),
            features[np.newaxis],
        )[0]
        found = dict(zip(self._model.labels, map(float, row), strict=True))
        found[NOTHING] = found.pop(_TOPIC, 0.0) + found.get(NOTHING, 0.0)
        return found

    def _kinds(self, message: Message, probabilities: dict[str, float]) -> list[str]:
        read = set(message.get(RED_FLAG_KINDS) or [])
        likely = self._dangers(message, probabilities)
        danger = sum(likely.values())
        if read:
            is_none = danger < self._thresholds.no_danger and self._overrules(message)
            return [] if is_none else sorted(read)
        if danger >= self._thresholds.danger and _words_of(message) >= self._thresholds.shortest:
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

    def _overrules(self, message: Message) -> bool:
        """Whether a reader may be wrong: not in a long story, nor in words of another language."""
        is_short = _words_of(message) <= self._thresholds.longest
        return is_short and confidence_of(message, _OTHER_LANGUAGE) < self._thresholds.foreign

    def _settled(self, message: Message, probabilities: dict[str, float]) -> list[dict[str, Any]]:
        """The readers' entities with the status that both together give them."""
        limits = self._thresholds
        likely = {c: _likely(probabilities, c) for c in self._conditions}
        entities = self._of_patient(message.get(ENTITIES, []), likely, probabilities[NOTHING])
        told = {e.get("near") for e in entities if e.get("status") in _OWN_STATUSES}
        settled = []
        for entity in entities:
            is_condition = entity["entity"] == "condition"
            if is_condition and entity.get("measured"):
                settled.append(self._measured(entity, likely, probabilities[NOTHING]))
                continue
            if not is_condition or entity["status"] not in _OWN_STATUSES:
                settled.append(entity)
                continue
            present, unsure = likely.get(entity["near"], (0.0, 0.0))
            # All statements share one probability, so beside another condition less is enough.
            others = sum(sum(likely[c]) for c in told & likely.keys() - {entity["near"]})
            plain = limits.plain * (1 - others)
            is_near = entity["kind"] == NEAR
            nothing = limits.nothing if entity["status"] == PRESENT else limits.doubt
            if probabilities[NOTHING] >= nothing and self._overrules(message):
                settled.append({**entity, "status": NOT_OWN, OVERRULED: True})
            elif self._is_stray(entity, likely) or self._is_misread(entity, likely):
                continue
            elif present + unsure < limits.known:
                settled.append(entity)
            elif present * self._firmness(message, entity) < unsure or (
                is_near and present < plain
            ):
                settled.append({**entity, "status": UNSURE})
            elif is_near:
                # A pacemaker is near an arrhythmia; "for my slow rhythm" makes it one.
                of_list = {"value": entity["near"], "kind": CONTRAINDICATION}
                settled.append({**entity, **of_list, "status": PRESENT})
            else:
                settled.append({**entity, "status": PRESENT})
        return settled

    def _of_patient(
        self, entities: list[dict[str, Any]], likely: dict[str, tuple[float, float]], nothing: float
    ) -> list[dict[str, Any]]:
        """The entities with all that is told of somebody else, where that one is the patient.

        "Father had a bypass, he takes tablets for sugar, he would like his chin done": no cue of
        the readers says so, yet the classifier takes what they found for the patient's.
        """
        told = [
            entity
            for entity in entities
            if entity.get("if_patient") in _OWN_STATUSES and not entity.get("measured")
        ]
        conditions = {e["near"] for e in told} & likely.keys()
        is_writer = any(e.get("near") and e["status"] in _OWN_STATUSES for e in entities)
        belief = sum(sum(likely[condition]) for condition in conditions)
        if is_writer or belief < max(self._thresholds.condition, nothing):
            return entities
        return [{**e, "status": e["if_patient"]} if e in told else e for e in entities]

    def _measured(
        self, entity: dict[str, Any], likely: dict[str, tuple[float, float]], nothing: float
    ) -> dict[str, Any]:
        """Height and weight: no figure of speech, but they may be somebody else's.

        Of a husband who is to be treated they are told as of one who is not.
        """
        if entity["status"] != NOT_OWN:
            return entity
        if nothing >= self._thresholds.measured:
            return {**entity, OVERRULED: True}
        present, _ = likely.get(entity["near"], (0.0, 0.0))
        is_there = entity["kind"] != NEAR and present > self._thresholds.others * nothing
        return {**entity, "status": PRESENT if is_there else UNSURE}

    def _is_stray(self, entity: dict[str, Any], likely: dict[str, tuple[float, float]]) -> bool:
        """Tells what is merely near a condition and hardly meant, beside a sure condition.

        Whatever else is told, a medicine that is named is taken.
        """
        is_sure = any(sum(both) >= self._thresholds.sure for both in likely.values())
        is_unlikely = sum(likely.get(entity["near"], (0.0, 0.0))) < self._thresholds.stray
        return entity["kind"] == NEAR and not entity.get("medicine") and is_sure and is_unlikely

    def _is_misread(self, entity: dict[str, Any], likely: dict[str, tuple[float, float]]) -> bool:
        """Tells what a reader took for a condition from what another, certain one was said with.

        Nothing is cleared by that: the other one is there, or as unsure as this.
        """
        own = sum(likely.get(entity["near"], (1.0, 0.0)))
        present, unsure = max(likely.values(), key=sum)
        is_certain = present + unsure >= self._thresholds.certain
        is_as_grave = present >= unsure or entity["status"] == UNSURE
        is_impossible = own < self._thresholds.impossible and not entity.get("medicine")
        return is_certain and is_as_grave and is_impossible

    def _firmness(self, message: Message, entity: dict[str, Any]) -> float:
        """How many times likelier unsure must be than present: "im obese" is hardly doubted."""
        is_plain = entity["status"] == PRESENT and entity["kind"] != NEAR
        return self._thresholds.firm if is_plain and _words_of(message) <= _FEW_WORDS else 1.0

    def _resembled(
        self,
        message: Message,
        entities: list[dict[str, Any]],
        probabilities: dict[str, float],
    ) -> list[dict[str, Any]]:
        """The conditions that the message states in words that no reader knows."""
        # What was calculated from height and weight stands.
        is_calculated = any(e["entity"] == "body_mass_index" for e in entities)
        calculated = {"obesity"} if is_calculated else set()
        own = {e.get("near") for e in entities if e.get("status") in _OWN_STATUSES}
        least = self._least(own, probabilities)
        found = []
        for condition in self._conditions:
            present, unsure = _likely(probabilities, condition)
            if condition in own | calculated or present + unsure < least:
                continue
            is_present = present >= max(unsure, self._thresholds.present)
            found.append(
                {
                    "entity": "condition",
                    "value": condition,
                    "status": PRESENT if is_present else UNSURE,
                    "kind": CONTRAINDICATION,
                    "near": condition,
                    RESEMBLED: True,
                    "start": 0,
                    "end": len(message.get(CLEANED) or ""),
                    "extractor": "StatementClassifier",
                }
            )
        return found

    def _least(self, own: Collection[str | None], probabilities: dict[str, float]) -> float:
        """How likely a condition must be that no reader found, beside those of the patient's own.

        All statements share one probability: beside a sure condition little is left for a second.
        """
        limits = self._thresholds
        taken = [sum(_likely(probabilities, c)) for c in self._conditions if c in own]
        if not taken:
            return limits.condition
        beside = max(limits.beside_least, limits.beside * (1 - sum(taken)))
        return min(limits.condition, beside)

    def _stated(
        self,
        message: Message,
        entities: list[dict[str, Any]],
        probabilities: dict[str, float],
    ) -> str:
        limits = self._thresholds
        own = any(e["entity"] == "condition" and e["status"] in _OWN_STATUSES for e in entities)
        if own or probabilities.get(_OTHER, 0.0) >= limits.other:
            return OWN
        dangers = sum(probabilities.get(label, 0.0) for label in _KIND_OF_LABEL)
        is_unlikely = probabilities[NOTHING] + dangers < limits.unlikely
        if is_unlikely and confidence_of(message, REPORT) >= limits.report:
            return OWN
        return NOTHING if probabilities[NOTHING] >= limits.doubt else UNCLEAR


def _words_of(message: Message) -> int:
    return len((message.get(CLEANED) or "").split())


def _likely(probabilities: dict[str, float], condition: str) -> tuple[float, float]:
    """How likely a condition is there, and how likely it is unsure."""
    present = probabilities.get(condition, 0.0)
    return present, probabilities.get(f"{condition}{_UNSURE_SUFFIX}", 0.0)


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
