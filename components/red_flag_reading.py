"""Reading of red flags: signs of an emergency and thoughts of self-harm.

Recall comes first. A sign is left out only where it stands in a known look-alike, is plainly
denied, is asked about in general, or is only talked about: feared of a treatment to come, heard of
strangers, long over, a figure of speech. Everything else fires.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from clinic.content.files import load_mapping
from components.health_lexicon import NOT_MEANT, load_ordinary_words
from components.health_phrases import (
    Found,
    PhraseBook,
    Speller,
    Text,
    read_text,
    without_shadowed,
)
from components.health_subject import words_of

EMERGENCY, SELF_HARM = "emergency", "self_harm"
_WEAK, _COMPANY, _ALONE = "weak", "company", "alone"

_GENERAL = re.compile(
    r"^(?:(?:and|but|also|so|hi|hello|hey|please|then|ok|just|one question|question) )*"
    r"(?:(?:can|could|does|do|did|will|would|may|might|duz|dus|doez|cud|wud|kan|wil)"
    r"(?! (?:you|u|someone|somebody|anyone|anybody|not|i not|please)\b"
    r"(?! get| have| be| develop| suffer| feel))"
    r"|is there|are there|what if|what happens|what would|what should|what do i do if|what are"
    r"|what is|which|how (?:likely|common|often|high|big|probable|many|strong|bad|severe|painful"
    r"|much)|(?:is|iz|will|was) it (?:be )?(?:very |really |so |too |extremely |that |much"
    r" )?(?:pain\w*|sore|numb\w*|hurt\w*|bleed\w*|strong|bad|severe|unbearable|intense)"
    r"|is it pos\w+|is there a|has anyone|have you|any risk|any|risk|risks|possible|are|if|in case"
    r"|how do you (?:handle|treat|deal)|do you (?:do|treat|offer|use)"
    r"|am i (?:going to|gonna)(?! die)|is the (?:skin|pain|area|face|treatment|procedure|roller"
    r"|injection|needle|cream)|is hurting|where does|what about"
    r"|what (?:temperature|temp|fever|level)"
    r"|(?:what|how|where|which) do (?:you|they|the (?:doctors?|nurses?|staff)) (?:keep|have|do|use"
    r"|give|store|offer)|do (?:you|they) (?:keep|stock|store|carry)"
    r"|(?:when|if) (?:somebody|someone|anyone|anybody"
    r"|a (?:\w+ )?(?:person|patient|woman|man|client)) (?:has|have|gets|suffers))\b"
    r"|\bin (?:general|theory)\b|\b(?:hypothetical|theoretical)(?:ly)?\b"
    r"|\b(?:injections?|treatment|roller|mesotherapy|it|they) "
    r"(?:will|can|could|might|may)\b(?! not)"
    r"|\b(?:s[iy]?de?|sied|secondary|secundary|unwanted|adverse|undesirable|after) ?"
    r"(?:ef+e?c?ts?|efects|afects?|affects?|reactions?)\b"
    r"|\bcomplications?\b|\brisks?\b"
    r"|\bwhether (?:it|one|people|patients|you)\b"
    r"|\b(?:reactions?|infections?|bleeding|fever) (?:risks?|possible)\b"
    r"|\bwhat if\b|\b(?:risk|risks|chance|chances|danger|possibility|probability|likelihood)"
    r" of\b|\bsigns? of (?:an? )?\w+$"
)
# "It makes pain?": a question by its mark alone.
_ASKED_AS_STATEMENT = re.compile(
    r"^(?:it|this|that|the roller|mesotherapy) (?:makes?|causes?|gives?|hurts?)\b"
)
# Words without which a clause is a mere list of signs.
_TOLD = re.compile(
    r"\b(?:i|my|me|we|she|he|her|his|it|its|this|that|there|here|is|are|was|am|has|have|had|can|not"
    r"|feels?|looks?|since|now|today|yesterday|help|getting|wife|husband|mother|mum|mom|daughter|son"
    r"|friend|after)\b"
)
_ANYBODY = re.compile(r"\b(?:people|patients?|women|men|clients|customers|anyone|someone|others)\b")
_THEY = re.compile(r"\b(?:they|you|one) (?:\w+ )?(?:are|is|have|has|can not|get|got|feel|do not)\b")
_NOW = re.compile(
    r"\b(?:now|today|tonight|yesterday|still|again|keeps?|this (?:morning|afternoon|evening|week)"
    r"|last night|hours?|minutes?|mins?|since (?:the|my|your|this|an?|i|we|she|he|it|then|\w+day)"
    r"(?! (?:birth|pregnanc\w+|childhood|teens|accident|(?:first|second|third|last) (?:child|baby"
    r"|birth|pregnancy)))|suddenly|all of a sudden|at the moment|help)\b"
)
_STILL = re.compile(
    r"\b(?:now i|now my|now it|today|still|again|worse|came back|is back|come back|comes back|not"
    r" (?:gone|healed|stopped|better))\b"
)
_LONG_AGO = re.compile(
    r"\b(?:(?:years?|months?|decades) ago|as a (?:child|kid|teenager|teen|baby|student|girl|boy)"
    r"|in (?:19|20)\d\d|last (?:year|summer|winter|spring|autumn)"
    r"|when i was (?:\d+|a|little|small|young\w*|pregnant|in)|in my (?:teens|twenties"
    r"|thirties|childhood|youth)|back then|long (?:over|ago|gone)|childhood|for years"
    r"|all my life|since birth|i once|once (?:when|at|after|in|from|and)|at (?:the|my) dentist\w*"
    r"|(?:last|previous|first|flu|covid) (?:vaccination|vaccine)|(?:giving|donating) blood"
    r"|in the (?:past|(?:early |late )?(?:\w+ties|[5-9]0s))"
    r"|when i had (?:my|a|the|an) (?:\w+ )?(?:tattoos?|laser|peeling|ears?|braces|surgery|operation"
    r"|tooth|teeth|filling|nose|navel|mole|appendix|tonsils|baby|c-?section|waxing)"
    r"|elsewhere|at another clinic|somewhere else)\b"
)
# "Injections a month ago, thigh black": it was the treatment that was long ago, not the sign.
_TREATED_THEN = re.compile(
    r"\b(?:injections?|injected|treat\w+|sessions?|meso\w*|roller|rolled|jabs?|shots?|needl\w+"
    r"|visit|procedure|anaesthetic|done|came|here|with you|at yours)\b"
    r"(?: \w+){0,3}? (?:(?:months?|years?) ago|last \w+)\b"
    r"|\b(?:(?:months?|years?) ago|last \w+) (?:\w+ ){0,3}"
    r"(?:injections?|injected|treated|sessions?|meso\w*|roller|jabs?|shots?|needl\w+)\b"
)
# What patients fear of a treatment to come; what they fear of themselves they say without a modal.
_FEARED = re.compile(
    r"\b(?:afraid|scared|fear\w*|frightened|terrified|nervous|phobia|dread|anxious) "
    r"(?:of|about) (?!the |this |my |how |her |his |dying)"
    r"|\b(?:afraid|scared|fear|frightened|terrified|nervous|anxious) (?:that )?"
    r"(?:\w+ ){1,2}(?:might|may|would|could|will)\b(?!.*\bdie| be )"
)
# "I keep imagining lumps of red skin": fancied signs, even where "keep" sounds like now.
_IMAGINED = re.compile(
    r"\b(?:i (?:always |just |already |keep |can )?(?:imagin\w+|pictur\w+)"
    r"|nightmares? (?:of|about)) (?!it|that|this|things|my |the |her |his )"
)
_HEARD_OF = re.compile(
    r"\b(?:read|heard|saw|seen|watched|news|tv|telly|internet|online|forums?|videos?|article"
    r"|documentary|reviews?|tiktok|instagram|youtube|facebook|google\w*|papers?|magazine|stor(?:y|ies)"
    r"|report)\b"
)
_STRANGER = re.compile(
    r"\b(?:someone|somebody|people|(?:a|some|one|the|this) (?:\w+ )?(?:woman|lady|girl|man|guy"
    r"|patient|actress|celebrity|influencer|mother|case)|women|others|patients|they|cases?|celebrit\w+"
    r"|can happen|happens)\b"
)
_OVER = re.compile(
    r"\b(?:healed|went away|gone (?:now|today|since)|(?:it|that|they|all|but|then) "
    r"(?:has |have |had )?(?:all )?(?:stopped|passed|gone|cleared|disappeared|vanished|settled"
    r"|calmed)|is over|was over"
    r"|cleared up|do it again|would do it again|fine (?:now|again|afterwards|after)|better now"
    r"|back to normal|recovered)\b"
)
# Breath, heart and balance are lost over prices, weddings and tight jeans too.
_FIGURE = re.compile(
    r"\b(?:excited|excitement|thrilled|overjoyed|laugh\w*|giggl\w*)\b"
    r"|\b(?:at|when|because|by|over|from|if|seeing|saw|heard|on) (?:\w+ ){0,4}(?:prices?|bills?"
    r"|costs?|invoice|quote)\b|\b(?:prices?|bills?|costs?|invoice|quote) (?:\w+ ){0,2}(?:takes?"
    r"|took|ma[dk]es?|knock\w*|gives?|gave|left|leaves?)\b"
    r"|\bin (?:my|this|these|those|the|a|an|any|skinny|tight) (?:\w+ ){0,2}(?:jeans|dress"
    r"|trousers|bra|leggings|tights|corset|bikini|skirt|shapewear|spanx|swimsuit|pants)\b"
    r"|\b(?:jeans|dress|trousers|bra|tights|corset|zip) (?:\w+ ){0,2}(?:chok\w+|is|are"
    r"|strangl\w+)\b"
)
# Whoever tells of the body as it is speaks neither of old times nor of strangers.
_AS_IT_IS = re.compile(
    r"\b(?:my|her|his) (?:\w+ ){0,3}(?:is|are|hurts?|feels?|aches?|looks?|burns?|keeps?|has|have)\b"
    r"|\bi (?:\w+ )?(?:am|have(?! had| been)|can not|feel|keep|get|see)\b"
    r"|\b(?:she|he) (?:is|has|can not)\b"
    r"|\b(?:the|this) (?:\w+ )?(?:wound|spot|skin|site|area|place|leg|thigh|belly|hole|lump|scar) "
    r"(?:is|are|has|keeps|looks|feels|smells)\b"
)
_BODY_FIGURE = re.compile(r"\b(?:injections?|jabs?|shots?|sessions?|needles?|arm|sweat\w*|dizzy)\b")
_HYPOTHETICAL = re.compile(r"\b(?:youd|hed|shed|theyd|would) .*\bif\b|\bif\b.* would\b")
_FILLERS = frozenset(
    ["a", "really", "very", "so", "that", "too", "going", "to", "any", "even", "been", "feeling"]
)
_IS_SHORTENED = re.compile(
    r"\b(skin|thigh|leg|arm|face|lip|tongue|throat|chest|belly|tummy|stomach|chin|heart|eye|mouth|hand"
    r"|foot|wound|spot|area|site|vision|speech|everything|something|pain|blood|bleeding|head|neck"
    r"|fever|temp|temperature|calf|side|redness|swelling|rash|body|voice|breathing|ankle|knee)'s\b",
    re.IGNORECASE,
)
_COMPANY_REACH = 2
_HAPPENING = re.compile(
    r"\b(?:i|she|he|they|we|wife|husband|mother|mum|mom|daughter|son|sister|friend|father|dad"
    r"|girlfriend|boyfriend) "
    r"(?:really |just |also |suddenly |still |now |always |actually )?(?:am|is|are|have|has|had"
    r"|got|gets|was|feels?|felt|keeps?|started|"
    r"can not|could not|can hardly|can barely|lost|did not|do not|does not|think|noticed|woke"
    r"|took|fainted|collapsed)\b"
    r"|\b(?:my|her|his|the|this|one) (?:\w+ ){0,3}(?:is|are|was|were|has|have|feels?|looks?"
    r"|keeps?|started|got|went|hurts?|aches|smells?|turn(?:s|ed|ing)|"
    r"became|swelled|burns|will not|does not|do not)\b"
    r"|(?<!if )(?<!whether )\bit (?:is|has|keeps|hurts|got)\b|\b(?:38|39|40|41)\b"
    r"|\bwait (?:until|till|for)\b"
    r"|\bi be having\b|\bam i\b(?! going| gonna)|\bis (?:my|she|he)\b|\bare my\b|\bcan not\b"
    r"|\bwhy\b"
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
    r"|\b(?:do|does|did) i (?:have to|need|get|feel)\b|\bif it hurts\b.*|\blike i (?:have|am|was)\b"
    r"|\b(?:do|does|did) (?:the|this|that|it) (?:\w+ ){0,2}?"
    r"(?:have|hurt|feel|look|keep|ache|smell)\b"
)
# "Help!!" in front of or instead of a sentence is a shout; "thanks for your help!!" is none.
_SHOUT = re.compile(
    r"(?:^|[.!?,] *|\bbut )(?:please |pls )?help(?: me)?(?: please| pls)? *!!", re.IGNORECASE
)
_DENIED = re.compile(
    r"(?:^|,|\b(?:and|but|i|have|has|had|with|is|was|are|there|got|do|does|did|feel|am|still|so|would|will"
    r"|also|thankfully|luckily) |\b(?:no|without) (?:\w+ ){1,2})\s*"
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
# "If I haven't killed myself by then" and "I have not hanged myself yet" deny nothing.
_STILL_TO_COME = re.compile(
    r"\b(?:if|unless|until|till|why|reason|how|believe|wonder|regret) (?:\w+ ){0,4}(?:not|never)\b"
    r"|\bunless\b"
)
_YET = re.compile(r"\b(?:yet|by then|so far|before)\b")
_LIKE_THIS = re.compile(
    r"^ (?:like (?:this|that)|so (?:bad|much|strong)|this (?:bad|strong)|before in)"
)


class _CarefulSpeller(Speller):
    """A speller that doubts a slip in a short word's first letter: "paining" is not "fainting"."""

    def readings(self, word: str) -> tuple[str, ...]:
        return tuple(
            known
            for known in super().readings(word)
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
        over_is_quiet: whether it is no emergency any more once the patient says that it is over.
        figure_is_quiet: whether beside prices, joy or tight clothes it is a figure of speech.
    """

    id: str
    kind: str
    name: str
    asked_fires: bool
    over_is_quiet: bool = False
    figure_is_quiet: bool = False


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
        flags[one["id"]] = Flag(
            one["id"],
            one["kind"],
            one["name"],
            one.get("asked") == "fire",
            one.get("over") == "quiet",
            one.get("figure") == "quiet",
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
    return RedFlags(book, flags, marks, speller)


def read_red_flags(text: str, red_flags: RedFlags) -> list[str]:
    """Returns the ids of the red flags in a text, each once, in the text's order.

    Args:
        text: the cleaned message; reading takes time in proportion to its length.
        red_flags: the words, from `load_red_flags`.
    """
    # "My skin's gone grey": the reader of tokens would see the plural.
    read = read_text(_IS_SHORTENED.sub(r"\1 is", text), red_flags.speller)
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
    look_alikes = [
        set(one.places) for one in found if one.item == NOT_MEANT and not _is_answer(one, read)
    ]
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
        telling = {p for p in one.places if read.tokens[p].word not in _SAY_NOTHING}
        if any(telling <= places for places in look_alikes):
            continue
        flag = red_flags.flags[name]
        place = (name, read.tokens[one.first].sentence)
        if _denied(one, read, flag):
            denied.add(place)
            continue
        # Of "no trouble breathing" the weak sign "breathing" is left over.
        if mark == _WEAK and place in denied:
            continue
        if not flag.asked_fires and _is_talk(one, read, flag):
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


def _is_talk(one: Found, read: Text, flag: Flag) -> bool:
    """Tells whether a sign is only talked about: asked in general, feared, heard of, long over."""
    start, end = _sentence(one, read)
    line = _line(read, start, end)
    clause = _line(read, *_clause(one, read))
    if _IMAGINED.search(clause):
        return True
    if _NOW.search(clause):
        return _asked_in_general(one, read)
    if _HYPOTHETICAL.search(clause) or _FEARED.search(clause):
        return True
    if not _AS_IT_IS.search(clause):
        if flag.figure_is_quiet and _FIGURE.search(clause) and not _BODY_FIGURE.search(line):
            return True
        if _LONG_AGO.search(_TREATED_THEN.sub("", line)) and not _STILL.search(line):
            return True
        if _HEARD_OF.search(line) and _STRANGER.search(line):
            return True
    if flag.over_is_quiet and _is_over(one, read):
        return True
    return _asked_in_general(one, read)


def _is_over(one: Found, read: Text) -> bool:
    """Looks for "it healed" in the sentence behind the sign and the rest of the message near it."""
    start = _sentence(one, read)[0]
    number = read.tokens[one.first].sentence
    end = one.last + 1
    while end < len(read.tokens) and read.tokens[end].sentence <= number + 1 and end - start < 60:
        end += 1
    line = _line(read, start, end)
    return bool(_OVER.search(line)) and not _STILL.search(line)


def _line(read: Text, start: int, end: int) -> str:
    return " ".join(token.word for token in read.tokens[start:end])


def _is_clause_break(place: int, read: Text) -> bool:
    token = read.tokens[place]
    if token.before == "-":
        # "fat-dissolving" is one word, " - " parts two thoughts.
        return not read.raw[max(token.start - 2, 0) : token.start - 1].isalnum()
    return token.before in (",", ":", "(") or token.word == "but"


def _clause(one: Found, read: Text) -> tuple[int, int]:
    start, end = _sentence(one, read)
    for place in range(one.first, start, -1):
        if _is_clause_break(place, read):
            start = place
            break
    for place in range(one.last + 1, end):
        if _is_clause_break(place, read):
            return start, place
    return start, end


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
    whole, whole_end = _sentence(one, read)
    # A clause that begins behind a comma stands for itself: "can you help me, my lips swell". A
    # mere list does not: "what are the side effects, swelling of the face, fever?"
    start, end = _clause(one, read)
    if not _TOLD.search(_line(read, start, end)):
        start, end = whole, whole_end
    line = _line(read, start, end)
    is_question = read.marks[read.tokens[one.first].sentence] == "?"
    if not _GENERAL.search(line) and not (
        is_question and len(line.split()) < 8 and _ASKED_AS_STATEMENT.search(line)
    ):
        return False
    line = _MODAL_I.sub("", line)
    if _ANYBODY.search(line):
        line = _THEY.sub("", line)
    return not _HAPPENING.search(line)


def _denied(one: Found, read: Text, flag: Flag) -> bool:
    # "No, I can't breathe": a sign that is itself a "not" is not denied by another one.
    if any(read.tokens[place].word in _NOT_ITSELF for place in one.places):
        return False
    if _denied_inside(one, read):
        return True
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
    if flag.kind == SELF_HARM and (_STILL_TO_COME.search(left) or _YET.search(right)):
        return False
    if left == "no" and _goes_on(one, read, end):
        return False
    match = _DENIED.search(left)
    if not match or _LIKE_THIS.match(right):
        return False
    # "No, chest pain" answers something else; "no fever, chills" may begin anew.
    return not _NOT_DENIED.search(match.group()) and not left.endswith(",")


def _denied_inside(one: Found, read: Text) -> bool:
    """Tells "my lips are not swollen", whose "not" stands in the gap of the sign."""
    for place in range(one.first + 1, one.last):
        if read.tokens[place].word in ("not", "never", "no"):
            after = place + 1
            while after < one.last and read.tokens[after].word in _FILLERS:
                after += 1
            if after in one.places:
                return True
    return False


def _goes_on(one: Found, read: Text, end: int) -> bool:
    """Tells "No chest pain" from "No chest pain since this morning", which answers and tells."""
    if any(read.tokens[place].word in _TELLS for place in one.places):
        return True
    after = 0
    for place in range(one.last + 1, end):
        if read.tokens[place].before or read.tokens[place].word in (
            ["but", "just", "only", "or", "no", "not", "and", "nor", "nothing", "all"]
        ):
            break
        after += 1
    return after > 1
