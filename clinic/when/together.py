"""Putting together the days that a text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from clinic.when.marked import MARK, MarkedText, Token
from clinic.when.said import Days
from clinic.when.spans import long_date, span, weekday_words

# How far "any Tuesday" or "not Monday" looks ahead.
_DAYS_AHEAD = 56
_LONGEST_RANGE = timedelta(days=62)


def days_together(marked: MarkedText) -> tuple[Days | None, date | None]:
    """Return the days that the marks stand for, and a date whose weekday contradicts it.

    The marks are taken out of the text.
    """
    excluded = _excluded(marked)
    mismatch = _confirmed_weekdays(marked)
    limited = _limited(marked)
    order = [marked.tokens[mark] for mark in re.findall(MARK, marked.text) if mark in marked.tokens]
    marked.text = re.sub(MARK, " ; ", marked.text)
    if limited is not None:
        return limited, mismatch
    order = [token for token in order if token.dates or token.weekdays]
    days = _together(marked, order)
    if excluded:
        days = _without(marked, days, excluded)
    return days, mismatch


def _excluded(marked: MarkedText) -> tuple[int, ...]:
    pattern = r"\b(?:not|except|but|excluding|apart from|(?:can't|cannot|cant) (?:do|on))"
    found: list[int] = []
    for match in re.finditer(rf"{pattern}(?: for| not| on| a)* ({MARK})", marked.text):
        token = marked.tokens.get(match[1])
        if token is not None and token.weekdays:
            found.extend(token.weekdays)
            del marked.tokens[match[1]]
    return tuple(found)


def _confirmed_weekdays(marked: MarkedText) -> date | None:
    """Drop the weekday of "Monday 7 December"; return the date if it is no Monday."""
    for match in re.finditer(rf"({MARK})[ ,]+(?:the )?({MARK})", marked.text):
        first, second = marked.tokens.get(match[1]), marked.tokens.get(match[2])
        if first is None or second is None:
            continue
        for name, day, mark in ((first, second, match[1]), (second, first, match[2])):
            one = len(name.weekdays) == 1 and not name.every
            if one and len(day.dates) == 1 and not day.weekdays:
                if day.dates[0].weekday() != name.weekdays[0]:
                    return day.dates[0]
                del marked.tokens[mark]
                break
    return None


def _limited(marked: MarkedText) -> Days | None:
    """Read "Monday to Wednesday", "after 15 January", "before the 10th"."""
    for pattern in (rf"({MARK}) (?:to|-|till|until|through) ({MARK})",
                    rf"\bbetween ({MARK}) and ({MARK})"):  # fmt: skip
        between = re.search(pattern, marked.text)
        first, last = (_one_day(marked, between[n]) if between else None for n in (1, 2))
        if first is not None and last is not None:
            last += timedelta(days=7 if last < first else 0)
            if first < last <= first + _LONGEST_RANGE:
                days = span(first, (last - first).days + 1)
                return Days(days, f"from {long_date(first)} to {long_date(last)}")
    match = re.search(
        rf"\b(after|from|before|until|till|by) (?:on )?(?:the )?({MARK})", marked.text
    )
    day = _one_day(marked, match[2]) if match else None
    if match is None or day is None:
        return None
    if match[1] == "after":
        return Days(span(day + timedelta(days=1), _DAYS_AHEAD), f"after {long_date(day)}")
    if match[1] == "from":
        return Days(span(day, _DAYS_AHEAD), f"from {long_date(day)}")
    if day <= marked.today:
        return Days((day,))
    last = day if match[1] == "by" else day - timedelta(days=1)
    word = "by" if match[1] == "by" else "before"
    return Days(span(marked.today, (last - marked.today).days + 1), f"{word} {long_date(day)}")


def _one_day(marked: MarkedText, mark: str) -> date | None:
    token = marked.tokens.get(mark)
    return token.dates[0] if token is not None and len(token.dates) == 1 else None


def _together(marked: MarkedText, order: Sequence[Token]) -> Days | None:
    if not order:
        return None
    weekdays = tuple(dict.fromkeys(n for token in order for n in token.weekdays))
    periods = [token for token in order if token.label and token.dates]
    every = any(token.every for token in order)
    names = weekday_words(weekdays)
    if periods and weekdays:
        inside = tuple(d for d in periods[0].dates if d.weekday() in weekdays)
        if len(inside) == 1 or (inside and len(periods[0].dates) <= 7 and len(weekdays) < 5):
            return Days(inside)
        period = str(periods[0].label)
        link = ", " if " in the week" in period else " in "
        return Days(inside, f"any {names}{link}{period}") if inside else None
    if every:
        ahead = span(marked.after(1), _DAYS_AHEAD)
        return Days(tuple(d for d in ahead if d.weekday() in weekdays), f"any {names}")
    if periods:
        dates = tuple(sorted({d for token in periods for d in token.dates}))
        # A day named beside its week is the day: "tomorrow, this week".
        single = [t.dates for t in order if not t.label]
        if single:
            return Days(tuple(d for dates in single for d in dates))
        return Days(dates, " or ".join(dict.fromkeys(str(t.label) for t in periods)))
    return Days(tuple(dict.fromkeys(d for token in order for d in token.dates)))


def _without(marked: MarkedText, days: Days | None, excluded: tuple[int, ...]) -> Days:
    base = days or Days(span(marked.after(1), _DAYS_AHEAD), "any day")
    kept = tuple(d for d in base.dates if d.weekday() not in excluded)
    label = base.label and f"{base.label} except {weekday_words(excluded)}"
    return Days(kept or base.dates, label)
