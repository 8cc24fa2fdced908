"""The names of days, months and numbers, and a text made ready for looking for them."""

from __future__ import annotations

import calendar
import re
import unicodedata

from rapidfuzz.distance import OSA

DAY_NAMES = tuple(calendar.day_name)
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
DAYS = {
    "monday": 0, "mon": 0, "δευτερα": 0,
    "tuesday": 1, "tues": 1, "tue": 1, "τριτη": 1,
    "wednesday": 2, "weds": 2, "wed": 2, "τεταρτη": 2,
    "thursday": 3, "thurs": 3, "thur": 3, "thu": 3, "πεμπτη": 3,
    "friday": 4, "fri": 4, "παρασκευη": 4,
    "saturday": 5, "sat": 5, "σαββατο": 5,
    "sunday": 6, "sun": 6, "κυριακη": 6,
}  # fmt: skip
# Short forms that are words of their own too.
DOUBTFUL_DAYS = ("mon", "wed", "sat", "sun", "τριτη", "τεταρτη")
# How people type on a phone.
_SHORT_FORMS = {
    "2day": "today", "2moro": "tomorrow", "2morrow": "tomorrow", "2mrw": "tomorrow",
    "tomoz": "tomorrow", "2nite": "tonight", "2night": "tonight", "tonite": "tonight",
    "wknd": "weekend", "nxt": "next", "b4": "before", "arvo": "afternoon",
}  # fmt: skip
# Short forms of parts of a day that are names or words of their own where no day stands before.
_SHORT_PARTS = {"morn": "morning", "aft": "afternoon", "eve": "evening"}
_SHORT_FORM = re.compile(rf"\b({'|'.join(_SHORT_FORMS)})\b")
_NAMED_DAY = "|".join((*DAYS, "today", "tomorrow"))
_DAY_AND_SHORT_PART = re.compile(rf"\b({_NAMED_DAY}|tmr|tmrw) ({'|'.join(_SHORT_PARTS)})\b")
# "18h", "18.30h", "1830" and "1030am"; a number alone may be a year or a price.
_HOUR = r"(0?\d|1\d|2[0-3])"
_HOURS_AND_MINUTES = (
    (re.compile(r"\b(0?[89]|1\d|2[0-3]) ?h\b(?! (?:after|ago|before|later|of))"), r"\1:00"),
    (re.compile(rf"\b{_HOUR}[:.h]([0-5]\d) ?(?:h|hrs)\b"), r"\1:\2"),
    (re.compile(rf"\b{_HOUR}([0-5]\d)(?= ?[ap]\.?m\b)"), r"\1:\2"),
    (
        re.compile(
            rf"\b({_NAMED_DAY}|at|after|before|by|around|from) "
            rf"{_HOUR}(00|15|30|45)\b(?! ?(?:euro|eur|€))"
        ),
        r"\1 \2:\3",
    ),
)
_NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split(), start=1)}
_OFTEN_MISSPELT = (
    *(name.casefold() for name in DAY_NAMES), *(m for m in MONTHS if len(m) > 5),
    "tomorrow", "today", "weekend", "morning", "afternoon", "evening",
)  # fmt: skip


def prepared(text: str) -> str:
    """Return `text` in lower case, without accents, with numbers as digits and slips corrected."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Co", "Cc", "Cf"))
    text = unicodedata.normalize("NFC", re.sub("[\u2018\u2019`\u00b4]", "'", text))
    text = re.sub(r"\s+", " ", re.sub("[\u2010-\u2015]", "-", text)).strip()
    text = re.sub(r"\ba fortnight\b", "2 weeks", text)
    text = _SHORT_FORM.sub(lambda word: _SHORT_FORMS[word[0]], text)
    text = re.sub(r"[^\W\d_]+", lambda word: _corrected(word[0]), text)
    text = _DAY_AND_SHORT_PART.sub(lambda m: f"{m[1]} {_SHORT_PARTS[m[2]]}", text)
    text = re.sub(
        rf"\b({'|'.join(_NUMBERS)})(?=(?:ish)?\b)", lambda word: str(_NUMBERS[word[0]]), text
    )
    # "10 ish", "5pm-ish", "noon-ish"
    text = re.sub(r"(?<=[\dmn])[ -]ish\b", "ish", text)
    text = re.sub(r"\b(\d{1,2}) (fifteen|thirty|forty[ -]5)\b", _minutes, text)
    for pattern, clear in _HOURS_AND_MINUTES:
        text = pattern.sub(clear, text)
    text = re.sub(r"\bhalf (?:past )?(\d{1,2})(?=(?:ish)?\b)", r"\1:30", text)
    text = re.sub(r"\b(?:a )?quarter past (\d{1,2})\b", r"\1:15", text)
    return re.sub(r"\b(?:a )?quarter (?:to|before) (\d{1,2})\b", _quarter_to, text)


def _corrected(word: str) -> str:
    if len(word) < 5 or word in _OFTEN_MISSPELT:
        return word
    plural = word.endswith("s")
    stem = word[:-1] if plural else word
    for right in _OFTEN_MISSPELT:
        # Real words and names end otherwise: Frida, Sundar, Monica.
        if stem[0] != right[0] or (right.endswith("y") and not stem.endswith(("y", "ya"))):
            continue
        if OSA.distance(stem, right) <= (2 if len(right) >= 8 else 1):
            return right + ("s" if plural else "")
    return word


def _minutes(match: re.Match[str]) -> str:
    minutes = {"fifteen": 15, "thirty": 30}.get(match[2], 45)
    return f"{match[1]}:{minutes}"


def _quarter_to(match: re.Match[str]) -> str:
    hour = int(match[1])
    return f"{hour - 1 if hour > 1 else 12}:45"
