"""No action leaves the patient without words, and no log line holds the patient's."""

import logging
import time

import pytest
from rasa_sdk.events import SlotSet

from actions import base
from actions.answering import ActionAnswer
from actions.base import SafeAction
from actions.booking import ValidateBookingForm
from actions.check import ValidateCheckForm
from actions.clarify import ActionReply
from actions.people import ActionHandOver, ValidateCallbackForm
from actions.services import services as make_services
from clinic.settings import SettingsError

SECRET = "Maria 6941234567"


class Failing(SafeAction):
    def name(self):
        return "action_failing"

    def perform(self, turn):
        turn.say("utter_greet")
        raise ValueError(f"cannot read {turn.text}")


class Slow(SafeAction):
    def name(self):
        return "action_slow"

    def perform(self, turn):
        turn.say("utter_greet")
        time.sleep(0.5)
        return [SlotSet("topic", "pain")]


class Silent(SafeAction):
    def name(self):
        return "action_silent"

    def perform(self, turn):
        return []


def test_a_failing_action_says_so_and_nothing_else(chat):
    reply = chat().hears(Failing(), SECRET)
    assert reply.said == ["failure"]
    assert reply.events == []


def test_a_failure_is_logged_without_any_words_of_the_patient(chat, caplog):
    talk = chat()
    with caplog.at_level(logging.DEBUG, logger="actions"):
        talk.hears(Failing(), SECRET)
    (record,) = (r for r in caplog.records if r.name.startswith("actions"))
    assert record.levelno == logging.ERROR
    assert "action_failing" in record.message
    assert "ValueError" in record.message
    assert "test_base.py" in record.message
    for private in ("Maria", "694", "cannot read", "Traceback", talk.sender):
        assert private not in caplog.text
    assert record.exc_info is None


def test_the_log_names_the_conversation_by_its_hash(chat, caplog):
    talk = chat()
    talk.hears(Failing(), SECRET)
    expected = base.conversation_hash(talk.sender, "a key for tests only")
    assert f"conversation={expected}" in caplog.text


def test_without_a_key_the_failure_is_still_logged_and_answered(chat, caplog, monkeypatch):
    def no_settings():
        raise SettingsError("CONVERSATION_KEY is missing")

    monkeypatch.setattr(base, "load_settings", no_settings)
    assert chat().hears(Failing(), SECRET).said == ["failure"]
    assert "conversation=unknown" in caplog.text


def test_services_that_cannot_be_made_are_answered_with_words(chat, monkeypatch):
    def no_services():
        raise SettingsError("DATABASE_URL is not a database address")

    monkeypatch.setattr(base, "services", no_services)
    assert chat().hears(ActionAnswer(), "does it hurt?", "ask_pain").said == ["failure"]


def test_a_slow_action_is_given_up_after_the_time_limit(chat, monkeypatch, caplog):
    monkeypatch.setenv("ACTION_TIME_LIMIT", "0.05")
    reply = chat().hears(Slow(), "hello")
    assert reply.said == ["failure"]
    assert reply.events == []
    assert "TimeoutError" in caplog.text


def test_an_action_within_the_limit_keeps_its_words_and_events(chat, monkeypatch):
    monkeypatch.setenv("ACTION_TIME_LIMIT", "5")
    reply = chat().hears(Slow(), "hello")
    assert reply.said == ["greet"]
    assert reply.slots == {"topic": "pain"}


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        (ValidateCheckForm(), "check_heart"),
        (ValidateBookingForm(), "booking_name"),
        (ValidateCallbackForm(), "callback_name"),
    ],
)
def test_a_form_that_failed_keeps_its_question_open(chat, monkeypatch, form, asked):
    def fail(self, turn, requested):
        raise RuntimeError("broken")

    monkeypatch.setattr(type(form), "read_reply", fail)
    reply = chat(form=form.form, asked=asked).hears(form, "no", "deny")
    assert reply.said == ["failure"]
    assert reply.slots["requested_slot"] == asked


def test_a_database_that_fails_is_answered_with_words(chat, services, monkeypatch):
    def fail():
        raise OSError("the disk is full")

    monkeypatch.setattr(services.database, "session", fail)
    assert chat().hears(ActionHandOver(), "a person", "human_handoff").said == ["failure"]


# The notice at first contact


def test_the_notice_stands_first_and_once(chat):
    talk = chat(first_contact=True)
    assert talk.hears(ActionAnswer(), "does it hurt?", "ask_pain").said == ["first_contact", "pain"]
    assert talk.hears(ActionAnswer(), "how many?", "ask_sessions").said == ["sessions"]


def test_several_answers_at_first_contact_have_one_notice(chat):
    questions = [
        {"intent": "ask_pain", "theme": None, "text": "does it hurt"},
        {"intent": "ask_sessions", "theme": None, "text": "how many"},
    ]
    reply = chat(first_contact=True).hears(
        ActionAnswer(), "does it hurt and how many", "ask_pain", questions=questions
    )
    assert reply.said == ["first_contact", "pain", "sessions"]


def test_an_action_without_words_has_no_notice(chat):
    assert chat(first_contact=True).hears(Silent(), "hello").said == []


def test_a_greeting_introduces_itself(chat):
    assert chat(first_contact=True).hears(ActionReply(), "hello", "greet").said == ["greet"]


def test_a_form_that_starts_the_conversation_shows_the_notice(chat):
    talk = chat(first_contact=True, form="booking_form")
    reply = talk.hears(ValidateBookingForm(), "book me", "book_consultation")
    assert reply.said == ["first_contact", "booking_started"]


def test_the_check_that_starts_the_conversation_shows_the_notice(chat):
    talk = chat(first_contact=True, form="check_form")
    reply = talk.hears(ValidateCheckForm(), "can I have it?", "check_eligibility")
    assert reply.said == ["first_contact"]


# The services behind the actions


def test_services_come_from_the_settings_and_are_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/clinic.db")
    make_services.cache_clear()
    try:
        made = make_services()
        assert made is make_services()
        assert made.settings.database_url.endswith(f"{tmp_path}/clinic.db")
        assert made.now().tzinfo is not None
        assert not (tmp_path / "clinic.db").exists()
    finally:
        make_services.cache_clear()
