"""The time that a patient would like for the consultation, held against the opening hours.

It is a wish and no appointment: the clinic calls back. So "any weekday morning" is as good an
answer as "3 December at 10:30", and only what cannot be is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic.profile import Profile, Span
from clinic.rejection import Rejection
from clinic.when.read import read_words
from clinic.when.said import Clock, Days, Part, Said
from clinic.when.spans import long_date
from clinic.when.vocabulary import DAY_NAMES

_LONGEST_ANSWER = 200
_LONGEST_MESSAGE = 1000
_FURTHEST = timedelta(days=366)
_DAYS_AHEAD = 56
_OR = re.compile(r"\b(?:or|otherwise|alternatively|ή)\b", re.IGNORECASE)
_MOST_ALTERNATIVES = 4
_ANY_DAY, _BEFORE_HOUR = "any day", ", "

# Afternoon and evening overlap: around the Mediterranean six is still the afternoon.
_PARTS: dict[Part, Span] = {
    "morning": Span(time(0, 0), time(12, 0)),
    "afternoon": Span(time(12, 0), time(20, 0)),
    "evening": Span(time(17, 0), time(23, 59)),
}


@dataclass(frozen=True)
class PreferredTime:
    """A wish for a time.

    `words` say it in plain English and are the same for the same wish; `day`, `time` and `part`
    are set where the patient named exactly one; `flexible` is true when the day was left open.
    Times are in the clinic's time zone.
    """

    words: str
    day: date | None
    time: time | None
    part: Part | None
    flexible: bool


def read_preferred_time(text: str, now: datetime, profile: Profile) -> PreferredTime | Rejection:
    """Read the answer to "when would suit you?".

    `now` is an aware time. Dates are day first. An hour without am or pm is taken as the one
    within the opening hours. Text after the first 200 characters is not read.

    Reasons: `not_understood`; `past`; `too_far` (more than 12 months ahead); `closed_day` and
    `outside_hours`, with the day if it is one; `weekday_mismatch` ("Monday 8 December" when that
    is a Tuesday), with the date.
    """
    text = text[:_LONGEST_ANSWER]
    return _alternatives(text, now, profile) or _decide(
        read_words(text, profile.local(now).date()), now, profile
    )


def find_preferred_time(
    text: str, now: datetime, profile: Profile
) -> PreferredTime | Rejection | None:
    """Find a wish for a time inside a longer message; None if it holds none.

    A wish that cannot be met gives the same `Rejection` as `read_preferred_time`.
    """
    text = text[:_LONGEST_MESSAGE]
    said = read_words(text, profile.local(now).date(), strict=True)
    if not said.clear:
        return None
    return _alternatives(text, now, profile, strict=True) or _decide(said, now, profile)


def completed(
    wish: PreferredTime, before: PreferredTime, now: datetime, profile: Profile
) -> PreferredTime:
    """Fill a wish that names a day alone, or an hour alone, from the one that it corrects.

    "Make it Wednesday" keeps the hour of before, "10 is better" its day, unless the clinic is
    closed then.
    """
    hour, hour_before = (each.words.partition(_BEFORE_HOUR)[2] for each in (wish, before))
    if wish.day is not None and not hour:
        words = (_day_words(wish.day), hour_before)
    elif wish.day is None and before.day is not None and wish.words.startswith(_ANY_DAY):
        words = (_day_words(before.day), hour)
    else:
        return wish
    read = read_preferred_time(_BEFORE_HOUR.join(words), now, profile)
    return read if isinstance(read, PreferredTime) else wish


def _alternatives(
    text: str, now: datetime, profile: Profile, strict: bool = False
) -> PreferredTime | Rejection | None:
    """Read "Friday afternoon or Monday morning": days that each have a time of their own.

    "Tuesday or Thursday morning" is not of this kind: there the morning goes with both.
    """
    pieces = _OR.split(text)
    if len(pieces) < 2 or "week" in text.casefold():
        return None
    today = profile.local(now).date()
    said = [read_words(piece, today, strict) for piece in pieces[:_MOST_ALTERNATIVES]]
    if not all(each.days for each in said) or not (said[0].clock or said[0].parts):
        return None
    read = [_decide(each, now, profile) for each in said]
    times = [each for each in read if isinstance(each, PreferredTime)]
    if len(times) < 2:
        return times[0] if times else read[0]
    parts = {each.part for each in times}
    part = parts.pop() if len(parts) == 1 else None
    return PreferredTime(", or ".join(t.words for t in times), None, None, part, flexible=True)


def _decide(said: Said, now: datetime, profile: Profile) -> PreferredTime | Rejection:
    local = profile.local(now).replace(tzinfo=None)
    today = local.date()
    if said.impossible:
        return Rejection("not_understood")
    if said.mismatch is not None:
        return Rejection("weekday_mismatch", said.mismatch)
    days = said.days
    if days is None:
        if not (said.clock or said.parts or said.soon or said.any_time):
            return Rejection("past" if said.past else "not_understood")
        ahead = tuple(today + timedelta(days=number) for number in range(_DAYS_AHEAD))
        days = Days(ahead, _open_label(said))
    return _on_days(days, said, local, profile)


def _open_label(said: Said) -> str:
    if said.soon:
        return "as soon as possible"
    return _ANY_DAY if said.clock or said.parts else "any time"


def _on_days(days: Days, said: Said, now: datetime, profile: Profile) -> PreferredTime | Rejection:
    one = days.dates[0] if len(days.dates) == 1 else None
    coming = [day for day in days.dates if day >= now.date()]
    if not coming:
        return Rejection("past", one)
    near = [day for day in coming if day <= now.date() + _FURTHEST]
    if not near:
        return Rejection("too_far", one)
    opened = [day for day in near if profile.open_spans(day)]
    if not opened:
        return Rejection("closed_day", near[0])
    hours = {day: _left(profile.open_spans(day), day, now) for day in opened}
    suiting = [day for day in opened if _suits(hours[day], said)]
    if not suiting:
        before = [day for day in opened if _suits(profile.open_spans(day), said)]
        return Rejection("past" if before else "outside_hours", one)
    moment = _start(said.clock, said.parts, [hours[day] for day in suiting])
    part = _part(said, moment)
    day = suiting[0] if days.label is None and len(suiting) == 1 else None
    names = days.label or " or ".join(_day_words(day) for day in suiting)
    words = [names, *(words for words in [_time_words(said, moment)] if words)]
    return PreferredTime(_BEFORE_HOUR.join(words), day, moment, part, flexible=day is None)


def _left(spans: tuple[Span, ...], day: date, now: datetime) -> tuple[Span, ...]:
    """Return what is left of a day's spans when the day is today."""
    if day != now.date():
        return spans
    clock = now.time()
    return tuple(Span(max(span.start, clock), span.end) for span in spans if span.end > clock)


