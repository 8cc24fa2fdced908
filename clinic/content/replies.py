"""Reading of a reply to a yes-or-no question: yes, no, unsure, or none of these (`replies.yml`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clinic.content.errors import ContentError
from clinic.content.files import load_mapping

YES, NO, UNSURE = "yes", "no", "unsure"

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[👍✅]")


@dataclass(frozen=True)
class Replies:
    """The words of yes, no and not sure."""

    negators: frozenset[str]
    fillers: frozenset[str]
    no_exclude: tuple[str, ...]
    refusals: frozenset[str]
    turning: tuple[str, ...]
    turning_followed_by: frozenset[str]
    unsure: tuple[str, ...]
    unsure_longest: int
    yes_starts: tuple[str, ...]
    yes_alone: frozenset[str]
    agreement: tuple[str, ...]
    agreement_alone: frozenset[str]
    yes_longest: int
    yes_exclude: frozenset[str]
    corrections: tuple[str, ...]
    asks_about: tuple[str, ...]
    asks_leave: tuple[str, ...]
    echoes: tuple[str, ...]
    echoes_longest: int

    def read(self, text: str, about_fact: bool = False) -> str | None:
        """Reads a reply.

        The order is the cautious one: a doubt anywhere makes it unsure; a no must be made of words
        of denial alone; what remains may be a yes.

        Args:
            text: what the patient typed.
            about_fact: whether the question was about a fact, so that "ok" is no answer.

        Returns:
            YES, NO, UNSURE, or None when it is none of these.
        """
        tokens = _tokens(text)
        line = f" {' '.join(tokens)} "
        if not tokens:
            return None
        if _contains(line, self.unsure):
            # Far on in a longer message the doubt may be about something else.
            is_first = about_fact and any(line.startswith(f" {doubt} ") for doubt in self.unsure)
            return UNSURE if is_first or len(tokens) <= self.unsure_longest else None
        if not self.negators.isdisjoint(tokens) and self._is_made_of_denial(line):
            return NO
        if self._affirms(tokens, line, text, about_fact):
            return YES
        return None

    def is_bare_yes(self, text: str) -> bool:
        """Tells whether a text is a yes and nothing else."""
        line = " ".join(_tokens(text))
        alone = self.yes_alone | self.agreement_alone
        return line in self.yes_starts or line in self.agreement or line in alone

    def may_refuse(self, text: str) -> bool:
        """Tells whether a no could be meant for the question itself, e.g. "no, thank you"."""
        return bool(self.refusals.intersection(_tokens(text)))

    def is_denial(
        self, text: str, allowed: frozenset[str] = frozenset(), denials: Iterable[str] = ()
    ) -> bool:
        """Tells whether a text is made of words of denial, and of what else is `allowed`, alone.

        Args:
            text: what the patient typed.
            allowed: further words.
            denials: phrases that deny as well, as `denials` of check.yml: "heart is fine". Beside
                them there must still be a no.
        """
        tokens = _tokens(text)
        line = f" {' '.join(tokens)} "
        rest = line
        for phrase in denials:
            rest = _pattern(phrase).sub("", rest)
        return (
            not _contains(line, self.unsure)
            and not self.negators.isdisjoint(tokens)
            and self._is_made_of_denial(rest, allowed)
        )

    @staticmethod
    def holds(text: str, phrases: Iterable[str]) -> bool:
        """Tells whether one of the phrases, as those of check.yml, stands in a text."""
        line = f" {' '.join(_tokens(text))} "
        return any(_pattern(phrase).search(line) for phrase in phrases)

    def is_correction(self, text: str) -> bool:
        """Tells whether a text says that what was understood is wrong: "no, my mum, not me"."""
        return _contains(f" {' '.join(_tokens(text))} ", self.corrections)

    def asks_about_it(self, text: str) -> bool:
        """Tells whether a text asks about what it names and does not want it."""
        line = f"{' '.join(_tokens(text))} "
        return any(line.startswith(f"{start} ") for start in self.asks_about)

    def asks_for_leave(self, text: str) -> bool:
        """Tells whether a text asks if something may be done: "and only the roller, can I?"."""
        return self.holds(text, self.asks_leave)

    def is_echo(self, text: str) -> bool:
        """Tells whether what was said before is said to hold for the writer too: "so do I"."""
        tokens = _tokens(text)
        is_short = len(tokens) <= self.echoes_longest
        denies = not self.negators.isdisjoint(tokens)
        return is_short and not denies and self.holds(text, self.echoes)

    def _is_made_of_denial(self, line: str, allowed: frozenset[str] = frozenset()) -> bool:
        known = self.negators | self.fillers | allowed
        return (
            all(token in known for token in line.split())
            and not _contains(line, self.no_exclude)
            and not self._turns_round(line)
        )

    def _turns_round(self, line: str) -> bool:
        for words in self.turning:
            for rest in line.split(f" {words} ")[1:]:
                if rest.strip().split(" ")[0] not in self.turning_followed_by:
                    return True
        return False

    def _affirms(self, tokens: list[str], line: str, text: str, about_fact: bool) -> bool:
        alone = self.yes_alone if about_fact else self.yes_alone | self.agreement_alone
        starts = self.yes_starts if about_fact else self.yes_starts + self.agreement
        if line.strip() in alone:
            return True
        return (
            len(tokens) <= self.yes_longest
            and any(line.startswith(f" {start} ") for start in starts)
            and not self.yes_exclude.intersection(tokens)
            and "?" not in text
        )


def load_replies(content_dir: Path) -> Replies:
    """Reads replies.yml.

    Raises:
        ContentError: the file or a part of it is missing.
    """
    data = load_mapping(content_dir / "replies.yml")
    try:
        return Replies(
            negators=frozenset(data["no"]["negators"]),
            fillers=frozenset(data["no"]["fillers"]),
            no_exclude=tuple(data["no"]["exclude"]),
            refusals=frozenset(data["no"]["refusals"]),
            turning=tuple(data["no"]["turning"]),
            turning_followed_by=frozenset(data["no"]["turning_followed_by"]),
            unsure=tuple(data["unsure"]["phrases"]),
            unsure_longest=int(data["unsure"]["longest"]),
            yes_starts=tuple(data["yes"]["starts"]),
            yes_alone=frozenset(data["yes"]["alone"]),
            agreement=tuple(data["yes"]["agreement"]),
            agreement_alone=frozenset(data["yes"]["agreement_alone"]),
            yes_longest=int(data["yes"]["longest"]),
            yes_exclude=frozenset(data["yes"]["exclude"]),
            corrections=tuple(data["corrections"]),
            asks_about=tuple(data["asks_about"]),
            asks_leave=tuple(data["asks_leave"]),
            echoes=tuple(data["echoes"]["phrases"]),
            echoes_longest=int(data["echoes"]["longest"]),
        )
    except (KeyError, TypeError) as error:
        raise ContentError(f"replies.yml: missing or malformed: {error}") from error


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'"))


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase in a line of words: `|` between words of choice, one with `?` may be missing."""
    words = []
    for word in phrase.split():
        choice = "|".join(map(re.escape, word.removesuffix("?").split("|")))
        words.append(f"(?:(?:{choice}) )" + ("?" if word.endswith("?") else ""))
    return re.compile(rf"(?<= ){''.join(words)}")


def _contains(line: str, phrases: tuple[str, ...]) -> bool:
    return any(f" {phrase} " in line for phrase in phrases)
