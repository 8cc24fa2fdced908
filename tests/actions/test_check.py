"""The contraindication check: consent, replies, corrections, and what is stored at its end."""

import pytest

from actions.check import CONSENT_VERSION, ActionStopCheck, ActionSubmitCheck, ValidateCheckForm
from actions.clarify import ActionDeclineOffer
from actions.health import ActionReadCondition
from clinic.storage.models import HealthCheck
from tests.actions.chat import question

QUESTIONS = [
    "check_pregnancy",
    "check_blood",
    "check_diabetes",
    "check_heart",
    "check_immunity",
    "check_weight",
]
ALL_NO = dict.fromkeys(QUESTIONS, "no")
FORM = ValidateCheckForm()


@pytest.fixture
def check(chat):
    """Makes a check in which consent is given and everything before `asked` is answered no."""

    def begun(asked, **slots):
        before = QUESTIONS[: QUESTIONS.index(asked)] if asked in QUESTIONS else []
        consent = {} if asked == "check_consent" else {"check_consent": "yes"}
        answers = {**consent, **dict.fromkeys(before, "no"), **slots}
        return chat(form="check_form", asked=asked, **answers)

    return begun


def report(id, status="present", kind="contraindication"):
    return {"id": id, "status": status, "kind": kind}


# The start


def test_the_check_starts_with_the_question_for_consent(chat):
    reply = chat(form="check_form").hears(FORM, "can I have it?", "check_eligibility")
    assert reply.said == []
    assert reply.slots["requested_slot"] == "check_consent"


def test_a_new_check_forgets_the_answers_of_the_last_one(chat):
    talk = chat(form="check_form", check_consent="yes", **ALL_NO)
    reply = talk.hears(FORM, "check again please", "check_eligibility")
    assert reply.slots["requested_slot"] == "check_consent"
    assert all(talk.slots[slot] is None for slot in QUESTIONS)


def test_another_forms_open_question_is_no_question_of_the_check(chat):
    talk = chat(form="check_form", asked="booking_name")
    reply = talk.hears(FORM, "can I have it?", "check_eligibility")
    assert reply.slots["requested_slot"] == "check_consent"


@pytest.mark.parametrize(
    ("told", "slot"),
    [(report("pregnancy"), "check_pregnancy"), (report("anticoagulants"), "check_blood")],
)
def test_a_condition_told_before_the_check_is_filled_in_and_named(chat, told, slot):
    talk = chat(form="check_form", reported_conditions=[told])
    talk.hears(FORM, "can I have it?", "check_eligibility")
    assert [q for q in QUESTIONS if talk.slots[q]] == [slot]
    assert talk.hears(FORM, "", "affirm").said == ["check_told_before"]


@pytest.mark.parametrize(
    "told",
    [
        report("pregnancy", "unsure"),
        report("antiplatelet_medicine", "unsure", "near"),
        report("arrhythmia", "unsure"),
    ],
)
def test_what_may_be_or_is_only_near_is_kept_and_leaves_its_question_open(chat, told):
    talk = chat(form="check_form", reported_conditions=[told])
    talk.hears(FORM, "can I have it?", "check_eligibility")
    assert [q for q in QUESTIONS if talk.slots[q]] == []
    assert talk.hears(FORM, "", "affirm").said == []
    for _ in QUESTIONS:
        talk.hears(FORM, "", "deny")
    assert talk.slots["reported_conditions"] == [told]


@pytest.mark.parametrize(
    "words", ["no its my mum takes them not me", "I never said that", "that was a joke"]
)
def test_what_was_called_a_mistake_is_asked_and_a_no_takes_it_back(chat, words):
    talk = chat(reported_conditions=[report("anticoagulants")])
    reply = talk.hears(ActionDeclineOffer(), words, "deny")
    assert reply.said == ["condition_denied"]
    assert reply.slots["pending_offer"] == "check"
    talk.form = "check_form"
    talk.hears(FORM, "yes", "check_eligibility")
    assert [q for q in QUESTIONS if talk.slots[q]] == []
    for intent in ("affirm", "deny", "deny"):
        talk.hears(FORM, "", intent)
    assert talk.slots["check_blood"] == "no"
    assert talk.slots["reported_conditions"] is None


