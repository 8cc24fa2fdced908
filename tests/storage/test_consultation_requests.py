"""Consultation requests on a real SQLite file."""

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from clinic.preferred_time import PreferredTime
from clinic.storage import consultation_requests as requests
from clinic.storage import health_checks
from clinic.storage.consultation_requests import RequestDetails
from clinic.storage.database import Database
from clinic.storage.models import ConsultationRequest

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
FRIDAY = PreferredTime(
    "Friday 27 November 2026, 18:00", date(2026, 11, 27), time(18), "evening", False
)
ANY_TIME = PreferredTime("any time", None, None, None, True)
MARIA = RequestDetails("Maria Papadopoulou", "+306941234567", None, FRIDAY)


def count(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count(ConsultationRequest.id))).scalar_one())


def test_a_request_is_stored_as_it_was_made(database: Database) -> None:
    with database.session() as session:
        row, created = requests.add(session, "one", MARIA, NOW)
        assert created
    with database.reading() as session:
        stored = requests.by_reference(session, row.reference)
    assert stored is not None
    assert (stored.name, stored.phone, stored.email) == (MARIA.name, MARIA.phone, None)
    assert stored.preferred_words == FRIDAY.words
    assert (stored.preferred_day, stored.preferred_time) == (FRIDAY.day, FRIDAY.time)
    assert (stored.preferred_part, stored.status) == ("evening", "new")
    assert stored.created_at == stored.updated_at == NOW
    assert stored.health_check_id is None


def test_times_are_kept_in_utc_and_need_a_zone(database: Database) -> None:
    athens = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Athens"))
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, athens)
        session.expire(row)
        assert row.created_at == NOW
        assert row.created_at.tzinfo is timezone.utc
    with pytest.raises(Exception, match="time zone"), database.session() as session:
        requests.add(session, "two", MARIA, datetime(2026, 11, 23))


def test_the_same_request_is_stored_once(database: Database) -> None:
    with database.session() as session:
        first, _ = requests.add(session, "one", MARIA, NOW)
        again, created = requests.add(
            session, "one", replace(MARIA, name="MARIA PAPADOPOULOU"), NOW
        )
    assert not created
    assert again.id == first.id
    with database.session() as session:
        assert requests.add(session, "two", MARIA, NOW)[1]
        assert requests.add(session, "one", replace(MARIA, preferred=ANY_TIME), NOW)[1]
    assert count(database) == 3


def test_two_at_the_same_time_store_one(database: Database) -> None:
    ready = threading.Barrier(8)
    results: list[tuple[str, bool]] = []

    def add() -> None:
        ready.wait()
        with database.session() as session:
            row, created = requests.add(session, "one", MARIA, NOW)
            results.append((row.reference, created))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len({reference for reference, _ in results}) == 1
    assert sum(created for _, created in results) == 1
    assert count(database) == 1


def test_a_writer_waits_for_another(database: Database) -> None:
    inside = threading.Event()

    def slow() -> None:
        with database.session() as session:
            requests.add(session, "slow", MARIA, NOW)
            inside.set()
            # Long enough that the other one meets the lock.
            threading.Event().wait(0.3)

    thread = threading.Thread(target=slow)
    thread.start()
    assert inside.wait(5)
    with database.reading() as session:
        assert requests.all_open(session, "slow") == []
    with database.session() as session:
        assert len(requests.all_open(session, "slow")) == 1
        requests.add(session, "quick", MARIA, NOW)
    thread.join()
    assert count(database) == 2


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="readonly"), database.reading() as session:
        requests.add(session, "one", MARIA, NOW)


def test_a_session_that_fails_stores_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.session() as session:
        requests.add(session, "one", MARIA, NOW)
        raise RuntimeError
    assert count(database) == 0


def test_a_request_needs_a_way_to_reach_the_person(database: Database) -> None:
    with pytest.raises(ValueError, match="phone"), database.session() as session:
        requests.add(session, "one", replace(MARIA, phone=None), NOW)


