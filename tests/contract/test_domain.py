"""Domain, actions and responses fit one another: nothing is missing, nothing is left over."""

from __future__ import annotations

import string

import pytest

from clinic.content.answers import load_answers
from clinic.content.wording import clinic_variables
from clinic.profile import load_profile
from tests.contract import said


@pytest.fixture(scope="module")
def registered() -> dict[str, type]:
    """The actions that the action server offers, by name; those of tests left out."""
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    owners = {name: type(run.__self__) for name, run in executor.actions.items()}
    return {name: owner for name, owner in owners.items() if owner.__module__.startswith("actions")}


def test_the_domain_lists_the_actions_that_the_server_offers(registered: dict[str, type]):
    assert sorted(registered) == sorted(said.domain()["actions"])


def test_an_action_class_is_named_after_its_action(registered: dict[str, type]):
    for name, owner in registered.items():
        assert owner.__name__.lower() == name.replace("_", "")


def test_rasa_reads_the_whole_domain(loaded_domain):
    assert set(said.responses()) <= set(loaded_domain.responses)
    assert set(said.domain()["forms"]) == set(loaded_domain.forms)
    assert set(said.domain()["actions"]) <= set(loaded_domain.action_names_or_texts)


def test_every_response_that_code_or_rules_name_exists():
    in_code, _ = said.responses_in_code()
    in_rules = {
        action
        for rule in said.rules().values()
        for action in said.steps_of(rule, "action")
        if action.startswith("utter_")
    }
    needed = in_code | in_rules | said.asked_by_forms()
    for names in said.responses_put_together().values():
        needed |= names
    assert sorted(needed - said.responses().keys()) == []


def test_every_pattern_by_which_code_names_a_response_is_known():
    _, patterns = said.responses_in_code()
    assert patterns == set(said.responses_put_together())


def test_every_response_is_used():
    in_code, _ = said.responses_in_code()
    in_rules = {a for rule in said.rules().values() for a in said.steps_of(rule, "action")}
    used = in_code | in_rules | said.asked_by_forms() | said.second_parts()
    for names in said.responses_put_together().values():
        used |= names
    assert sorted(said.responses().keys() - used) == []


def test_a_response_has_one_text_for_every_visitor():
    for name, variants in said.responses().items():
        assert len(variants) == 1, name
        assert set(variants[0]) <= {"text", "buttons", "metadata"}, name
        assert variants[0]["text"].strip(), name


def test_every_variable_of_a_response_is_given_by_the_profile_or_by_code():
    of_clinic = clinic_variables(load_profile(said.CONTENT), 90).keys()
    by_code = {
        # Of each response, what its action passes.
        "utter_booking_summary": {"name", "contact", "when", "shared", "slip"},
        "utter_booking_confirmed": {"reference"},
        "utter_booking_already_stored": {"reference"},
        "utter_booking_changed": {"reference"},
        "utter_booking_cancelled": {"reference", "name"},
        "utter_booking_cancel_asked": {"reference", "name", "when"},
        "utter_booking_cancel_which": {"requests"},
        "utter_booking_change_stopped": {"reference"},
        "utter_booking_change_started": {"reference"},
        "utter_callback_confirmed": {"name", "contact"},
        "utter_check_noted": {"findings"},
        "utter_check_told_before": {"findings"},
        "utter_outcome_besides": {"findings"},
        "utter_condition_in_case": {"findings"},
        "utter_told_in_chat": {"findings"},
        "utter_outcome_not_recommended": {"findings"},
        "utter_outcome_earlier": {"findings"},
        "utter_outcome_earlier_unsure": {"findings"},
        "utter_outcome_ask_doctor": {"findings"},
        "utter_outcome_not_recommended_noted": {"findings"},
        "utter_outcome_ask_doctor_noted": {"findings"},
        "utter_data_erased": {"receipt"},
        "utter_delete_data/show": {"held"},
        "utter_source": {"article", "author", "section", "reviewed_on"},
        "utter_source_general": {"article", "author"},
    }
    for name, text in said.texts():
        used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        assert used - of_clinic == by_code.get(name, set()), name


@pytest.mark.parametrize(
    "response",
    [
        "utter_urgent_symptoms",
        "utter_self_harm",
        "utter_after_urgent_symptoms",
        "utter_after_self_harm",
        "utter_failure",
    ],
)
def test_what_is_said_in_an_emergency_names_the_number_and_sells_nothing(response: str):
    (variant,) = said.responses()[response]
    assert "{emergency_number}" in variant["text"]
    assert "buttons" not in variant
    assert "consultation" not in variant["text"]


# Intents


