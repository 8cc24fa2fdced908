"""Reading a person's name, phone number and e-mail address from what they typed.

Every function returns what it read or a `Rejection`; the reason ids stand in the docstrings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import dropwhile

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from clinic.rejection import Rejection

LONGEST_NAME = 80
# Nobody hides a phone number behind a page of text; the limit bounds the work per message.
_LONGEST_TEXT = 1000

_MARKUP = re.compile(r"[{}\[\]<>|\\=_*#;]|^\s*/|https?:|www\.")
_DIGIT_RUN = re.compile(r"\+?\(?\d(?:[\d \t()./\-–]*\d)?")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2}")
_EMAIL_LIKE = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;]+")
# A bare "at" needs a spoken "dot": "I'll be at home.thanks" holds no address.
_SPOKEN_EMAIL = re.compile(
    r"(?P<user>[\w.+-]+)(?:\s*[(\[]at[)\]]\s*(?P<domain>[\w-]+(?:(?:\s*[(\[]dot[)\]]\s*|"
    r"\s+dot\s+|\.)[\w-]+)+)|\s+at\s+(?P<spoken>[\w-]+(?:\s+dot\s+[\w-]+)+))",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s*[(\[]dot[)\]]\s*|\s+dot\s+", re.IGNORECASE)

_NAMED = r"(?:my|the|patient'?s|full)(?:\s+full)?\s+name(?:\s+is|'s|\s*:)?|name\s+is|names|name\s*:"
_CALLED = r"call\s+me|i\s+am\s+called|i'm\s+called|με\s+λένε|ονομάζομαι|λέγομαι"
_SURE_INTRODUCTION = re.compile(
    rf"\b(?:{_NAMED}|{_CALLED}|it's\s+under|under\s+the\s+name(?:\s+of)?)\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LOOSE_INTRODUCTION = re.compile(
    r"\b(?:i\s+am|i'm|im|this\s+is|it\s+is|it'?s|name's|είμαι\s+(?:η|ο)|είμαι)\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
# "One for my sister Anna, 694 ..."
_RELATIVE = re.compile(
    r"\b(?:my|our|for|and)\s+(?:sister|mum|mom|mother|dad|father|brother|daughter|son|husband|wife|"
    r"partner|friend|aunt|cousin|gran|nan)(?:,|:|\s+is|'s\s+name\s+is)?\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|good\s+(?:morning|afternoon|evening)|sure|ok|okay|yes|of\s+course|well|"
    r"καλημέρα|καλησπέρα|γεια(?:\s+σας)?|ναι)(?:\s+there)?[\s,.!:-]+)+",
    re.IGNORECASE,
)
# A name ends where something else begins.
_NAME_END = re.compile(
    r"[,;:!?\n()/&+\d@]|\s-+\s|(?<![Pp]rof)(?<=[^\W\d_]{4})\.(?=\s)|"
    r"\s(?:and|but|my|with|on|at|from|phone|tel|telephone|mobile|mob|cell|number|email|e-mail|mail|"
    r"here|speaking|please|thanks|thank|if|who|i|i'm|i'd|for|to|και|τηλ|τηλέφωνο|κινητό)"
    r"(?=[\s.:]|$)",
    re.IGNORECASE,
)
_PIECE_END = re.compile(r"[,;\n]|\.\s|\s-\s")
# What stands in place of a phone number or an e-mail address.
_CONTACT = " , "
# Words in small letters in front of a phone number that may be a name.
_LONGEST_LEAD_IN = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’`´-][^\W\d_]+)*['’]?\.?")

# Words that stand in answers and questions and in no name: what they are in is no name.
_NO_NAME_WORDS = """
    a about actually afternoon afraid after again ago all already also always am an and any
    anonymous anything appointment are as ask asking asap available back bad be because been being
    book booking bot but buy bye by call can cancel cannot cant cheers clinic come consultation cool
    could cost day did do doctor does doing done dont else email evening ever fat feel female fine
    for free from fuck get give go going gonna good great had has hate have having he hello help her
    here hey hi him his hm hmm how hurt hurts i id idk if ill im in info information instead
    interested is it its ive just know later less let like long lot made make male man many maybe me
    mean meso mesotherapy might mind mine mobile monday more morning much must my name need neither
    never new next nice no nobody none nope nor not nothing now number of off ok okay on one only or
    other our out over pain patient person phone please pregnant prefer price private problem quit
    ready really right roller safe said saturday say scared see session sessions she should sick
    skip so some someone something soon sorry speak start still stop stupid sunday sure take talk
    tell than thank thanks that thats the their them then there these they thing think this those
    thursday time to today tomorrow too treatment tuesday two until unsure up urgent us use very
    visit wait wanna want was we wednesday week well went were what whatever when where which while
    who why wish with woman wont work worried would wrong yeah year years yep yes yesterday yet you
    your friday diabetic allergic french greek english german italian american british turkish
    russian cellulite botox laser derma dermaroller injection injections needle needles fillers
    belly hips thighs stretch marks payment address parking
    whatsapp viber telegram tel telephone cell contact reach ring text sms dial pls plz callback
    termin wife husband mother mum mom father dad sister brother daughter aunt cousin y yea yeah yup
    ναι όχι οχι θέλω θελω δεν μου μας σας και είναι ειναι πόσο ποσο πότε ποτε πού τι γιατί γιατι
    whenever anytime tue tues wed weds thu thur thurs fri weekday weekdays weekend
    ραντεβού ραντεβου αύριο αυριο σήμερα σημερα
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_QUESTION_START = (
    "what why when where who how which can could do does is are will would should may πόσο πότε "
    "πού τι γιατί πώς"
)
_QUESTION_WORDS = frozenset(_QUESTION_START.split())
_PARTICLES = frozenset(
    ("de", "da", "di", "van", "von", "der", "den", "el", "al", "bin", "la", "le", "du")
)