def test_a_mistake_called_one_before_the_consent_is_asked_too(chat):
    talk = chat(form="check_form", reported_conditions=[report("insulin_dependent_diabetes")])
    talk.hears(FORM, "and for me?", "check_eligibility")
    assert talk.slots["check_diabetes"] == "yes"
    insulin = talk.condition("insulin_dependent_diabetes", "insulin")
    text = "no no, the insulin is my mum's, not mine"
    reply = talk.hears(ActionReadCondition(), text, "report_condition", insulin)
    assert reply.said == ["check_reopened"]
    reply = talk.hears(FORM, "yes", "affirm")
    assert reply.said == []
    assert talk.slots["check_diabetes"] is None
    for _ in QUESTIONS:
        talk.hears(FORM, "", "deny")
    assert talk.slots["reported_conditions"] is None


def test_a_mistake_that_is_named_leaves_the_rest_as_it_was(chat):
    told = [report("anticoagulants"), report("pregnancy")]
    talk = chat(reported_conditions=told)
    talk.hears(FORM, "can I have it?", "check_eligibility")
    clexane = talk.condition("anticoagulants", "Clexane")
    text = "delete that I take Clexane, that's wrong"
    talk.hears(ActionReadCondition(), text, "report_condition", clexane)
    talk.form = "check_form"
    talk.hears(FORM, "yes", "check_eligibility")
    assert [q for q in QUESTIONS if talk.slots[q]] == ["check_pregnancy"]


def test_a_no_takes_back_only_what_its_question_names(chat):
    told = [report("steroid_medicine", "unsure", "near"), report("cancer")]
    talk = chat(reported_conditions=told)
    talk.hears(ActionDeclineOffer(), "I never said that", "deny")
    talk.form = "check_form"
    talk.hears(FORM, "yes", "check_eligibility")
    for intent in ("affirm", *["deny"] * len(QUESTIONS)):
        talk.hears(FORM, "", intent)
    assert talk.slots["reported_conditions"] == told[:1]


def test_what_was_told_of_somebody_else_is_asked_of_who_does_the_check(chat):
    talk = chat()
    text = "for my mother: she takes warfarin. Is it allowed?"
    warfarin = talk.condition("anticoagulants", "warfarin") | {"of_another": True}
    talk.hears(ActionReadCondition(), text, "report_condition", warfarin)
    assert talk.slots["reported_conditions"] == [report("anticoagulants")]
    talk.form = "check_form"
    reply = talk.hears(FORM, "and now for me", "check_eligibility")
    assert reply.said == []
    assert [q for q in QUESTIONS if talk.slots[q]] == []
    for intent in ("affirm", "deny", "deny"):
        talk.hears(FORM, "", intent)
    assert talk.slots["check_blood"] == "no"
    assert talk.slots["reported_conditions"] is None


def test_what_is_told_of_the_patient_too_is_the_patients(chat):
    talk = chat()
    warfarin = talk.condition("anticoagulants", "warfarin")
    texts = {"my mother takes warfarin, can she have it?": True, "I take warfarin as well": False}
    for text, of_another in texts.items():
        mention = warfarin | {"of_another": of_another}
        talk.hears(ActionReadCondition(), text, "report_condition", mention)
    talk.form = "check_form"
    assert talk.hears(FORM, "can I?", "check_eligibility").said == ["outcome_earlier"]
    assert [q for q in QUESTIONS if talk.slots[q]] == ["check_blood"]


def test_what_resembles_a_condition_answers_its_question_as_unsure(check):
    talk = check("check_heart")
    skips = {**talk.condition("arrhythmia", "skips", "unsure"), "resembled": True}
    text = "only at night it goes bumm bumm and skips, thats nerves I think"
    reply = talk.hears(FORM, text, "report_condition", skips)
    assert reply.said == ["check_noted"]
    assert talk.slots["check_heart"] == "unsure"
    assert reply.slots["requested_slot"] == "check_immunity"


def test_what_resembles_a_condition_answers_no_other_question(check):
    talk = check("check_immunity")
    skips = {**talk.condition("arrhythmia", "skips", "unsure"), "resembled": True}
    reply = talk.hears(FORM, "hm it skips", "report_condition", skips)
    assert reply.said == ["check_not_understood"]
    assert talk.slots["check_immunity"] is None
    assert talk.slots["check_heart"] == "no"


