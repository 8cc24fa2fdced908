"""What both readers find in the training examples, thousands of texts on all cores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.cores import Helpers, helpers_for
from components.health_lexicon import load_lexicon
from components.health_reading import read_health
from components.red_flag_reading import kinds_of, load_red_flags, read_red_flags


@dataclass(frozen=True)
class ReadingOf:
    """The mentions of a text, each as condition and status, and its kinds of emergencies."""

    mentions: tuple[tuple[str | None, str], ...]
    kinds: tuple[str, ...]


def read_all(texts: Sequence[str], folder: Path) -> list[ReadingOf]:
    """Reads texts in their order.

    Args:
        texts: cleaned messages.
        folder: data/content, with the readers' words.
    """
    number = helpers_for(len(texts))
    step = max(number, 1)
    with Helpers(folder, number) as helpers:
        read = helpers.map(_read, [texts[first::step] for first in range(step)])
    found: list[ReadingOf] = [ReadingOf((), ())] * len(texts)
    for first, share in enumerate(read):
        found[first::step] = share
    return found


def _read(folder: Path, texts: Sequence[str]) -> list[ReadingOf]:
    lexicon, red_flags = load_lexicon(folder), load_red_flags(folder)
    return [
        ReadingOf(
            tuple((m.condition, m.status) for m in read_health(text, lexicon)),
            tuple(sorted(kinds_of(read_red_flags(text, red_flags), red_flags))),
        )
        for text in texts
    ]
