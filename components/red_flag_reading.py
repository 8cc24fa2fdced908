"""Reading of red flags: signs of an emergency and thoughts of self-harm.

Recall comes first. A sign is left out only where it stands in a known look-alike, is plainly
denied, is asked about in general, heard of or long over. Everything else fires; the classifier of
statements (components/statements.py) knows the figures of speech.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from clinic.content.files import load_mapping
from components import context
from components.context import Context, ContextBook, load_context
from components.health_lexicon import NOT_MEANT, load_ordinary_words
from components.health_phrases import (
    Found,
    PhraseBook,
    Speller,
    Text,
    read_text,
    without_shadowed,
)

EMERGENCY, SELF_HARM = "emergency", "self_harm"
_WEAK, _COMPANY, _ALONE = "weak", "company", "alone"

_COMPANY_REACH = 2
# "Help!!" in front of or instead of a sentence is a shout; "thanks for your help!!" is none.
_SHOUT = re.compile(
    r"(?:^|[.!?,] *|\bbut )(?:please |pls )?help(?: me)?(?: please| pls)? *!!", re.IGNORECASE
)


class _CarefulSpeller(Speller):
    """A speller that doubts a slip in a short word's first letter: "paining" is not "fainting"."""

    def _nearest(self, word: str) -> tuple[str, ...]:
        return tuple(
            known
            for known in super()._nearest(word)
            if word[0] == known[0] or len(known) > 9 or OSA.distance(word, known) < 2
        )


@dataclass(frozen=True)
class Flag:
    """A red flag.

    Attributes:
        id: its name everywhere.
        kind: emergency or self_harm.
        name: plain words for the staff.
        asked_fires: whether a general question about it counts too.
    """

    id: str
    kind: str
    name: str
    asked_fires: bool


@dataclass(frozen=True)
class RedFlags:
    """The words of all red flags, from `load_red_flags`.

    Attributes:
        book: the phrases, each under the id of its flag or one of the keys of `marks`.
        flags: the flags by id.
        marks: what a key of the book says: (flag, "weak"), (flag, "company") or (flag, "alone").
        speller: reads slips of the pen.
        context: what may stand around a sign.
        shortened: matches "skin's" for "skin is"; the reader of tokens would see a plural.
        say_nothing: words that a look-alike need not hold to explain a sign away.
        negative: words by which a sign is itself a "not", so that no other one denies it.
    """

    book: PhraseBook
    flags: dict[str, Flag]
    marks: dict[str, tuple[str, str]]
    speller: Speller
    context: ContextBook
    shortened: re.Pattern[str]
    say_nothing: frozenset[str]
    negative: frozenset[str]


def load_red_flags(directory: Path) -> RedFlags:
    """Loads red_flags.yml from the folder data/content.

    Raises:
        ValueError: for a phrase without words, an unknown kind or an id used twice.
    """
    content = load_mapping(directory / "red_flags.yml")
    book = PhraseBook(groups=content["groups"])
    flags: dict[str, Flag] = {}
    marks: dict[str, tuple[str, str]] = {}
    for one in content["flags"]:
        if one["kind"] not in (EMERGENCY, SELF_HARM) or one["id"] in flags:
            raise ValueError(f"red flag {one['id']}: kind is unknown or id stands twice")
        flags[one["id"]] = Flag(
            one["id"],
            one["kind"],
            one["name"],
            one.get("asked") == "fire",
        )
        for phrase in one["words"]:
            book.add(one["id"], phrase)
        for kind in (_WEAK, _COMPANY, _ALONE):
            marks[f"{one['id']} {kind}"] = (one["id"], kind)
            for phrase in one.get(kind, []):
                book.add(f"{one['id']} {kind}", phrase)
    ordinary = load_ordinary_words(directory) | frozenset(content["ordinary"].split())
    speller = _CarefulSpeller(book.words(), ordinary)
    for phrase in content["not_meant"]:
        book.add(NOT_MEANT, phrase)
    shortened = "|".join(content["is_follows"].split())
    return RedFlags(
        book,
        flags,
        marks,
        speller,
        load_context(directory),
        re.compile(rf"\b({shortened})'s\b", re.IGNORECASE),
        frozenset(content["say_nothing"].split()),
        frozenset(content["negative"].split()),
    )


