"""A clinic with fixed hours, so that the tests do not change with the real profile."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from clinic.profile import ClosedDays, Profile, Span, load_profile

CONTENT = Path(__file__).parents[2] / "data" / "content"


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Weekdays 9-14, all but Wednesday also 17-20; closed from 24 December to 6 January."""
    morning, evening = Span(time(9), time(14)), Span(time(17), time(20))
    both = (morning, evening)
    return replace(
        load_profile(CONTENT),
        opening_hours=(both, both, (morning,), both, both, (), ()),
        holidays_country="GR",
        closed=(ClosedDays(date(2026, 12, 24), date(2027, 1, 6)),),
    )