def test_a_plain_no_stays_a_no_whatever_it_resembles(check):
    talk = check("check_heart")
    skips = {**talk.condition("arrhythmia", "no", "unsure"), "resembled": True}
    talk.hears(FORM, "no", "deny", skips)
    assert talk.slots["check_heart"] == "no"


def test_a_yes_to_what_was_called_a_mistake_keeps_it(chat):
    talk = chat(reported_conditions=[report("anticoagulants")])
    talk.hears(ActionDeclineOffer(), "only joking", "deny")
    talk.form = "check_form"
    talk.hears(FORM, "yes", "check_eligibility")
    for intent in ("affirm", "deny", "affirm"):
        talk.hears(FORM, "", intent)
    assert talk.slots["check_blood"] == "yes"
    assert talk.slots["reported_conditions"] == [report("anticoagulants")]


def test_a_mistake_called_one_inside_the_check_opens_its_question_again(check):
    told = [report("breastfeeding")]
    talk = check("check_heart", check_pregnancy="yes", reported_conditions=told)
    reply = talk.hears(FORM, "you misunderstood, that is my sister", "nlu_fallback")
    assert reply.said == ["check_reopened"]
    assert reply.slots["requested_slot"] == "check_pregnancy"


def test_a_condition_stated_anew_with_a_slip_of_the_reader_is_still_asked(chat):
    talk = chat()
    for words in ("my sister is breastfeeding, can I?", "I said the sister breastfeeds, not me"):
        heard = talk.condition("breastfeeding", "breastfe")
        reply = talk.hears(ActionReadCondition(), words, "report_condition", heard)
    assert reply.said == ["condition_denied"]
    talk.form = "check_form"
    text = "No, it's my sister who breastfeeds, not me! Check me only."
    talk.hears(FORM, text, "check_eligibility", talk.condition("breastfeeding", "breastfeeds"))
    assert [q for q in QUESTIONS if talk.slots[q]] == []


def test_a_condition_told_with_the_wish_for_the_check_is_filled_in(chat):
    talk = chat(form="check_form")
    cancer = talk.condition("cancer", "cancer")
    reply = talk.hears(FORM, "I had cancer, can I have it?", "check_eligibility", cancer)
    assert talk.slots["check_immunity"] == "yes"
    assert talk.slots["reported_conditions"] == [report("cancer")]
    assert reply.slots["requested_slot"] == "check_consent"


def test_a_matter_that_is_near_no_question_is_kept_and_fills_none(chat):
    talk = chat(form="check_form")
    matter = talk.condition("epilepsy", "epilepsy")
    talk.hears(FORM, "I have epilepsy, can I have it?", "check_eligibility", matter)
    assert talk.slots["reported_conditions"] == [report("epilepsy", kind="matter")]
    assert [q for q in QUESTIONS if talk.slots[q]] == []


# Consent


@pytest.mark.parametrize(
    ("text", "intent", "consent", "next_question"),
    [
        ("yes", "affirm", "yes", "check_pregnancy"),
        ("", "affirm", "yes", "check_pregnancy"),
        ("ok go ahead", "affirm", "yes", "check_pregnancy"),
        ("no", "deny", "no", None),
        ("", "deny", "no", None),
        ("no thanks", "deny", "no", None),
    ],
)
def test_consent_is_given_or_refused(check, text, intent, consent, next_question):
    reply = check("check_consent").hears(FORM, text, intent)
    assert reply.slots["check_consent"] == consent
    assert reply.slots["requested_slot"] == next_question
    assert reply.said == []


@pytest.mark.parametrize(
    ("text", "intent"), [("maybe", "not_sure"), ("", "not_sure"), ("bananas", "nlu_fallback")]
)
def test_an_unclear_reply_is_no_consent(check, text, intent):
    reply = check("check_consent").hears(FORM, text, intent)
    assert reply.said == ["check_consent_not_understood"]
    assert "check_consent" not in reply.slots
    assert reply.slots["requested_slot"] == "check_consent"


