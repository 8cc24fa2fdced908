"""The rules cover every form from start to stop, and red flags before everything."""

from __future__ import annotations

import pytest

from tests.contract import said

FORMS = sorted(said.domain()["forms"])
RULES = said.rules()


def rules_with(kind: str, value: str) -> list[dict]:
    return [rule for rule in RULES.values() if value in said.steps_of(rule, kind)]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_started_by_a_rule(form: str):
    starts = [
        rule
        for rule in rules_with("action", form)
        if said.steps_of(rule, "intent") and form in said.steps_of(rule, "active_loop")
    ]
    assert starts
    for rule in starts:
        assert said.steps_of(rule, "action") == [form]
        assert rule["steps"][-1] == {"active_loop": form}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_offered_and_a_yes_accepts_it(form: str):
    offer = {"check_form": "check", "booking_form": "booking", "callback_form": "callback"}[form]
    accepting = [
        rule
        for rule in rules_with("action", form)
        if {"slot_was_set": [{"pending_offer": offer}]} in rule.get("condition", [])
    ]
    (rule,) = accepting
    assert said.steps_of(rule, "intent") == ["affirm"]
    assert said.active_loop(rule) == "none"


@pytest.mark.parametrize("form", FORMS)
def test_a_completed_form_is_submitted(form: str):
    (rule,) = [
        rule
        for rule in RULES.values()
        if said.active_loop(rule) == form and not said.steps_of(rule, "intent")
    ]
    actions = said.steps_of(rule, "action")
    assert actions == [form, f"action_submit_{form.removesuffix('_form')}"]
    assert {"active_loop": None} in rule["steps"]
    assert {"slot_was_set": [{"requested_slot": None}]} in rule["steps"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("intent", ["stop", "cancel_request"])
def test_a_form_can_be_stopped(form: str, intent: str):
    (rule,) = [rule for rule in rules_with("intent", intent) if said.active_loop(rule) == form]
    assert said.steps_of(rule, "action") == [
        f"action_stop_{form.removesuffix('_form')}",
        "action_deactivate_loop",
    ]
    assert rule["steps"][-1] == {"active_loop": None}


@pytest.mark.parametrize(
    ("intent", "response"),
    [("urgent_symptoms", "utter_urgent_symptoms"), ("self_harm", "utter_self_harm")],
)
def test_a_red_flag_is_answered_by_the_server_itself_in_and_outside_of_forms(
    intent: str, response: str
):
    (rule,) = rules_with("intent", intent)
    assert "condition" not in rule
    assert said.steps_of(rule, "action") == [response, "action_flag_urgent"]


@pytest.mark.parametrize("intent", ["delete_data", "human_handoff", "report_condition"])
def test_a_serious_wish_is_heard_inside_forms_too(intent: str):
    (rule,) = rules_with("intent", intent)
    assert "condition" not in rule


def test_every_intent_has_a_rule():
    ruled = {intent for rule in RULES.values() for intent in said.steps_of(rule, "intent")}
    intents = {next(iter(intent)) for intent in said.domain()["intents"]} | {"nlu_fallback"}
    assert ruled == intents


def test_every_action_and_form_of_a_rule_is_known():
    known = said.actions() | set(FORMS) | set(said.responses()) | {"action_deactivate_loop"}
    used = {action for rule in RULES.values() for action in said.steps_of(rule, "action")}
    assert used <= known


def test_every_action_is_reached_by_a_rule_by_a_form_or_as_a_fallback():
    used = {action for rule in RULES.values() for action in said.steps_of(rule, "action")}
    by_forms = {f"validate_{form}" for form in FORMS}
    by_forms |= {
        f"action_ask_{slot}"
        for form in said.domain()["forms"].values()
        for slot in form["required_slots"]
    }
    assert said.actions() <= used | by_forms


def test_every_offer_is_accepted_by_a_yes_and_closed_by_a_no():
    accepted = {
        condition["slot_was_set"][0]["pending_offer"]
        for rule in rules_with("intent", "affirm")
        for condition in rule["condition"]
        if "slot_was_set" in condition
    }
    offers = said.domain()["slots"]["pending_offer"]["values"]
    assert accepted == {*offers, None}
    (refused,) = rules_with("intent", "deny")
    assert said.active_loop(refused) == "none"


def test_no_story_guesses():
    config = said.read_yaml(said.ROOT / "config.yml")
    assert [policy["name"] for policy in config["policies"]] == ["RulePolicy"]
    assert not list((said.ROOT / "data").rglob("stories/*.yml"))


def test_a_title_is_a_sentence_of_behaviour():
    for title in RULES:
        assert len(title.split()) >= 4
        assert title[0].islower()
        assert not title.endswith(".")


def test_the_fallback_of_the_dialogue_is_a_registered_action():
    config = said.read_yaml(said.ROOT / "config.yml")
    assert config["policies"][0]["core_fallback_action_name"] in said.actions()
