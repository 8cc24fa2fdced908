"""Statements about health and emergencies that no rule or training line was written for.

They go through the whole understanding. The gates are the reached figures, rounded down. One has no
margin: no own condition is taken for nothing; where its name is not read, the patient is at least
sent to the doctor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.servers import Assistant

SETS = Path(__file__).parent.parent / "nlu"
OWN = ("present", "unsure")
TO_THE_DOCTOR = {"report_condition", "urgent_symptoms", "self_harm"}
EMERGENCY = {"urgent_symptoms", "self_harm"}

Parse = dict[str, Any]
Read = list[tuple[dict[str, Any], Parse]]


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    url, token = assistant.url, assistant.variables["RASA_TOKEN"]
    with httpx.Client(base_url=url, params={"token": token}, timeout=60, trust_env=False) as opened:
        yield opened


def read(client: httpx.Client, pattern: str) -> Read:
    paths = sorted(SETS.glob(pattern))
    assert len(paths) == 5
    found = []
    for path in paths:
        for entry in yaml.safe_load(path.read_text("utf-8")):
            reply = client.post("/model/parse", json={"text": entry["text"]})
            reply.raise_for_status()
            found.append((entry, reply.json()))
    return found


@pytest.fixture(scope="module")
def statements(client: httpx.Client) -> Read:
    return read(client, "exam_health*.yml")


@pytest.fixture(scope="module")
def red_flags(client: httpx.Client) -> Read:
    return read(client, "exam_red_flags*.yml")


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


def test_no_condition_is_taken_for_nothing(statements: Read) -> None:
    passed_over = [
        entry["text"]
        for entry, parse in own(statements)
        if not conditions(parse) and parse["intent"]["name"] not in TO_THE_DOCTOR
    ]
    assert passed_over == []


def test_conditions_are_read(statements: Read) -> None:
    stated = [(entry["expected"], conditions(parse)) for entry, parse in own(statements)]
    assert percent("own, exactly", [expected == got for expected, got in stated]) >= 94.5
    named = [expected.keys() <= got.keys() for expected, got in stated]
    assert percent("own, condition read", named) >= 98


def test_other_health_matters_lead_to_the_doctor(statements: Read) -> None:
    others = [parse for entry, parse in statements if entry["kind"] == "other"]
    sent = [parse["intent"]["name"] in TO_THE_DOCTOR for parse in others]
    assert percent("other matters, to the doctor", sent) >= 98


def test_talk_of_others_and_figures_of_speech_state_nothing(statements: Read) -> None:
    nothing = [parse for entry, parse in statements if entry["kind"] == "none"]
    assert percent("nothing stated", [not conditions(parse) for parse in nothing]) >= 79


def test_emergencies_are_recognised(red_flags: Read) -> None:
    urgent = [parse["intent"]["name"] for entry, parse in red_flags if entry["fire"]]
    assert percent("emergencies", [intent in EMERGENCY for intent in urgent]) >= 99


def test_look_alikes_of_emergencies_stay_quiet(red_flags: Read) -> None:
    quiet = [parse["intent"]["name"] for entry, parse in red_flags if not entry["fire"]]
    assert percent("look-alikes, quiet", [intent not in EMERGENCY for intent in quiet]) >= 80
