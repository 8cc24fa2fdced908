"""Finding phrases in what patients type: tokens, a small pattern language, slips of the pen.

The pattern language is explained for clinicians at the top of data/content/contraindications.yml.
Reading takes time in proportion to the length of the text: every phrase is looked up by its first
word, and the number of words that a gap may hold is bounded.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_SENTENCE_END = {".", "!", "?", ";"}
_SOFT_BREAK = {",", ":", "-", "(", ")", "/", "+", "=", "*", "|"}
_SHORT_FORMS = {
    "im": "i am",
    "ive": "i have",
    "youre": "you are",
    "theyre": "they are",
    "shes": "she is",
    "hes": "he is",
    "whos": "who is",
    "dont": "do not",
    "dnt": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "cant": "can not",
    "cannot": "can not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "wont": "will not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "werent": "were not",
    "havent": "have not",
    "hasnt": "has not",
    "hadnt": "had not",
    "aint": "am not",
    "dunno": "do not know",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "u": "you",
    "r": "are",
    "nt": "not",
    "n": "and",
}
# With the apostrophe only: "ill", "were", "its" and "id" are words of their own.
_APOSTROPHE_FORMS = {
    "we're": "we are",
    "we've": "we have",
    "we'll": "we will",
    "i'll": "i will",
    "i'd": "i would",
    "it's": "it is",
    "that's": "that is",
    "she'd": "she would",
    "he'd": "he would",
    "she'll": "she will",
    "they've": "they have",
    "you've": "you have",
    "what's": "what is",
    "there's": "there is",
    "who'd": "who would",
    "who'll": "who will",
    "he'll": "he will",
    "they'd": "they would",
    "they'll": "they will",
    "it'd": "it would",
    "it'll": "it will",
}
_SHORTEST_CORRECTED = 5
_MOST_SLIPS = 3
# Words whose readings are kept: no more than a book has, so that nobody can fill the memory.
_MOST_KEPT = 20_000
# Letters that a word has at least before an ending such as "*mab".
_SHORTEST_STEM = 3
# First letters that are taken for one another; a slip is looked for under the same class only.
_FIRST_LETTERS = {
    letter: group
    for group in ("aeiouyh", "cksqxz", "fpv", "bd", "gj", "mn", "wv")
    for letter in group
}


class Token(NamedTuple):
    """A word or a number of the text.

    `forms` holds the written form first, then what a slip of the pen may stand for. `start` and
    `end` are character offsets; `before` is the punctuation mark in front ("" or one mark).
    """

    forms: tuple[str, ...]
    start: int
    end: int
    sentence: int
    before: str = ""

    @property
    def word(self) -> str:
        """The written form in lower case, without accents and apostrophes."""
        return self.forms[0]


@dataclass(frozen=True)
class Found:
    """A phrase of `item` in the text; `places` are the indices of the tokens that made it."""

    item: str
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of the first token."""
        return self.places[0]

    @property
    def last(self) -> int:
        """Index of the last token."""
        return self.places[-1]


@dataclass(frozen=True)
class Text:
    """A text as tokens; `marks` holds the end mark of each sentence ("." where there is none)."""

    raw: str
    tokens: tuple[Token, ...]
    marks: tuple[str, ...]

    @functools.cached_property
    def forms(self) -> frozenset[str]:
        """All forms of all tokens."""
        return frozenset(chain.from_iterable([token.forms for token in self.tokens]))

    @functools.cached_property
    def beginnings(self) -> frozenset[str]:
        """The forms, and all that they begin with."""
        return frozenset([form[:size] for form in self.forms for size in range(1, len(form) + 1)])


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in folded if c.isalnum() or c == "'")


@functools.lru_cache(_MOST_KEPT)
def _forms(word: str) -> tuple[str, ...]:
    plain = _plain(word)
    if plain in _APOSTROPHE_FORMS:
        return tuple(_APOSTROPHE_FORMS[plain].split())
    bare = plain.replace("'", "")
    return tuple(_SHORT_FORMS.get(bare, bare).split()) or ("",)


