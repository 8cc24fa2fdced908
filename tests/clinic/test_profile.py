"""The clinic's profile: what loads, what does not, and when the clinic is open."""

from collections.abc import Callable
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clinic.content.errors import ContentError
from clinic.profile import Profile, Span, load_profile, spans_words
from tests.clinic.conftest import CONTENT


def write(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    data = yaml.safe_load((CONTENT / "clinic.yml").read_text())
    change(data)
    (folder / "clinic.yml").write_text(yaml.safe_dump(data, allow_unicode=True))
    return folder


def test_the_shipped_profile_loads_and_says_that_it_is_a_placeholder() -> None:
    profile = load_profile(CONTENT)
    assert profile.placeholders
    assert profile.emergency_number == "112"
    assert str(profile.timezone) == "Europe/Athens"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("phone"), "missing: phone"),
        (lambda d: d.update(fone="1"), "unknown: fone"),
        (lambda d: d.update(phone=302100000000), "phone"),
        (lambda d: d.update(phone="12"), "phone"),
        (lambda d: d.update(name=" "), "name"),
        (lambda d: d.update(email="clinic"), "email"),
        (lambda d: d.update(emergency_number=112), "emergency_number"),
        (lambda d: d.update(emergency_number="call us"), "emergency_number"),
        (lambda d: d.update(phone_region="Greece"), "phone_region"),
        (lambda d: d.update(timezone="Athens"), "timezone"),
        (lambda d: d.update(holidays_country="Greece"), "holidays_country"),
        (lambda d: d.update(placeholders="no"), "placeholders"),
        (lambda d: d.update(retention_days=90), "retention_days"),
        (lambda d: d["opening_hours"].pop("sunday"), "opening_hours"),
        (lambda d: d["opening_hours"].update(monday="9:00-14:00"), "monday"),
        (lambda d: d["opening_hours"].update(monday=[540]), "monday"),
        (lambda d: d["opening_hours"].update(monday=["9-14"]), "monday"),
        (lambda d: d["opening_hours"].update(monday=["14:00-9:00"]), "ends before it begins"),
        (lambda d: d["opening_hours"].update(monday=["9:00-25:00"]), "monday"),
        (lambda d: d["opening_hours"].update(monday=["9:00-14:00", "13:00-15:00"]), "follow"),
        (lambda d: d.update(opening_hours={k: [] for k in d["opening_hours"]}), "every day"),
        (lambda d: d.update(closed=[{"date": "2026-13-01"}]), "closed"),
        (lambda d: d.update(closed=[{"from": date(2026, 1, 2)}]), "closed"),
        (lambda d: d.update(closed=[{"from": date(2026, 1, 2), "to": date(2026, 1, 1)}]), "after"),
    ],
)
def test_what_cannot_be_right_does_not_load(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    with pytest.raises(ContentError, match=words):
        load_profile(write(tmp_path, change))


def test_a_missing_or_broken_file_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"clinic\.yml"):
        load_profile(tmp_path)
    for text in ("- a list", "a: [", ""):
        (tmp_path / "clinic.yml").write_text(text)
        with pytest.raises(ContentError):
            load_profile(tmp_path)


def test_a_closed_day_may_be_a_single_date(tmp_path: Path) -> None:
    folder = write(tmp_path, lambda d: d.update(closed=[{"date": date(2026, 12, 1)}]))
    profile = load_profile(folder)
    assert profile.open_spans(date(2026, 12, 1)) == ()
    assert profile.open_spans(date(2026, 12, 3)) != ()


def test_the_spans_of_a_day(profile: Profile) -> None:
    assert profile.open_spans(date(2026, 11, 25)) == (Span(time(9), time(14)),)
    assert profile.open_spans(date(2026, 11, 28)) == ()
    assert profile.open_spans(date(2026, 12, 29)) == ()  # closed by the profile
    assert profile.open_spans(date(2027, 5, 3)) == ()  # Orthodox Easter Monday


def test_open_from_the_first_minute_until_before_the_last(profile: Profile) -> None:
    zone = profile.timezone
    for clock, expected in (("08:59", False), ("09:00", True), ("13:59", True), ("14:00", False)):
        moment = datetime.fromisoformat(f"2026-11-25T{clock}").replace(tzinfo=zone)
        assert profile.is_open(moment) is expected


def test_open_is_asked_in_the_clinics_time_zone(profile: Profile) -> None:
    assert profile.is_open(datetime(2026, 11, 25, 7, 30, tzinfo=timezone.utc))
    assert not profile.is_open(datetime(2026, 11, 25, 13, 0, tzinfo=timezone.utc))
    with pytest.raises(ValueError, match="time zone"):
        profile.is_open(datetime(2026, 11, 25, 10, 0))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_has_an_answer(profile: Profile, day: date) -> None:
    assert len(profile.open_spans(day)) <= 2


def test_the_week_in_words(profile: Profile) -> None:
    assert profile.opening_hours_words() == (
        "Monday and Tuesday 9:00-14:00 and 17:00-20:00; Wednesday 9:00-14:00; "
        "Thursday and Friday 9:00-14:00 and 17:00-20:00; closed on Saturday and Sunday"
    )
    assert spans_words(profile.open_spans(date(2026, 11, 23))) == "9:00-14:00 and 17:00-20:00"
    assert spans_words(()) == ""
