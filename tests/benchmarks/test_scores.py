from __future__ import annotations

import pytest

from benchmarks.questions import FOREIGN, Question
from benchmarks.scores import (
    Share,
    accuracy_by_kind,
    confusions,
    is_right,
    macro_f1,
    percentile,
    share_not_understood,
    share_right,
)

PAIN = Question("does it hurt?", "ask_pain", "plain")
PRICE = Question("price", "not_covered/price", "terse")
UMBRELLA = Question("umbrella?", "out_of_scope", FOREIGN)


@pytest.mark.parametrize(
    ("question", "predicted", "right"),
    [
        (PAIN, "ask_pain", True),
        (PAIN, "nlu_fallback", False),
        (PRICE, "not_covered", True),
        (UMBRELLA, "out_of_scope", True),
        (UMBRELLA, "nlu_fallback", True),
        (UMBRELLA, "ask_pain", False),
    ],
)
def test_the_intent_decides_and_a_foreign_message_may_be_not_understood(
    question: Question, predicted: str, right: bool
) -> None:
    assert is_right(question, predicted) is right


def test_accuracy_is_counted_in_all_and_for_each_kind() -> None:
    found = accuracy_by_kind([PAIN, PAIN, PRICE, UMBRELLA], ["ask_pain", "x", "x", "nlu_fallback"])
    assert found == {
        "all": Share(2, 4),
        "plain": Share(1, 2),
        "terse": Share(0, 1),
        FOREIGN: Share(1, 1),
    }
    assert share_right([PAIN, PRICE], ["ask_pain", "x"]) == Share(1, 2)
    with pytest.raises(ValueError):
        share_right([PAIN], [])


def test_macro_f1_is_the_mean_over_the_expected_intents() -> None:
    # pain: one hit, one miss, one false alarm; price: one miss.
    assert macro_f1([PAIN, PAIN, PRICE], ["ask_pain", "x", "ask_pain"]) == pytest.approx(0.25)
    assert macro_f1([PAIN, PRICE], ["ask_pain", "not_covered"]) == 1.0


def test_a_question_that_is_not_understood_is_no_false_alarm_of_foreign_messages() -> None:
    assert macro_f1([UMBRELLA, PAIN], ["nlu_fallback", "nlu_fallback"]) == pytest.approx(0.5)


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(reversed(values), 50) == 50
    assert percentile(values, 99) == 99
    assert percentile([7.0], 99) == 7
    assert percentile([1.0, 2.0, 3.0], 50) == 2


def test_confusions_hold_the_right_answers_too() -> None:
    found = confusions([UMBRELLA, PAIN, PAIN], ["nlu_fallback", "x", "x"])
    assert found == {("out_of_scope", "out_of_scope"): 1, ("ask_pain", "x"): 2}


def test_what_a_pipeline_is_not_sure_of_is_counted() -> None:
    found = share_not_understood(["ask_pain", "nlu_fallback", "nlu_fallback", "out_of_scope"])
    assert (found.right, found.of) == (2, 4)