class Speller:
    """Reads slips of the pen: the known word that an unknown word most likely stands for."""

    def __init__(
        self, known: Iterable[str], ordinary: frozenset[str], names: Iterable[str] = ()
    ) -> None:
        """Takes the words to look for and the ordinary words that are never changed.

        `names` are those of the known words that nobody knows how to spell: medicines.
        """
        self._names = frozenset(names)
        self._known = frozenset(known)
        self._ordinary = ordinary
        self._by_letter: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for word in sorted(self._known):
            if len(word) >= _SHORTEST_CORRECTED and word.isalpha():
                group = _FIRST_LETTERS.get(word[0], word[0])
                self._by_letter[group][len(word)].append(word)
        # People use the same words again and again, wrong ones too.
        self.forms_of = functools.lru_cache(_MOST_KEPT)(self._forms_of)

    def is_unknown(self, word: str) -> bool:
        """Tells whether a word is neither one that is looked for nor an ordinary one."""
        if word in self._known or word in self._ordinary:
            return False
        # The list of ordinary words lacks many a plural: "creams" is no slip of "cream".
        return not (
            word.endswith("s") and word[:-1] in self._ordinary and word[:-1] not in self._known
        )

    def _is_likely(self, word: str, known: str, distance: float) -> bool:
        same_start = word[0] == known[0]
        if distance > 1 and len(known) < 8:
            return same_start and known in self._names
        return same_start or len(known) >= 6

    def _forms_of(self, word: str) -> tuple[str, ...]:
        """A word, and the known words that it may stand for."""
        return (word, *self._nearest(word))

    def _nearest(self, word: str) -> tuple[str, ...]:
        """The known words at the smallest distance within the limit, mostly none or one."""
        size = len(word)
        if size < _SHORTEST_CORRECTED - 1 or not word.isalpha() or not self.is_unknown(word):
            return ()
        best: list[str] = []
        least = _MOST_SLIPS + 1
        # Swapped first letters are common, so the second letter opens a second shelf.
        for group in {_FIRST_LETTERS.get(letter, letter) for letter in word[:2]}:
            shelves = self._by_letter.get(group)
            if shelves is None:
                continue
            for length in range(size - _MOST_SLIPS, size + _MOST_SLIPS + 1):
                limit = min(_slips(length), least)
                if abs(length - size) > limit or length not in shelves:
                    continue
                near = process.extract(
                    word, shelves[length], scorer=OSA.distance, score_cutoff=limit, limit=None
                )
                for known, distance, _ in near:
                    if not self._is_likely(word, known, distance) or distance > least:
                        continue
                    if distance < least:
                        least, best = int(distance), []
                    best.append(known)
        return tuple(best[:3])


def _slips(length: int) -> int:
    """Edits that a known word of this length may be away."""
    if length < _SHORTEST_CORRECTED:
        return 0
    if length < 7:
        return 1
    return 2 if length < 11 else 3


def read_text(text: str, speller: Speller | None = None) -> Text:
    """Turns a text into tokens.

    Args:
        text: the cleaned message.
        speller: where given, words with slips get further forms.

    Returns:
        The tokens in their order; short forms ("can't") are written out, each part with the span
        of the whole.
    """
    tokens: list[Token] = []
    marks: list[str] = []
    sentence, before = 0, ""
    for match in _TOKEN.finditer(text):
        piece = match[0]
        start, end = match.span()
        if not piece[0].isalnum():
            if piece in _SENTENCE_END:
                if tokens and tokens[-1].sentence == sentence:
                    marks.append(piece)
                    sentence += 1
                elif marks and piece == "?":
                    marks[-1] = "?"
                before = ""
            elif piece in _SOFT_BREAK:
                before = before or piece
            elif piece == "&":
                tokens.append(Token(("and",), start, end, sentence, before))
                before = ""
            continue
        for form in _forms(piece):
            if form:
                forms = speller.forms_of(form) if speller else (form,)
                tokens.append(Token(forms, start, end, sentence, before))
                before = ""
    marks.extend("." for _ in range(sentence + 1 - len(marks)))
    return Text(text, tuple(tokens), tuple(marks))


@dataclass(frozen=True)
class _Element:
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    optional: bool = False
    gap: int = 0

    def fits(self, token: Token) -> bool:
        for form in token.forms:
            if form in self.words or (self.prefixes and form.startswith(self.prefixes)):
                return True
        return bool(self.endings) and self.has_ending(token.word)

    def has_ending(self, word: str) -> bool:
        return any(
            word.endswith(ending) and len(word) >= len(ending) + _SHORTEST_STEM
            for ending in self.endings
        )