@dataclass(frozen=True)
class Phone:
    """A valid phone number: `e164` to store and dial, `display` to show."""

    e164: str
    display: str


@dataclass(frozen=True)
class Email:
    """An e-mail address of valid form, its domain in lower case."""

    address: str


@dataclass(frozen=True)
class Contact:
    """What a message holds of ways to reach its writer.

    `rejection` says what was wrong when there is neither phone nor e-mail; it is None otherwise.
    """

    phone: Phone | None
    email: Email | None
    rejection: Rejection | None

    @property
    def found(self) -> bool:
        """Whether there is at least one way to reach the person."""
        return self.phone is not None or self.email is not None


def read_name(text: str) -> str | Rejection:
    """Read the answer to "what is your name?": a bare name or an introduction.

    Contact details that follow the name are left out. Reasons: `empty`, `too_long` (more than 80
    characters), `markup` (payloads, addresses, brackets), `question`, `digits`, `not_a_name`.
    """
    text = _plain(text)
    if not text:
        return Rejection("empty")
    if len(text) > _LONGEST_TEXT:
        return Rejection("too_long")
    # An e-mail address may hold an underscore, which would look like a payload.
    rest = _without_contact(text)
    if _MARKUP.search(rest):
        return Rejection("markup")
    if _is_question(rest):
        return Rejection("question")
    introduced = _introduced(rest, loose=True)
    candidate = introduced if introduced is not None else _GREETING.sub("", rest)
    name = _cut(candidate)
    if not re.search(r"[^\W\d_]", name):
        has_digits = any(character.isdigit() for character in text)
        return Rejection("digits" if has_digits else "not_a_name")
    if len(name) > LONGEST_NAME:
        return Rejection("too_long")
    is_sure = _introduced(rest, loose=False) is not None
    if not (_is_introduced_name(name) if is_sure else _is_name(name)):
        return Rejection("not_a_name")
    # "Maria2" or "agent 47": the digits are no contact detail, so the text is no clean name.
    if re.search(r"\d", candidate) and introduced is None:
        return Rejection("digits")
    return _tidy(name)