def test_the_check_is_left_at_the_second_digression_from_consent(check):
    talk = check("check_consent")
    first = talk.hears(FORM, "does it hurt?", "ask_pain", interrupted=True)
    assert (first.said, first.slots["requested_slot"]) == ([], "check_consent")
    second = talk.hears(FORM, "and the price?", "not_covered/price", interrupted=True)
    assert (second.said, second.slots["requested_slot"]) == (["check_left"], None)
    end = talk.hears(ActionSubmitCheck())
    assert end.said == []
    assert talk.slots["check_consent"] is None


def test_a_question_of_the_check_waits_through_digressions(check):
    talk = check("check_heart")
    for _ in range(3):
        reply = talk.hears(FORM, "does it hurt?", "ask_pain", interrupted=True)
        assert (reply.said, reply.slots["requested_slot"]) == ([], "check_heart")


@pytest.mark.parametrize("red_flag", ["urgent_symptoms", "self_harm"])
def test_no_check_is_offered_right_after_a_red_flag(chat, red_flag):
    talk = chat(form="check_form")
    talk.events.append({"event": "user", "parse_data": {"intent": {"name": red_flag}}})
    reply = talk.hears(FORM, "so can I have it?", "check_eligibility")
    assert (reply.said, reply.slots["requested_slot"]) == ([f"after_{red_flag}"], None)
    assert talk.hears(ActionSubmitCheck()).said == []


def test_answers_told_before_are_not_asked_again_after_consent(check):
    told = [report("pregnancy")]
    talk = check("check_consent", check_pregnancy="yes", reported_conditions=told)
    assert talk.hears(FORM, "yes", "affirm").slots["requested_slot"] == "check_blood"


def test_a_condition_told_in_the_reply_to_consent_is_kept(check):
    talk = check("check_consent")
    heart = talk.condition("arrhythmia", "arrhythmia")
    reply = talk.hears(FORM, "yes. I have arrhythmia", "affirm", heart)
    assert talk.slots["check_consent"] == "yes"
    assert talk.slots["check_heart"] == "yes"
    assert reply.slots["requested_slot"] == "check_pregnancy"


# Replies


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("", "affirm", "yes"),
        ("", "deny", "no"),
        ("", "not_sure", "unsure"),
        ("yes", "affirm", "yes"),
        ("nope", "deny", "no"),
        ("no I don't", "deny", "no"),
        ("neither", "deny", "no"),
        ("not that I know of", "deny", "no"),
        ("not sure", "not_sure", "unsure"),
        ("maybe", "not_sure", "unsure"),
        ("no idea", "not_sure", "unsure"),
        ("no, I don't think so", "deny", "unsure"),
    ],
)
def test_a_reply_answers_the_pending_question(check, asked, text, intent, answer):
    reply = check(asked).hears(FORM, text, intent)
    following = [*QUESTIONS, None][QUESTIONS.index(asked) + 1]
    assert reply.slots[asked] == answer
    assert reply.slots["requested_slot"] == following
    assert reply.said == []


@pytest.mark.parametrize(
    "text", ["no, I am pregnant", "no I do", "not now", "no thanks but why", "bananas", "42"]
)
def test_what_is_no_plain_reply_denies_nothing(check, text):
    reply = check("check_pregnancy").hears(FORM, text, "deny", confidence=0.4)
    assert reply.slots.get("check_pregnancy") != "no"


def test_no_thanks_declines_the_questions_and_is_no_answer(check):
    reply = check("check_heart").hears(FORM, "no thanks", "deny")
    assert reply.slots.get("check_heart") != "no"


@pytest.mark.parametrize(
    ("value", "words", "slot", "answer"),
    [
        ("anticoagulants", "Xarelto", "check_blood", "yes"),
        ("antiplatelet_medicine", "aspirin", "check_blood", "unsure"),
        ("pregnancy", "pregnant", "check_pregnancy", "yes"),
    ],
)
def test_a_condition_or_medicine_in_a_reply_answers_its_question(check, value, words, slot, answer):
    talk = check(slot)
    entity = talk.condition(value, words, "unsure" if answer == "unsure" else "present")
    reply = talk.hears(FORM, f"I take {words}", "report_condition", entity)
    assert reply.slots[slot] == answer
    assert reply.said == ["check_noted"]
    assert talk.slots["reported_conditions"][0]["id"] == value
    assert reply.slots["requested_slot"] == QUESTIONS[QUESTIONS.index(slot) + 1]