class _Entry(NamedTuple):
    """A phrase of an item.

    Of each of the sets in `needed` a word must stand in the text, of each element in `prefixed` a
    word or a beginning; `second` holds the words that may follow the first one, None where that is
    not only words; `longest` is the most words that the phrase can have.
    """

    item: str
    elements: tuple[_Element, ...]
    needed: tuple[frozenset[str], ...]
    prefixed: tuple[_Element, ...]
    second: frozenset[str] | None
    longest: int


class _Opened(NamedTuple):
    """The phrases that a token can begin: by the words that must follow at once, and the others."""

    by_second: dict[str, list[_Entry]]
    others: list[_Entry]


@dataclass
class PhraseBook:
    """All phrases of all items, found by their first word."""

    groups: dict[str, list[str]] = field(default_factory=dict)
    _by_word: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _by_prefix: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _by_ending: list[_Entry] = field(default_factory=list)
    _endings: tuple[str, ...] = ()
    _words: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Keeps what the commonest words begin."""
        self._kept = functools.lru_cache(_MOST_KEPT)(self._opened_by)

    def add(self, item: str, phrase: str) -> None:
        """Adds a phrase in the pattern language; raises ValueError where it holds no word."""
        for elements in self._compile(phrase):
            # A phrase may not begin with a word that can be missing: each way is a phrase.
            start = 0
            while True:
                self._file(item, elements[start:], phrase)
                if not elements[start].optional:
                    break
                start += 1

    def words(self) -> frozenset[str]:
        """All whole words of all phrases."""
        return frozenset(self._words)

    def _file(self, item: str, elements: tuple[_Element, ...], phrase: str) -> None:
        if not elements or elements[0].gap or all(e.optional for e in elements[1:] + elements[:1]):
            raise ValueError(f"{item}: the phrase {phrase!r} does not begin with a word")
        needed = tuple(
            e.words
            for e in elements[1:]
            if e.words and not e.prefixes and not e.endings and not e.optional
        )
        longest = sum(1 for element in elements if not element.gap)
        # `needed` passes over words with any ending ("tight*").
        prefixed = tuple(e for e in elements if e.prefixes and not e.optional and not e.endings)
        entry = _Entry(item, elements, needed, prefixed, _second_words(elements), longest)
        self._kept.cache_clear()
        for word in elements[0].words:
            self._by_word[word].append(entry)
        for prefix in elements[0].prefixes:
            self._by_prefix[prefix].append(entry)
        if elements[0].endings:
            self._by_ending.append(entry)
            self._endings += elements[0].endings
        for element in elements:
            self._words |= element.words

    def _compile(self, phrase: str) -> list[tuple[_Element, ...]]:
        places = [self._element(part) for part in phrase.split()]
        return [tuple(e for group in way for e in group) for way in product(*places)]

    def _element(self, part: str) -> list[tuple[_Element, ...]]:
        """All ways to read one part of a phrase; a hyphenated word has two."""
        if part.startswith(".."):
            return [(_Element(gap=int(part[2:] or 3)),)]
        optional = "?" in part
        words: set[str] = set()
        prefixes: list[str] = []
        endings: list[str] = []
        ways: list[tuple[_Element, ...]] = []
        alternatives = part.replace("?", "").split("|")
        for name in [a for a in alternatives if a.startswith("@")]:
            alternatives += self.groups[name[1:]]
        for alternative in alternatives:
            if not alternative or alternative.startswith("@"):
                continue
            if alternative.endswith("*"):
                prefixes.append(_plain(alternative[:-1]))
                continue
            if alternative.startswith("*"):
                endings.append(_plain(alternative[1:]))
                continue
            pieces = [
                form
                for piece in _TOKEN.findall(alternative)
                if piece[0].isalnum()
                for form in _forms(piece)
            ]
            if len(pieces) == 1:
                words.add(pieces[0])
            elif pieces:
                ways.append(tuple(_Element(frozenset({p})) for p in pieces))
                if "-" in alternative:
                    words.add("".join(pieces))
        if words or prefixes or endings:
            element = _Element(frozenset(words), tuple(prefixes), tuple(endings), optional)
            ways.append((element,))
        elif optional and ways:
            ways.append(())
        return ways

    def _opened_by(self, forms: tuple[str, ...]) -> _Opened | None:
        """The phrases that a token can begin, by its forms, their beginnings or its word's ending.

        Returns:
            None where there are none, as of most words.
        """
        found: list[_Entry] = []
        for form in forms:
            found += self._by_word.get(form, ())
            if self._by_prefix:
                for size in range(3, len(form) + 1):
                    found += self._by_prefix.get(form[:size], ())
        opened = _Opened(defaultdict(list), [])
        for entry in found:
            if entry.second is None:
                opened.others.append(entry)
            else:
                for word in entry.second:
                    opened.by_second[word].append(entry)
        # An ending ("*mab") speaks only for a name that is not known itself.
        if forms[0].endswith(self._endings) and forms[0] not in self._words:
            opened.others.extend(e for e in self._by_ending if e.elements[0].has_ending(forms[0]))
        return opened if opened.others or opened.by_second else None

    def find(self, text: Text) -> list[Found]:
        """Finds all phrases, the longest at each place and for each item, in the text's order."""
        tokens = text.tokens
        # Thousands of phrases begin with the same "i" or "not": which of them can stand in the
        # text at all is asked once for each word instead of at each place.
        possible: dict[tuple[str, ...], list[_Entry]] = {}
        found: list[Found] = []
        opened_by, last = self._kept, len(tokens) - 1
        for index, token in enumerate(tokens):
            opened = opened_by(token.forms)
            if opened is None:
                continue
            entries = possible.get(token.forms)
            if entries is None:
                entries = [e for e in opened.others if _can_stand(e, text)]
                possible[token.forms] = entries
            if opened.by_second and index < last:
                for form in tokens[index + 1].forms:
                    if form in opened.by_second:
                        followed = opened.by_second[form]
                        entries = entries + [e for e in followed if _can_stand(e, text)]
            if not entries:
                continue
            best: dict[str, tuple[int, ...]] = {}
            for entry in entries:
                known = len(best.get(entry.item, ()))
                if entry.longest <= known:
                    continue
                places = _match(tokens, index, entry.elements, 0)
                if places and len(places) > known:
                    best[entry.item] = places
            found += [Found(item, places) for item, places in best.items()]
        return found


