"""Deleting, every hour, what need not or must not be kept any longer."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone

from sqlalchemy.exc import SQLAlchemyError

from clinic.storage import inbox
from clinic.storage.database import Database, StorageUnavailable
from clinic.storage.retention import delete_expired

logger = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)
# Nobody sends the same message again after a day.
_RESENT_WITHIN = timedelta(days=1)
# Events in one transaction: others write in between.
_AT_ONCE = 1000


class Tidying:
    """Answered messages leave the inbox after a day, words the database after `retention_days`."""

    def __init__(self, database: Database, retention_days: int) -> None:
        """Takes the database and the number of days that words are kept."""
        self._database = database
        self._kept_for = timedelta(days=retention_days)

    async def run(self) -> None:
        """Tidies now and every hour, until it is cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.once, datetime.now(timezone.utc))
            except (SQLAlchemyError, StorageUnavailable) as error:
                logger.error("What is old could not be deleted: error=%s", type(error).__name__)
            await asyncio.sleep(_EVERY.total_seconds())

    def once(self, now: datetime) -> int:
        """Tidies; returns how many events were deleted."""
        with self._database.session() as session:
            inbox.forget(session, now - _RESENT_WITHIN)
            inbox.expire(session, now - self._kept_for)
        deleted = 0
        while True:
            with self._database.session() as session:
                some = delete_expired(session, now - self._kept_for, _AT_ONCE)
            deleted += some
            if some < _AT_ONCE:
                return deleted
