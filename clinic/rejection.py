"""Why a text was not accepted: an id that the wording files turn into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rejection:
    """A text that could not be used.

    `reason` is one of the ids that the function's docstring lists; `day` is the day that the
    reason is about, for the reasons of a preferred time that concern one day.
    """

    reason: str
    day: date | None = None
