"""Conditions and medicines that a patient tells outside the questions of the check."""

import pytest

from actions.answering import ActionAnswer
from actions.booking import ValidateBookingForm
from actions.check import ValidateCheckForm
from actions.clarify import ActionClarify, ActionReply
from actions.emergency import ActionFlagUrgent
from actions.health import ActionReadCondition
from actions.people import ActionHandOver
from actions.reports import merged
from actions.stored_requests import ActionCancelRequest
from clinic.eligibility import Report
from tests.actions.chat import question

ACTION = ActionReadCondition()
TOLD = {"id": "pregnancy", "status": "present", "kind": "contraindication"}


@pytest.mark.parametrize(
    ("value", "status", "outcome"),
    [
        ("pregnancy", "present", "not_recommended"),
        ("pregnancy", "unsure", "ask_doctor"),
        ("anticoagulants", "present", "not_recommended"),
        ("antiplatelet_medicine", "unsure", "ask_doctor"),
        ("asthma", "present", "ask_doctor"),
    ],
)
def test_a_condition_said_up_front_needs_no_questionnaire(chat, value, status, outcome):
    talk = chat()
    reply = talk.hears(ACTION, "I have it", "report_condition", talk.condition(value, "it", status))
    assert reply.said == [f"outcome_{outcome}"]
    assert reply.slots["pending_offer"] == "booking"
    assert [r["id"] for r in talk.slots["reported_conditions"]] == [value]


@pytest.mark.parametrize(
    ("status", "asked", "said"),
    [
        ("unsure", "can I still have it?", ["outcome_ask_doctor"]),
        ("unsure", "am I out then?", ["outcome_ask_doctor"]),
        ("unsure", "what would stop me?", ["outcome_ask_doctor_noted", "contraindications"]),
        ("unsure", "who can't have it?", ["outcome_ask_doctor_noted", "contraindications"]),
        ("present", "who can't have it?", ["outcome_not_recommended"]),
    ],
)
def test_the_list_is_told_beside_what_may_be_there_if_it_is_asked_for(chat, status, asked, said):
    talk = chat()
    entity = talk.condition("pregnancy", "pregnant", status)
    asks = [question("ask_contraindications", asked)]
    text = f"maybe pregnant, {asked}"
    reply = talk.hears(ACTION, text, "report_condition", entity, questions=asks)
    assert reply.said == said


@pytest.mark.parametrize("status", ["denied", "not_own"])
def test_what_is_denied_or_somebody_elses_is_not_kept(chat, status):
    talk = chat()
    entity = talk.condition("pregnancy", "pregnant", status)
    reply = talk.hears(ACTION, "not pregnant", "report_condition", entity)
    assert "reported_conditions" not in reply.slots
    assert "outcome_nothing_on_list" not in reply.said


def test_what_else_was_told_comes_before_what_decides(chat):
    talk = chat()
    stent = talk.condition("coronary_heart_disease", "stent")
    pill = talk.condition("antiplatelet_medicine", "clopidogrel", "unsure")
    reply = talk.hears(ACTION, "a stent and clopidogrel", "report_condition", stent, pill)
    assert reply.said == ["outcome_besides", "outcome_not_recommended"]
    assert "platelet" in reply.messages[0]["findings"]


def test_what_is_near_the_condition_that_decides_is_not_told_again(chat):
    talk = chat()
    sinus = talk.condition("arrhythmia", "AFib")
    other = talk.condition("palpitations", "palpitations", "unsure")
    reply = talk.hears(ACTION, "AFib with palpitations", "report_condition", sinus, other)
    assert reply.said == ["outcome_not_recommended"]


def test_of_two_conditions_of_one_question_the_unsure_one_is_told_too(chat):
    talk = chat()
    thinner = talk.condition("anticoagulants", "Xarelto")
    clot = talk.condition("past_blood_clot", "thrombosis", "unsure")
    reply = talk.hears(ACTION, "Xarelto after a thrombosis", "report_condition", thinner, clot)
    assert reply.said == ["outcome_besides", "outcome_not_recommended"]
    assert reply.messages[0]["findings"] == "a blood clot"


def test_may_i_have_it_then_is_answered_by_the_outcome(chat):
    talk = chat()
    entity = talk.condition("weaning", "stop feeding", "unsure")
    asks = [question("ask_interval", "can i have it the week after?")]
    text = "if i stop feeding next week can i have it the week after?"
    reply = talk.hears(ACTION, text, "report_condition", entity, questions=asks)
    assert reply.said == ["outcome_ask_doctor"]
    asks = [question("ask_interval", "can i have it every week?")]
    text = "i stop feeding next week, can i have it every week?"
    reply = talk.hears(ACTION, text, "report_condition", entity, questions=asks)
    assert reply.said[0] == "outcome_ask_doctor_noted"


