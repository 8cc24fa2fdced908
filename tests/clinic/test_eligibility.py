"""The check: every combination of answers, and that nothing said makes the outcome milder."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.content.errors import ContentError
from clinic.eligibility import Check, Question, Report, decide, load_check
from tests.clinic.conftest import CONTENT

CHECK = load_check(CONTENT)
IDS = [question.id for question in CHECK.questions]
ALL_NO = dict.fromkeys(IDS, "no")
MILD_TO_GRAVE = ("incomplete", "nothing_on_list", "ask_doctor", "not_recommended")


def test_the_ten_conditions_of_the_article_stand_in_six_questions() -> None:
    assert set(CHECK.conditions) == {
        "blood_clotting_disorder",
        "insulin_dependent_diabetes",
        "obesity",
        "arrhythmia",
        "coronary_heart_disease",
        "immune_deficiency",
        "cancer",
        "anticoagulants",
        "pregnancy",
        "breastfeeding",
    }
    assert len(CHECK.conditions) == 10
    assert len(CHECK.questions) == 6


def test_every_combination_of_answers() -> None:
    for combination in product(("yes", "no", "unsure", None), repeat=len(IDS)):
        name = decide(CHECK, dict(zip(IDS, combination, strict=True))).name
        if "yes" in combination:
            assert name == "not_recommended"
        elif "unsure" in combination:
            assert name == "ask_doctor"
        elif None in combination:
            assert name == "incomplete"
        else:
            assert name == "nothing_on_list"


def test_no_answer_at_all_is_incomplete() -> None:
    outcome = decide(CHECK, {})
    assert outcome.name == "incomplete"
    assert outcome.unanswered == tuple(IDS)


def test_a_yes_without_more_is_one_of_the_questions_conditions() -> None:
    outcome = decide(CHECK, {**ALL_NO, "check_heart": "yes"})
    assert outcome.found == ()
    assert [(q.id, q.conditions) for q in outcome.one_of] == [
        ("check_heart", ("arrhythmia", "coronary_heart_disease"))
    ]
    assert outcome.findings == ("check_heart",)


def test_phrases_of_a_question_must_be_texts(tmp_path: Path) -> None:
    text = "questions:\n  - {id: check_heart, conditions: [arrhythmia], doubts: maybe}\n"
    (tmp_path / "check.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="`doubts` of 'check_heart'"):
        load_check(tmp_path)


def test_a_yes_to_a_question_about_one_condition_is_that_condition() -> None:
    outcome = decide(CHECK, {**ALL_NO, "check_weight": "yes"})
    assert (outcome.found, outcome.one_of) == (("obesity",), ())


def test_a_report_says_which_condition_a_yes_means() -> None:
    report = Report("anticoagulants", "present", "contraindication")
    outcome = decide(CHECK, {**ALL_NO, "check_blood": "yes"}, [report, report])
    assert (outcome.found, outcome.one_of) == (("anticoagulants",), ())


@pytest.mark.parametrize(
    ("report", "name"),
    [
        (Report("cancer", "present", "contraindication"), "not_recommended"),
        (Report("cancer", "unsure", "contraindication"), "ask_doctor"),
        (Report("type_2_diabetes", "present", "near"), "ask_doctor"),
        (Report("type_2_diabetes", "unsure", "near"), "ask_doctor"),
        (Report("epilepsy", "present", "matter"), "ask_doctor"),
        (Report("epilepsy", "unsure", "matter"), "ask_doctor"),
    ],
)
def test_a_no_takes_no_report_back(report: Report, name: str) -> None:
    outcome = decide(CHECK, ALL_NO, [report])
    assert outcome.name == name
    assert outcome.findings == (report.id,)


def test_a_decided_check_still_tells_what_is_open() -> None:
    outcome = decide(CHECK, {"check_pregnancy": "unsure", "check_blood": None})
    assert outcome.name == "ask_doctor"
    assert outcome.unsure_of == (CHECK.questions[0],)
    assert outcome.unanswered == tuple(IDS[1:])


@pytest.mark.parametrize(
    ("answers", "reports"),
    [
        ({"check_moon": "no"}, []),
        ({"check_heart": "maybe"}, []),
        ({"check_heart": "No"}, []),
        ({}, [Report("cancer", "denied", "contraindication")]),  # type: ignore[arg-type]
        ({}, [Report("cancer", "present", "other")]),  # type: ignore[arg-type]
        ({}, [Report("canser", "present", "contraindication")]),
        ({}, [Report("cancer", "present", "near")]),
        ({}, [Report("Some Text", "present", "matter")]),
    ],
)
def test_what_is_not_known_is_an_error(answers: dict[str, str], reports: list[Report]) -> None:
    with pytest.raises(ValueError):
        decide(CHECK, answers, reports)


_STATUS = st.sampled_from(("present", "unsure"))
_REPORTS = st.one_of(
    st.builds(Report, st.sampled_from(CHECK.conditions), _STATUS, st.just("contraindication")),
    st.builds(Report, st.sampled_from(("near_one", "near_two")), _STATUS, st.just("near")),
    st.builds(Report, st.sampled_from(("matter_one",)), _STATUS, st.just("matter")),
)
_ANSWERS = st.dictionaries(st.sampled_from(IDS), st.sampled_from(("yes", "no", "unsure")))


@given(_ANSWERS, st.lists(_REPORTS, max_size=4), st.lists(_REPORTS, max_size=3))
def test_another_report_never_makes_the_outcome_milder(
    answers: dict[str, str], reports: list[Report], more: list[Report]
) -> None:
    before = decide(CHECK, answers, reports)
    after = decide(CHECK, answers, [*reports, *more])
    assert MILD_TO_GRAVE.index(after.name) >= MILD_TO_GRAVE.index(before.name)
    if more:
        assert after.name in ("ask_doctor", "not_recommended")


@given(
    _ANSWERS,
    st.lists(_REPORTS, max_size=4),
    st.sampled_from(IDS),
    st.sampled_from(("yes", "unsure")),
)
def test_another_yes_or_unsure_never_makes_the_outcome_milder(
    answers: dict[str, str], reports: list[Report], question: str, answer: str
) -> None:
    answers.pop(question, None)
    before = decide(CHECK, answers, reports)
    also_no = decide(CHECK, {**answers, question: "no"}, reports)
    after = decide(CHECK, {**answers, question: answer}, reports)
    for milder in (before, also_no):
        assert MILD_TO_GRAVE.index(after.name) >= MILD_TO_GRAVE.index(milder.name)
    assert after.name not in ("nothing_on_list", "incomplete")


@given(_ANSWERS, st.lists(_REPORTS, max_size=4))
def test_nothing_on_list_needs_a_no_to_every_question_and_no_report(
    answers: dict[str, str], reports: list[Report]
) -> None:
    if decide(CHECK, answers, reports).name == "nothing_on_list":
        assert answers == ALL_NO
        assert reports == []


@given(_ANSWERS, st.lists(_REPORTS, max_size=5), st.randoms())
def test_the_order_of_what_is_said_does_not_matter(
    answers: dict[str, str], reports: list[Report], random: st.DataObject
) -> None:
    shuffled = list(reports)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = decide(CHECK, answers, reports), decide(CHECK, answers, shuffled)
    assert one.name == other.name
    assert set(one.findings) == set(other.findings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "questions: []",
        "questions: [{id: check_heart}]",
        "questions: [{id: check_heart, conditions: []}]",
        "questions: [{id: Check Heart, conditions: [a]}]",
        "questions: [{id: a, conditions: [b]}, {id: c, conditions: [b]}]",
        "questions: [{id: no, conditions: [b]}]",
        "questions: [",
    ],
)
def test_a_malformed_check_does_not_load(tmp_path: Path, text: str) -> None:
    (tmp_path / "check.yml").write_text(text)
    with pytest.raises(ContentError, match=r"check\.yml"):
        load_check(tmp_path)


def test_a_missing_check_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"check\.yml"):
        load_check(tmp_path)


def test_a_check_can_have_other_questions() -> None:
    check = Check((Question("check_one", ("one",)),))
    assert decide(check, {"check_one": "no"}).name == "nothing_on_list"
