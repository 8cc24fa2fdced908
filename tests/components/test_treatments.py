"""Reading of the treatment that a message names."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.text import CLEANED
from components.treatments import TreatmentReader

MESO, ROLLER = "mesotherapy", "derma_roller"


@pytest.fixture(scope="module")
def reader() -> TreatmentReader:
    return TreatmentReader.create(TreatmentReader.get_default_config(), None, None, None)


def read(reader: TreatmentReader, text: str) -> list[dict[str, Any]]:
    message = Message({TEXT: text})
    message.set(CLEANED, text)
    reader.process([message])
    return message.get(ENTITIES)


@pytest.mark.parametrize(
    ("text", "treatments"),
    [
        ("how does mesotherapy work", [MESO]),
        ("how does MESO work?", [MESO]),
        ("do the injections hurt", [MESO]),
        ("and for the derma roller?", [ROLLER]),
        ("what about microneedling", [ROLLER]),
        ("mesotherpy", [MESO]),
        ("mesoterapy and the dermarolller", [MESO, ROLLER]),
        ("micro-needling", [ROLLER]),
        ("roler", [ROLLER]),
        ("does it hurt", []),
        ("physiotherapy", []),
        ("aromatherapy", []),
        ("I work as a controller", []),
        ("a roll of paper", []),
        ("", []),
    ],
)
def test_the_treatments_that_a_text_names(
    reader: TreatmentReader, text: str, treatments: list[str]
) -> None:
    assert [entity["value"] for entity in read(reader, text)] == treatments


def test_an_entity_points_to_its_word(reader: TreatmentReader) -> None:
    text = "And the Roller?"
    (entity,) = read(reader, text)
    assert text[entity["start"] : entity["end"]] == "Roller"
    assert (entity["entity"], entity["extractor"]) == ("treatment", "TreatmentReader")


def test_entities_of_other_readers_stay(reader: TreatmentReader) -> None:
    message = Message({TEXT: "pregnant, the roller?", ENTITIES: [{"entity": "condition"}]})
    message.set(CLEANED, "pregnant, the roller?")
    reader.process([message])
    assert [entity["entity"] for entity in message.get(ENTITIES)] == ["condition", "treatment"]
    assert ENTITIES in message.output_properties