def test_a_denial_takes_nothing_off_the_list(chat):
    told = [{"id": "pregnancy", "status": "present", "kind": "contraindication"}]
    talk = chat(reported_conditions=told)
    entity = talk.condition("pregnancy", "pregnant", "denied")
    reply = talk.hears(ACTION, "I'm not pregnant", "report_condition", entity)
    assert reply.said == ["condition_denied"]
    assert reply.slots == {"pending_offer": "check"}
    assert talk.slots["reported_conditions"] == told


def test_a_denial_with_nothing_told_before_takes_nothing_back(chat):
    entity = chat().condition("pregnancy", "pregnant", "denied")
    reply = chat().hears(ACTION, "I'm not pregnant", "report_condition", entity)
    assert reply.said == ["condition_denied_at_first"]
    assert reply.slots == {"pending_offer": "check"}
    asks = [question("ask_sessions", "how many sessions?")]
    text = "not pregnant or anything, how many sessions?"
    reply = chat().hears(ACTION, text, "report_condition", entity, questions=asks)
    assert reply.said == ["sessions"]


@pytest.mark.parametrize(
    ("text", "intent", "reminds"),
    [
        ("and only the roller, can I?", "ask_roller_areas", True),
        ("so ok on the arms?", "ask_areas", True),
        ("after the birth, may I have it?", "ask_interval", True),
        ("just one small session then, on the thighs?", "ask_areas", True),
        ("and a very gentle one, without the injections?", "ask_uses", True),
        ("how many sessions?", "ask_sessions", False),
        ("why do creams not work?", "ask_creams", False),
    ],
)
def test_a_question_for_leave_is_not_answered_as_if_nothing_had_been_told(
    chat, text, intent, reminds
):
    talk = chat(reported_conditions=[TOLD])
    reply = talk.hears(ActionAnswer(), text, intent)
    assert (reply.said[0] == "outcome_earlier") == reminds
    assert len(reply.said) == 1 + reminds


@pytest.mark.parametrize(
    ("text", "intent", "reminds"),
    [
        ("so im good to go yeah", "affirm", True),
        ("right so we're good", "affirm", True),
        ("cool im in then", "goodbye", True),
        ("great, so that's fine", "feedback_positive", True),
        ("ok", "affirm", False),
        ("great, thanks", "thanks", False),
    ],
)
def test_small_talk_that_takes_a_yes_for_granted_gets_none(chat, text, intent, reminds):
    reply = chat(reported_conditions=[TOLD]).hears(ActionReply(), text, intent)
    assert (reply.said[0] == "outcome_earlier") == reminds


@pytest.mark.parametrize(("text", "reminds"), [("so im good to go yeah", True), ("yes", False)])
def test_a_yes_to_the_offered_request_is_no_leave(chat, text, reminds):
    talk = chat(reported_conditions=[TOLD], pending_offer="booking")
    reply = talk.hears(ValidateBookingForm(), text, "affirm")
    assert ("outcome_earlier" in reply.said) == reminds
    assert "booking_started" in reply.said


@pytest.mark.parametrize(
    ("text", "action", "intent"),
    [
        ("me too actually", ActionClarify(), "nlu_fallback"),
        ("So do I", ACTION, "report_condition"),
        ("same here", ActionClarify(), "out_of_scope"),
        ("and I am as well", ActionReply(), "feedback_positive"),
        ("I've got it as well now", ActionReply(), "feedback_positive"),
        ("well, I still do it once a day", ActionCancelRequest(), "cancel_request"),
    ],
)
def test_what_holds_for_the_patient_too_is_taken_as_told(chat, text, action, intent):
    talk = chat()
    talk.hears(
        ACTION,
        "my friend takes warfarin",
        "report_condition",
        {**talk.condition("anticoagulants", "warfarin", "not_own"), "if_patient": "present"},
    )
    assert talk.slots.get("reported_conditions") is None
    reply = talk.hears(action, text, intent)
    assert reply.said == ["outcome_not_recommended"]
    assert talk.slots["pending_offer"] == "booking"
    assert talk.hears(ActionAnswer(), "so on the arms, can I?", "ask_areas").said[0] == (
        "outcome_earlier"
    )


