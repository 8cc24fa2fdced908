"""Times of day and parts of a day."""

from __future__ import annotations

import re
from datetime import time

from clinic.when.said import Clock, ClockKind, Part

MERIDIEM = r"a\.?m\.?(?!(?!ish\b)\w)|p\.?m\.?(?!(?!ish\b)\w)|πμ|μμ|o'? ?clock"
_ATOM = rf"(\d{{1,2}})(?:[:.h](\d{{2}}))?(?!\d) ?({MERIDIEM})?"
_ISH = r"ish\b"
_RANGE = re.compile(
    rf"\b(between |from )?{_ATOM}(?:{_ISH})? ?(-|to|until|till|and) ?{_ATOM}(?:{_ISH})?(?![\w/])"
)
_CLOCK = re.compile(
    rf"(?:\b(not before|any time after|after|from|past|since|before|until|till|by|at|around|"
    rf"about|approximately|approx\.?|roughly|στις|μετα τις|πριν τις)|@)? ?"
    rf"(?<![\d:/.]){_ATOM}({_ISH})?(?![\w/]|\.\d)"
)
_KINDS: dict[str, ClockKind] = {
    "not before": "after", "any time after": "after", "after": "after", "from": "after",
    "past": "after", "since": "after", "μετα τις": "after",
    "before": "before", "until": "before", "till": "before", "by": "before", "πριν τις": "before",
    "around": "about", "about": "about", "approximately": "about", "approx": "about",
    "approx.": "about", "roughly": "about",
}  # fmt: skip
_EVENING = (
    r"\b(?:after (?:work|school(?! run| drop))|evenings?|nights?|tonight|βραδυ|end of the day)\b"
)
_AFTERNOON = r"\b(?:afternoons?|after (?:lunch|noon|midday)|p\.?m|απογευμα(?:τα)?)\b"
_MORNING = (
    r"\b(?:mornings?|before (?:noon|midday|lunch|work)|after (?:the )?school (?:run|drop)|"
    r"first thing|a\.?m|πρωι(?:νο|να)?)\b"
)
_PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(_EVENING), "evening"),
    (re.compile(_AFTERNOON), "afternoon"),
    (re.compile(_MORNING), "morning"),
)


def read_clock(text: str, strict: bool, days_known: bool) -> tuple[Clock | None, bool, str]:
    """Find the first time of day; return it, whether it is surely one, and the rest of the text.

    A lone number ("Friday 5") counts only where a day is known and `strict` is not set.
    """
    text = re.sub(r"\bmidnight\b", "0:00", text)
    text = re.sub(rf"\b(?:noon|mid-?day|lunch ?time|μεσημερι)(?:{_ISH})?\b", "12:00", text)
    for match in _RANGE.finditer(text):
        lead, h1, m1, x1, link, h2, m2, x2 = match.groups()
        sure = bool(m1 or x1 or m2 or x2)
        if (link == "and" and not lead) or (strict and not (lead or sure)):
            continue
        starts, ends = _readings(h1, m1, x1), _readings(h2, m2, x2)
        if not starts or not ends:
            continue
        # "5 to 7pm" is all in the afternoon; "11 to 1pm" is not.
        if x2 and not x1 and int(h1) <= int(h2):
            starts = _readings(h1, m1, x2)
        return Clock("between", starts, ends), sure, _without(text, match)
    for match in _CLOCK.finditer(text):
        lead, hour, minute, meridiem, ish = match.groups()
        lone = not (lead or minute or meridiem or ish or match[0].lstrip().startswith("@"))
        readings = _readings(hour, minute, meridiem)
        if readings and not (lone and (strict or not days_known)):
            clock = Clock(_KINDS.get(lead or "", "about" if ish else "at"), readings)
            return clock, bool(minute or meridiem), _without(text, match)
    return None, False, text


def read_parts(text: str) -> tuple[Part, ...]:
    """Return the parts of a day that a text names, in its order, each once."""
    found: list[tuple[int, Part]] = []
    for pattern, part in _PARTS:
        found += [(match.start(), part) for match in pattern.finditer(text)]
        # "After lunch" must not be found again as something else.
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return tuple(dict.fromkeys(part for _, part in sorted(found)))


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} ; {text[match.end() :]}"


def _readings(hour: str, minute: str | None, meridiem: str | None) -> tuple[time, ...]:
    h, m, x = int(hour), int(minute or 0), (meridiem or "").replace(".", "")
    if h > 23 or m > 59 or (x in ("am", "pm") and h > 12):
        return ()
    if x in ("am", "πμ"):
        return (time(h % 12, m),)
    if x in ("pm", "μμ"):
        return (time(h % 12 + 12, m),)
    if 1 <= h <= 11 and not hour.startswith("0"):
        return (time(h, m), time(h + 12, m))
    return (time(h, m),)