def find_name(text: str) -> str | None:
    """Find the writer's name in a longer message, or return None.

    It needs an introduction ("my name is Maria", "I'm Maria" with a capital letter) or, beside a
    phone number or an e-mail, a piece between commas that is nothing but a capitalised name, or a
    name right in front of them: "book mark 694 123 4567".
    """
    text = _plain(text)
    if not text or len(text) > _LONGEST_TEXT:
        return None
    rest = _without_contact(text)
    if _MARKUP.search(rest):
        return None
    sure = _introduced(rest, loose=False)
    if sure is not None and _is_introduced_name(name := _cut(sure)):
        return _tidy(name)
    for match in _LOOSE_INTRODUCTION.finditer(rest):
        name = _cut(match["rest"])
        if _is_name(name) and _capitalised(name):
            return _tidy(name)
    if rest == text:
        return None
    relatives = (_cut(match["rest"]) for match in _RELATIVE.finditer(rest))
    pieces = (_cut(_without_lead(piece)) for piece in _PIECE_END.split(rest))
    for name in (*relatives, *pieces):
        if _is_name(name) and _capitalised(name):
            return _tidy(name)
    before = _without_lead(_PIECE_END.split(rest.partition(_CONTACT.rstrip())[0])[-1]).strip()
    is_short = len(before.split()) <= _LONGEST_LEAD_IN
    return _tidy(before) if is_short and _is_name(before) else None


def find_phone(text: str, region: str) -> Phone | Rejection:
    """Find the first valid phone number in `text`.

    `region` is the country of numbers without a country code, e.g. "GR". Reasons: `missing`,
    `too_short`, `too_long`, `invalid`.
    """
    text = _plain(text)[:_LONGEST_TEXT]
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        return _phone(match.number)
    rejection = Rejection("missing")
    for run in _phone_like(text):
        number = _sloppy_number(run, region)
        if isinstance(number, Phone):
            return number
        rejection = number
    return rejection


def find_email(text: str) -> Email | Rejection:
    """Find the first e-mail address in `text`; no look-up is made.

    "maria at example dot com" is read too. Reasons: `missing`, `invalid`.
    """
    text = _plain(text)[:_LONGEST_TEXT]
    rejection = Rejection("missing")
    for match in _EMAIL_LIKE.finditer(text):
        email = _email(match[0].strip(".'\"!?"))
        if email is not None:
            return email
        rejection = Rejection("invalid")
    for match in _SPOKEN_EMAIL.finditer(text):
        email = _email(f"{match['user']}@{_DOT.sub('.', match['domain'] or match['spoken'])}")
        if email is not None:
            return email
    # "@" with a space beside it is a slip, not the absence of an address.
    return Rejection("invalid") if "@" in text else rejection


def find_contact(text: str, region: str) -> Contact:
    """Find a phone number and an e-mail address anywhere in a message.

    Reasons when neither is there: `missing`, `phone_too_short`, `phone_too_long`,
    `phone_invalid`, `email_invalid`.
    """
    email = find_email(text)
    # Digits in an address ("maria1985123456@example.com") are no phone number.
    phone = find_phone(_EMAIL_LIKE.sub(" ", _plain(text)), region)
    if isinstance(phone, Phone) or isinstance(email, Email):
        return Contact(
            phone if isinstance(phone, Phone) else None,
            email if isinstance(email, Email) else None,
            None,
        )
    if email.reason != "missing":
        return Contact(None, None, Rejection(f"email_{email.reason}"))
    if phone.reason != "missing":
        return Contact(None, None, Rejection(f"phone_{phone.reason}"))
    return Contact(None, None, Rejection("missing"))


