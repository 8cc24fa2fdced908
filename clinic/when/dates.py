"""Dates that are written out: "3 December", "12/12/2026", "the 15th".

`dateparser` reads the names of the months, English and Greek. It is asked for nothing else: it
takes "Friday after six" for the sixth, and a phone number for a second since 1970.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from clinic.when.clock import MERIDIEM
from clinic.when.marked import MARK, MarkedText, Token
from clinic.when.spans import in_year, long_date, span

# A date without a year that passed less than this long ago is a slip and not next year's.
_SLIP = timedelta(days=90)
_FURTHEST_YEARS = 10
_DATE_WORDS = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|"
    r"ιαν|φεβ|μαρ|απρ|μαι|μαη|ιουν|ιουλ|αυγ|σεπ|οκτ|νοε|δεκ"
)


def mark_dates(marked: MarkedText) -> None:
    """Mark the dates that are written out."""
    nth = r"(?:st|nd|rd|th|η)?"
    marked.mark(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", lambda m: _iso(marked, m))
    for numeric in (
        r"(?<![\d/])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])",
        r"(?<![\d/])(?!24/7)(\d{1,2})()/(\d{1,2})()(?![\d/])",
    ):
        marked.mark(numeric, lambda m: _numeric(marked, m))
    marked.mark(
        rf"\b(?:(\d{{1,2}}){nth} ?(or|and|to|-|,|&) ?(?:the )?)?(\d{{1,2}}){nth}[ -]?(?:of )?"
        r"([^\W\d_]{3,})\.?(?:,? (\d{4})\b)?",
        lambda m: _written(marked, m[3], m[4], m[5], m[1], m[2]),
    )
    marked.mark(
        rf"\b([^\W\d_]{{3,}})\.? (?:the )?(\d{{1,2}}){nth}\b(?![:.]\d|\d| ?[ap]\.?m)"
        r"(?:,? (\d{4})\b)?",
        lambda m: _written(marked, m[2], m[1], m[3], None, None),
    )


def _iso(marked: MarkedText, match: re.Match[str]) -> Token | None:
    return _day(marked, int(match[3]), int(match[2]), int(match[1]))


def _numeric(marked: MarkedText, match: re.Match[str]) -> Token | None:
    day, month = int(match[1]), int(match[3])
    if month > 12 >= day:
        day, month = month, day
    year = int(match[4]) if match[4] else None
    return _day(marked, day, month, year + 2000 if year is not None and year < 100 else year)


def _written(
    marked: MarkedText, day: str, word: str, year: str | None, other: str | None, link: str | None
) -> Token | None:
    if not _DATE_WORDS.match(word):
        return None
    month = _month(word)
    if month is None:
        return None
    last = _day(marked, int(day), month, int(year) if year else None)
    if other is None or not last.dates:
        return last
    first = _day(marked, int(other), month, last.dates[0].year)
    if not first.dates or first.dates >= last.dates:
        return last
    if link in ("to", "-"):
        start, end = first.dates[0], last.dates[0]
        label = f"from {start.day} to {long_date(end)}"
        return Token(span(start, (end - start).days + 1), label=label)
    return Token(first.dates + last.dates)


def _day(marked: MarkedText, day: int, month: int, year: int | None) -> Token:
    today = marked.today
    found = in_year(year or today.year, month, day)
    if year is None and (found is None or found < today - _SLIP):
        found = in_year(today.year + 1, month, day)
    if found is None or found.year > today.year + _FURTHEST_YEARS:
        marked.impossible = True
        return Token()
    return Token((found,))


def mark_day_numbers(marked: MarkedText) -> None:
    """Read "the 15th", and "Tuesday 1" where a coming Tuesday is the first of its month."""
    marked.mark(
        r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b", lambda m: _day_of_month(marked, int(m[1]))
    )
    if not marked.tokens and not marked.strict:
        # "15.12" is a date unless something makes it a time.
        marked.mark(
            r"(?<!at )(?<!by )(?<!from )(?<!after )(?<!before )(?<!around )"
            r"(?<!about )(?<![\d.:@])"
            r"(\d{1,2})\.(?=(?:0?[1-9]|1[0-2])(?![\d]))(\d{1,2})\.?(?! ?[ap]\.?m)",
            lambda m: _day(marked, int(m[1]), int(m[2]), None),
        )
    marked.mark(
        rf"({MARK}) (\d{{1,2}})\b(?!(?:[:.h]\d| ?(?:{MERIDIEM})| ?(?:-|to) ?\d))",
        lambda m: _weekday_number(marked, m),
    )


def _day_of_month(marked: MarkedText, day: int) -> Token | None:
    for offset in range(12):
        month = marked.today.month + offset
        year, month = marked.today.year + (month - 1) // 12, (month - 1) % 12 + 1
        found = in_year(year, month, day)
        if found is not None and found >= marked.today:
            return Token((found,))
    return None


def _weekday_number(marked: MarkedText, match: re.Match[str]) -> Token | None:
    token = marked.tokens[match[1]]
    if len(token.weekdays) != 1 or not token.dates:
        return None
    coming = (token.dates[0] + timedelta(days=7 * week) for week in range(5))
    found = next((day for day in coming if day.day == int(match[2])), None)
    if found is None:
        return None
    del marked.tokens[match[1]]
    return Token((found,))


@lru_cache(maxsize=256)
def _month(word: str) -> int | None:
    # Imported here: it loads its languages, and most processes never read a date.
    import dateparser

    found = dateparser.parse(
        f"1 {word}",
        languages=["en", "el"],
        settings={
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "future",
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month"],
            "RELATIVE_BASE": datetime(2000, 1, 1),
        },
    )
    return found.month if found is not None and found.day == 1 else None
