"""Wishes for a time. The clock stands at Monday 23 November 2026, 10:00 in Athens."""

from datetime import date, datetime, time, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.preferred_time import (
    PreferredTime,
    completed,
    find_preferred_time,
    read_preferred_time,
)
from clinic.profile import Profile
from clinic.rejection import Rejection

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("next Tuesday afternoon", "Tuesday 1 December 2026, afternoon"),
        ("this Tuesday afternoon", "Tuesday 24 November 2026, afternoon"),
        ("Tuesday", "Tuesday 24 November 2026"),
        ("Monday", "Monday 30 November 2026"),
        ("this Monday at 12", "Monday 23 November 2026, 12:00"),
        ("tomorrow at 5", "Tuesday 24 November 2026, 17:00"),
        ("tomorrow at 10", "Tuesday 24 November 2026, 10:00"),
        ("today", "Monday 23 November 2026"),
        ("this evening", "Monday 23 November 2026, evening"),
        ("tonight at 7", "Monday 23 November 2026, 19:00"),
        ("the day after tomorrow", "Wednesday 25 November 2026"),
        ("in 3 days", "Thursday 26 November 2026"),
        ("Friday week", "Friday 4 December 2026"),
        ("11/12 at 10:30", "Friday 11 December 2026, 10:30"),
        ("11.12.2026 at 10.30", "Friday 11 December 2026, 10:30"),
        ("15.12 at 10", "Tuesday 15 December 2026, 10:00"),
        ("2026-12-03 11:00", "Thursday 3 December 2026, 11:00"),
        ("the 3rd of December in the morning", "Thursday 3 December 2026, morning"),
        ("December 3rd, 11am", "Thursday 3 December 2026, 11:00"),
        ("Thursday the 3rd", "Thursday 3 December 2026"),
        ("Monday 7 decembr at half past five", "Monday 7 December 2026, 17:30"),
        ("Tuesday 1", "Tuesday 1 December 2026"),
        ("tuesday 5", "Tuesday 24 November 2026, 17:00"),
        ("quarter to six on friday", "Friday 27 November 2026, 17:45"),
        ("Friday after six", "Friday 27 November 2026, after 18:00"),
        ("friday around 6 if possible", "Friday 27 November 2026, about 18:00"),
        ("next tuesday 10ish", "Tuesday 1 December 2026, about 10:00"),
        ("thursday at 5-ish", "Thursday 26 November 2026, about 17:00"),
        ("tuesday 1 ish", "Tuesday 24 November 2026, about 13:00"),
        ("thursday tenish", "Thursday 26 November 2026, about 10:00"),
        ("thursday noonish", "Thursday 26 November 2026, 12:00"),
        ("thursday, half 5ish", "Thursday 26 November 2026, about 17:30"),
        ("after 5ish on thursday", "Thursday 26 November 2026, after 17:00"),
        ("thursday 6pmish", "Thursday 26 November 2026, about 18:00"),
        ("thursday 5 to 7ish", "Thursday 26 November 2026, between 17:00 and 19:00"),
        ("fri eve", "Friday 27 November 2026, evening"),
        ("thurs morn", "Thursday 26 November 2026, morning"),
        ("tomorrow aft", "Tuesday 24 November 2026, afternoon"),
        ("2moro b4 11", "Tuesday 24 November 2026, before 11:00"),
        ("2nite 7", "Monday 23 November 2026, 19:00"),
        ("nxt tues arvo", "Tuesday 1 December 2026, afternoon"),
        ("thu 18h", "Thursday 26 November 2026, 18:00"),
        ("thu 18:30h", "Thursday 26 November 2026, 18:30"),
        ("thurs 1030", "Thursday 26 November 2026, 10:30"),
        ("friday after 1730", "Friday 27 November 2026, after 17:30"),
        ("1030am thurs", "Thursday 26 November 2026, 10:30"),
        ("friday 27 november 2026", "Friday 27 November 2026"),
        ("between 5 and 7 on thursday", "Thursday 26 November 2026, between 17:00 and 19:00"),
        ("thursday 5 to 7pm", "Thursday 26 November 2026, between 17:00 and 19:00"),
        ("thurday 6pm", "Thursday 26 November 2026, 18:00"),
        ("wensday", "Wednesday 25 November 2026"),
        ("tomorow moring", "Tuesday 24 November 2026, morning"),
        ("αύριο το απόγευμα", "Tuesday 24 November 2026, afternoon"),
        ("Πέμπτη 3 Δεκεμβρίου", "Thursday 3 December 2026"),
        ("Tuesday next week", "Tuesday 1 December 2026"),
        ("saturday or monday", "Monday 30 November 2026"),
        ("Wednesday or Thursday evening", "Thursday 26 November 2026, evening"),
        ("tomorrow 5pm, 694 123 4567", "Tuesday 24 November 2026, 17:00"),
    ],
)
def test_one_day_is_read(profile: Profile, text: str, words: str) -> None:
    result = read_preferred_time(text, NOW, profile)
    assert isinstance(result, PreferredTime)
    assert result.words == words
    assert result.day is not None
    assert not result.flexible


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("any weekday morning", "any weekday, morning"),
        ("mornings", "any day, morning"),
        ("after work", "any day, evening"),
        ("asap", "as soon as possible"),
        ("As soon as possible please, mornings", "as soon as possible, morning"),
        ("first available", "as soon as possible"),
        ("whenever", "any time"),
        ("I don't mind", "any time"),
        ("24/7", "any time"),
        ("next week", "the week of 30 November 2026"),
        ("end of next week", "late in the week of 30 November 2026"),
        ("in two weeks", "the week of 7 December 2026"),
        ("in a fortnight", "the week of 7 December 2026"),
        ("the week of 7 December", "the week of 7 December 2026"),
        ("weekday evenings next week", "any weekday in the week of 30 November 2026, evening"),
        ("next month", "December 2026"),
        ("late January", "late January 2027"),
        ("Tuesdays at 6", "any Tuesday, 18:00"),
        ("any day except Friday", "any day except Friday"),
        ("any day but Monday, after 5", "any day except Monday, after 17:00"),
        ("after the 15th of January", "after 15 January 2027"),
        ("before 10 December", "before 10 December 2026"),
        ("by Friday", "by 27 November 2026"),
        ("3-8 December", "from 3 to 8 December 2026"),
        ("Tuesday to Thursday", "from 24 November 2026 to 26 November 2026"),
        (
            "Tues or Thurs am",
            "Tuesday 24 November 2026 or Thursday 26 November 2026, morning",
        ),
        (
            "Friday afternoon or Monday morning",
            "Friday 27 November 2026, afternoon, or Monday 30 November 2026, morning",
        ),
        ("from 5 to 7", "any day, between 17:00 and 19:00"),
        ("before 11", "any day, before 11:00"),
    ],
)
def test_an_open_wish_is_as_good(profile: Profile, text: str, words: str) -> None:
    result = read_preferred_time(text, NOW, profile)
    assert isinstance(result, PreferredTime)
    assert result.words == words
    assert result.day is None
    assert result.flexible


