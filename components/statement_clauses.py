"""Splitting of a message into the clauses that may each state something of one's health."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Words that go on with what was just said: "it is only a suspicion", "never checked".
_GOING_ON = re.compile(
    r"(?:which|who|that|it|its|it's|this|they|he|she|none?|never|not|nobody|no one|nothing|without"
    r"|since|till|until|but not|so|if|whether|for it|because of|due to|result)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"(?<=[.!?;])\s+|\n+|\s*[,;:]\s+|\s+[-–+]\s+"
    r"|\s+(?=(?:and|but|plus|also|then|&|because|cos)\s)",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:(?:and|but|plus|also|then|&)\s+)+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 2
# More are no message, and each takes time.
_MOST = 8


@dataclass(frozen=True)
class StatementClause:
    """A stretch of a message, `text[start:end]`, that may state something by itself.

    Attributes:
        text: the words.
        start: offset of the first character in the message.
        end: offset behind the last one.
    """

    text: str
    start: int
    end: int


def split_statements(text: str) -> list[StatementClause]:
    """Splits a text at its marks and links into clauses of two words and more.

    What is shorter, or goes on with what was said, belongs to the clause before it.

    Returns:
        None where the text is one clause, or more than eight.
    """
    starts, ends = [0], [len(text)]
    for joint in _JOINT.finditer(text):
        link = _LINK.match(text, joint.end())
        start = link.end() if link else joint.end()
        following = _JOINT.search(text, start)
        piece = text[start : following.start() if following else None]
        shortest = min(len(_WORD.findall(p)) for p in (text[starts[-1] : joint.start()], piece))
        if shortest >= _LEAST_WORDS and not _GOING_ON.match(piece):
            ends[-1:] = [joint.start(), len(text)]
            starts.append(start)
    if not 1 < len(starts) <= _MOST:
        return []
    return [
        StatementClause(text[start:end], start, end)
        for start, end in zip(starts, ends, strict=True)
    ]
