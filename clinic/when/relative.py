"""Days seen from today: "tomorrow", "next week", "Friday", "any weekday", "in December"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from clinic.when.marked import MARK, MarkedText, Token
from clinic.when.spans import count, long_date, monday_of, span
from clinic.when.vocabulary import DAYS, DOUBTFUL_DAYS, MONTHS

_STEM = r"(?:in |during |some ?time in |on )?(?:the )?"
_POSITION = r"(?:(beginning|start|early|middle|mid|end|late|later|rest)[ -](?:of |in )?(?:the )?)?"
_FROM_TODAY = (
    (r"\b(?:the )?day after tomorrow\b|\bμεθαυριο\b", 2),
    (r"\b(?:tomorrow|tmrw|tmr|αυριο)\b", 1),
    (r"\b(?:today|σημερα)\b|\bthis (?=morning|afternoon|evening)|\b(?=tonight\b)", 0),
)


def mark_relative_days(marked: MarkedText) -> None:
    """Mark "tomorrow", "in three days", "in two weeks"."""
    for pattern, days in _FROM_TODAY:
        token = Token((marked.after(days),))
        marked.mark(pattern, lambda _, token=token: token)  # type: ignore[misc]
    marked.mark(
        r"\bin (\d{1,2}|a couple of) days?(?: time)?\b",
        lambda m: Token((marked.after(int(m[1]) if m[1].isdigit() else 2),)),
    )
    marked.mark(
        r"\bin (a|\d{1,2}|a couple of) weeks?(?:'? time)?\b|\b(a|\d) weeks? from (?:now|today)\b",
        lambda m: _week(marked, monday_of(marked.after(7 * count(m[1] or m[2])))),
    )
    marked.mark(
        r"\bin (a|\d{1,2}|a couple of) months?(?:'? time)?\b",
        lambda m: _month(marked, marked.today.month + count(m[1])),
    )


def mark_periods(marked: MarkedText) -> None:
    """Mark weeks, weekends, working days and months."""
    monday = monday_of(marked.today)
    marked.mark(
        rf"\b{_STEM}{_POSITION}(?:the )?week after next\b",
        lambda m: _week(marked, monday + timedelta(days=14), m[1]),
    )
    marked.mark(
        rf"\b{_STEM}{_POSITION}(next|this|coming|following)(?: coming)? week\b(?!end)",
        lambda m: _week(marked, monday + timedelta(days=0 if m[2] == "this" else 7), m[1]),
    )
    marked.mark(
        rf"\b(?:the )?week (?:of|starting|beginning|commencing|from)(?: on)?(?: the)? ({MARK})",
        lambda m: _week_of(marked, m[1]),
    )
    marked.mark(
        r"\b(?:end of the week|later (?:in the|this) week)\b",
        lambda m: _week(marked, monday, "end"),
    )
    marked.mark(
        r"\b(?:on |at |over )?(?:the )?(next|this|coming)? ?(?:the )?(week ?ends?)\b",
        lambda m: _weekend(marked, m),
    )
    marked.mark(
        r"\b(?:any |every |on |during |a |some )*(?:the )?(?:week ?days?|working days?|"
        r"work ?days?|business days?|(?:during|in) the week)\b(?! (?:of|starting))",
        lambda m: Token(weekdays=(0, 1, 2, 3, 4), every=True, label="weekday"),
    )
    marked.mark(
        rf"\b{_STEM}{_POSITION}(next|this|the) month\b",
        lambda m: _month(marked, marked.today.month + (m[2] == "next"), m[1]),
    )
    names = "|".join(MONTHS)
    marked.mark(
        rf"\b(in |during |some ?time in |for )?{_POSITION}(?:next )?({names})\b(?! \d)",
        lambda m: _named_month(marked, m),
    )


def _week(marked: MarkedText, monday: date, position: str | None = None) -> Token:
    week = span(monday, 7)
    words = f"the week of {long_date(monday)}"
    if position in ("beginning", "start", "early"):
        return Token(week[:2], label=f"early in {words}")
    if position in ("middle", "mid"):
        return Token(week[1:4], label=f"the middle of {words}")
    if position in ("end", "late", "later"):
        return Token(week[3:], label=f"late in {words}")
    return Token(week, label=words)


def _week_of(marked: MarkedText, mark: str) -> Token | None:
    dates = marked.tokens.pop(mark).dates
    return _week(marked, monday_of(dates[0])) if dates else None


def _weekend(marked: MarkedText, match: re.Match[str]) -> Token:
    if match[2].endswith("s"):
        return Token(weekdays=(5, 6), every=True, label="weekend")
    saturday = monday_of(marked.today) + timedelta(days=12 if match[1] == "next" else 5)
    return Token(span(saturday, 2), label=f"the weekend of {long_date(saturday)}")


def _named_month(marked: MarkedText, match: re.Match[str]) -> Token | None:
    # "I may", "march": a lone verb is no month.
    if match[1] is None and match[2] is None and (marked.strict or match[3] in ("may", "march")):
        return None
    month = MONTHS[match[3]]
    passed = month < marked.today.month
    return _month(marked, month + 12 if passed else month, match[2])


def _month(marked: MarkedText, number: int, position: str | None = None) -> Token:
    year, month = marked.today.year + (number - 1) // 12, (number - 1) % 12 + 1
    days = span(date(year, month, 1), calendar.monthrange(year, month)[1])
    words = f"{calendar.month_name[month]} {year}"
    if position in ("beginning", "start", "early"):
        return Token(days[:10], label=f"early {words}")
    if position in ("middle", "mid"):
        return Token(days[10:20], label=f"mid {words}")
    if position in ("end", "late", "later"):
        return Token(days[20:], label=f"late {words}")
    return Token(days, label=words)


def mark_weekdays(marked: MarkedText) -> None:
    """Mark the days of the week, one by one."""
    names = "|".join(sorted(DAYS, key=len, reverse=True))
    name = rf"({names})((?:'?s)?)\b\.?"
    marked.mark(rf"\b{name} week\b|\ba? ?week on {name}", lambda m: _weekday_week(marked, m))
    marked.mark(
        rf"\b((?:on |this |next |coming |every |any |each |a |the |following |for )*)"
        rf"{name}(?= (\w+)|)",
        lambda m: _weekday(marked, m),
    )


def _weekday_week(marked: MarkedText, match: re.Match[str]) -> Token:
    return Token((marked.next(DAYS[match[1] or match[3]]) + timedelta(days=7),))


def _weekday(marked: MarkedText, match: re.Match[str]) -> Token | None:
    before, name, plural, after = match[1].split(), match[2], match[3], match[4] or ""
    if marked.strict and name in DOUBTFUL_DAYS:
        led = {"on", "this", "next", "every", "any", "for"} & set(before)
        if not led and not re.match(r"(?:morning|afternoon|evening|am|pm)s?$", after):
            return None
    number = DAYS[name]
    if plural or {"every", "any", "each"} & set(before):
        return Token(weekdays=(number,), every=True)
    if {"next", "following"} & set(before):
        # "Next Tuesday" is next week's, also on a Monday; tomorrow would be called tomorrow.
        return Token((monday_of(marked.today) + timedelta(days=7 + number),), (number,))
    if "this" in before and number == marked.today.weekday():
        return Token((marked.today,), (number,))
    return Token((marked.next(number),), (number,))
