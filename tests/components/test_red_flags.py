"""Which messages lead to the emergency reply; the messages stand in tests/nlu."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from components.red_flag_reading import kinds_of, load_red_flags, read_red_flags

ROOT = Path(__file__).parent.parent.parent
RED_FLAGS = load_red_flags(ROOT / "data" / "content")
SETS = [
    yaml.safe_load((ROOT / "tests" / "nlu" / f"red_flags{name}.yml").read_text("utf-8"))
    for name in ("", "_second", "_third", "_fourth", "_fifth", "_sixth", "_seventh", "_families")
]
FIRE = [(str(text), kind) for one in SETS for kind, texts in one["fire"].items() for text in texts]
QUIET = [str(text) for one in SETS for text in one["quiet"]]

# In these intents patients do report signs, or write about anything at all.
MAY_FIRE = {
    "urgent_symptoms",
    "self_harm",
    "report_condition",
    "check_eligibility",
    "human_handoff",
    "out_of_scope",
}
# Many training questions hold alarming words on purpose; StatementClassifier learns what they mean.
MOST_FALSE_ALARMS = 0.01


def _ordinary_questions():
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            intent = block.get("intent", "urgent_symptoms").partition("/")[0]
            if intent in MAY_FIRE:
                continue
            for line in block["examples"].splitlines():
                if line.strip().startswith("- "):
                    yield re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line.strip()[2:])


@pytest.mark.parametrize(("text", "kind"), FIRE)
def test_a_sign_of_danger_fires(text, kind):
    assert kind in kinds_of(read_red_flags(text, RED_FLAGS), RED_FLAGS)


def test_look_alikes_stay_quiet():
    fired = [text for text in QUIET if read_red_flags(text, RED_FLAGS)]
    assert len(fired) <= MOST_FALSE_ALARMS * len(QUIET), fired


def test_ordinary_training_questions_stay_quiet():
    questions = list(_ordinary_questions())
    fired = [text for text in questions if read_red_flags(text, RED_FLAGS)]
    assert len(questions) > 10_000
    assert len(fired) <= MOST_FALSE_ALARMS * len(questions)


@given(st.sampled_from(FIRE), st.sampled_from(QUIET))
@settings(max_examples=200, deadline=None)
def test_a_sign_fires_behind_any_harmless_sentence(fire, quiet):
    text, kind = fire
    assert kind in kinds_of(read_red_flags(f"{quiet}. {text}", RED_FLAGS), RED_FLAGS)


@given(st.sampled_from(FIRE))
@settings(max_examples=200, deadline=None)
def test_a_no_a_greeting_or_capitals_do_not_hide_a_sign(fire):
    text, kind = fire
    for frame in ("No, {}", "Hello. {}", "{} please help", "sorry to bother you but {}"):
        written = frame.replace("{}", text)
        assert kind in kinds_of(read_red_flags(written, RED_FLAGS), RED_FLAGS), written
    assert kind in kinds_of(read_red_flags(text.upper(), RED_FLAGS), RED_FLAGS)


@given(st.text(max_size=1000))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text):
    assert set(read_red_flags(text, RED_FLAGS)) <= set(RED_FLAGS.flags)


def test_every_flag_is_of_a_known_kind_and_named():
    assert {flag.kind for flag in RED_FLAGS.flags.values()} == {"emergency", "self_harm"}
    assert all(flag.name for flag in RED_FLAGS.flags.values())


@pytest.mark.filterwarnings("ignore")
def test_the_component_writes_ids_and_kinds():
    from rasa.shared.nlu.training_data.message import Message

    from components.red_flags import RedFlagReader

    messages = [Message({"text": "I can't breathe"}), Message({"text": "how many sessions?"})]
    RedFlagReader(RED_FLAGS).process(messages)
    assert messages[0].get("red_flags") == ["breathing"]
    assert messages[0].get("red_flag_kinds") == ["emergency"]
    assert messages[1].get("red_flags") == []
