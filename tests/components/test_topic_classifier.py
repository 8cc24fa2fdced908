"""The intent classifier, trained on a handful of sentences with made-up vectors."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.clauses import CLAUSES, TEXTS, Clause, texts_of
from components.sentence_encoder import SENTENCE_VECTORS
from components.text import CLEANED
from components.topic_classifier import _FILE, QUESTIONS, WISH, TopicClassifier

SENTENCES = {
    "ask_pain": ["does it hurt", "is it painful", "will I feel pain", "how painful is it"],
    "ask_sessions": ["how many sessions", "number of visits", "how often do I come", "sessions?"],
    "not_covered/price": ["what does it cost", "how much money", "price please", "is it expensive"],
    "not_covered/age": ["am I too old", "is there an age limit", "I am 70 years old", "how young"],
}
LABELS = list(SENTENCES)


def vector_of(label: str, weight: float = 1.0) -> np.ndarray:
    vector = np.full(len(LABELS), 0.05, dtype=np.float32)
    vector[LABELS.index(label)] = weight
    return vector / np.linalg.norm(vector)


def example(text: str, label: str) -> Message:
    intent, _, theme = label.partition("/")
    data: dict[str, Any] = {TEXT: text, CLEANED: text, INTENT: intent}
    if theme:
        data[INTENT_RESPONSE_KEY] = label
    message = Message(data)
    message.set(SENTENCE_VECTORS, np.stack([vector_of(label)]))
    return message


def training_data() -> TrainingData:
    return TrainingData([example(t, label) for label, ts in SENTENCES.items() for t in ts])


def incoming(text: str, label: str, *clauses: tuple[str, str]) -> Message:
    """A message whose vector, and those of its clauses, lie near a label."""
    message = Message({TEXT: text, CLEANED: text})
    read = [Clause(words, True, (), row) for row, (words, _) in enumerate(clauses, start=1)]
    message.set(CLAUSES, read)
    message.set(TEXTS, texts_of(text, read))
    rows = [vector_of(label), *(vector_of(of_clause) for _, of_clause in clauses)]
    message.set(SENTENCE_VECTORS, np.stack(rows))
    return message


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(tmp_path_factory.mktemp("storage"))


RESOURCE = Resource("train_TopicClassifier")
CONTEXT = ExecutionContext(GraphSchema({}))
CONFIG = TopicClassifier.get_default_config()


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> TopicClassifier:
    TopicClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).train(training_data())
    return TopicClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


@pytest.mark.parametrize("label", LABELS)
def test_a_trained_sentence_gets_its_label(classifier: TopicClassifier, label: str) -> None:
    (message,) = classifier.process([incoming(SENTENCES[label][0], label)])
    intent, _, theme = label.partition("/")
    assert message.get(INTENT)["name"] == intent
    assert message.get(INTENT).get("full_retrieval_intent_name") == (label if theme else None)
    assert message.get(INTENT)["confidence"] > 0.5


def test_a_misspelling_is_understood_by_its_letters(classifier: TopicClassifier) -> None:
    (message,) = classifier.process([incoming("hw manny sesions", "ask_sessions")])
    assert message.get(INTENT)["name"] == "ask_sessions"


def test_the_confidences_of_a_ranking_add_up_to_one(classifier: TopicClassifier) -> None:
    (message,) = classifier.process([incoming("how many", "ask_sessions")])
    ranking = message.get(INTENT_RANKING_KEY)
    confidences = [entry["confidence"] for entry in ranking]
    assert ranking[0]["name"] == message.get(INTENT)["name"]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0, abs=0.001)


def test_the_themes_of_one_intent_count_together(classifier: TopicClassifier) -> None:
    (message,) = classifier.process([incoming("is it expensive", "not_covered/age")])
    names = [entry["name"] for entry in message.get(INTENT_RANKING_KEY)]
    assert sorted(names) == ["ask_pain", "ask_sessions", "not_covered"]
    assert message.get(INTENT)["name"] == "not_covered"
    assert message.get(INTENT)["full_retrieval_intent_name"] in LABELS[2:]


def test_each_of_several_clauses_is_classified(classifier: TopicClassifier) -> None:
    clauses = ("how many sessions", "ask_sessions"), ("is it expensive", "not_covered/price")
    text = "how many sessions and is it expensive"
    (message,) = classifier.process([incoming(text, "ask_sessions", *clauses)])
    questions = message.get(QUESTIONS)
    assert [(q["intent"], q["theme"]) for q in questions] == [
        ("ask_sessions", None),
        ("not_covered", "price"),
    ]
    assert [q["text"] for q in questions] == [clause for clause, _ in clauses]
    assert QUESTIONS in message.output_properties


def test_the_intent_is_that_of_the_whole_message(classifier: TopicClassifier) -> None:
    story = "I came from far away to visit you"
    (alone,) = classifier.process([incoming(story, "ask_sessions")])
    (message,) = classifier.process([incoming(story, "ask_sessions", ("does it hurt", "ask_pain"))])
    assert message.get(INTENT) == alone.get(INTENT)
    assert [q["text"] for q in message.get(QUESTIONS)] in ([], ["does it hurt"])
    assert alone.get(QUESTIONS) == []


def test_a_wish_is_found_in_a_statement_and_in_no_question_of_a_story(
    storage: LocalModelStorage,
) -> None:
    booking = "book_consultation"
    data = TrainingData(
        [
            *(example(t, "ask_pain") for t in SENTENCES["ask_pain"]),
            *(example(t, "ask_sessions") for t in SENTENCES["ask_sessions"]),
        ]
    )
    for message, text in zip(
        data.training_examples[4:], ("book me", "book", "a date", "book it"), strict=False
    ):
        message.set(INTENT, booking)
        message.set(TEXT, text)
        message.set(CLEANED, text)
    resource = Resource("train_wishes")
    TopicClassifier.create(CONFIG, storage, resource, CONTEXT).train(data)
    classifier = TopicClassifier.load({**CONFIG, "wish_threshold": 0.5}, storage, resource, CONTEXT)
    wishes = []
    story = "book me. Then I come from far away"
    for text, asks in ((story, False), (story, True), ("book me?", True)):
        message = incoming(text, "ask_pain", ("book me", "ask_sessions"))
        (clause,) = message.get(CLAUSES)
        message.set(CLAUSES, [Clause(clause.text, asks, (), clause.row)])
        classifier.process([message])
        wishes.append(message.get(WISH))
    assert [wish and wish["intent"] for wish in wishes] == [booking, None, booking]


def test_an_empty_text_is_classified_without_an_error(classifier: TopicClassifier) -> None:
    message = Message({TEXT: "", CLEANED: ""})
    message.set(SENTENCE_VECTORS, np.zeros((1, len(LABELS)), dtype=np.float32))
    classifier.process([message])
    assert message.get(INTENT)["confidence"] < 0.9


def test_two_trainings_give_the_same_model(tmp_path: Path) -> None:
    confidences = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        storage = LocalModelStorage(tmp_path / name)
        TopicClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).train(training_data())
        again = TopicClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)
        (message,) = again.process([incoming("how many", "ask_sessions")])
        confidences.append(message.get(INTENT_RANKING_KEY))
    assert confidences[0] == confidences[1]


def test_one_intent_is_nothing_to_tell_apart(tmp_path: Path) -> None:
    data = TrainingData([example(text, "ask_pain") for text in SENTENCES["ask_pain"]])
    component = TopicClassifier.create(CONFIG, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    with pytest.raises(InvalidConfigException, match="two labels"):
        component.train(data)


def test_without_an_encoder_the_training_says_what_is_missing(tmp_path: Path) -> None:
    data = TrainingData([Message({TEXT: "hi", INTENT: "greet"}), Message({TEXT: "x", INTENT: "y"})])
    component = TopicClassifier.create(CONFIG, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    with pytest.raises(InvalidConfigException, match="SentenceEncoder"):
        component.train(data)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 cut off", pickle.dumps({"on_vectors": 1})],
    ids=["empty", "cut off", "a pickle"],
)
def test_a_file_that_is_no_model_is_not_loaded(content: bytes, tmp_path: Path) -> None:
    storage = LocalModelStorage(tmp_path)
    with storage.write_to(RESOURCE) as folder:
        (folder / _FILE).write_bytes(content)
    with pytest.raises(InvalidConfigException, match="holds no model"):
        TopicClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


def test_objects_in_a_model_are_not_unpickled(tmp_path: Path) -> None:
    storage = LocalModelStorage(tmp_path)
    with storage.write_to(RESOURCE) as folder, (folder / _FILE).open("wb") as file:
        np.savez(file, sharpness=np.array([Path()], dtype=object))
    with pytest.raises(InvalidConfigException, match="holds no model"):
        TopicClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)
