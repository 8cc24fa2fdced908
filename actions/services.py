"""What actions need from `clinic/`, made once and on first use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from clinic.content.answers import Answers, load_answers
from clinic.content.conditions import Conditions, load_conditions
from clinic.content.files import load_mapping
from clinic.content.replies import Replies, load_replies
from clinic.content.wording import load_phrases
from clinic.eligibility import Check, load_check
from clinic.profile import Profile, load_profile
from clinic.settings import Settings, load_settings
from clinic.storage.database import Database, open_database


@dataclass(frozen=True)
class Services:
    """The parts of `clinic/` behind the actions."""

    settings: Settings
    profile: Profile
    answers: Answers
    check: Check
    replies: Replies
    booking_words: dict[str, Any]
    conditions: Conditions
    phrases: dict[str, Any]
    database: Database

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(timezone.utc)


@lru_cache(maxsize=1)
def services() -> Services:
    """Reads settings and content, and opens the database lazily.

    Raises:
        SettingsError, ContentError: with a line that says what is wrong.
    """
    settings = load_settings()
    folder = settings.content_dir
    return Services(
        settings=settings,
        profile=load_profile(folder),
        answers=load_answers(folder),
        check=load_check(folder),
        replies=load_replies(folder),
        booking_words=load_mapping(folder / "booking.yml"),
        conditions=load_conditions(folder),
        phrases=load_phrases(folder),
        database=open_database(settings.database_url),
    )
