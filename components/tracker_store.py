"""The tracker store: Rasa's own, on the clinic's database, with erasure and without its traps."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic.settings import load_settings
from clinic.storage.database import StorageUnavailable, open_database
from clinic.storage.erasures import erase_events
from clinic.storage.migrate import upgrade

ERASURE_SLOT = "conversation_erased"
_STORED = "_clinic_stored_events"
# Events that a turn reads. A turn writes about ten; the rules look back one or two turns.
_WINDOW = 80


class ClinicTrackerStore(SQLTrackerStore):
    """Stores conversations in the table `events` of the database of the settings.

    Other than in Rasa's class, the address comes from the clinic's settings; a `ValueError` (a text
    that the database refuses, a damaged row) fails one turn and not the process; a turn reads and
    writes as many events at the end of a long conversation as at its start; a turn that erased the
    patient's data leaves none.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Opens the database; Rasa passes `host` from endpoints.yml, where nothing is set."""
        try:
            settings = load_settings()
            upgrade(settings.database_url)
            self.engine = open_database(settings.database_url).engine
        except (AttributeError, ImportError) as error:
            # Rasa answers these two with a store in memory, that is with silent loss.
            raise RasaException(f"The tracker store cannot be opened: {error!r}") from error
        TrackerStore.__init__(self, domain, event_broker)

    @contextlib.contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session that is closed again.

        Raises:
            StorageUnavailable: the database does not answer, or refuses a statement.
        """
        # Every writing method of the base class commits by itself.
        try:
            with Session(self.engine, future=True) as session:
                yield session
        except (SQLAlchemyError, ValueError) as error:
            raise StorageUnavailable(type(error).__name__) from error

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        if fetch_events_from_all_sessions:
            full = await super()._retrieve(sender_id, fetch_events_from_all_sessions=True)
            if full is not None:
                setattr(full, _STORED, len(full.events))
            return full
        with self.session_scope() as session:
            events = [json.loads(data) for data in self._recent_events(session, sender_id)]
        if not events or self.domain is None:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    def _recent_events(self, session: Session, sender_id: str) -> list[str]:
        """Reads what the next turn needs of the latest session, however long the session is.

        Returns:
            The last events; before them, for what lies further back, the latest value of each slot
            and the latest form, so that nothing the conversation stands on is forgotten.
        """
        event = self.SQLEvent
        of_type = sa.select(sa.func.max(event.id)).where(event.sender_id == sender_id)
        start = session.scalar(of_type.where(event.type_name == SessionStarted.type_name)) or 0
        of_session = (event.sender_id == sender_id, event.id >= start)
        last = session.execute(
            sa.select(event.id, event.type_name, event.data)
            .where(*of_session)
            .order_by(event.id.desc())
            .limit(_WINDOW)
        ).all()[::-1]
        if len(last) < _WINDOW:
            return [row.data for row in last]
        # A turn begins with the patient's message; half a turn would confuse the rules.
        first = next((i for i, row in enumerate(last) if row.type_name == UserUttered.type_name), 0)
        kept = last[first:]
        older = (*of_session, event.id < kept[0].id)
        latest = (
            sa.select(sa.func.max(event.id))
            .where(*older, event.type_name.in_((SlotSet.type_name, ActiveLoop.type_name)))
            .group_by(event.type_name, sa.case((event.type_name == "slot", event.action_name)))
        )
        state = session.scalars(
            sa.select(event.data).where(event.id.in_(latest)).order_by(event.id)
        ).all()
        listening = json.dumps(ActionExecuted(ACTION_LISTEN_NAME).as_dict())
        return [*state, listening, *(row.data for row in kept)]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the turn's events; after an erasure, removes all events of the conversation."""
        if any(_marks_erasure(event) for event in _new_events(tracker)):
            with self.session_scope() as session:
                erase_events(session, tracker.sender_id)
                session.commit()
            tracker.events.clear()
        else:
            await super().save(tracker)
        setattr(tracker, _STORED, len(tracker.events))

    def _additional_events(
        self, session: Session, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        if hasattr(tracker, _STORED):
            return _new_events(tracker)
        return super()._additional_events(session, tracker)


def _new_events(tracker: DialogueStateTracker) -> Iterator[Event]:
    return itertools.islice(tracker.events, getattr(tracker, _STORED, 0), None)


def _marks_erasure(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == ERASURE_SLOT and bool(event.value)
