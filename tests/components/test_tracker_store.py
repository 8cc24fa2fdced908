"""The tracker store: what a turn writes, what an erasure leaves, and what it does on errors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from clinic.storage.database import StorageUnavailable
from components import tracker_store
from components.tracker_store import ERASURE_SLOT, ClinicTrackerStore

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {ERASURE_SLOT: {"type": "any", "mappings": [{"type": "custom"}]}},
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": False,
        },
    }
)
SENDER = "patient-1"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClinicTrackerStore]:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/clinic.db")
    store = ClinicTrackerStore(DOMAIN)
    yield store
    store.engine.dispose()


def stored(store: ClinicTrackerStore, sender: str = SENDER) -> list[str]:
    """The types of the stored events, in their order."""
    with store.session_scope() as session:
        table = store.SQLEvent
        query = sa.select(table.type_name).where(table.sender_id == sender).order_by(table.id)
        return list(session.execute(query).scalars())


def turn(store: ClinicTrackerStore, *events: object, sender: str = SENDER) -> DialogueStateTracker:
    """Retrieves a conversation, adds events, saves it."""

    async def run() -> DialogueStateTracker:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update_with_events(list(events), DOMAIN)
        await store.save(tracker)
        return tracker

    return asyncio.run(run())


def retrieved(store: ClinicTrackerStore, sender: str = SENDER) -> DialogueStateTracker | None:
    return asyncio.run(store.retrieve(sender))


def started() -> list[object]:
    return [ActionExecuted("action_session_start"), SessionStarted()]


def test_the_store_makes_its_database_by_migration(store: ClinicTrackerStore) -> None:
    names = set(sa.inspect(store.engine).get_table_names())
    assert {"events", "consultation_requests", "alembic_version"} <= names


def test_a_turn_is_stored_and_read_again(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("hello"), BotUttered("Hi"))
    tracker = retrieved(store)
    assert tracker is not None
    assert tracker.latest_message.text == "hello"
    assert stored(store) == ["action", "session_started", "user", "bot"]


def test_a_turn_adds_only_its_new_events(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("hello"))
    turn(store, UserUttered("again"))
    assert stored(store) == ["action", "session_started", "user", "user"]


def test_saving_twice_in_a_turn_adds_nothing_twice(store: ClinicTrackerStore) -> None:
    async def run() -> None:
        tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
        tracker.update_with_events([*started(), UserUttered("hello")], DOMAIN)
        await store.save(tracker)
        await store.save(tracker)
        tracker.update(UserUttered("again"))
        await store.save(tracker)

    asyncio.run(run())
    assert stored(store) == ["action", "session_started", "user", "user"]


def test_a_turn_does_not_count_the_old_events(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("hello"))
    statements: list[str] = []

    async def run() -> None:
        tracker = await store.retrieve(SENDER)
        assert tracker is not None
        sa.event.listen(
            store.engine, "before_cursor_execute", lambda *a: statements.append(a[2].upper())
        )
        tracker.update(UserUttered("again"))
        await store.save(tracker)

    asyncio.run(run())
    assert [s for s in statements if s.startswith("SELECT")] == []
    assert len([s for s in statements if s.startswith("INSERT")]) == 1


def test_a_new_session_hides_the_one_before_and_loses_nothing(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("first"))
    turn(store, *started(), UserUttered("second"))
    tracker = retrieved(store)
    assert tracker is not None
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["second"]
    turn(store, UserUttered("third"))
    whole = asyncio.run(store.retrieve_full_tracker(SENDER))
    assert whole is not None
    texts = [e.text for e in whole.events if isinstance(e, UserUttered)]
    assert texts == ["first", "second", "third"]


def test_a_tracker_that_was_read_whole_adds_only_what_is_new(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("hello"))

    async def run() -> None:
        tracker = await store.retrieve_full_tracker(SENDER)
        assert tracker is not None
        tracker.update(UserUttered("again"))
        await store.save(tracker)

    asyncio.run(run())
    assert stored(store).count("user") == 2


def test_conversations_are_kept_apart(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("mine"))
    turn(store, *started(), UserUttered("yours"), sender="patient-2")
    tracker = retrieved(store)
    assert tracker is not None
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["mine"]
    assert retrieved(store, "patient-3") is None
    assert set(asyncio.run(store.keys())) == {SENDER, "patient-2"}


# Erasure


def test_a_turn_that_erases_leaves_no_event(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("my name is Maria"))
    turn(store, UserUttered("yes"), SlotSet(ERASURE_SLOT, True), BotUttered("Done."))
    assert stored(store) == []
    assert retrieved(store) is None


def test_an_erasure_reaches_earlier_sessions(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("first"))
    turn(store, *started(), UserUttered("delete"), SlotSet(ERASURE_SLOT, True))
    assert stored(store) == []


def test_an_erasure_leaves_other_conversations_alone(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("yours"), sender="patient-2")
    turn(store, *started(), SlotSet(ERASURE_SLOT, True))
    assert "user" in stored(store, "patient-2")


def test_after_an_erasure_the_conversation_begins_anew(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("my name is Maria"), SlotSet(ERASURE_SLOT, True))
    tracker = turn(store, *started(), UserUttered("hello"))
    assert tracker.get_slot(ERASURE_SLOT) is None
    assert stored(store) == ["action", "session_started", "user"]


@pytest.mark.parametrize("value", [None, False])
def test_an_empty_mark_erases_nothing(store: ClinicTrackerStore, value: object) -> None:
    turn(store, *started(), SlotSet(ERASURE_SLOT, value))
    assert stored(store) == ["action", "session_started", "slot"]


# Errors


def test_a_store_that_cannot_be_opened_ends_the_start_instead_of_forgetting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise AttributeError("no such thing")

    monkeypatch.setattr(tracker_store, "load_settings", fail)
    with pytest.raises(RasaException, match="cannot be opened"):
        ClinicTrackerStore(DOMAIN)


def test_a_text_that_the_database_refuses_fails_one_turn_only(store: ClinicTrackerStore) -> None:
    turn(store, *started(), UserUttered("before"))
    with pytest.raises(StorageUnavailable):
        turn(store, UserUttered("x"), sender="broken \ud800")
    turn(store, UserUttered("after"))
    assert stored(store).count("user") == 2


def test_a_failed_save_is_written_by_the_next_one(
    store: ClinicTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
        tracker.update_with_events([*started(), UserUttered("hello")], DOMAIN)
        with monkeypatch.context() as broken:
            broken.setattr(store, "session_scope", _refuse)
            with pytest.raises(OSError, match="disk"):
                await store.save(tracker)
        await store.save(tracker)

    asyncio.run(run())
    assert stored(store) == ["action", "session_started", "user"]


def _refuse() -> None:
    raise OSError("the disk is full")