def test_every_topic_has_an_intent_a_rule_and_an_answer():
    topics = {n for n, answer in load_answers(said.CONTENT).answers.items() if answer.section}
    intents = {next(iter(intent)) for intent in said.domain()["intents"]}
    context = {"ask_more", "ask_why", "ask_other_treatment"}
    assert {i.removeprefix("ask_") for i in intents - context if i.startswith("ask_")} == topics
    answered = {
        intent
        for rule in said.rules().values()
        if said.steps_of(rule, "action") == ["action_answer"]
        for intent in said.steps_of(rule, "intent")
    }
    assert answered == {f"ask_{topic}" for topic in topics} | context | {
        "not_covered",
        "clinic_info",
    }


def test_no_entity_of_a_message_moves_the_dialogue():
    assert [i for i in said.domain()["intents"] if list(i.values()) != [{"use_entities": []}]] == []


def test_every_intent_of_the_domain_is_trained(nlu_data):
    intents = {next(iter(intent)) for intent in said.domain()["intents"]}
    # Rasa adds an example without a text for each intent of the rules.
    trained = {e.get("intent") for e in nlu_data.intent_examples if e.get("text")}
    assert intents == trained


# Forms and slots


@pytest.mark.parametrize("form", said.domain()["forms"])
def test_what_a_form_leaves_to_the_rules_are_intents(form: str, loaded_domain):
    ignored = said.domain()["forms"][form]["ignored_intents"]
    assert set(ignored) <= set(loaded_domain.intents)
    assert len(set(ignored)) == len(ignored)


@pytest.mark.parametrize("form", said.domain()["forms"])
def test_a_form_ignores_every_intent_that_is_no_reply(form: str, loaded_domain):
    replies = {"affirm", "deny", "not_sure", "out_of_scope", "nlu_fallback"}
    of_rasa = {"back", "restart", "session_start"}
    ignored = set(said.domain()["forms"][form]["ignored_intents"])
    assert ignored == set(loaded_domain.intents) - replies - of_rasa


def test_no_slot_is_filled_from_text_without_our_reading_it():
    kinds = {m["type"] for slot in said.domain()["slots"].values() for m in slot["mappings"]}
    assert kinds == {"custom"}


@pytest.mark.parametrize("form", said.domain()["forms"])
def test_a_form_has_a_reader_and_a_question_for_each_of_its_slots(form: str):
    assert f"validate_{form}" in said.actions()
    for slot in said.domain()["forms"][form]["required_slots"]:
        assert slot in said.domain()["slots"]
        assert slot.startswith(form.removesuffix("form"))
        asked = f"utter_ask_{slot}" in said.responses()
        assert asked != (f"action_ask_{slot}" in said.actions())


def test_the_conversation_forgets_slots_between_sessions():
    assert said.domain()["session_config"]["carry_over_slots_to_new_session"] is False


# Buttons


def test_a_button_that_sends_a_payload_sends_an_intent_of_the_domain(loaded_domain):
    sent = [button["payload"] for _, button in said.buttons()]
    intents = [payload.removeprefix("/") for payload in sent if payload.startswith("/")]
    assert len(intents) > 20
    assert sorted(set(intents) - set(loaded_domain.intents)) == []


def test_a_button_that_sends_words_is_told_apart_from_a_payload():
    for _, button in said.buttons():
        assert set(button) == {"title", "payload"}
        # "No" without quotes is a truth value to PyYAML and a text to Rasa.
        assert isinstance(button["title"], str), button
        assert not button["payload"].startswith(("/ ", " "))
        assert len(button["title"]) <= 30


def test_every_next_step_of_an_answer_is_an_intent(loaded_domain):
    content = load_answers(said.CONTENT)
    steps = {step for item in content.answers.values() for step in item.next}
    steps |= {step for theme in content.themes.values() for step in theme.next}
    plain = {*content.dialogue_buttons, "not_covered", "clinic_info"}
    payloads = {step if step in plain else f"ask_{step}" for step in steps}
    assert payloads <= set(loaded_domain.intents)


@pytest.mark.parametrize(
    ("response", "offer"),
    [
        ("utter_outcome_not_recommended", "booking"),
        ("utter_human_handoff", "callback"),
        ("utter_delete_data/erase", "erasure"),
        ("utter_condition_denied", "check"),
    ],
)
def test_a_reply_that_asks_for_a_yes_has_buttons_for_yes_and_no(response: str, offer: str):
    (variant,) = said.responses()[response]
    assert [button["payload"] for button in variant["buttons"]] == ["/affirm", "/deny"]
    assert "Shall " in variant["text"]
    assert offer in said.domain()["slots"]["pending_offer"]["values"]
