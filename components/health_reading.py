"""Reading of health statements: which condition or medicine, whose, and whether it is there.

Nothing here clears anybody: `denied` and `not_own` are information, and a mention that no rule
explains counts as stated.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from components import context
from components.context import Context
from components.health_lexicon import (
    DENIED,
    MATTER,
    NOT_MEANT,
    NOT_OWN,
    PRESENT,
    UNSURE,
    Item,
    Lexicon,
)
from components.health_numbers import body_mass_index, measure_span, numbers_found
from components.health_phrases import Found, Text, read_text, without_shadowed

_WEIGHT = {DENIED: 0, NOT_OWN: 0, UNSURE: 1, PRESENT: 2}
_SHORTEST_NAME = 5
_SOMEBODY_ELSE = frozenset([context.OTHERS, context.CHILDREN])
# "Allergic to penicillin" says that it is not taken.
_ALLERGIC_TO = frozenset(["to", "against", "of", "from", "for", "with", "on"])


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
        is_medicine: whether the words name a medicine.
        is_measured: whether it was calculated from height and weight, or is an index.
        if_patient: the status if somebody else, of whom it is told, is the one to be treated; None
            where it is told of nobody else.
        of_another: whether it is told of somebody else, to be treated or not.
    """

    value: str
    status: str
    kind: str
    condition: str | None
    name: str
    start: int
    end: int
    is_medicine: bool = False
    is_measured: bool = False
    if_patient: str | None = None
    of_another: bool = False


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
    numbers = [
        pair for pair in _numbers(text, read, lexicon) if not not_meant.intersection(pair[0].places)
    ]
    mentions += numbers
    measured = {one for one, item in numbers if item.condition == "obesity"}
    mentions += _unknown_medicines(read, lexicon, {p for one in found for p in one.places})
    if not mentions:
        return []
    around = Context(read, [one for one, _ in mentions], lexicon.context)
    anywhere = around.anywhere()
    allergies = {one.last for one, item in mentions if item.value == "allergy"}
    result = []
    for one, item in sorted(mentions, key=lambda pair: pair[0].first):
        cues = around.around(one, item.not_of)
        status = status_of(item, cues, anywhere, one in measured)
        if_patient = None
        if item.is_medicine and _is_allergen(one, allergies, read):
            status = NOT_OWN
        elif status == NOT_OWN and _SOMEBODY_ELSE & cues:
            if_patient = status_of(item, cues - _SOMEBODY_ELSE, anywhere, one in measured)
        mention = Mention(
            value=item.value,
            status=status,
            kind=item.kind,
            condition=item.condition,
            name=item.name,
            start=read.tokens[one.first].start,
            end=read.tokens[one.last].end,
            is_medicine=item.is_medicine,
            is_measured=one in measured,
            if_patient=if_patient,
            of_another=bool(_SOMEBODY_ELSE & cues),
        )
        result.append((item, mention))
    stated = {mention.value for _, mention in result if _WEIGHT[mention.status]}
    return [mention for item, mention in result if not item.unless & stated]


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
    around = Context(read, [found], lexicon.context)
    cues = around.around(found)
    status = status_of(lexicon.items["obesity"], cues, around.anywhere(), is_measured=True)
    return index if status == PRESENT else None


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
    for one in lexicon.naming.find(read):
        place = one.last + 1
        while place < len(tokens) and tokens[place].word in lexicon.passed_over:
            place += 1
        if place < len(tokens) and tokens[place].sentence == tokens[one.last].sentence:
            places.append(place)
    for index, token in enumerate(tokens):
        if token.word in lexicon.doses and index >= 2 and tokens[index - 1].word[0].isdigit():
            places.append(index - 2)
    item = lexicon.items["medicine other_medicine"]
    return [
        (Found("medicine other_medicine", (place,)), item)
        for place in dict.fromkeys(places)
        if place not in known
        and len(tokens[place].word) >= _SHORTEST_NAME
        and tokens[place].word.isalpha()
        and lexicon.speller.is_unknown(tokens[place].word)
        and lexicon.speller.is_unknown(tokens[place].word.removesuffix("s"))
    ]


def _is_allergen(one: Found, allergies: set[int], read: Text) -> bool:
    """Tells whether a medicine is what somebody is allergic to, and so not taken."""
    is_behind = one.first >= 2 and one.first - 2 in allergies
    links = is_behind and read.tokens[one.first - 1].word in _ALLERGIC_TO
    return links or one.last + 1 in allergies


def status_of(item: Item, around: set[str], anywhere: set[str], is_measured: bool = False) -> str:
    """Decides the status of a mention: present, unsure, denied or not_own.

    Args:
        item: what is mentioned; its own status is the highest that is given.
        around: the cues that speak of it, from `Context.around`.
        anywhere: the cues of the whole message, from `Context.anywhere`.
        is_measured: whether figures say it; they are there, whatever is asked or planned.
    """
    # "What is a clotting disorder?" asks for a word; "..., I have one" states it all the same.
    if context.EXPLAINED in around and context.SELF not in anywhere:
        return NOT_OWN
    is_others = bool(_SOMEBODY_ELSE & around)
    if context.PEOPLE in around or (is_others and context.PATIENT_IS_OTHER not in anywhere):
        return UNSURE if context.ALSO_OWN in anywhere else NOT_OWN
    is_open = not is_measured
    if is_open and {context.DOUBTED, context.ASKED} & around:
        return UNSURE
    # "No, 95 kg, 165 cm" answers a question; nobody denies a figure.
    if context.DENIED in around and is_open:
        # "I don't take it right now", "no attack since May": only a pregnancy is over for good.
        is_for_now = context.LASTING in around and item.past != "none"
        return UNSURE if is_for_now else DENIED
    if is_open and context.PLANNED in around and item.kind != MATTER:
        return UNSURE
    is_over = bool({context.PAST, context.LONG_AGO} & around)
    is_over |= is_open and context.SURVIVED in around
    if is_over and context.LASTING not in around:
        if item.past == "none":
            return NOT_OWN
        return item.status if item.past == PRESENT else UNSURE
    return item.status
