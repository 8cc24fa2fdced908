"""Reading of red flags: signs of an emergency and thoughts of self-harm.

Recall comes first. A sign is left out only where it stands in a known look-alike, is plainly denied
right in front of it, or is asked about in general; everything else fires.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from clinic.content.files import load_mapping
from components.health_lexicon import NOT_MEANT, load_ordinary_words
from components.health_phrases import Found, PhraseBook, Speller, Text, read_text, without_shadowed
from components.health_subject import words_of

EMERGENCY, SELF_HARM = "emergency", "self_harm"
_WEAK, _COMPANY, _ALONE = "weak", "company", "alone"

_GENERAL = re.compile(
    r"^(?:(?:and|but|also|so|hi|hello|hey|please|then|ok|just|one question|question) )*"
    r"(?:(?:can|could|does|do|did|will|would|may|might)(?! (?:you|u|someone|somebody|anyone"
    r"|anybody|not|i not|please)\b(?! get| have| be| develop| suffer| feel))"
    r"|is there|are there|what if|what happens|what would|what should|what do i do if|what are"
    r"|what is|which|how (?:likely|common|often|high|big|probable|many|strong|bad|severe|painful"
    r"|much)|(?:is|will|was) it (?:be )?(?:very |really |so |too |extremely |that |much"
    r" )?(?:painful|sore|hurt\w*|bleed\w*)"
    r"|is it possible|is there a|has anyone|have you|any risk|any|risk|risks|possible|are)\b"
    r"|\bwhat if\b|\b(?:risk|risks|chance|chances|danger|possibility|probability|likelihood)"
    r" of\b|\bsigns? of (?:an? )?\w+$"
)
# "It makes pain?": a question by its mark alone.
_ASKED_AS_STATEMENT = re.compile(
    r"^(?:it|this|that|the roller|mesotherapy) (?:makes?|causes?|gives?|hurts?)\b"
)
_HAPPENING = re.compile(
    r"\b(?:i|she|he|they|we|wife|husband|mother|mum|mom|daughter|son|sister|friend|father|dad"
    r"|girlfriend|boyfriend) "
    r"(?:really |just |also |suddenly |still |now |always |actually )?(?:am|is|are|have|has|had"
    r"|got|gets|was|feels?|felt|keeps?|started|"
    r"can not|could not|can hardly|can barely|lost|did not|do not|does not|think|noticed|woke"
    r"|took|fainted|collapsed)\b"
    r"|\b(?:my|her|his|the|this|one) (?:\w+ ){0,3}(?:is|are|was|were|has|have|feels?|looks?"
    r"|keeps?|started|got|went|hurts?|aches?|smells?|turned|"
    r"became|swelled|burns|will not|does not|do not)\b"
    r"|\bam i\b|\bis (?:my|she|he)\b|\bare my\b|\bcan not\b|\bwhy\b"
    r"|\b(?:right now|since|today|yesterday|tonight|this morning|last night|already|help|ago|at"
    r" the moment|now)\b"
    r"|\bmy (?:\w+ )?(?:pains?|swelling|fever|bleeding|infection|reaction|symptoms?|rash|pus"
    r"|blisters?|swollen)\b"
)
# "could I get a fever?": a modal before "I" makes no statement of what follows.
_MODAL_I = re.compile(
    r"\b(?:can|could|will|would|may|might|should|shall|if) i (?:have|get|feel|be(?! having)|had)\b"
    r"|\b(?:can|could|will|would|may|might) (?:my|the|this|that|it) (?:\w+ ){0,3}?"
    r"(?:have|hurt|feel|look|keep|ache|smell)\b"
    r"|\b(?:do|does|did) (?:the|this|that|it) (?:\w+ ){0,2}?"
    r"(?:have|hurt|feel|look|keep|ache|smell)\b"
)
# "Help!!" in front of or instead of a sentence is a shout; "thanks for your help!!" is none.
_SHOUT = re.compile(
    r"(?:^|[.!?,] *|\bbut )(?:please |pls )?help(?: me)?(?: please| pls)? *!!", re.IGNORECASE
)
_DENIED = re.compile(
    r"(?:^|,|\b(?:and|but|i|have|has|had|with|is|was|are|there|got|do|does|did|feel|am|still|so"
    r"|also|thankfully|luckily) )\s*"
    r"(?:no|not|without|never|neither|nor)"
    r"(?:(?: \w+){1,2} (?:or|nor))?"
    r"(?: (?:any|have|had|having|real|signs?|of|experiencing|feel|feeling|a|an|got|noticed|seen))*$"
)
_NOT_DENIED = re.compile(r"\b(?:sure|certain|know|only|just|idea)\b")
# Words that a look-alike need not hold to explain a sign away; "not" is none of them.
_SAY_NOTHING = words_of(
    "i am is are was be been my the a an to it can could and of in on with have has had do does "
    "did just since after she he wife husband mother mum mom father dad daughter son friend"
)
_NOT_ITSELF = frozenset(["not", "no", "never", "without", "can", "hardly", "barely", "cant"])
_TELLS = frozenset(["she", "he", "is", "are", "every", "it", "getting", "feel", "coming", "comes"])
_LIKE_THIS = re.compile(
    r"^ (?:like (?:this|that)|so (?:bad|much|strong)|this (?:bad|strong)|before in)"
)


@dataclass(frozen=True)
class Flag:
    """A red flag; `asked_fires` tells whether a general question about it counts too."""

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
    """

    book: PhraseBook
    flags: dict[str, Flag]
    marks: dict[str, tuple[str, str]]
    speller: Speller


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
        flags[one["id"]] = Flag(one["id"], one["kind"], one["name"], one.get("asked") == "fire")
        for phrase in one["words"]:
            book.add(one["id"], phrase)
        for kind in (_WEAK, _COMPANY, _ALONE):
            marks[f"{one['id']} {kind}"] = (one["id"], kind)
            for phrase in one.get(kind, []):
                book.add(f"{one['id']} {kind}", phrase)
    speller = Speller(book.words(), load_ordinary_words(directory))
    for phrase in content["not_meant"]:
        book.add(NOT_MEANT, phrase)
    return RedFlags(book, flags, marks, speller)


