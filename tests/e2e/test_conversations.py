from __future__ import annotations

import re

import pytest

from tests.e2e import lookouts
from tests.e2e.expectations import unmet
from tests.e2e.script import Conversation, load_conversations
from tests.e2e.servers import Assistant

CONVERSATIONS = load_conversations()


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
def test_conversation(conversation: Conversation, assistant: Assistant) -> None:
    assistant.said.update(conversation.private)
    wrong: list[str] = []
    with assistant.talk(sender_of(conversation)) as talk:
        for number, turn in enumerate(conversation.turns, start=1):
            if "press" in turn:
                did, reply = f"[{turn['press']}]", talk.press(turn["press"])
            else:
                did, reply = turn["say"], talk.say(turn["say"] * turn.get("repeat", 1))
            failure_expected = "utter_failure" in turn.get("says", [])
            always = lookouts.problems(reply, number == 1, failure_expected)
            here = unmet(turn, reply, talk, assistant)
            wrong += [f"turn {number}, {did[:60]!r}: {line}" for line in (*always, *here)]
            # What comes after a turn that went elsewhere says little.
            if here:
                wrong.append(f"It said:\n{reply.text}")
                break
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def sender_of(conversation: Conversation) -> str:
    """Returns a sender id of the conversation's own."""
    return re.sub(r"[^a-z0-9]+", "-", f"e2e {conversation}".lower())[:120]


def test_there_are_enough_conversations() -> None:
    assert len(CONVERSATIONS) >= 50


def test_each_conversation_has_a_sender_of_its_own() -> None:
    senders = [sender_of(conversation) for conversation in CONVERSATIONS]
    assert len(set(senders)) == len(senders)