def test_the_parts_of_a_wish(profile: Profile) -> None:
    assert read_preferred_time("friday at 6", NOW, profile) == PreferredTime(
        "Friday 27 November 2026, 18:00", date(2026, 11, 27), time(18), "evening", False
    )
    assert read_preferred_time("6 in the afternoon on friday", NOW, profile) == PreferredTime(
        "Friday 27 November 2026, 18:00", date(2026, 11, 27), time(18), "afternoon", False
    )


@pytest.mark.parametrize(
    ("text", "reason", "day"),
    [
        ("", "not_understood", None),
        ("ok", "not_understood", None),
        ("I don't know", "not_understood", None),
        ("6941234567", "not_understood", None),
        ("Maria, 694 123 4567", "not_understood", None),
        ("I'm 45 years old", "not_understood", None),
        ("I am 45", "not_understood", None),
        ("6 sessions", "not_understood", None),
        ("6 to 8 sessions, 7-15 days apart", "not_understood", None),
        ("maria12.12@example.com", "not_understood", None),
        ("31/2", "not_understood", None),
        ("12/12/9999", "not_understood", None),
        ("yesterday", "past", None),
        ("3/11", "past", date(2026, 11, 3)),
        ("12/12/1975", "past", date(1975, 12, 12)),
        ("today at 9", "past", date(2026, 11, 23)),
        ("1/3/2028", "too_far", date(2028, 3, 1)),
        ("Saturday", "closed_day", date(2026, 11, 28)),
        ("12/12 at 10:30", "closed_day", date(2026, 12, 12)),
        ("this weekend", "closed_day", date(2026, 11, 28)),
        ("weekends", "closed_day", date(2026, 11, 28)),
        ("25/12", "closed_day", date(2026, 12, 25)),
        ("25 March", "closed_day", date(2027, 3, 25)),
        ("Friday at 15:00", "outside_hours", date(2026, 11, 27)),
        ("Friday 3am", "outside_hours", date(2026, 11, 27)),
        ("Wednesday evening", "outside_hours", date(2026, 11, 25)),
        ("tonight at 8", "outside_hours", date(2026, 11, 23)),
        ("at midnight", "outside_hours", None),
        ("Monday 8 December", "weekday_mismatch", date(2026, 12, 8)),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    profile: Profile, text: str, reason: str, day: date | None
) -> None:
    assert read_preferred_time(text, NOW, profile) == Rejection(reason, day)


def test_today_is_over_when_the_clinic_has_closed(profile: Profile) -> None:
    late = datetime(2026, 11, 23, 19, 30, tzinfo=timezone.utc)
    assert read_preferred_time("today", late, profile) == Rejection("past", date(2026, 11, 23))
    morning = read_preferred_time("this morning", late, profile)
    assert morning == Rejection("past", date(2026, 11, 23))


def test_the_day_is_the_clinics_and_not_utcs(profile: Profile) -> None:
    after_midnight = datetime(2026, 11, 22, 22, 30, tzinfo=timezone.utc)
    result = read_preferred_time("today", after_midnight, profile)
    assert isinstance(result, PreferredTime)
    assert result.day == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book me for friday afternoon, Maria, 6941234567", "Friday 27 November 2026, afternoon"),
        ("an appointment on 3/12 at 6, 694 123 4567", "Thursday 3 December 2026, 18:00"),
        ("I need an appointment asap", "as soon as possible"),
        ("call me after 5pm", "any day, after 17:00"),
        ("book me for the morning", "any day, morning"),
        ("Can I come on Monday?", "Monday 30 November 2026"),
    ],
)
def test_a_wish_is_found_in_a_message(profile: Profile, text: str, words: str) -> None:
    result = find_preferred_time(text, NOW, profile)
    assert isinstance(result, PreferredTime)
    assert result.words == words


