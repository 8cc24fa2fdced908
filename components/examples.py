"""The training examples as the classifiers take them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_RESPONSE_KEY,
    METADATA,
    METADATA_INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

THEME_SEPARATOR = "/"
# Between the statements of an example that makes several.
TOGETHER = "+"
# The key, in the metadata of an intent's examples, of the list of what they state.
STATES = "states"
# The purpose of the lots by which some examples of a label get a vector.
WITH_VECTOR = "vector"


def labelled_examples(training_data: TrainingData) -> list[Message]:
    """The training examples with a text and an intent."""
    return [example for example in training_data.intent_examples if example.get(TEXT)]


def label_of(example: Message) -> str:
    """The intent of an example, and behind "/" its theme, or what it states, where it has any."""
    states = (example.get(METADATA) or {}).get(METADATA_INTENT, {}).get(STATES)
    if states:
        return f"{example.get(INTENT)}{THEME_SEPARATOR}{TOGETHER.join(states)}"
    return str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT))


def lot(purpose: str, text: str) -> bytes:
    """The lot that a text draws: of many texts, those with the lowest lots are a random share.

    It hangs on the text alone, so that one text more leaves the draw of all others as it was.
    """
    return hashlib.blake2b(f"{purpose}/{text}".encode(), digest_size=16).digest()


def sample(
    examples: Iterable[Message],
    key: Callable[[str], str],
    most: Callable[[str], int | None],
    purpose: str,
    first: Callable[[Message], bool] = lambda example: True,
) -> list[Message]:
    """Draws at most so many examples of each group, the same ones for a purpose.

    Args:
        examples: the training examples.
        key: maps a label to its group.
        most: the number for a group, None for all.
        purpose: what the lots are drawn for; another one draws others.
        first: tells which examples are drawn before the others.

    Returns:
        The drawn examples, group by group.
    """
    groups: dict[str, list[Message]] = {}
    for example in examples:
        groups.setdefault(key(label_of(example)), []).append(example)
    drawn: list[Message] = []
    for group, of_group in sorted(groups.items()):
        limit = most(group)
        if limit is None or len(of_group) <= limit:
            drawn += of_group
        else:
            drawn += sorted(
                of_group,
                key=lambda example: (not first(example), lot(purpose, example.get(TEXT))),
            )[:limit]
    return drawn