def test_only_aspirin_is_not_sure(check):
    talk = check("check_blood")
    aspirin = talk.condition("antiplatelet_medicine", "aspirin", "unsure")
    reply = talk.hears(FORM, "no, only aspirin", "deny", aspirin)
    assert reply.slots["check_blood"] == "unsure"


def test_a_condition_of_another_question_fills_that_one_and_the_pending_one_stays(check):
    talk = check("check_diabetes")
    pregnant = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(FORM, "I am pregnant by the way", "report_condition", pregnant)
    assert reply.slots["check_pregnancy"] == "yes"
    assert "check_diabetes" not in reply.slots
    assert reply.slots["requested_slot"] == "check_diabetes"


def test_a_correction_of_an_answered_question_is_taken(check):
    talk = check("check_heart")
    feeding = talk.condition("breastfeeding", "breastfeeding")
    reply = talk.hears(FORM, "wait, I am breastfeeding", "report_condition", feeding)
    assert reply.slots["check_pregnancy"] == "yes"
    assert reply.slots["requested_slot"] == "check_heart"


def test_a_condition_beside_a_no_is_not_lost(check):
    talk = check("check_diabetes")
    pregnant = talk.condition("pregnancy", "pregnant")
    reply = talk.hears(FORM, "no, but I am pregnant", "report_condition", pregnant)
    assert talk.slots["check_pregnancy"] == "yes"
    assert reply.slots.get("check_diabetes") in (None, "no")


def test_a_matter_that_is_on_no_list_is_noted(check):
    talk = check("check_heart")
    epilepsy = talk.condition("epilepsy", "epilepsy")
    reply = talk.hears(FORM, "I have epilepsy", "report_condition", epilepsy)
    assert reply.said == ["check_noted"]
    assert "epilepsy" in reply.messages[0]["findings"]
    assert reply.slots["requested_slot"] == "check_heart"


@pytest.mark.parametrize(
    ("bmi", "answer"), [(18.5, "no"), (24.9, "no"), (25.0, None), (29.9, None), (30.0, None)]
)
def test_a_normal_body_mass_index_answers_the_weight_question(check, bmi, answer):
    entity = {"entity": "body_mass_index", "value": bmi, "words": "165 cm"}
    reply = check("check_weight").hears(FORM, "165 cm and some kg", "nlu_fallback", entity)
    assert reply.slots.get("check_weight") == answer


def test_a_body_mass_index_of_thirty_and_more_is_a_yes(check):
    talk = check("check_weight")
    obesity = talk.condition("obesity", "165 cm and 92 kg")
    reply = talk.hears(FORM, "165 cm and 92 kg", "report_condition", obesity)
    assert reply.slots["check_weight"] == "yes"


# Denials


def denied(talk, *named):
    return [talk.condition(value, words, "denied") for value, words in named]


PREGNANT, FEEDING = ("pregnancy", "pregnant"), ("breastfeeding", "breast-feeding")


def test_a_denial_of_one_part_leaves_the_question_open(check):
    talk = check("check_pregnancy")
    reply = talk.hears(FORM, "I am not pregnant", "deny", *denied(talk, PREGNANT))
    assert reply.said == ["check_partly_denied"]
    assert "check_pregnancy" not in reply.slots
    assert reply.slots["requested_slot"] == "check_pregnancy"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("neither pregnant nor breast-feeding", [PREGNANT, FEEDING]),
        ("I am not pregnant and not breast-feeding", [PREGNANT, FEEDING]),
        ("no, I am not pregnant", [PREGNANT]),
        ("no, not pregnant", [PREGNANT]),
    ],
)
def test_a_denial_of_the_whole_question_is_a_no(check, text, named):
    talk = check("check_pregnancy")
    reply = talk.hears(FORM, text, "deny", *denied(talk, *named))
    assert reply.slots["check_pregnancy"] == "no"


def test_a_denial_of_something_else_is_no_answer_to_the_pending_question(check):
    talk = check("check_heart")
    reply = talk.hears(FORM, "no, not pregnant", "deny", *denied(talk, PREGNANT))
    assert reply.slots.get("check_heart") != "no"


