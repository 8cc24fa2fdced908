"""The frozen sets, end to end: each question in a conversation of its own gets the right answer.

The gates are the reached figures, rounded down. A question is right when it gets its answer and no
other one; a foreign message is right when it gets no answer at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import yaml

from benchmarks.questions import FOREIGN, Question, read_frozen
from tests.e2e.questions import ask_all
from tests.e2e.servers import Assistant

FOLDERS = sorted((Path(__file__).parent.parent / "nlu").glob("frozen*"))
# Follow-ups lean on an earlier answer, and there is none.
NEED_CONTEXT = {"ask_more", "ask_why", "ask_other_treatment"}
ANSWERED = ("ask_", "not_covered", "clinic_info")
SEVERAL, ONE, BESIDE_HEALTH = "several", "one in many words", "beside talk of health"
# Percent of the questions, by the way they are put.
GATES = {
    "all topics": 98.0,
    "plain": 98.5,
    "terse": 98.5,
    "misspelt": 97.5,
    "story": 97.5,
    "faq": 98.0,
    FOREIGN: 98.0,
    SEVERAL: 88.0,
    ONE: 96.0,
    BESIDE_HEALTH: 96.0,
}


@dataclass
class Tally:
    """Questions of one kind, and what went wrong."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        return 100 * (1 - len(self.wrong) / self.asked)


def answers_to(client: httpx.Client, number: int, text: str) -> set[str]:
    """The ids of all answers to the first message of a conversation."""
    sent = {"sender": f"frozen-{number}", "message": text}
    reply = client.post("/webhooks/rest/webhook", json=sent)
    reply.raise_for_status()
    found = {(message.get("metadata") or {}).get("answer") for message in reply.json()}
    return {answer for answer in found if answer}


def topics(labels: list[str]) -> set[str]:
    """The ids of the answers to intents; a request has none."""
    named = [label.partition("/")[0] for label in labels if label.startswith(ANSWERED)]
    return {name.removeprefix("ask_") for name in named}


def frozen() -> Iterator[tuple[str, str, set[str]]]:
    """Each question with its kind and the answers that it should get."""
    for folder in FOLDERS:
        for question in read_frozen(folder):
            if question.kind == FOREIGN:
                yield question.text, FOREIGN, set()
            elif is_topic(question):
                yield question.text, question.kind, topics([question.label])
        for path in folder.glob("several.yml"):
            for entry in yaml.safe_load(path.read_text("utf-8")):
                kind = SEVERAL if len(entry["intents"]) > 1 else ONE
                yield entry["text"], kind, topics(entry["intents"])
        for path in folder.glob("beside_health.yml"):
            for entry in yaml.safe_load(path.read_text("utf-8")):
                yield entry["text"], BESIDE_HEALTH, topics(entry["intents"])


def is_topic(question: Question) -> bool:
    return question.label.startswith(ANSWERED) and question.label not in NEED_CONTEXT


@pytest.fixture(scope="module")
def tallies(assistants: list[Assistant]) -> dict[str, Tally]:
    """Asks everything once."""
    asked = list(frozen())
    got = ask_all(assistants, [text for text, _, _ in asked], answers_to)
    found: dict[str, Tally] = defaultdict(Tally)
    for (text, kind, wanted), answers in zip(asked, got, strict=True):
        of_topics = [] if kind in (FOREIGN, SEVERAL, ONE, BESIDE_HEALTH) else ["all topics"]
        for name in (kind, *of_topics):
            found[name].asked += 1
            if answers != wanted:
                found[name].wrong.append(f"{sorted(wanted)} -> {sorted(answers)}: {text}")
    print()
    for name, tally in found.items():
        print(f"{name}: {tally.percent:.1f} % of {tally.asked}")
    return found


@pytest.mark.parametrize("kind", GATES)
def test_the_frozen_set_is_understood(tallies: dict[str, Tally], kind: str) -> None:
    tally = tallies[kind]
    assert tally.asked >= 25
    assert tally.percent >= GATES[kind], "\n".join(tally.wrong)