def test_a_reference_can_be_read_aloud_and_found_as_typed(database: Database) -> None:
    with database.session() as session:
        rows = [requests.add(session, f"{number}", MARIA, NOW)[0].reference for number in range(50)]
        assert len(set(rows)) == 50
        for reference in rows:
            assert reference[:2] == "C-"
            assert len(reference) == 8
            assert not set(reference[2:]) & set("0158ABEIOSUZ")
        body = rows[0][2:]
        for typed in (rows[0].lower(), f" c {body} ", body, f"C{body}", f"c-{body[:3]} {body[3:]}"):
            found = requests.by_reference(session, typed)
            assert found is not None
            assert found.reference == rows[0]
        assert requests.by_reference(session, "C-000000") is None
        assert requests.by_reference(session, "") is None


def test_a_reference_shows_nothing_to_another_conversation(database: Database) -> None:
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, NOW)
        assert requests.by_reference(session, row.reference, "one") is not None
        assert requests.by_reference(session, row.reference, "two") is None


def test_a_taken_reference_is_drawn_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["C-AAAAAA", "C-AAAAAA", "C-BBBBBB"])
    monkeypatch.setattr(requests, "_new_reference", lambda: next(drawn))
    with database.session() as session:
        assert requests.add(session, "one", MARIA, NOW)[0].reference == "C-AAAAAA"
        row, created = requests.add(session, "two", MARIA, NOW)
    assert (row.reference, created) == ("C-BBBBBB", True)


def test_the_open_requests_are_found_newest_first(database: Database) -> None:
    with database.session() as session:
        first, _ = requests.add(session, "one", MARIA, NOW)
        later = NOW + timedelta(minutes=1)
        second, _ = requests.add(session, "one", replace(MARIA, preferred=ANY_TIME), later)
        assert requests.all_open(session, "one") == [second, first]
        requests.cancel(session, second, later)
        assert requests.all_open(session, "one") == [first]
        assert requests.all_open(session, "two") == []


def test_a_change_keeps_the_reference(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, NOW)
        changed = requests.change(session, row, replace(MARIA, preferred=ANY_TIME), later)
        assert changed is row
    with database.reading() as session:
        (stored,) = requests.all_open(session, "one")
    assert (stored.status, stored.preferred_words) == ("changed", "any time")
    assert (stored.preferred_day, stored.preferred_time) == (None, None)
    assert (stored.created_at, stored.updated_at) == (NOW, later)
    assert stored.reference == row.reference


def test_a_change_of_a_row_from_an_earlier_session_is_stored(database: Database) -> None:
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, NOW)
    with database.session() as session:
        requests.change(session, row, replace(MARIA, preferred=ANY_TIME), NOW)
    with database.reading() as session:
        (stored,) = requests.all_open(session, "one")
    assert stored.preferred_words == "any time"


def test_a_change_to_the_same_is_no_change(database: Database) -> None:
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, NOW)
        assert requests.change(session, row, MARIA, NOW + timedelta(hours=1)).status == "new"
        assert row.updated_at == NOW


def test_a_change_that_makes_two_the_same_leaves_one(database: Database) -> None:
    with database.session() as session:
        first, _ = requests.add(session, "one", MARIA, NOW)
        second, _ = requests.add(session, "one", replace(MARIA, preferred=ANY_TIME), NOW)
        assert requests.change(session, second, MARIA, NOW) is first
        assert second.status == "cancelled"


def test_a_cancelled_request_stays_and_can_be_made_again(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    with database.session() as session:
        row, _ = requests.add(session, "one", MARIA, NOW)
        requests.cancel(session, row, later)
        requests.cancel(session, row, later + timedelta(hours=1))
        assert (row.status, row.updated_at) == ("cancelled", later)
        with pytest.raises(ValueError, match="cancelled"):
            requests.change(session, row, MARIA, later)
        again, created = requests.add(session, "one", MARIA, later)
        assert created
        assert again.reference != row.reference


def test_a_check_is_linked_only_when_it_is_given(database: Database) -> None:
    with database.session() as session:
        check = health_checks.add(session, "one", "ask_doctor", ["cancer"], "1", NOW)
        row, _ = requests.add(session, "one", MARIA, NOW)
        assert row.health_check_id is None
        row, created = requests.add(session, "one", MARIA, NOW, check.id)
        assert (row.health_check_id, created) == (check.id, False)
    with pytest.raises(Exception, match="FOREIGN KEY"), database.session() as session:
        requests.add(session, "two", MARIA, NOW, 999)
