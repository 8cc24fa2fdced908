"""Reading what a text says about days and times, before anybody asks whether the clinic is open.

English first, with the Greek names of days, months and parts of the day.
"""

from __future__ import annotations

import re
from datetime import date

from clinic.when.clock import read_clock, read_parts
from clinic.when.dates import mark_dates, mark_day_numbers
from clinic.when.marked import MarkedText
from clinic.when.relative import mark_periods, mark_relative_days, mark_weekdays
from clinic.when.said import Said
from clinic.when.together import days_together
from clinic.when.vocabulary import prepared

_UNIT = r"(?:days?|weeks?|months?|years?|yrs?|hours?|hrs?|minutes?|mins?)"
_NOISE = tuple(
    re.compile(pattern)
    for pattern in (
        r"[^\s@]+@[^\s@]+",
        r"\bgood (?:morning|afternoon|evening|day|night)\b",
        r"(?<![\d:/.])\+?\(?\d{6,}",
        r"(?<![\d:/.])\+?\(?\d[\d ().-]{5,}\d(?![\d:/])",
        r"\b\d{1,3}[ -]?(?:years?|yrs?|yo|y/o|χρονων|ετων)(?:[ -]old)?\b",
        r"\b(?:i am|i'm|im|i was|aged?|age is|age of|she is|she's|he is|he's|turning)"
        r"[: ]+\d{1,3}\b(?![:.]\d| ?[ap]\.?m| ?o)",
        rf"\b\d+(?: ?(?:-|to|or) ?\d+)? {_UNIT} (?:ago|apart|between|pregnant|later|each|of)\b",
        rf"\b(?:for|every|each|lasts?|takes?) (?:\d+|a|an)(?: ?(?:-|to|or) ?\d+)? ?{_UNIT}\b",
        rf"\b\d+ ?(?:-|to|or) ?\d+ {_UNIT}\b",
        r"\b\d+(?:st|nd|rd|th)? ?(?:-|to|or)? ?\d*[ -]?(?:x|times?|sessions?|visits?|treatments?|"
        r"injections?|applications?|kg|kilos?|lbs?|pounds?|stone|cm|mm|ml|cc|km|m|euros?|eur|€|%|"
        r"degrees|people|persons?|kids|child|children|ml|mg|gr|grams?|areas?)(?!\w)",
        r"[€$£] ?\d+(?:[.,]\d+)?",
    )
)
_PAST = re.compile(
    r"\b(?:yesterday|last (?:week|month|year|night|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)|(?:a|\d+) (?:days?|weeks?|months?) ago|χθες|χτες)\b"
)
_SOON = re.compile(
    r"\b(?:a\.?s\.?a\.?p|(?:as )?(?:soon|early|quickly?) as (?:possible|you can|i can)|"
    r"soonest|soon|earliest|(?:first|next) (?:available|free|possible|opening|slot|appointment)"
    r"(?: \w+)?|right away|immediately|within (?:a|the|\d+|few) (?:\w+ )?(?:days?|weeks?)|"
    r"(?:in )?the (?:next|coming) (?:few |couple of |\d+ )?days|συντομα)\b"
)
_ANY = re.compile(
    r"\b(?:any ?time|when ?ever|any ?day|every ?day|(?:i am|i'm|im|very) flexible|flexible|24/7|"
    r"(?:i )?(?:do not|don't|dont) mind|no preference|any (?:date|moment|hour|slot)|all day|"
    r"(?:does not|doesn't|doesnt) matter|up to you|you (?:choose|decide)|always free|"
    r"any(?: \w+)? (?:works|will do|is fine|is ok|suits)|οποτε|οποιαδηποτε)\b"
)
_FOR_A_PART = re.compile(r"\b(?:for|any|prefer) (?:the |an? )?(?:morning|afternoon|evening)")


def read_words(text: str, today: date, strict: bool = False) -> Said:
    """Read everything that `text` says about days and times, seen from `today`.

    With `strict`, for the middle of a longer message, lone numbers and short forms that are words
    of their own ("sat", "sun") are left alone.
    """
    marked = MarkedText(prepared(text), today, strict)
    # Dates come first: a date is a number that the noise would swallow.
    mark_dates(marked)
    for pattern in _NOISE:
        marked.take(pattern)
    past = marked.take(_PAST)
    mark_relative_days(marked)
    mark_periods(marked)
    mark_weekdays(marked)
    soon, any_time = marked.take(_SOON), marked.take(_ANY)
    mark_day_numbers(marked)
    days, mismatch = days_together(marked)
    for_a_part = _FOR_A_PART.search(marked.text) is not None
    clock, sure_clock, rest = read_clock(marked.text, strict, days_known=days is not None)
    parts = read_parts(rest)
    return Said(
        days=days,
        clock=clock,
        parts=parts,
        soon=soon,
        any_time=any_time,
        past=past,
        impossible=marked.impossible,
        mismatch=mismatch,
        clear=days is not None or soon or sure_clock or (for_a_part and parts != ()),
    )
