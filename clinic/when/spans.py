"""Stretches of days, and days in words."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from clinic.when.vocabulary import DAY_NAMES


def in_year(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def count(text: str) -> int:
    """Return the number in "3", "a" or "a couple of"."""
    return int(text) if text.isdigit() else 1 if text == "a" else 2


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def span(first: date, days: int) -> tuple[date, ...]:
    """Return so many days from `first` on."""
    return tuple(first + timedelta(days=number) for number in range(days))


def long_date(day: date) -> str:
    """Return e.g. "3 December 2026"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def weekday_words(weekdays: Sequence[int]) -> str:
    """Return weekdays (Monday is 0) in words, e.g. "Tuesday or Thursday"."""
    if tuple(weekdays) == (0, 1, 2, 3, 4):
        return "weekday"
    if tuple(weekdays) == (5, 6):
        return "Saturday or Sunday"
    return " or ".join(DAY_NAMES[number] for number in weekdays)
