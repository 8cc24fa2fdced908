"""Reading grade of a text, by textstat."""

from __future__ import annotations

import textstat


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: 8.0 is read with ease after eight years of school."""
    # A line ends a sentence; textstat looks at full stops only.
    sentences = [
        line if line.rstrip()[-1] in ".!?" else f"{line}."
        for line in text.split("\n")
        if line.strip()
    ]
    return float(textstat.flesch_kincaid_grade(" ".join(sentences)))
