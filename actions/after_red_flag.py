"""What is said in the messages that follow a red flag."""

from __future__ import annotations

from itertools import dropwhile, islice

from actions.turn import RED_FLAGS, Turn

# What leaves a red flag where it is: it asks for nothing that the article could answer.
_SMALL_WORDS = (
    "affirm",
    "deny",
    "feedback_negative",
    "feedback_positive",
    "goodbye",
    "greet",
    "human_handoff",
    "nlu_fallback",
    "not_sure",
    "out_of_scope",
    "stop",
    "thanks",
)


def stays_with_red_flag(turn: Turn) -> bool:
    """Says again where help is, when small words follow a red flag.

    "Ok", "no" and what is not understood may come from somebody who is still in danger; an offer
    to talk about the treatment would be out of place.

    Returns:
        Whether it was said; no offer to talk about the treatment should follow then.
    """
    larger = dropwhile(_SMALL_WORDS.__contains__, turn.user_intents_backwards())
    intent = next(larger, None)
    if intent not in RED_FLAGS:
        return False
    turn.say(f"utter_after_{intent}")
    return True


def reminds_of_red_flag(turn: Turn) -> bool:
    """Says again where help is, before anything else that is asked right after a red flag.

    Returns:
        Whether it was said.
    """
    before = next(islice(turn.user_intents_backwards(), 1, None), None)
    if before not in RED_FLAGS:
        return False
    turn.say(f"utter_after_{before}")
    return True
