"""Statements about health and emergencies, through the whole understanding.

The exams are what no rule or training line was written for. The statements and frames are what the
words of data/content are collected by. The gates are the reached figures, rounded down. One has no
margin: no condition that is there is taken for nothing. Where it is not read, the patient is sent
to the doctor; where it seems to be nobody's here, the patient is told what holds if it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.questions import ask_all
from tests.e2e.servers import Assistant

SETS = Path(__file__).parent.parent / "nlu"
OWN = ("present", "unsure")
TO_THE_DOCTOR = {"report_condition", "urgent_symptoms", "self_harm"}
EMERGENCY = {"urgent_symptoms", "self_harm"}

Parse = dict[str, Any]
Read = list[tuple[dict[str, Any], Parse]]


def load(name: str) -> Any:
    return yaml.safe_load((SETS / name).read_text("utf-8"))


def exam(pattern: str, files: int) -> Iterator[dict[str, Any]]:
    paths = sorted(SETS.glob(pattern))
    assert len(paths) == files
    for path in paths:
        yield from load(path.name)


def collected() -> Iterator[dict[str, Any]]:
    """The statements with the fields of an exam."""
    for group in load("health_statements.yml"):
        expected = {key: status for key, status in group["expected"].items() if status in OWN}
        kind = "own" if expected else "other" if group["expected"] else "none"
        for text in group["statements"]:
            yield {"text": text, "expected": expected, "kind": kind}


def framed() -> Iterator[dict[str, Any]]:
    """A plain statement in each frame, and the traps."""
    frames = load("health_frames.yml")
    for condition, statements in frames["statements"].items():
        for statement in statements:
            for frame in frames["present"] + frames["stated"]:
                yield {"text": frame.replace("{}", statement), "condition": condition}
    yield from frames["traps"]


def parse(client: httpx.Client, _: int, text: str) -> Parse:
    reply = client.post("/model/parse", json={"text": text})
    reply.raise_for_status()
    parsed: Parse = reply.json()
    return parsed


def read(assistants: list[Assistant], entries: Iterator[dict[str, Any]]) -> Read:
    asked = list(entries)
    parses = ask_all(assistants, [entry["text"] for entry in asked], parse)
    return list(zip(asked, parses, strict=True))


@pytest.fixture(scope="module", params=["exams", "collected"])
def statements(assistants: list[Assistant], request: pytest.FixtureRequest) -> Read:
    return read(
        assistants, exam("exam_health*.yml", 51) if request.param == "exams" else collected()
    )


@pytest.fixture(scope="module")
def red_flags(assistants: list[Assistant]) -> Read:
    return read(assistants, exam("exam_red_flags*.yml", 16))


def conditions(parse: Parse) -> dict[str, str]:
    """The patient's own among the ten conditions; the graver status of each."""
    stated: dict[str, str] = {}
    for entity in parse["entities"]:
        if entity["entity"] == "condition" and entity.get("status") in OWN and entity["near"]:
            graver = "present" in (entity["status"], stated.get(entity["near"]))
            stated[entity["near"]] = "present" if graver else "unsure"
    return stated


def own(statements: Read) -> Read:
    return [(entry, parse) for entry, parse in statements if entry["kind"] == "own"]


def percent(what: str, right: list[bool]) -> float:
    assert len(right) >= 25
    share = 100 * sum(right) / len(right)
    print(f"{what}: {share:.1f} % of {len(right)}")
    return share


def is_cautioned(parse: Parse) -> bool:
    """Sent to the doctor, or told what holds if the condition is the patient's after all."""
    in_case = any(entity.get("overruled") for entity in parse["entities"])
    return in_case or parse["intent"]["name"] in TO_THE_DOCTOR


def test_no_condition_is_taken_for_nothing(statements: Read) -> None:
    passed_over = [
        (entry["expected"], entry["text"])
        for entry, parse in own(statements)
        if not conditions(parse) and not is_cautioned(parse)
    ]
    assert [text for expected, text in passed_over if "present" in expected.values()] == []
    assert len(passed_over) <= 1


def test_no_sentence_around_it_makes_a_condition_nothing(assistants: list[Assistant]) -> None:
    passed_over = [
        entry["text"]
        for entry, parse in read(assistants, framed())
        if entry["condition"] not in conditions(parse) and not is_cautioned(parse)
    ]
    assert passed_over == []


def test_conditions_are_read(statements: Read) -> None:
    stated = [(entry["expected"], conditions(parse)) for entry, parse in own(statements)]
    assert percent("own, exactly", [expected == got for expected, got in stated]) >= 97
    named = [expected.keys() <= got.keys() for expected, got in stated]
    assert percent("own, condition read", named) >= 99.3


def test_other_health_matters_lead_to_the_doctor(statements: Read) -> None:
    others = [parse for entry, parse in statements if entry["kind"] == "other"]
    sent = [parse["intent"]["name"] in TO_THE_DOCTOR for parse in others]
    assert percent("other matters, to the doctor", sent) >= 98.5


def test_talk_of_others_and_figures_of_speech_state_nothing(statements: Read) -> None:
    nothing = [parse for entry, parse in statements if entry["kind"] == "none"]
    assert percent("nothing stated", [not conditions(parse) for parse in nothing]) >= 89.5


def test_emergencies_are_recognised(red_flags: Read) -> None:
    urgent = [parse["intent"]["name"] for entry, parse in red_flags if entry["fire"]]
    assert percent("emergencies", [intent in EMERGENCY for intent in urgent]) >= 99.5


def test_look_alikes_of_emergencies_stay_quiet(red_flags: Read) -> None:
    quiet = [parse["intent"]["name"] for entry, parse in red_flags if not entry["fire"]]
    assert percent("look-alikes, quiet", [intent not in EMERGENCY for intent in quiet]) >= 86
