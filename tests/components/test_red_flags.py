"""Which messages lead to the emergency reply; the messages stand in tests/nlu."""

from __future__ import annotations

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
    for name in ("", "_second", "_third", "_fourth")
]
FIRE = [(str(text), kind) for one in SETS for kind, texts in one["fire"].items() for text in texts]
QUIET = [str(text) for one in SETS for text in one["quiet"]]


@pytest.mark.parametrize(("text", "kind"), FIRE)
def test_a_sign_of_danger_fires(text, kind):
    assert kind in kinds_of(read_red_flags(text, RED_FLAGS), RED_FLAGS)


@pytest.mark.parametrize("text", QUIET)
def test_a_look_alike_stays_quiet(text):
    assert read_red_flags(text, RED_FLAGS) == []


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
