"""Whose condition a sentence speaks of: the writer's, the patient's, somebody else's, nobody's.

The last person named before a mention decides, as a rule; what fits no rule is the writer's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from components.health_lexicon import Item


def words_of(line: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(line.split())


SELF = words_of("i me mine myself we us my our ich je yo")
_POSSESSIVE = words_of("my our his her their your the a an one's")
_NAMED = words_of(
    "mother mothers mum mums mom moms mummy mommy mama mam father fathers dad dads daddy "
    "papa parent parents sister sisters brother brothers sibling siblings sis bro "
    "daughter daughters son sons child children kid kids baby babies husband husbands "
    "wife wifes wives partner partners spouse fiance fiancee boyfriend boyfriends "
    "girlfriend girlfriends friend friends bestie aunt aunts auntie uncle uncles cousin "
    "cousins niece nephew grandmother grandmothers grandma granny gran nan nana grandpa "
    "grandfather granddad grandparents grandparent grandson granddaughter stepmother "
    "stepsister inlaw mil flatmate roommate neighbour neighbours neighbor colleague "
    "colleagues coworker boss dog cat family relatives relative hubby bf gf mate buddy ex "
    "housemate twin twins lady mothers fathers girl"
)
# "my gran's on warfarin": the mark falls away in reading.
RELATIVES = _NAMED | {f"{word}s" for word in _NAMED - words_of("girl lady baby twin ex")}
_CHILDREN = words_of(
    "son sons child children kid kids baby babies twins girl boy newborn infant toddler twin"
)
_MUMS = words_of("mother mum mom mummy mommy mama mam")
_HE_OR_SHE = words_of("she he her his him hers they their them")
_PEOPLE = words_of(
    "women womans people patients someone somebody anyone anybody men ladies those persons "
    "clients customers others adults everyone everybody females males folks users "
    "somebodys girls individuals candidates woman person patient man lady client mother "
    "mum mom girl guy user diabetics"
)
_ONE_PERSON = words_of("woman person patient man lady client mother mum mom girl guy mama user")
# "can you have it with ...?" is anybody; "can you treat ..." is the clinic.
_ANYBODY_DOES = words_of("have get are be undergo receive take were suffer had")
_COMPARING = words_of("like unlike as than inherited")
_ANY_ONE = words_of("a an any each every some another")
_SPEECH = (
    r"(?:says?|said|thinks?|thought|told|tells|believes?|worr\w+|noticed?|asks?|asked|knows?"
    r"|wonders?|"
    r"insists?|reckons?|hopes?|found|hates?|suggest\w*|means|fears?|is (?:worried|afraid|sure"
    r"|convinced))"
)
_FAMILY_AFTER = re.compile(
    r"^(?: \w+){0,3}? (?:in (?:my|our|the|his|her) (?:\w+ )?(?:family|relatives)|runs? in|on my"
    r" (?:mother|father|mum|mom|dad)s? side|of my (?:mother|sister|"
    r"father|brother|wife|husband|friend|mum|mom|dad|daughter|son|aunt|grandmother|partner))\b"
)
_FAMILY_BEFORE = re.compile(
    r"\b(?:family (?:\w+ )?history(?: of)?|runs? in (?:my|our|the) family|in (?:my|our) family"
    r"|familial|hereditary|(?<!i )(?<!i have )(?<!have i )inherited|family with)"
    r"(?: \w+){0,4}$"
)
_ALSO_OWN = re.compile(
    r"\b(?:so (?:am|do|have|did) i|me too|and me\b|like me|just like me|as well as me|same"
    r" (?:here|for me|with me)|same as me|"
    r"i (?:am|do|have|had|did|got|take|take it)(?: (?:it|that|them|one))? (?:too|as well|also)|i"
    r" also (?:have (?!a question|another)|am|had|take)|me and my|me as well|i am one|"
    r"(?:and|or|,) i (?:both|too|also)|my \w+ and i|my \w+ and me|both of us|we"
    r" both|we all|all of us|"
    r"i have it|i (?:take|took|use|used) it|same thing as|i got it)\b"
)
# Relatives who may be patients, "my mother in law" and "she" or "he" after them.
_PATIENTS = "|".join(sorted(RELATIVES - {"family", "dog", "cat", "baby", "ex"}))
_SOMEBODY = (
    rf"(?:(?:my|our|the) (?:[a-z]+ ){{0,2}}?(?:{_PATIENTS})(?: in law)?|{_PATIENTS}|she|he|who)"
)
_WISHES = (
    r"(?:wants?|would like|would love|wishes|is interested|is considering|is thinking|plans|hopes"
    r"|is hoping|is keen|is desperate|fancies|would fancy|dreams|longs|needs|is going|is coming"
    r"|comes"
    r"|is asking|asks|asked|is after|is looking|is curious|considers|would be|hates|dislikes)"
)
_BODY = (
    r"(?:belly|thighs?|chin|double|legs?|hips?|cellulite|stretch|fat|done|treated|skin|stomach"
    r"|tummy"
    r"|love|bum|arms?|face|back|marks|scars?|saddle\w*|neck|handles|flanks|waist|knees|bottom)"
)
_NOT_FOR_HERSELF = (
    r"(?! (?:help|tell|come with|accompany|join|drive|wait|sit|bring|pick|watch|stay|me\b|us\b"
    r"|that i"
    r"|be (?:there|with|present)|with me|along|(?:\w+ ){0,5}(?:for me|if i|whether i|me to"
    r"|i should)))"
)
_FOR_OTHER = re.compile(
    r"\b(?:for|on behalf of|concerning|regarding|about|treat|bring|book|booking|gift to|present to)"
    rf" (?:(?:my|a|our|his|her|the) (?:[a-z]+ ){{0,2}}?)?(?:{_PATIENTS}|baby)\b(?! s\b)"
    r"(?! (?:wedding|birthday|party|house|advice|opinion|hen|baby|shower|graduation|marriage"
    r"|recommendation)|(?: \w+)? (?:along|with me|to wait))"
)
_OTHER_IS_PATIENT = re.compile(
    "|".join(
        (
            rf"\b(?:can|could|may|should|would|will|is it (?:\w+ )?(?:for|if)|must|shall)"
            rf" (?:my (?:[a-z]+ ){{0,2}}?(?:{_PATIENTS})|she|he|her|him)\b{_NOT_FOR_HERSELF}",
            rf"\b{_SOMEBODY} (?:\w+ ){{0,8}}?{_WISHES}(?: to)?"
            rf" (?:have|get|do|try|book|come|be|start|ask|in|meso\w*|the|a|an|it|this|having"
            rf"|with you"
            rf"|for|about|of|on|rid|her|his|your|some|{_BODY})\b{_NOT_FOR_HERSELF}",
            rf"\b{_SOMEBODY} (?:\w+ ){{0,3}}?(?:is|was|will be|would be|d be) the (?:one|patient"
            rf"|client)\b",
            rf"\b{_SOMEBODY} (?:\w+ ){{0,3}}?(?:would|will|is) (?:\w+ )?(?:come in|coming in"
            rf"|come for"
            r"|coming for|come to you|be coming|be treated|booked|have it done|having it|getting it"
            r"|get it done|get treated)\b",
            rf"\b{_SOMEBODY} (?:has an appointment|asked me to)\b",
            r"\b(?:safe|ok|okay|possible|suitable|dangerous|recommended|allowed|good|right"
            r"|something"
            r"|treatment|appointment|consultation|gift|present|voucher|surprise|meant)"
            r" (?:\w+ ){0,3}?(?:for|to) (?:her|him)\b",
            r"\b(?:writing|write|asking|ask|inquiring|enquiring|booking|book|question|it is"
            r"|this is)"
            r" for (?:her|him)\b",
            rf"\b(?:if|whether) (?:she|he|my (?:[a-z]+ ){{0,2}}?(?:{_PATIENTS}))"
            r" (?:can|could|may|might|should|is allowed|would be able)\b",
            rf"\b(?:her|his) (?:appointment|session|booking|treatment|consultation"
            rf"|(?:\w+ )?{_BODY})\b",
            r"\bpatient (?:is|would be|will be) (?:my|her|him)\b",
            r"\bon behalf of\b|\basking for (?:my|a|her|him)\b",
        )
    )
)
_WRITER_IS_PATIENT = re.compile(
    r"\b(?:(?:she|he) is not the (?:patient|one)|it is me (?:who|that)|i am the (?:patient"
    r"|one (?:who"
    r"|coming|that|having))|patient is me|but i am coming|is me who)\b"
)
_RESEARCH = re.compile(
    r"\b(?:out of (?:pure )?(?:interest|curiosity)|for an? (?:\w+ )?(?:article|essay|paper|study"
    r"|thesis"
    r"|project|blog|podcast|dissertation|assignment|exam|quiz|novel|book)|(?:writing"
    r"|write) an? (?:\w+ )?"
    r"(?:article|essay|paper|thesis|blog|novel|book)|i am a journalist|just curious"
    r"|hypothetically)\b"
)
_CANCER_OVER = re.compile(
    r"\b(?:survivors?|remission|cancer free|(?:the|all|am|now|been) (?:all )?clear|back in the day"
    r"|free of"
    r"|no evidence of disease|years? (?:clear|clean|free|cancer)|cured|beat it|beaten it)\b"
)
_CANCER_STILL = re.compile(
    r"\b(?:again|came back|is back|come back|relaps\w*|recur\w*|on chemo|having chemo|in treatment"
    r"|being treated|has spread|not (?:in|yet in) remission|no remission|not cured|incurable)\b"
)


class Whose(Enum):
    """Of whom a sentence speaks."""

    OWN = "the writer's own"
    OTHER = "a relative's, a friend's"
    PEOPLE = "people's in general"
    REPORTED = "what somebody else says, of whom is not clear"
    GENERIC_YOU = "of you as of anybody"
    NOBODY = "nobody is named"


@dataclass(frozen=True)
class Sentence:
    """The words around a mention.

    Attributes:
        left: words of the sentence before the mention, a blank between each two.
        inside: the words of the mention itself.
        right: words behind it, with a blank in front.
        is_question: whether the sentence ends with a question mark or begins like a question.
        following: the words of the next sentence.
    """

    left: str
    inside: str
    right: str
    is_question: bool
    following: str = ""


@dataclass(frozen=True)
class Whole:
    """What holds for the whole message.

    Attributes:
        has_others: whether relatives or friends are spoken of.
        other_is_patient: whether one of them is the one to be treated.
        also_own: whether the writer adds to have the same.
        cancer_is_over: whether a cancer is told of as survived.
        is_research: whether somebody asks for an article or out of interest.
    """

    has_others: bool
    other_is_patient: bool
    also_own: bool
    cancer_is_over: bool = False
    is_research: bool = False


def read_whole(words: str) -> Whole:
    """Reads a whole message, its words in lower case with blanks between them."""
    there = set(words.split())
    has_others = bool(there & RELATIVES)
    return Whole(
        has_others=has_others,
        other_is_patient=not _WRITER_IS_PATIENT.search(words)
        and bool(_OTHER_IS_PATIENT.search(words) or _FOR_OTHER.search(words)),
        also_own=bool(_ALSO_OWN.search(words)),
        is_research=bool(_RESEARCH.search(words)),
        cancer_is_over=bool(_CANCER_OVER.search(words)) and not _CANCER_STILL.search(words),
    )


def whose_condition(item: Item, sentence: Sentence, whole: Whole) -> Whose:
    """Decides of whom the sentence around a mention speaks."""
    words = f"{sentence.left} {sentence.inside}".split()
    if _FAMILY_BEFORE.search(sentence.left) or _FAMILY_AFTER.search(sentence.right):
        return Whose.OTHER
    after = sentence.right.split()[:2]
    first = len(sentence.left.split())
    own = Whose.NOBODY
    spoken_at = -1
    had_own = False
    for index, word in enumerate(words):
        following = words[index + 1 : index + 4]
        if word in SELF:
            if word in ("my", "our") and _leads_to_relative(following):
                continue
            own = Whose.OWN
        elif (
            word in RELATIVES
            and index <= first
            and not _is_no_subject(item, word, words, index, is_inside=index == first)
        ):
            if _is_own_description(words, index):
                own = Whose.OWN
                continue
            if set(words[max(0, index - 4) : index]) & _COMPARING:
                continue
            had_own = had_own or own == Whose.OWN
            own, spoken_at = Whose.OTHER, index
        elif word in _PEOPLE:
            if _is_own_description(words, index) or {"am", "one"} <= set(
                words[max(0, index - 5) : index]
            ):
                own = Whose.OWN
            elif index > first:
                continue
            elif word not in _ONE_PERSON or set(words[max(0, index - 3) : index]) & _ANY_ONE:
                own = Whose.PEOPLE
        elif word in _HE_OR_SHE:
            if index >= first and item.condition == "breastfeeding":
                # "still feeding her": the baby is fed and does not feed.
                continue
            if word in ("they", "them", "their") and not (
                following[:1] and following[0] in ("are", "have", "take", "had", "were", "both")
            ):
                continue
            if own == Whose.NOBODY or own in (Whose.OTHER, Whose.REPORTED) or whole.has_others:
                own = Whose.OTHER if whole.has_others else Whose.OWN
                spoken_at = index
        elif word == "you" and own == Whose.NOBODY and _ANYBODY_DOES & set(following[:1]):
            own = Whose.GENERIC_YOU
    # A mother in "I'm a pregnant mother" is the writer; "a pregnant friend" is not.
    if (
        after
        and after[0] in RELATIVES | _PEOPLE
        and not (len(after) > 1 and after[1] in ("and", "but") and after[0] in _CHILDREN)
    ):
        before = words[-4:]
        if after[0] in _ONE_PERSON and (own == Whose.OWN and ("am" in before or "as" in before)):
            return Whose.OWN
        if (
            after[0] in _ONE_PERSON
            and own == Whose.NOBODY
            and ("as" in before or not sentence.is_question)
        ):
            return Whose.OWN
        if after[0] in _PEOPLE and after[0] not in RELATIVES:
            return Whose.OWN if own == Whose.OWN and after[0] in _ONE_PERSON else Whose.PEOPLE
        if _article_before(words):
            return Whose.OTHER
    if own == Whose.OTHER and spoken_at >= 0:
        between = " ".join(words[spoken_at + 1 :])
        if words[spoken_at] in RELATIVES and re.match(rf"^(?:\w+ )?{_SPEECH}\b", between):
            return Whose.REPORTED
        # "I care for my mother and take warfarin": the form of the verb goes back to "I".
        if had_own and re.search(
            r"\b(?:and|but)(?: \w+)? (?:take|have|am|use|inject|suffer|was|had)\b", between
        ):
            return Whose.REPORTED
        if re.search(
            r"\bi (?:\w+ )?(?:take|took|use|used|tried|am on|am taking|inject)\b(?: \w+){0,4}$",
            sentence.left,
        ):
            return Whose.OWN
    return own


def _leads_to_relative(following: list[str]) -> bool:
    for word in following:
        if word in RELATIVES:
            return True
        if word in ("is", "has", "and", "or", "with", "i", "am", "M", ","):
            return False
    return False


def _is_no_subject(item: Item, word: str, words: list[str], index: int, is_inside: bool) -> bool:
    """A baby is no patient: "my son is still breastfed", "pregnant with twins"."""
    if item.condition in ("breastfeeding", "pregnancy") and word in _CHILDREN:
        return True
    if item.condition in ("breastfeeding", "pregnancy") and word in _MUMS and is_inside:
        # "mum to be", "nursing mama"
        return index == 0 or words[index - 1] not in _POSSESSIVE
    if word in ("baby", "bf", "ex", "girl", "boy", "twin", "twins"):
        return index == 0 or words[index - 1] not in _POSSESSIVE
    return False


def _is_own_description(words: list[str], index: int) -> bool:
    before = words[max(0, index - 4) : index]
    return (
        words[index] in _ONE_PERSON
        and any(w in ("am", "as") for w in before)
        and ("a" in before or "an" in before)
    )


def _article_before(words: list[str]) -> bool:
    return any(word in _POSSESSIVE for word in words[-4:])
