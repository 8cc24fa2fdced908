"""A text in which the stretches that name days are replaced by marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MARK = "[\ue000-\uf8ff]"


@dataclass(frozen=True)
class Token:
    """A stretch of the text that names one day, some weekdays or a stretch of days."""

    dates: tuple[date, ...] = ()
    weekdays: tuple[int, ...] = ()
    label: str | None = None
    every: bool = False


class MarkedText:
    """A text, seen from `today`, and what was taken out of it so far.

    `strict` is for the middle of a longer message: what only may be a day or a time is left alone.
    """

    def __init__(self, text: str, today: date, strict: bool) -> None:
        """Begin with a prepared text and no marks."""
        self.text = text
        self.today = today
        self.strict = strict
        self.tokens: dict[str, Token] = {}
        self.impossible = False
        self._marks = 0

    def mark(self, pattern: str, token: Callable[[re.Match[str]], Token | None]) -> None:
        """Put a mark in place of each match for which `token` returns one."""

        def put(match: re.Match[str]) -> str:
            made = token(match)
            if made is None:
                return match[0]
            mark = chr(0xE000 + self._marks)
            self._marks += 1
            self.tokens[mark] = made
            return f" {mark} "

        self.text = re.sub(r"\s+", " ", re.sub(pattern, put, self.text))

    def take(self, pattern: re.Pattern[str]) -> bool:
        """Take every match out of the text; tell whether there was one."""
        self.text, count = pattern.subn(" ; ", self.text)
        return count > 0

    def after(self, days: int) -> date:
        """Return the date so many days from today."""
        return self.today + timedelta(days=days)

    def next(self, weekday: int) -> date:
        """Return the coming Monday (0) to Sunday (6), never today."""
        return self.after((weekday - self.today.weekday() - 1) % 7 + 1)