def likely_domain(address: str, domains: Iterable[str]) -> str | None:
    """Return the one of `domains` that an e-mail address misses by one letter: "gmial.com".

    None where its domain is one of them, or like none.
    """
    domain = address.rpartition("@")[2]
    known = tuple(domains)
    if domain in known:
        return None
    return next((one for one in known if OSA.distance(domain, one, score_cutoff=1) <= 1), None)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u2018\u2019\u02bc\u00b4`]", "'", text)
    text = "".join(_kept(character) for character in text)
    return re.sub(r"[ \t]+", " ", text).strip()


def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    if character == "\n":
        return character
    if character == "\t" or kind in ("So", "Zs"):
        return " "
    return "" if kind in ("Cc", "Cf", "Cs") else character


def _without_contact(text: str) -> str:
    for pattern in (_EMAIL_LIKE, _SPOKEN_EMAIL):
        text = pattern.sub(_CONTACT, text)
    return _DIGIT_RUN.sub(lambda run: _CONTACT if _digits(run[0]) >= 6 else run[0], text).strip()


def _without_lead(piece: str) -> str:
    """A piece without what comes before a name: "ok book mark" is about Mark."""
    words = piece.split()
    return " ".join(dropwhile(lambda word: _bare(word.strip(":.!")) in _NO_NAME, words))


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _is_question(text: str) -> bool:
    words = text.casefold().split()
    # Two-word texts such as "Will Smith" begin like a question and are none.
    return "?" in text or ";" in text or (len(words) > 2 and words[0] in _QUESTION_WORDS)


def _introduced(text: str, loose: bool) -> str | None:
    match = _SURE_INTRODUCTION.search(text)
    if match is None and loose:
        match = _LOOSE_INTRODUCTION.search(text)
    return None if match is None else re.sub(r"^[\s:,-]+", "", match["rest"])


def _cut(text: str) -> str:
    text = _GREETING.sub("", text.strip(" \t\n,:;!-\"'").lstrip(". "))
    end = _NAME_END.search(text)
    name = text[: end.start()] if end else text
    name = re.sub(r"\s+", " ", name).strip(" \t\n,:;!-\"'")
    return re.sub(r"(?<=[^\W\d_]{3})\.$", "", name)


def _is_name(text: str) -> bool:
    words = text.split()
    if not _has_form_of_name(text):
        return False
    # After a first name, a capital letter makes a surname of such a word: "Anna Long".
    later = [word for word in words[1:] if not word[0].isupper()]
    return not any(_bare(word) in _NO_NAME and not _initial(word) for word in [words[0], *later])


def _is_introduced_name(text: str) -> bool:
    """Behind "my name is" a capital letter is enough: "Nick Price"."""
    return _is_name(text) or (_has_form_of_name(text) and _capitalised(text))


def _has_form_of_name(text: str) -> bool:
    words = text.split()
    return (
        1 <= len(words) <= 6
        and 2 <= len(text) <= LONGEST_NAME
        and all(_WORD.fullmatch(word) for word in words)
    )


def _bare(word: str) -> str:
    return word.casefold().rstrip(".").replace("'", "")


def _initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isupper()


def _capitalised(name: str) -> bool:
    words = name.split()
    return words[0][0].isupper() and all(w[0].isupper() or w in _PARTICLES for w in words)


def _tidy(name: str) -> str:
    if name != name.lower():
        return name
    words = [word if word in _PARTICLES else _capital(word) for word in name.split()]
    return " ".join(words)


def _capital(word: str) -> str:
    return re.sub(r"(?:^|(?<=['-]))[^\W\d_]", lambda letter: letter[0].upper(), word)


def _phone_like(text: str) -> list[str]:
    runs = []
    text = _DATE.sub(" ", text)
    for match in _DIGIT_RUN.finditer(text):
        if _digits(match[0]) >= 6:
            runs.append(match[0])
    return runs


def _sloppy_number(run: str, region: str) -> Phone | Rejection:
    reasons = {
        phonenumbers.ValidationResult.TOO_SHORT: "too_short",
        phonenumbers.ValidationResult.TOO_LONG: "too_long",
    }
    try:
        number = phonenumbers.parse(re.sub(r"\(0\)|[^\d+]", "", run), region)
    except phonenumbers.NumberParseException as error:
        too_long = error.error_type == phonenumbers.NumberParseException.TOO_LONG
        return Rejection("too_long" if too_long else "invalid")
    if phonenumbers.is_valid_number(number):
        return _phone(number)
    possible = phonenumbers.is_possible_number_with_reason(number)
    return Rejection(reasons.get(possible, "invalid"))


def _phone(number: phonenumbers.PhoneNumber) -> Phone:
    formats = phonenumbers.PhoneNumberFormat
    return Phone(
        phonenumbers.format_number(number, formats.E164),
        phonenumbers.format_number(number, formats.INTERNATIONAL),
    )


def _email(text: str) -> Email | None:
    try:
        return Email(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        return None