def test_what_holds_for_the_patient_too_does_not_hide_where_help_is(chat):
    talk = chat()
    entity = talk.condition("pregnancy", "pregnant", "not_own")
    talk.hears(ActionFlagUrgent(), "she is pregnant and bleeding", "urgent_symptoms", entity)
    reply = talk.hears(ActionReply(), "so am I", "feedback_positive")
    assert reply.said == ["after_urgent_symptoms", "outcome_ask_doctor"]


@pytest.mark.parametrize("text", ["not me", "I also have a question", "thanks", "no, so do not I"])
def test_what_does_not_say_so_holds_for_nobody(chat, text):
    talk = chat()
    entity = talk.condition("anticoagulants", "warfarin", "not_own")
    talk.hears(ACTION, "my friend takes warfarin", "report_condition", entity)
    talk.hears(ActionReply(), text, "feedback_positive")
    assert talk.slots.get("reported_conditions") is None


def test_what_is_not_on_the_list_is_not_forgotten_at_a_question_for_leave(chat):
    talk = chat(reported_conditions=[{"id": "lupus", "status": "unsure", "kind": "near"}])
    reply = talk.hears(ActionAnswer(), "just a small area, would that be ok?", "ask_areas")
    assert reply.said == ["outcome_earlier_unsure", "areas"]
    assert "lupus" in reply.messages[0]["findings"]


def test_the_other_treatment_is_no_way_around_what_was_just_told(chat):
    talk = chat(topic="sessions")
    talk.hears(ACTION, "I'm pregnant", "report_condition", talk.condition("pregnancy", "pregnant"))
    talk.events.append(
        {"event": "bot", "metadata": {"utter_action": "utter_outcome_not_recommended"}}
    )
    reply = talk.hears(ActionAnswer(), "and the roller?", "ask_other_treatment")
    assert reply.said == ["outcome_earlier", "roller_sessions"]


def test_of_what_may_not_be_the_patients_nothing_is_reminded(chat):
    talk = chat(reported_conditions=[TOLD])
    entity = talk.condition("pregnancy", "pregnant", "denied")
    talk.hears(ACTION, "I never said I was pregnant", "report_condition", entity)
    assert talk.hears(ActionAnswer(), "and on the arms, can I?", "ask_areas").said == ["areas"]


def test_somebody_elses_illness_takes_nothing_of_ones_own_back(chat):
    talk = chat(reported_conditions=[TOLD])
    entity = talk.condition("cancer", "cancer", "not_own")
    reply = talk.hears(ACTION, "my mum had cancer, not me", "report_condition", entity)
    assert "condition_denied" not in reply.said
    talk.form = "check_form"
    assert talk.hears(ValidateCheckForm(), "can I?", "check_eligibility").said == [
        "outcome_earlier"
    ]


def test_somebody_elses_condition_is_answered_with_the_list(chat):
    talk = chat()
    entity = talk.condition("pregnancy", "pregnant", "not_own")
    reply = talk.hears(ACTION, "my sister is pregnant", "report_condition", entity)
    assert reply.said == ["condition_not_own", "contraindications"]


@pytest.mark.parametrize(
    ("action", "intent", "answered"),
    [
        (ActionAnswer(), "ask_sessions", ["sessions"]),
        (ACTION, "report_condition", ["condition_not_own", "contraindications"]),
        (ActionReply(), "greet", ["greet_again"]),
        (ActionClarify(), "nlu_fallback", ["not_understood_bare"]),
        (ActionHandOver(), "human_handoff", ["human_handoff"]),
        (ValidateBookingForm(), "book_consultation", ["booking_started"]),
    ],
)
def test_a_condition_that_hardly_is_the_patients_is_not_passed_over(chat, action, intent, answered):
    talk = chat()
    entity = {**talk.condition("pregnancy", "pregnant", "not_own"), "overruled": True}
    reply = talk.hears(action, "my sister is pregnant and so am I", intent, entity)
    assert reply.said == ["condition_in_case", *answered]
    assert reply.messages[0]["findings"] == "pregnancy"
    assert "reported_conditions" not in reply.slots


def test_of_what_was_told_it_is_not_asked_whether_it_is_there(chat):
    told = {"id": "diabetes_unspecified", "status": "unsure", "kind": "near"}
    talk = chat(reported_conditions=[TOLD, told])
    named = talk.condition("diabetes_unspecified", "diabetes", "not_own")
    text = "Which diabetes exactly does your list name?"
    reply = talk.hears(ActionAnswer(), text, "ask_contraindications", {**named, "overruled": True})
    assert reply.said == ["outcome_earlier", "contraindications"]