def read_red_flags(text: str, red_flags: RedFlags) -> list[str]:
    """Returns the ids of the red flags in a text, each once, in the text's order.

    Args:
        text: the cleaned message; reading takes time in proportion to its length.
        red_flags: the words, from `load_red_flags`.
    """
    read = read_text(text, red_flags.speller)
    found = red_flags.book.find(read)
    in_company = {red_flags.marks[one.item][0] for one in found if _is(one, _COMPANY, red_flags)}
    found = without_shadowed([one for one in found if not _is(one, _COMPANY, red_flags)])
    look_alikes = [set(one.places) for one in found if one.item == NOT_MEANT]
    flagged: dict[str, None] = {}
    for one in found:
        if one.item == NOT_MEANT:
            continue
        name, mark = red_flags.marks.get(one.item, (one.item, ""))
        if (mark == _WEAK and name not in in_company) or (mark == _ALONE and _has_more(one, read)):
            continue
        telling = {p for p in one.places if read.tokens[p].word not in _SAY_NOTHING}
        if any(telling <= places for places in look_alikes):
            continue
        flag = red_flags.flags[name]
        if not _denied(one, read) and (flag.asked_fires or not _asked_in_general(one, read)):
            flagged[name] = None
    if _SHOUT.search(text):
        flagged["call_for_help"] = None
    return list(flagged)


def kinds_of(ids: list[str], red_flags: RedFlags) -> set[str]:
    """Returns the kinds of reply that the found flags ask for."""
    return {red_flags.flags[one].kind for one in ids}


def _is(one: Found, mark: str, red_flags: RedFlags) -> bool:
    return red_flags.marks.get(one.item, ("", ""))[1] == mark


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


def _asked_in_general(one: Found, read: Text) -> bool:
    start, end = _sentence(one, read)
    # A clause that begins behind a comma stands for itself: "can you help me, my lips swell".
    for place in range(one.first, start, -1):
        if read.tokens[place].before in (",", ":", "-", "("):
            start = place
            break
    line = " ".join(token.word for token in read.tokens[start:end])
    is_question = read.marks[read.tokens[one.first].sentence] == "?"
    if not _GENERAL.search(line) and not (
        is_question and len(line.split()) < 8 and _ASKED_AS_STATEMENT.search(line)
    ):
        return False
    return not _HAPPENING.search(_MODAL_I.sub("", line))


def _denied(one: Found, read: Text) -> bool:
    # "No, I can't breathe": a sign that is itself a "not" is not denied by another one.
    if any(read.tokens[place].word in _NOT_ITSELF for place in one.places):
        return False
    start, end = _sentence(one, read)
    start = max(start, one.first - 10)
    words: list[str] = []
    for place in range(start, one.first):
        token = read.tokens[place]
        if token.before and words:
            words.append(",")
        words.append(token.word)
    if read.tokens[one.first].before and words:
        words.append(",")
    left = " ".join(words)
    right = " " + " ".join(
        token.word for token in read.tokens[one.last + 1 : min(end, one.last + 4)]
    )
    if left == "no" and _goes_on(one, read, end):
        return False
    match = _DENIED.search(left)
    if not match or _LIKE_THIS.match(right):
        return False
    # "No, chest pain" answers something else; "no fever, chills" may begin anew.
    return not _NOT_DENIED.search(match.group()) and not left.endswith(",")


def _goes_on(one: Found, read: Text, end: int) -> bool:
    """Tells "No chest pain" from "No chest pain since this morning", which answers and tells."""
    if any(read.tokens[place].word in _TELLS for place in one.places):
        return True
    after = 0
    for place in range(one.last + 1, end):
        if read.tokens[place].before or read.tokens[place].word in ("but", "just", "only", "or"):
            break
        after += 1
    return after > 1
