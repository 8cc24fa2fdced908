from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.script import ScriptError, load_conversations

GOOD = """
- name: a greeting
  turns:
    - say: hello
      says: [utter_greet]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "a.yml").write_text(text, "utf-8")
    return folder


def test_a_conversation_is_read(tmp_path: Path) -> None:
    [conversation] = load_conversations(write(tmp_path, GOOD))
    assert str(conversation) == "a: a greeting"
    assert conversation.turns == [{"say": "hello", "says": ["utter_greet"]}]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sayz: [utter_greet]", r"a greeting, turn 1: unknown key `sayz`"),
        ("says: [utter_gret]", r"unknown: utter_gret"),
        ("says: utter_greet", r"`says` must be a list in square brackets"),
        ("answers: [sesions]", r"unknown: sesions"),
        ("answers: [not_covered/prise]", r"unknown: not_covered/prise"),
        ("asks: booking_nam", r"`asks` must be a slot of domain.yml"),
        ("form: bokking", r"`form` must be a form"),
        ("outcome: fine", r"`outcome` must be one of not_recommended"),
        ("stored: {request: 1}", r"has request \(there are: consultation_requests"),
        ("stored: {feedback: one}", r"`stored` must be a number"),
        ("handoffs: [urgentt]", r"unknown: urgentt"),
        ("nothing_else: no", r"can only be yes"),
        ("press: Stop", r"needs either `say` or `press`"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ScriptError, match=message):
        load_conversations(write(tmp_path, f"{GOOD}      {line}\n"))


def test_a_bare_no_has_to_be_put_in_quotes(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="`say` must be a text"):
        load_conversations(write(tmp_path, GOOD.replace("hello", "no")))


def test_two_conversations_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="another one of this name"):
        load_conversations(write(tmp_path, GOOD + GOOD))