def _suits(spans: tuple[Span, ...], said: Said) -> bool:
    if said.clock is not None:
        return _start(said.clock, said.parts, [spans]) is not None
    if not said.parts:
        return bool(spans)
    return any(_overlap(span, _PARTS[part]) for span in spans for part in said.parts)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _start(
    clock: Clock | None, parts: tuple[Part, ...], days: list[tuple[Span, ...]]
) -> time | None:
    """Return the time that is meant and fits one of the days, or None if none does."""
    if clock is None:
        return None
    readings = _of_part(clock.starts, parts)
    return next((t for t in readings if any(_fits(clock, t, spans) for spans in days)), None)


def _of_part(readings: tuple[time, ...], parts: tuple[Part, ...]) -> tuple[time, ...]:
    """Keep the readings of an hour that agree with "in the morning" and the like."""
    if len(readings) < 2 or len(parts) != 1:
        return readings
    return readings[:1] if parts[0] == "morning" else readings[1:]


def _fits(clock: Clock, start: time, spans: tuple[Span, ...]) -> bool:
    if not spans:
        return False
    if clock.kind == "after":
        # An ambiguous "after six" means an hour of the clinic's day, not six in the morning.
        begins = spans[0].start if len(clock.starts) > 1 else time(0, 0)
        return begins <= start < spans[-1].end
    if clock.kind == "before":
        ends = spans[-1].end if len(clock.starts) > 1 else time(23, 59)
        return spans[0].start < start <= ends
    if clock.kind == "between":
        end = _end(clock, start)
        if end is None or (len(clock.starts) > 1 and start < spans[0].start):
            return False
        return any(_overlap(span, Span(start, end)) for span in spans)
    return any(span.start <= start < span.end for span in spans)


def _end(clock: Clock, start: time) -> time | None:
    return next((end for end in clock.ends if end > start), None)


def _part(said: Said, moment: time | None) -> Part | None:
    if len(said.parts) == 1:
        return said.parts[0]
    if moment is None or said.parts:
        return None
    return "morning" if moment.hour < 12 else "afternoon" if moment.hour < 17 else "evening"


def _time_words(said: Said, moment: time | None) -> str:
    if said.clock is None or moment is None:
        return " or ".join(said.parts)
    start = _clock_words(moment)
    if said.clock.kind == "between":
        end = _end(said.clock, moment)
        return f"between {start} and {_clock_words(end)}" if end is not None else start
    return start if said.clock.kind == "at" else f"{said.clock.kind} {start}"


def _clock_words(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def _day_words(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {long_date(day)}"
