"""The training examples as the classifiers take them."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import label_of, labelled_examples, sample


def example(text: str, label: str) -> Message:
    intent, _, theme = label.partition("/")
    data = {TEXT: text, INTENT: intent} | ({INTENT_RESPONSE_KEY: label} if theme else {})
    return Message(data)


def examples(label: str, number: int) -> list[Message]:
    return [example(f"{label} {position}", label) for position in range(number)]


def test_an_example_without_a_text_or_an_intent_is_left_out() -> None:
    data = TrainingData([example("a", "greet"), Message({INTENT: "greet"}), Message({TEXT: "b"})])
    assert [e.get(TEXT) for e in labelled_examples(data)] == ["a"]


def test_a_theme_belongs_to_the_label() -> None:
    assert label_of(example("a", "not_covered/price")) == "not_covered/price"
    assert label_of(example("a", "greet")) == "greet"


def test_what_an_example_states_belongs_to_the_label() -> None:
    states = {"states": ["pregnancy", "cancer_unsure"]}
    stating = Message.build("a", "report_condition", intent_metadata=states)
    assert label_of(stating) == "report_condition/pregnancy+cancer_unsure"
    assert label_of(Message.build("a", "greet", intent_metadata={"seen": 2})) == "greet"


def test_a_sample_is_the_same_each_time_and_of_each_group_by_itself() -> None:
    many, few = examples("ask_pain", 20), examples("greet", 3)
    limit = {"ask_pain": 5, "greet": None}.get
    drawn = sample([*many, *few], str, limit, "vector")
    assert len(drawn) == 8
    assert sample([*many, *few, *examples("thanks", 9)], str, limit, "vector")[:8] == drawn
    assert [e for e in drawn if e in few] == few


def test_one_example_more_leaves_the_draw_of_the_others() -> None:
    many = examples("ask_pain", 200)
    drawn = sample(many, str, lambda _: 50, "vector")
    more = [*many[:90], example("another", "ask_pain"), *many[90:]]
    after = sample(more, str, lambda _: 50, "vector")
    assert len([e for e in after if e not in drawn]) <= 1
    # Another purpose draws others.
    assert len([e for e in sample(many, str, lambda _: 50, "other") if e not in drawn]) > 20


def test_some_examples_are_drawn_before_the_others() -> None:
    many = examples("ask_pain", 20)
    wanted = many[::7]
    drawn = sample(many, str, lambda _: 5, "vector", lambda example: example in wanted)
    assert {e.get(TEXT) for e in wanted} < {e.get(TEXT) for e in drawn}
    assert len(drawn) == 5


def test_labels_can_share_a_group() -> None:
    both = [*examples("report_condition/cancer", 4), *examples("report_condition/other", 4)]
    drawn = sample(both, lambda label: label.partition("/")[0], lambda _: 5, "vector")
    assert len(drawn) == 5