def test_what_is_named_once_more_is_answered_with_all_that_was_told(chat):
    told = {"id": "arrhythmia", "status": "present", "kind": "contraindication"}
    talk = chat(reported_conditions=[TOLD, told])
    named = talk.condition("arrhythmia", "flutter")
    text = "so apart from the flutter nothing speaks against it?"
    reply = talk.hears(ACTION, text, "report_condition", named)
    names = talk.services.conditions.names
    assert names[TOLD["id"]] in reply.messages[0]["findings"]
    assert names["arrhythmia"] in reply.messages[0]["findings"]


def test_it_is_not_said_beside_a_condition_that_is_there(chat):
    talk = chat()
    hardly = {**talk.condition("pregnancy", "pregnant", "not_own"), "overruled": True}
    own = talk.condition("cancer", "cancer", "present")
    reply = talk.hears(ActionAnswer(), "she is pregnant, I have cancer", "ask_pain", hardly, own)
    assert reply.said == ["outcome_not_recommended_noted", "pain"]


def test_a_statement_that_was_not_read_leads_to_the_doctor(chat):
    reply = chat().hears(ACTION, "I have the thing of my aunt", "report_condition")
    assert reply.said == ["condition_unclear"]
    assert reply.slots == {"pending_offer": "check"}


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        (("cancer", "present"), ("antiplatelet_medicine", "unsure"), ["earlier", "ask_doctor"]),
        (("cancer", "present"), ("pregnancy", "present"), ["not_recommended"]),
        (("cancer", "unsure"), ("antiplatelet_medicine", "unsure"), ["ask_doctor"]),
        (("cancer", "unsure"), ("pregnancy", "present"), ["not_recommended"]),
    ],
)
def test_what_was_told_before_is_not_forgotten(chat, services, earlier, later, said):
    id, status = earlier
    talk = chat(reported_conditions=[{"id": id, "status": status, "kind": "contraindication"}])
    entity = talk.condition(later[0], "it", later[1])
    reply = talk.hears(ACTION, "I have it too", "report_condition", entity)
    assert reply.said == [f"outcome_{name}" for name in said]
    assert [r["id"] for r in talk.slots["reported_conditions"]] == [id, later[0]]
    if "earlier" in said:
        assert reply.messages[0]["findings"] == services.conditions.names[id]


def test_a_condition_beside_a_question_is_answered_first_and_the_question_too(chat):
    questions = [
        question("ask_sessions", "how many sessions"),
        question("ask_pain", "does it hurt"),
    ]
    talk = chat()
    pregnant = talk.condition("pregnancy", "pregnant")
    text = "I'm pregnant, how many sessions and does it hurt"
    reply = talk.hears(ACTION, text, "report_condition", pregnant, questions=questions)
    assert reply.said == ["outcome_not_recommended_noted", "sessions", "pain"]
    assert reply.slots["pending_offer"] is None


def test_several_findings_make_a_sentence(chat, services):
    talk = chat()
    names = services.conditions.names
    entities = [
        talk.condition("pregnancy", "pregnant"),
        talk.condition("cancer", "cancer"),
        talk.condition("obesity", "obese"),
    ]
    text = "pregnant, had cancer and am obese"
    reply = talk.hears(ACTION, text, "report_condition", *entities)
    expected = f"{names['pregnancy']}, {names['cancer']} and {names['obesity']}"
    assert reply.messages[0]["findings"] == expected


def test_every_id_of_the_content_has_words_and_an_outcome(chat, services):
    for value in services.conditions.names:
        talk = chat()
        entity = talk.condition(value, "it")
        reply = talk.hears(ACTION, "I have it", "report_condition", entity)
        assert reply.said[0] in ("outcome_not_recommended", "outcome_ask_doctor"), value
        assert services.conditions.names[value] in reply.messages[0]["findings"]


@pytest.mark.parametrize(
    ("before", "later", "kept"),
    [
        ("unsure", "present", "present"),
        ("present", "unsure", "present"),
        ("unsure", "unsure", "unsure"),
    ],
)
def test_a_later_report_strengthens_and_never_weakens(before, later, kept):
    first = Report("cancer", before, "contraindication")
    second = Report("cancer", later, "contraindication")
    assert [r.status for r in merged([first], [second])] == [kept]