def read_red_flags(text: str, red_flags: RedFlags) -> list[str]:
    """Returns the ids of the red flags in a text, each once, in the text's order.

    Args:
        text: the cleaned message; reading takes time in proportion to its length.
        red_flags: the words, from `load_red_flags`.
    """
    written = red_flags.shortened.sub(r"\1 is", text) if "'" in text else text
    read = read_text(written, red_flags.speller)
    found = red_flags.book.find(read)
    company: dict[str, set[int]] = defaultdict(set)
    for one in found:
        if _is(one, _COMPANY, red_flags):
            name = red_flags.marks[one.item][0]
            company[name].add(read.tokens[one.first].sentence)
    # A weak sign hides no other: "high fever" counts alone only, the fever in it with company.
    certain = [one for one in found if one.item not in red_flags.marks]
    found = without_shadowed(certain) + [
        one for one in found if _is(one, _WEAK, red_flags) or _is(one, _ALONE, red_flags)
    ]
    if not found:
        return ["call_for_help"] if _SHOUT.search(text) else []
    look_alikes = [
        set(one.places) for one in found if one.item == NOT_MEANT and not _is_answer(one, read)
    ]
    signs = [one for one in certain if one.item != NOT_MEANT]
    around = Context(read, signs, red_flags.context)
    flagged: dict[str, None] = {}
    denied: set[tuple[str, int]] = set()
    for one in found:
        if one.item == NOT_MEANT:
            continue
        name, mark = red_flags.marks.get(one.item, (one.item, ""))
        if name in flagged:
            continue
        if mark == _WEAK and not _is_near(one, company[name], read):
            continue
        if mark == _ALONE and _has_more(one, read):
            continue
        telling = {p for p in one.places if read.tokens[p].word not in red_flags.say_nothing}
        if any(telling <= places for places in look_alikes):
            continue
        flag = red_flags.flags[name]
        place = (name, read.tokens[one.first].sentence)
        cues = around.around(one)
        if context.DENIED in cues and _can_be_denied(one, read, flag, red_flags):
            denied.add(place)
            continue
        # Of "no trouble breathing" the weak sign "breathing" is left over.
        if mark == _WEAK and place in denied:
            continue
        if not flag.asked_fires and _is_talk(cues):
            continue
        flagged[name] = None
    if _SHOUT.search(text):
        flagged["call_for_help"] = None
    return list(flagged)


def kinds_of(ids: list[str], red_flags: RedFlags) -> set[str]:
    """Returns the kinds of reply that the found flags ask for."""
    return {red_flags.flags[one].kind for one in ids}


def _is(one: Found, mark: str, red_flags: RedFlags) -> bool:
    return red_flags.marks.get(one.item, ("", ""))[1] == mark


def _is_answer(one: Found, read: Text) -> bool:
    """Tells "No, emergency!" from the look-alike "no emergency"."""
    first = read.tokens[one.first].word
    return first == "no" and len(one.places) > 1 and bool(read.tokens[one.places[1]].before)


def _is_near(one: Found, sentences: set[int], read: Text) -> bool:
    number = read.tokens[one.first].sentence
    return any(abs(number - other) <= _COMPANY_REACH for other in sentences)


def _can_be_denied(one: Found, read: Text, flag: Flag, red_flags: RedFlags) -> bool:
    """A sign that is itself a "not" is not denied by another one; "I haven't hanged myself yet"."""
    is_negative = any(read.tokens[p].word in red_flags.negative for p in one.places)
    return flag.kind != SELF_HARM and not is_negative


def _is_talk(cues: set[str]) -> bool:
    """Tells whether a sign is asked about in general, heard of, or long over."""
    if {context.NOW, context.LASTING} & cues:
        return False
    return bool({context.GENERAL, context.HEARD, context.LONG_AGO} & cues)


def _has_more(one: Found, read: Text) -> bool:
    start, end = _sentence(one, read)
    return end - start > len(one.places) + 1


def _sentence(one: Found, read: Text) -> tuple[int, int]:
    number = read.tokens[one.first].sentence
    start, end = one.first, one.last + 1
    while start > 0 and read.tokens[start - 1].sentence == number and one.first - start < 30:
        start -= 1
    while end < len(read.tokens) and read.tokens[end].sentence == number and end - one.last < 30:
        end += 1
    return start, end