def test_a_denial_with_other_words_is_no_answer(check):
    talk = check("check_pregnancy")
    text = "no, not pregnant, my insulin is fine though"
    reply = talk.hears(FORM, text, "deny", *denied(talk, PREGNANT))
    assert "check_pregnancy" not in reply.slots


@pytest.mark.parametrize("before", ["yes", "unsure"])
def test_a_denial_of_another_answered_question_opens_it_again(check, before):
    talk = check("check_heart", check_pregnancy=before)
    reply = talk.hears(FORM, "wait, I am not pregnant", "deny", *denied(talk, PREGNANT))
    assert reply.said == ["check_reopened"]
    assert reply.slots["check_pregnancy"] is None
    assert reply.slots["requested_slot"] == "check_pregnancy"


def test_after_a_question_was_opened_again_its_answer_counts(check):
    told = [report("pregnancy")]
    talk = check("check_heart", check_pregnancy="yes", reported_conditions=told)
    talk.hears(FORM, "wait, I am not pregnant", "deny", *denied(talk, PREGNANT))
    talk.hears(FORM, "no", "deny")
    assert talk.slots["check_pregnancy"] == "no"
    assert talk.slots["reported_conditions"] is None


def test_a_no_takes_back_disputed_reports_of_its_own_question_only(check):
    told = [report("pregnancy"), report("cancer")]
    talk = check("check_heart", check_pregnancy="yes", check_immunity="yes")
    talk.slots["reported_conditions"] = told
    talk.hears(FORM, "wait, I am not pregnant", "deny", *denied(talk, PREGNANT))
    talk.hears(FORM, "no", "deny")
    assert talk.slots["reported_conditions"] == [report("cancer")]


@pytest.mark.parametrize(
    ("asked", "text", "answer"),
    [
        ("check_pregnancy", "no but trying", "unsure"),
        ("check_pregnancy", "no, we're ttc", "unsure"),
        ("check_pregnancy", "no, I am in the menopause", "no"),
        ("check_pregnancy", "I am a man, so no", "no"),
        ("check_pregnancy", "no love", "no"),
        ("check_pregnancy", "no, kids are grown up", "no"),
        ("check_pregnancy", "no baby, thank you doctor", "no"),
        ("check_pregnancy", "I am in the menopause", None),
        ("check_blood", "No, nothing with the blood", "no"),
        ("check_diabetes", "no, my sugar is normal", "no"),
        ("check_heart", "no, heart is fine", "no"),
        ("check_heart", "no, my heart is fine since the operation", None),
        ("check_heart", "no, only a small net in a blood tube", None),
        ("check_immunity", "no, my immune system is strong", "no"),
        ("check_weight", "no, I am slim", "no"),
    ],
)
def test_a_reply_in_a_sentence_is_read_by_the_words_of_its_question(check, asked, text, answer):
    reply = check(asked).hears(FORM, text, "nlu_fallback")
    assert reply.slots.get(asked) == answer


def test_a_no_in_a_sentence_of_its_own_counts_before_what_answers_another_question(check):
    talk = check("check_blood")
    asthma = talk.condition("asthma", "asthma")
    talk.hears(FORM, "No. But I have asthma", "report_condition", asthma)
    assert talk.slots["check_blood"] == "no"
    talk = check("check_blood")
    warfarin = talk.condition("anticoagulants", "warfarin")
    talk.hears(FORM, "No. Well, warfarin", "report_condition", warfarin)
    assert talk.slots["check_blood"] == "yes"


@pytest.mark.parametrize("intent", ["ask_why", "ask_more"])
def test_why_the_check_asks_is_said(check, intent):
    reply = check("check_blood").hears(FORM, "why u ask", intent)
    assert reply.said == ["check_why"]
    assert reply.slots["requested_slot"] == "check_blood"


def test_text_outside_the_explicit_question_clears_nothing(check):
    told = [report("pregnancy")]
    talk = check("check_heart", check_pregnancy="yes", reported_conditions=told)
    talk.hears(FORM, "no", "deny")
    assert talk.slots["reported_conditions"] == told
    assert talk.slots["check_pregnancy"] == "yes"


