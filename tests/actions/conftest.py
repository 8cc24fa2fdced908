"""What the actions need, on a migrated SQLite file of each test; Rasa does not run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from actions import base
from actions.booking import ActionSubmitBooking
from actions.services import Services
from actions.services import services as make_services
from clinic.profile import ClosedDays, Span
from clinic.settings import PROJECT_ROOT
from clinic.storage.database import open_database
from clinic.storage.models import ConsultationRequest
from tests.actions.chat import Chat

# A Monday, eleven in the morning in Athens.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)

# A request as the slots of the booking form hold it.
PHONE = "+306941234567"
FRIDAY = {
    "words": "Friday 27 November 2026, afternoon",
    "day": "2026-11-27",
    "time": None,
    "part": "afternoon",
    "flexible": False,
}
ANY_MORNING = {
    "words": "any day, morning", "day": None, "time": None, "part": "morning", "flexible": True,
}  # fmt: skip
WHOLE = {"booking_name": "Maria", "booking_phone": PHONE, "booking_time": FRIDAY}


@dataclass(frozen=True)
class ServicesOfThatDay(Services):
    """The services with a clock that stands still."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    """The domain as Rasa sends it: domain.yml and all responses."""
    whole = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text(encoding="utf-8"))
    whole["responses"] = {}
    for path in (PROJECT_ROOT / "data/responses").glob("*.yml"):
        whole["responses"] |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return whole


@pytest.fixture(scope="session")
def content() -> Services:
    """The services over the real content; weekdays 9-14 and, but for Wednesday, 17-20."""
    found = make_services()
    make_services.cache_clear()
    morning, evening = Span(time(9), time(14)), Span(time(17), time(20))
    both = (morning, evening)
    profile = replace(
        found.profile,
        opening_hours=(both, both, (morning,), both, both, (), ()),
        holidays_country="GR",
        closed=(ClosedDays(date(2026, 12, 24), date(2027, 1, 6)),),
    )
    return ServicesOfThatDay(**{**vars(found), "profile": profile})


@pytest.fixture
def services(
    content: Services, empty_file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The services that the actions of this test get."""
    path = tmp_path / "clinic.db"
    path.write_bytes(empty_file)
    url = f"sqlite:///{path}"
    monkeypatch.setenv("CONVERSATION_KEY", "a key for tests only")
    monkeypatch.setenv("DATABASE_URL", url)
    database = open_database(url)
    settings = replace(content.settings, database_url=url, given_key="a key for tests only")
    of_test = replace(content, database=database, settings=settings)
    monkeypatch.setattr(base, "services", lambda: of_test)
    yield of_test
    database.close()


@pytest.fixture
def chat(services: Services, domain: dict[str, Any]) -> Callable[..., Chat]:
    """Makes a conversation that has begun already: `chat(form=..., asked=..., slots...)`."""

    def begun(**state: Any) -> Chat:
        return Chat(services, domain, **state)

    return begun


@pytest.fixture
def rows(services: Services) -> Callable[[Any], list[Any]]:
    """Reads all rows of a table, oldest first."""

    def read(table: Any) -> list[Any]:
        with services.database.reading() as session:
            return list(session.execute(select(table).order_by(table.id)).scalars())

    return read


@pytest.fixture
def stored(chat: Callable[..., Chat], rows: Callable[[type], list[Any]]) -> tuple[Chat, str]:
    """Sends the whole request once; returns the conversation and the reference."""
    talk = chat(form="booking_form", **WHOLE, booking_confirmed="yes")
    talk.hears(ActionSubmitBooking(), "yes", "affirm")
    talk.form = None
    return talk, rows(ConsultationRequest)[0].reference
