"""Reading of health statements: which condition or medicine, whose, and whether it is there.

Nothing here clears anybody: `denied` and `not_own` are information, and a mention that no rule
explains counts as stated.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from components.health_context import status_of
from components.health_lexicon import (
    DENIED,
    NOT_MEANT,
    NOT_OWN,
    PRESENT,
    UNSURE,
    Item,
    Lexicon,
)
from components.health_numbers import body_mass_index, measure_span, numbers_found
from components.health_phrases import Found, Text, read_text, without_shadowed
from components.health_subject import Sentence, Whole, read_whole, words_of

_WEIGHT = {DENIED: 0, NOT_OWN: 0, UNSURE: 1, PRESENT: 2}
_TAKES = words_of("take takes taking took swallow swallowing inject injecting prescribed")
_TAKERS = words_of("i we she he mother mum mom father dad daughter son wife husband")
_BEFORE_TAKING = words_of(
    "am is are was been have has had do not also still currently now just only always already "
    "usually regularly daily must to need started start sometimes only no and but got get"
)
_PUTS = words_of("put puts has have got started keeps keep had")
_PUT_ON = words_of("me him her us my")
_NAMING = words_of("called named")
_SOME_MEDICINE = words_of(
    "medicine medication medicines tablet tablets pill pills drug drugs injection injections "
    "capsule capsules drops prescribed"
)
_DOSES = words_of("mg mcg mgs milligram milligrams microgram micrograms iu")
_SHORTEST_NAME = 5
_BEING = words_of("am is been was currently")
_BEFORE_NAMES = words_of("also still some every daily each morning evening night day one two mg")


@dataclass(frozen=True)
class Mention:
    """Something about health that a text mentions.

    Attributes:
        value: id of a condition, or of a matter in medicines.yml or health_matters.yml.
        status: present, unsure, denied or not_own.
        kind: contraindication, near or matter.
        condition: the one of the ten conditions concerned, None for other matters.
        name: plain words for use in a sentence.
        start: offset of the first character.
        end: offset behind the last character.
    """

    value: str
    status: str
    kind: str
    condition: str | None
    name: str
    start: int
    end: int


def read_health(text: str, lexicon: Lexicon) -> list[Mention]:
    """Reads all mentions in a text, in the text's order.

    Args:
        text: the cleaned message, 1000 characters at most; reading takes time in proportion.
        lexicon: the words, from `load_lexicon`.
    """
    read = read_text(text, lexicon.speller)
    found = without_shadowed(lexicon.book.find(read))
    not_meant = {place for one in found if one.item == NOT_MEANT for place in one.places}
    mentions = [
        (one, lexicon.items[one.item])
        for one in found
        if one.item != NOT_MEANT and not not_meant.intersection(one.places)
    ]
    mentions += [
        pair for pair in _numbers(text, read, lexicon) if not not_meant.intersection(pair[0].places)
    ]
    mentions += _unknown_medicines(read, lexicon, {p for one in found for p in one.places})
    if not mentions:
        return []
    layout = _Layout(read, [one for one, _ in mentions], not_meant)
    allergies = {one.last for one, item in mentions if item.value == "allergy"}
    decided = []
    for one, item in sorted(mentions, key=lambda pair: pair[0].first):
        status = status_of(item, layout.sentence(one), layout.whole)
        if item.is_medicine and _is_allergen(one, allergies, read):
            status = NOT_OWN
        decided.append((one, item, status))
    stated = {item.value for _, item, status in decided if _WEIGHT[status]}
    result = []
    for one, item, status in decided:
        if item.unless & stated:
            continue
        start, end = read.tokens[one.first].start, read.tokens[one.last].end
        result.append(Mention(item.value, status, item.kind, item.condition, item.name, start, end))
    return result


def own_body_mass_index(text: str, lexicon: Lexicon) -> float | None:
    """The body mass index (kg/m2) in a text, None where there is none or it is not the patient's.

    "My sister is 170 cm and 60 kg" and "I used to weigh 60 kg" say nothing about the patient's.
    """
    index = body_mass_index(text)
    if index is None:
        return None
    read = read_text(text, lexicon.speller)
    number = measure_span(text)
    if not read.tokens or number is None:
        return None
    found = Found("obesity", _tokens_between(read, *number))
    sentence = _Layout(read, [found], set())
    status = status_of(lexicon.items["obesity"], sentence.sentence(found), sentence.whole)
    return index if status == PRESENT else None


def conditions_stated(mentions: list[Mention]) -> dict[str, str]:
    """Sums up mentions: for each of the ten conditions present or unsure, the graver one.

    Conditions that are only denied, or somebody else's, are left out: a text never clears.
    """
    stated: dict[str, str] = {}
    for mention in mentions:
        if (
            mention.condition
            and _WEIGHT[mention.status] > _WEIGHT[stated.get(mention.condition, DENIED)]
        ):
            stated[mention.condition] = mention.status
    return stated


def matters_stated(mentions: list[Mention]) -> list[str]:
    """Ids of near and other matters that are the patient's, each once, in the text's order."""
    own = (m.value for m in mentions if m.kind != "contraindication" and _WEIGHT[m.status])
    return list(dict.fromkeys(own))


class _Layout:
    """The sentences of a text with its mentions put in as single marks."""

    def __init__(self, read: Text, found: list[Found], not_meant: set[int]) -> None:
        self._read = read
        self._mark: dict[int, str] = dict.fromkeys(not_meant, "_")
        for one in found:
            for place in one.places:
                self._mark[place] = "M"
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        for index, token in enumerate(read.tokens):
            self._starts.setdefault(token.sentence, index)
            self._ends[token.sentence] = index + 1
        self.whole: Whole = read_whole(" ".join(token.word for token in read.tokens))

    def sentence(self, one: Found) -> Sentence:
        number = self._read.tokens[one.first].sentence
        start, end = self._starts[number], self._ends[number]
        # Thirty words on each side are enough for every rule and keep long messages linear.
        left = self._words(max(start, one.first - 30), one.first)
        right = self._words(one.last + 1, min(end, one.last + 31))
        inside = " ".join(t.word for t in self._read.tokens[one.first : one.last + 1])
        if self._read.tokens[one.first].before in (",", ":", "-", "(", "/"):
            left += " ,"
        # "Diabetic? Me? No": the answer may come after another word.
        after = (self._words(*self._range(number + step), limit=14) for step in (1, 2))
        following = " , ".join(words for words in after if words)
        return Sentence(
            left=left.strip(),
            inside=inside,
            right=f" {right}" if right else "",
            is_question=self._read.marks[number] == "?" or self._asks(start, end),
            following=following,
        )

    def _range(self, number: int) -> tuple[int, int]:
        return self._starts.get(number, 0), self._ends.get(number, 0)

    def _asks(self, start: int, end: int) -> bool:
        words = [t.word for t in self._read.tokens[start : min(end, start + 4)]]
        for word in words:
            if word in _OPENINGS:
                continue
            position = words.index(word)
            following = words[position + 1] if position + 1 < len(words) else ""
            return word in _QUESTION_WORDS and following not in _STATEMENT_GOES_ON
        return False

    def _words(self, start: int, end: int, limit: int = 40) -> str:
        words: list[str] = []
        last = ""
        for index in range(start, min(end, start + limit)):
            token = self._read.tokens[index]
            mark = self._mark.get(index, "")
            if token.before and (words or index > 0):
                words.append(token.before if token.before in (":", "=") else ",")
                last = ""
            if not mark:
                words.append(token.word)
            elif mark != last:
                words.append(mark)
            last = mark
        return " ".join(words)


_OPENINGS = words_of("and but also so hi hello hey please then ok okay dear doctor just")
_QUESTION_WORDS = words_of(
    "how what when where who whose why which do does did is can could would should may"
)
# "may be pregnant", "is on warfarin", "can not stop": a statement whose subject is left out.
_STATEMENT_GOES_ON = words_of("not be on pregnant taking also still currently a an diabetic")


def _numbers(text: str, read: Text, lexicon: Lexicon) -> list[tuple[Found, Item]]:
    result = []
    for number in numbers_found(text):
        result.append(
            (
                Found(number.item, _tokens_between(read, number.start, number.end)),
                lexicon.items[number.item],
            )
        )
    return result


def _tokens_between(read: Text, start: int, end: int) -> tuple[int, ...]:
    starts = [token.start for token in read.tokens]
    first = max(0, bisect.bisect_right(starts, start) - 1)
    last = max(first, bisect.bisect_left(starts, end) - 1)
    return tuple(range(first, last + 1))


def _unknown_medicines(read: Text, lexicon: Lexicon, known: set[int]) -> list[tuple[Found, Item]]:
    """Finds unknown words that must be some medicine.

    That is what stands behind "I take", "I am on" or "tablets called", or before "20 mg".
    """
    tokens = read.tokens
    places = []
    for index, token in enumerate(tokens):
        if token.word in _DOSES and index >= 2 and tokens[index - 1].word[0].isdigit():
            places.append(index - 2)
        elif token.word in _NAMING:
            before = {t.word for t in tokens[max(0, index - 5) : index]}
            if before & (_TAKES | _SOME_MEDICINE):
                places.append(index + 1)
        elif (token.word in _TAKES or token.word == "on") and _somebody_takes(read, index):
            place = index + 1
            while place < len(tokens) and tokens[place].word in _BEFORE_NAMES:
                place += 1
            if place < len(tokens) and tokens[place].sentence == token.sentence:
                places.append(place)
    item = lexicon.items["medicine other_medicine"]
    return [
        (Found("medicine other_medicine", (place,)), item)
        for place in dict.fromkeys(places)
        if place < len(tokens)
        and place not in known
        and len(tokens[place].word) >= _SHORTEST_NAME
        and tokens[place].word.isalpha()
        and lexicon.speller.is_unknown(tokens[place].word)
        and lexicon.speller.is_unknown(tokens[place].word.removesuffix("s"))
    ]


def _somebody_takes(read: Text, verb: int) -> bool:
    """Tells whether a patient takes something: "I also take", "she is on", "Taking" up front."""
    tokens = read.tokens
    has_being = tokens[verb].word != "on"
    if not has_being and verb >= 2 and tokens[verb - 1].word in _PUT_ON:
        return tokens[verb - 2].word in _PUTS
    for place in range(verb - 1, max(-1, verb - 6), -1):
        token = tokens[place]
        if token.sentence != tokens[verb].sentence:
            break
        if token.word in _TAKERS:
            asks = place > 0 and tokens[place - 1].word in _QUESTION_WORDS
            return has_being and not (asks and tokens[place - 1].sentence == token.sentence)
        if token.word not in _BEFORE_TAKING or tokens[place + 1].before:
            return False
        has_being = has_being or token.word in _BEING
    return has_being


def _is_allergen(one: Found, allergies: set[int], read: Text) -> bool:
    """Tells whether a medicine is what somebody is allergic to, and so not taken."""
    link = ("to", "against", "of", "from", "for", "with", "on")
    if one.first >= 2 and one.first - 2 in allergies and read.tokens[one.first - 1].word in link:
        return True
    return one.last + 1 in allergies