def test_a_yes_is_not_weakened_by_a_later_unsure_report(check):
    talk = check("check_heart", check_blood="yes")
    aspirin = talk.condition("antiplatelet_medicine", "aspirin", "unsure")
    talk.hears(FORM, "I take aspirin too", "report_condition", aspirin)
    assert talk.slots["check_blood"] == "yes"


# Not understood, and questions in between


def test_the_second_miss_offers_help_and_a_reply_resets_the_count(check):
    talk = check("check_heart")
    assert talk.hears(FORM, "bananas").said == ["check_not_understood"]
    assert talk.hears(FORM, "apples").said == ["check_not_understood", "form_help"]
    talk.hears(FORM, "no", "deny")
    assert talk.slots["form_retries"] is None
    assert talk.hears(FORM, "bananas").said == ["check_not_understood"]


@pytest.mark.parametrize(
    "intent", ["ask_pain", "not_covered/price", "clinic_info", "stop", "greet", "delete_data/erase"]
)
def test_a_question_in_between_is_left_to_the_rules(check, intent):
    reply = check("check_heart").hears(FORM, "does it hurt?", intent)
    assert reply.said == []
    assert reply.slots == {"requested_slot": "check_heart"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok stop", "stop"),
        ("all right, stop", "stop"),
        ("ok does it hurt", "ask_pain"),
        ("fine, tell me the price", "not_covered/price"),
        ("ok I want a person", "human_handoff"),
        ("I have to go, bye", "goodbye"),
        ("good, delete my data", "delete_data/erase"),
    ],
)
def test_a_request_that_begins_like_a_yes_is_no_yes(check, text, intent):
    reply = check("check_heart").hears(FORM, text, intent)
    assert reply.slots == {"requested_slot": "check_heart"}


@pytest.mark.parametrize("text", ["I'm healthy", "I am a teacher", "I have two kids", "I'm fine"])
def test_a_statement_about_something_else_is_no_yes(check, text):
    reply = check("check_heart").hears(FORM, text, "nlu_fallback")
    assert reply.slots.get("check_heart") != "yes"


def test_a_digression_that_is_hardly_sure_is_a_reply_that_was_not_understood(check):
    reply = check("check_heart").hears(FORM, "palpi tations", "ask_pain", confidence=0.35)
    assert reply.said == ["check_not_understood"]


def test_several_questions_in_between_are_left_to_the_rules(check):
    questions = [question("ask_pain", "does it hurt"), question("ask_sessions", "how many?")]
    reply = check("check_heart").hears(
        FORM, "does it hurt and how many?", "ask_pain", confidence=0.4, questions=questions
    )
    assert reply.slots == {"requested_slot": "check_heart"}


@pytest.mark.parametrize(
    ("text", "answer"), [("No. Does it hurt?", "no"), ("Yes. Does it hurt?", "yes")]
)
def test_a_reply_with_a_question_is_taken_and_the_question_answered(check, text, answer):
    questions = [question("ask_pain", "Does it hurt?")]
    reply = check("check_heart").hears(FORM, text, "ask_pain", questions=questions)
    assert reply.slots["check_heart"] == answer
    assert reply.slots["requested_slot"] == "check_immunity"
    assert reply.said == ["pain"]


def test_a_question_that_sounds_unsure_is_no_answer(check):
    reply = check("check_heart").hears(FORM, "could it be that it hurts?", "ask_pain")
    assert "check_heart" not in reply.slots


def test_after_a_digression_the_pending_question_is_asked_again(check):
    reply = check("check_heart").hears(FORM, "does it hurt?", "ask_pain", interrupted=True)
    assert reply.said == []
    assert reply.slots == {"requested_slot": "check_heart"}


def test_asking_for_the_check_inside_the_check_asks_the_pending_question_again(check):
    talk = check("check_heart", form_retries=1)
    reply = talk.hears(FORM, "can I have it?", "check_eligibility")
    assert reply.said == []
    assert reply.slots == {"form_retries": None, "requested_slot": "check_heart"}


# The end


def finished(chat, **slots):
    return chat(form="check_form", **{"check_consent": "yes", **ALL_NO, **slots})


