"""Slips of the pen are repaired for the encoder, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.clauses import TEXTS
from components.spelling import REPAIRED, Speller, SpellingRepairer, words_to_repair_to
from components.text import CLEANED

QUESTIONS = [
    *(f"{n} sessions of mesotherapy, many" for n in range(9)),
    *(f"does the treatment hurt {n}" for n in range(3)),
    *(f"is the tretment dear {n}" for n in range(2)),
    "kibella",
]
ORDINARY = frozenset(["many", "does", "treatment", "hurt", "sessions", "dear", "people", "anyone"])


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(words_to_repair_to(QUESTIONS, ORDINARY, frequent=8), ORDINARY)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("wen dose teh tretment hurt", "wen does teh treatment hurt"),
        ("how many sesions", "how many sessions"),
        ("Mesoterapy?", "mesotherapy?"),
        ("mesotherappyy", "mesotherapy"),
        ("how many people", "how many people"),
        ("anyone", "anyone"),
        ("my neighbour's", "my neighbour's"),
        ("wat", "wat"),
        ("BMI 31", "BMI 31"),
        ("xyzzyqwert", "xyzzyqwert"),
        ("θεραπεία", "θεραπεία"),
        ("", ""),
    ],
)
def test_only_an_unknown_word_near_a_known_one_is_repaired(
    speller: Speller, text: str, repaired: str
) -> None:
    assert speller.repaired(text) == repaired


def test_a_rare_misspelling_in_the_training_questions_is_not_learnt(speller: Speller) -> None:
    assert "tretment" not in speller.counts
    assert "mesotherapy" in speller.counts


def test_the_component_learns_travels_and_repairs_every_text(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("train_SpellingRepairer")
    context = ExecutionContext(GraphSchema({}))
    config = SpellingRepairer.get_default_config()
    data = TrainingData([Message({TEXT: q, CLEANED: q}) for q in QUESTIONS])
    SpellingRepairer.create(config, storage, resource, context).train(data)
    loaded = SpellingRepairer.load(config, storage, resource, context)
    message = Message({TEXT: "x", CLEANED: "sesionns?", TEXTS: ["sesionns?", "mesoterapy"]})
    loaded.process([message])
    assert message.get(REPAIRED) == ["sessions?", "mesotherapy"]
    assert REPAIRED not in message.output_properties
    loaded.process_training_data(data)
    assert data.training_examples[0].get(REPAIRED) == [QUESTIONS[0]]
