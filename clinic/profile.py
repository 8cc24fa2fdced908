"""The clinic's profile: who it is, how to reach it, when it is open (`data/content/clinic.yml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import phonenumbers

from clinic.content.errors import ContentError
from clinic.content.files import load_mapping

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_TEXTS = (
    "name", "doctor", "phone", "email", "address", "directions", "emergency_number",
    "phone_region", "timezone", "privacy_contact",
)  # fmt: skip
_OTHERS = ("placeholders", "opening_hours", "holidays_country", "closed")


@dataclass(frozen=True)
class Span:
    """A time in which the clinic is open; `end` is the first minute that it is closed."""

    start: time
    end: time


@dataclass(frozen=True)
class ClosedDays:
    """Days on which the clinic stays closed, first and last included."""

    first: date
    last: date


@dataclass(frozen=True)
class Profile:
    """The clinic's own facts; times are in the clinic's time zone."""

    placeholders: bool
    """True until the clinic has put in its own data."""
    name: str
    doctor: str
    phone: str
    email: str
    address: str
    directions: str
    emergency_number: str
    phone_region: str
    timezone: ZoneInfo
    opening_hours: tuple[tuple[Span, ...], ...] = field(repr=False)
    """One entry a weekday, Monday first."""
    holidays_country: str | None
    closed: tuple[ClosedDays, ...] = field(repr=False)
    privacy_contact: str

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """Return when the clinic is open on `day`, in order; nothing on a closed day."""
        if self.is_holiday(day) or any(span.first <= day <= span.last for span in self.closed):
            return ()
        return self.opening_hours[day.weekday()]

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the clinic is open at `moment` (an aware time in any zone)."""
        local = self.local(moment)
        clock = local.time().replace(tzinfo=None)
        return any(span.start <= clock < span.end for span in self.open_spans(local.date()))

    def is_holiday(self, day: date) -> bool:
        """Tell whether `day` is a public holiday in the clinic's country."""
        country = self.holidays_country
        return country is not None and day in _holidays(country, day.year)

    def local(self, moment: datetime) -> datetime:
        """Return `moment` in the clinic's time zone.

        Raises:
            ValueError: `moment` has no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        return moment.astimezone(self.timezone)

    def opening_hours_words(self) -> str:
        """Return the weekly hours, e.g. "Monday to Friday 9:00-14:00; closed on Sunday"."""
        days = list(zip(WEEKDAYS, self.opening_hours, strict=True))
        runs = [(spans, [day for day, _ in run]) for spans, run in groupby(days, lambda d: d[1])]
        opened = [f"{_days_words(run)} {spans_words(spans)}" for spans, run in runs if spans]
        closed = [_days_words(run) for spans, run in runs if not spans]
        if closed:
            opened.append("closed on " + " and ".join(closed))
        return "; ".join(opened)


def spans_words(spans: tuple[Span, ...]) -> str:
    """Return spans in plain words, e.g. "9:00-14:00 and 17:00-20:00"; "" for none."""
    return " and ".join(f"{_clock(span.start)}-{_clock(span.end)}" for span in spans)


def load_profile(folder: Path) -> Profile:
    """Read the profile from `clinic.yml` in `folder`.

    Raises:
        ContentError: the file is missing, or a line is missing, unknown or cannot be right.
    """
    path = folder / "clinic.yml"
    data = load_mapping(path)
    try:
        return _profile(data)
    except ContentError as error:
        raise ContentError(f"{path}: {error}") from error


def _profile(data: Mapping[str, Any]) -> Profile:
    known = {*_TEXTS, *_OTHERS}
    if missing := sorted(known - data.keys()):
        raise ContentError(f"missing: {', '.join(missing)}")
    if unknown := sorted(str(name) for name in data.keys() - known):
        raise ContentError(f"unknown: {', '.join(unknown)}")
    texts = {name: _text(data, name) for name in _TEXTS}
    _check_phone(texts["phone"], texts["phone_region"])
    for name in ("email", "privacy_contact"):
        if "@" not in texts[name]:
            raise ContentError(f"{name}: {texts[name]!r} is not an e-mail address")
    if not texts["emergency_number"].isdigit():
        raise ContentError("emergency_number: digits only, in quotes")
    if not isinstance(data["placeholders"], bool):
        raise ContentError("placeholders: yes or no")
    return Profile(
        placeholders=data["placeholders"],
        name=texts["name"],
        doctor=texts["doctor"],
        phone=texts["phone"],
        email=texts["email"],
        address=texts["address"],
        directions=texts["directions"],
        emergency_number=texts["emergency_number"],
        phone_region=texts["phone_region"],
        timezone=_timezone(texts["timezone"]),
        opening_hours=_opening_hours(data["opening_hours"]),
        holidays_country=_holidays_country(data["holidays_country"]),
        closed=_closed(data["closed"]),
        privacy_contact=texts["privacy_contact"],
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    # YAML reads an unquoted 112 or +302100000000 as a number and an unquoted NO as false.
    if not isinstance(value, str):
        raise ContentError(f"{name}: a text, in quotes, not {value!r}")
    if not value.strip():
        raise ContentError(f"{name}: is empty")
    return value.strip()


def _check_phone(phone: str, region: str) -> None:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ContentError(f"phone_region: {region!r} is not a country code such as GR")
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException as error:
        raise ContentError(f"phone: {phone!r} is not a phone number") from error
    if not phonenumbers.is_possible_number(number):
        raise ContentError(f"phone: {phone!r} is not a phone number")


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ContentError(f"timezone: {name!r} is not known here") from error


def _opening_hours(value: object) -> tuple[tuple[Span, ...], ...]:
    if not isinstance(value, dict) or set(value) != set(WEEKDAYS):
        raise ContentError("opening_hours: one line for each of " + ", ".join(WEEKDAYS))
    hours = tuple(_spans(value[day], day) for day in WEEKDAYS)
    if not any(hours):
        raise ContentError("opening_hours: closed on every day")
    return hours


def _spans(value: object, day: str) -> tuple[Span, ...]:
    where = f"opening_hours of {day}"
    if not isinstance(value, list):
        raise ContentError(f'{where}: a list such as ["9:00-14:00"], or []')
    spans = tuple(_span(item, where) for item in value)
    if any(before.end > after.start for before, after in pairwise(spans)):
        raise ContentError(f"{where}: the spans must follow one another")
    return spans


def _span(value: object, where: str) -> Span:
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ContentError(f'{where}: {value!r} is not of the form "9:00-14:00" (in quotes)')
    hours = [int(number) for number in match.groups()]
    try:
        span = Span(time(hours[0], hours[1]), time(hours[2], hours[3]))
    except ValueError as error:
        raise ContentError(f"{where}: {value!r} is no time of day") from error
    if span.start >= span.end:
        raise ContentError(f"{where}: {value!r} ends before it begins")
    return span


def _holidays_country(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in holidays.list_supported_countries():
        raise ContentError(f"holidays_country: {value!r} is not a country code such as GR")
    return value


def _closed(value: object) -> tuple[ClosedDays, ...]:
    if not isinstance(value, list):
        raise ContentError("closed: a list, or []")
    return tuple(_closed_days(item) for item in value)


def _closed_days(item: object) -> ClosedDays:
    keys = set(item) if isinstance(item, dict) else set()
    if keys not in ({"date"}, {"from", "to"}) or not isinstance(item, dict):
        raise ContentError(f"closed: {item!r} needs either `date` or `from` and `to`")
    first, last = (item["date"],) * 2 if "date" in item else (item["from"], item["to"])
    for day in (first, last):
        if type(day) is not date:
            raise ContentError(f"closed: {day!r} is not a date such as 2026-12-24")
    if first > last:
        raise ContentError(f"closed: {first} is after {last}")
    return ClosedDays(first, last)


@lru_cache(maxsize=16)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _days_words(run: list[str]) -> str:
    first, last = run[0].capitalize(), run[-1].capitalize()
    if len(run) == 1:
        return first
    return f"{first} and {last}" if len(run) == 2 else f"{first} to {last}"


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"