@pytest.mark.parametrize(
    ("answers", "reports", "outcome"),
    [
        ({}, None, "nothing_on_list"),
        ({"check_heart": "yes"}, None, "not_recommended"),
        ({"check_heart": "unsure"}, None, "ask_doctor"),
        ({"check_heart": "unsure", "check_weight": "yes"}, None, "not_recommended"),
        ({}, [report("epilepsy", kind="matter")], "ask_doctor"),
        (
            {"check_blood": "unsure"},
            [report("antiplatelet_medicine", "unsure", "near")],
            "ask_doctor",
        ),
    ],
)
def test_the_outcome_is_said_and_stored(chat, rows, answers, reports, outcome):
    talk = finished(chat, **answers, reported_conditions=reports)
    reply = talk.hears(ActionSubmitCheck(), "no", "deny")
    assert reply.said == [f"outcome_{outcome}"]
    (row,) = rows(HealthCheck)
    assert (row.conversation_id, row.outcome) == (talk.sender, outcome)
    assert row.consent_version == CONSENT_VERSION
    assert reply.slots["check_result"] == {"id": row.id, "outcome": outcome}
    assert reply.slots["pending_offer"] == "booking"


@pytest.mark.parametrize(
    ("answers", "findings"),
    [
        ({"check_weight": "yes"}, "obesity"),
        ({"check_pregnancy": "yes"}, "pregnancy or breastfeeding"),
        (
            {"check_weight": "yes", "check_diabetes": "yes"},
            "insulin-dependent diabetes and obesity",
        ),
    ],
)
def test_the_findings_are_named(chat, services, answers, findings):
    names = services.conditions.names
    expected = {
        "obesity": names["obesity"],
        "pregnancy or breastfeeding": f"{names['pregnancy']} or {names['breastfeeding']}",
        "insulin-dependent diabetes and obesity": " and ".join(
            (names["insulin_dependent_diabetes"], names["obesity"])
        ),
    }[findings]
    reply = finished(chat, **answers).hears(ActionSubmitCheck(), "yes", "affirm")
    assert reply.messages[0]["findings"] == expected


def test_only_ids_are_stored(chat, rows):
    talk = finished(
        chat, check_blood="yes", check_heart="unsure",
        reported_conditions=[report("anticoagulants"), report("epilepsy", kind="matter")],
    )  # fmt: skip
    talk.hears(ActionSubmitCheck(), "my own words", "deny")
    (row,) = rows(HealthCheck)
    assert row.findings == ["anticoagulants", "epilepsy", "check_heart"]


def test_without_consent_nothing_is_stored_and_the_list_is_shown(chat, rows):
    talk = chat(form="check_form", check_consent="no")
    reply = talk.hears(ActionSubmitCheck(), "no", "deny")
    assert reply.said == ["check_consent_refused", "contraindications"]
    assert rows(HealthCheck) == []
    assert "check_result" not in reply.slots


@pytest.mark.parametrize("consent", ["yes", "no"])
def test_the_answers_are_forgotten_at_the_end(chat, consent):
    talk = finished(chat, check_consent=consent)
    talk.hears(ActionSubmitCheck(), "no", "deny")
    kept = {name: talk.slots[name] for name in ("check_consent", *QUESTIONS, "requested_slot")}
    assert set(kept.values()) == {None}


def test_stopping_stores_nothing_and_forgets_the_answers(chat, rows):
    talk = finished(chat, check_pregnancy="yes")
    reply = talk.hears(ActionStopCheck(), "stop", "stop")
    assert reply.said == ["check_stopped"]
    assert rows(HealthCheck) == []
    assert {talk.slots[name] for name in ("check_consent", *QUESTIONS)} == {None}


def test_a_second_check_is_stored_beside_the_first(chat, rows):
    talk = finished(chat)
    talk.hears(ActionSubmitCheck(), "no", "deny")
    talk.slots |= {"check_consent": "yes", **ALL_NO, "check_heart": "yes"}
    talk.hears(ActionSubmitCheck(), "no", "deny")
    assert [row.outcome for row in rows(HealthCheck)] == ["nothing_on_list", "not_recommended"]
    assert talk.slots["check_result"]["outcome"] == "not_recommended"
