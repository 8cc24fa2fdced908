"""What a text can say about days and times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

Part = Literal["morning", "afternoon", "evening"]
ClockKind = Literal["at", "about", "after", "before", "between"]


@dataclass(frozen=True)
class Days:
    """The days that would suit: any one of `dates`; `label` names them if they are no mere list."""

    dates: tuple[date, ...]
    label: str | None = None


@dataclass(frozen=True)
class Clock:
    """A time of day; an hour without am or pm has two readings, the one before noon first."""

    kind: ClockKind
    starts: tuple[time, ...]
    ends: tuple[time, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a text says; nothing is said when every field has its default."""

    days: Days | None = None
    clock: Clock | None = None
    parts: tuple[Part, ...] = ()
    soon: bool = False
    any_time: bool = False
    past: bool = False
    impossible: bool = False
    """There is a date that no calendar has."""
    mismatch: date | None = None
    """A date whose weekday is not the weekday that the text gives it."""
    clear: bool = field(default=False, compare=False)
    """Enough of a day or time to be believed in the middle of a longer message."""