def _can_stand(entry: _Entry, text: Text) -> bool:
    """Tells whether a text has the words that a phrase cannot do without."""
    for words in entry.needed:
        if words.isdisjoint(text.forms):
            return False
    for element in entry.prefixed:
        if text.beginnings.isdisjoint(element.prefixes) and element.words.isdisjoint(text.forms):
            return False
    return True


def _second_words(elements: tuple[_Element, ...]) -> frozenset[str] | None:
    words: frozenset[str] = frozenset()
    for element in elements[1:]:
        if element.gap or element.prefixes or element.endings:
            return None
        words |= element.words
        if not element.optional:
            return words
    return None


def _match(
    tokens: tuple[Token, ...], at: int, elements: tuple[_Element, ...], step: int
) -> tuple[int, ...] | None:
    if step == len(elements):
        return ()
    element = elements[step]
    if element.gap:
        sentence = tokens[at - 1].sentence
        for skip in range(element.gap + 1):
            if at + skip >= len(tokens) or tokens[at + skip].sentence != sentence:
                return None
            rest = _match(tokens, at + skip, elements, step + 1)
            if rest is not None:
                return rest
        return None
    inside = at < len(tokens) and (step == 0 or tokens[at].sentence == tokens[at - 1].sentence)
    if inside and element.fits(tokens[at]):
        rest = _match(tokens, at + 1, elements, step + 1)
        if rest is not None:
            return (at, *rest)
    return _match(tokens, at, elements, step + 1) if element.optional else None


def without_shadowed(found: list[Found]) -> list[Found]:
    """Drops what lies wholly within the words of a longer phrase.

    Words in the gap of a phrase do not belong to it: "my baby, who is 5 weeks old" hides nothing
    that stands between its words.
    """
    at_place: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        for place in one.places:
            at_place[place].append(one)
    kept = []
    for one in found:
        own = set(one.places)
        longer = (f for f in at_place[one.first] if len(f.places) > len(own))
        if not any(own <= set(f.places) for f in longer):
            kept.append(one)
    return kept