@pytest.mark.parametrize(
    "text",
    [
        "I want to book a consultation",
        "I have pain in the morning, is it normal?",
        "can I sit in the sun after 6 sessions",
        "I'm 45, do I need 6 to 8 sessions every 7-15 days?",
        "I sat down and may march",
        "Hello good morning, I'm Maria, 6941234567",
        "I had it yesterday",
        "results after the 2nd session?",
        "I weigh 80 kg and I'm 170 cm",
        "it is 5 weeks since my last visit",
        "Frida, Sandy and Mandy",
    ],
)
def test_a_message_without_a_wish_holds_none(profile: Profile, text: str) -> None:
    assert find_preferred_time(text, NOW, profile) is None


def test_a_wish_that_cannot_be_met_is_found_too(profile: Profile) -> None:
    found = find_preferred_time("Book me Sunday please", NOW, profile)
    assert found == Rejection("closed_day", date(2026, 11, 29))


_PIECES = (
    "monday tue next week at 5 10:30 12/12 31/12 the 3rd of december or and to between after not "
    "except any 1 12 2027 9999 - / . am pm in a weekend month early late from before until 99 "
    "weeks τρίτη αύριο half past today tomorrow days \ue000 it's ( ) + 694 1234567 \u0130 ²"
)
_WORDS = st.sampled_from(_PIECES.split())


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=25).map(" ".join)))
def test_any_text_gives_an_answer_that_the_clinic_can_keep(profile: Profile, text: str) -> None:
    find_preferred_time(text, NOW, profile)
    result = read_preferred_time(text, NOW, profile)
    if isinstance(result, PreferredTime):
        assert result.words
        if result.day is not None:
            assert profile.open_spans(result.day)
            assert date(2026, 11, 23) <= result.day <= date(2027, 11, 25)


@pytest.mark.parametrize(
    ("before", "text", "words"),
    [
        ("thursday 10ish", "make it wednesday", "Wednesday 25 November 2026, about 10:00"),
        ("thursday afternoon", "friday", "Friday 27 November 2026, afternoon"),
        ("thursday 10:00", "half 9", "Thursday 26 November 2026, 9:30"),
        ("thursday 10:00", "afternoon", "Thursday 26 November 2026, afternoon"),
        ("thursday 10:00", "friday at 12", "Friday 27 November 2026, 12:00"),
        # Closed then.
        ("thursday 18:00", "wednesday", "Wednesday 25 November 2026"),
        ("thursday 10:00", "asap", "as soon as possible"),
        ("any morning", "friday", "Friday 27 November 2026, morning"),
        ("any morning", "at 10:00", "any day, 10:00"),
    ],
)
def test_what_a_correction_leaves_out_is_kept(
    profile: Profile, before: str, text: str, words: str
) -> None:
    first, second = (read_preferred_time(each, NOW, profile) for each in (before, text))
    assert isinstance(first, PreferredTime)
    assert isinstance(second, PreferredTime)
    assert completed(second, first, NOW, profile).words == words


@pytest.mark.parametrize(
    ("text", "part"), [("tuesday after the school run", "morning"), ("after school", "evening")]
)
def test_a_school_run_is_in_the_morning(profile: Profile, text: str, part: str) -> None:
    result = read_preferred_time(text, NOW, profile)
    assert isinstance(result, PreferredTime)
    assert result.part == part
