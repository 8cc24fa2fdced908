"""What stands around a mention: of whom it is said, whether it is denied, doubted or over.

This is ConText (Harkema et al., J Biomed Inform 2009) with the cues of data/content/context.yml: a
cue speaks of what stands behind or in front of it, up to the words that begin a new statement. Only
a narrow, plainly attached denial counts as one, and what fits no cue is taken as stated: a denial
that is missed is left to the classifier (components/statements.py), one that is wrongly seen would
pass over a contraindication.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clinic.content.files import load_mapping
from components.asking import asks
from components.health_phrases import Found, PhraseBook, Text, without_shadowed

SELF, OTHERS, CHILDREN, PEOPLE = "self", "others", "children", "people"
DENIED, DOUBTED, PLANNED = "denied", "doubted", "planned"
PAST, LONG_AGO, SURVIVED, LASTING = "past", "long_ago", "survived", "lasting"
ASKED, GENERAL, HEARD, NOW = "asked", "general", "heard", "now"
EXPLAINED = "explained"
PATIENT_IS_OTHER, ALSO_OWN = "patient_is_other", "also_own"

_NEW_STATEMENT, _SUBJECT, _CUE = "new_statement", "subject", "cue"
_BEFORE, _AFTER, _EITHER, _ANYWHERE = "before", "after", "either", "anywhere"
_SWITCHES = ("reach", "ended_by_self", "within_clause", "ends_clause")
# Farther away nothing speaks of a mention, and a long message takes time in proportion.
_FARTHEST = 25


@dataclass(frozen=True)
class _Cue:
    """A set of phrases with the same effect; the fields are explained in context.yml.

    Within a `layer` the longer phrase counts.
    """

    id: str
    direction: str
    layer: str
    reach: int = _FARTHEST
    across: frozenset[str] | None = None
    ended_by_self: bool = False
    within_clause: bool = False
    ends_clause: bool = False


@dataclass(frozen=True)
class ContextBook:
    """The cues of context.yml, from `load_context`."""

    book: PhraseBook
    cues: dict[str, _Cue]


@cache
def load_context(directory: Path) -> ContextBook:
    """Loads context.yml from the folder data/content, once for both readers.

    Raises:
        ValueError: for a phrase without words or an unknown group.
    """
    content = load_mapping(directory / "context.yml")
    book = PhraseBook(groups={name: words.split() for name, words in content["groups"].items()})
    cues: dict[str, _Cue] = {}

    def put(cue: _Cue, phrases: Iterable[str]) -> None:
        key = f"{len(cues)} {cue.id}"
        cues[key] = cue
        for phrase in phrases:
            book.add(key, phrase)

    put(_Cue(_NEW_STATEMENT, _ANYWHERE, _NEW_STATEMENT), content["new_statement"])
    for one in content["subjects"]:
        for direction in (_BEFORE, _AFTER):
            put(_Cue(one["id"], direction, _SUBJECT), one.get(direction, ()))
    for one in content["anywhere"]:
        put(_Cue(one["id"], _ANYWHERE, _ANYWHERE, **_settings(one)), one["words"])
    for one in content["cues"]:
        settings = _settings(one)
        for direction in (_BEFORE, _AFTER):
            phrases = [*one.get(_EITHER, ()), *one.get(direction, ())]
            put(_Cue(one["id"], direction, _CUE, **settings), phrases)
    return ContextBook(book, cues)


def _settings(one: dict[str, Any]) -> dict[str, Any]:
    settings = {name: one[name] for name in _SWITCHES if name in one}
    if "across" in one:
        settings["across"] = frozenset(one["across"].split())
    return settings


class Context:
    """The cues of one text."""

    def __init__(self, read: Text, mentioned: Iterable[Found], book: ContextBook) -> None:
        """Finds the cues.

        Args:
            read: the text.
            mentioned: what is mentioned in it; its words are no cues.
            book: the cues, from `load_context`.
        """
        self._read = read
        self._mentioned = {place for one in mentioned for place in one.places}
        layers: dict[str, list[Found]] = defaultdict(list)
        for one in book.book.find(read):
            layers[book.cues[one.item].layer].append(one)
        # "Not sure" is no "not"; yet the "I" in "I am" still says of whom it is.
        found = [one for layer in layers.values() for one in without_shadowed(layer)]
        self._cues = [
            (one, book.cues[one.item])
            for one in found
            if book.cues[one.item].id == SELF or not self._mentioned.intersection(one.places)
        ]
        self._cues.sort(key=lambda pair: pair[0].first)
        self._starts = [one.first for one, _ in self._cues]
        self._breaks = {one.first for one, cue in self._cues if cue.id == _NEW_STATEMENT}
        self._self = {p for one, c in self._cues if c.id == SELF for p in one.places}

    def anywhere(self) -> set[str]:
        """Ids of the cues that hold for the whole text; `self` where the writer is in it."""
        found = {
            cue.id
            for place, cue in self._cues
            if cue.layer == _ANYWHERE and (not cue.ends_clause or self._is_last_of_clause(place))
        }
        return found | {SELF} if self._self else found

    def around(self, one: Found, ignored: frozenset[str] = frozenset()) -> set[str]:
        """Ids of the cues that speak of a mention; of the subjects at most one.

        `asked` stands for a question that names no subject.

        Args:
            one: the mention.
            ignored: ids of subjects that are none of it: a child of a pregnancy.
        """
        there: set[str] = set()
        subject, nearest = "", -1
        start = bisect.bisect_left(self._starts, one.first - 2 * _FARTHEST)
        end = bisect.bisect_right(self._starts, one.last + _FARTHEST + 1)
        for place, cue in self._cues[start:end]:
            if cue.direction == _ANYWHERE or cue.id in ignored:
                continue
            if cue.id == SELF and place.first in one.places:
                # "I am pregnant" is one mention, and names whose.
                subject, nearest = SELF, one.last
            if not self._is_near(place, cue, one):
                continue
            if cue.layer != _SUBJECT:
                there.add(cue.id)
            elif cue.direction == _AFTER:
                subject, nearest = cue.id, one.first
            elif place.last > nearest:
                subject, nearest = cue.id, place.last
        if subject:
            there.add(subject)
        elif self._is_asked(one):
            there.add(ASKED)
        return there

    def _is_asked(self, one: Found) -> bool:
        """Tells whether a mention is part of what is asked: "On Xarelto, is it ok?" tells it."""
        number = self._sentence(one.first)
        if self._read.marks[number] != "?":
            return False
        tokens = [token for token in self._read.tokens if token.sentence == number]
        start, end = tokens[0].start, self._read.tokens[one.last].end
        behind = next((t.start for t in tokens if t.before == "," and t.start >= end), None)
        return behind is None or asks(self._read.raw[start:behind])

    def _is_near(self, place: Found, cue: _Cue, one: Found) -> bool:
        if self._sentence(place.first) != self._sentence(one.first):
            return False
        if cue.direction == _BEFORE:
            between = range(place.last + 1, one.first)
            is_behind = place.last < one.first
        else:
            between = range(one.last + 1, place.first)
            is_behind = place.first > one.last
        if not is_behind or len(between) > _FARTHEST:
            return False
        if cue.layer == _SUBJECT:
            return cue.direction == _BEFORE or len(between) <= 1
        if not self._breaks.isdisjoint(between) or one.first in self._breaks:
            return False
        words = [p for p in between if p not in self._mentioned]
        if len(words) > cue.reach or (cue.ended_by_self and not self._self.isdisjoint(between)):
            return False
        if cue.ends_clause and not self._is_last_of_clause(place):
            return False
        if cue.within_clause and self._has_mark(place, one):
            return False
        if cue.across is None:
            return True
        if any(self._read.tokens[p].word not in cue.across for p in words):
            return False
        return self._is_one_list(place, one)

    def _has_mark(self, place: Found, one: Found) -> bool:
        start, end = sorted((place.first, one.first))
        return any(self._read.tokens[p].before for p in range(start + 1, end + 1))

    def _is_last_of_clause(self, place: Found) -> bool:
        following = self._read.tokens[place.last + 1 : place.last + 2]
        return (
            not following
            or bool(following[0].before)
            or (following[0].sentence != self._sentence(place.last))
        )

    def _is_one_list(self, place: Found, one: Found) -> bool:
        """A comma may begin a statement of its own: "not diabetic, pregnant"; "or" does not."""
        number = self._sentence(one.first)
        near = self._read.tokens[place.first : one.last + _FARTHEST]
        sentence = (token.word for token in near if token.sentence == number)
        return not self._has_mark(place, one) or not {"or", "nor"}.isdisjoint(sentence)

    def _sentence(self, place: int) -> int:
        return self._read.tokens[place].sentence
