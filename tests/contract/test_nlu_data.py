"""The training questions: enough of each, none twice, none that a component reads anyway."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from clinic.content.answers import load_answers
from components.examples import label_of
from tests.contract import said

FEWEST_PER_TOPIC = 40
FEWEST_OUTSIDE = 120
FEWEST_PER_INTENT = 10


def examples() -> dict[str, list[str]]:
    """The examples by the label that they are trained with."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((said.ROOT / "data/nlu").rglob("*.yml")):
        for block in said.read_yaml(path)["nlu"]:
            lines = block["examples"].splitlines()
            states = block.get("metadata", {}).get("states")
            label = f"{block['intent']}/{'+'.join(states)}" if states else block["intent"]
            found[label] += [line.removeprefix("- ").strip() for line in lines]
    return dict(found)


EXAMPLES = examples()
TOPICS = sorted(n for n, a in load_answers(said.CONTENT).answers.items() if a.section)


def normal(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_enough_questions(topic: str):
    assert len(EXAMPLES[f"ask_{topic}"]) >= FEWEST_PER_TOPIC


@pytest.mark.parametrize("intent", ["not_covered", "out_of_scope"])
def test_what_lies_outside_has_enough_questions(intent: str):
    of_intent = [e for label, es in EXAMPLES.items() if label.split("/")[0] == intent for e in es]
    assert len(of_intent) >= FEWEST_OUTSIDE


# Statements of several conditions are learnt as one of each.
@pytest.mark.parametrize("label", sorted(label for label in EXAMPLES if "+" not in label))
def test_no_label_is_left_almost_without_questions(label: str):
    assert len(EXAMPLES[label]) >= FEWEST_PER_INTENT


def test_every_theme_has_questions_and_no_other():
    themes = {label.split("/")[1] for label in EXAMPLES if label.startswith("not_covered/")}
    assert themes == set(load_answers(said.CONTENT).themes)


def test_every_kind_of_data_request_has_questions():
    kinds = {label for label in EXAMPLES if label.startswith("delete_data/")}
    assert {f"utter_{label}" for label in kinds} <= said.responses().keys()
    assert kinds == {"delete_data/erase", "delete_data/show", "delete_data/privacy"}


def test_rasa_reads_every_example(nlu_data):
    assert len(nlu_data.intent_examples) == sum(map(len, EXAMPLES.values()))


def test_no_question_stands_twice():
    count = Counter(text.casefold() for texts in EXAMPLES.values() for text in texts)
    assert [text for text, times in count.items() if times > 1] == []


def test_no_question_has_two_labels():
    labels: dict[str, set[str]] = defaultdict(set)
    for label, texts in EXAMPLES.items():
        for text in texts:
            if normal(text):
                labels[normal(text)].add(label)
    assert {text: of for text, of in labels.items() if len(of) > 1} == {}


def test_an_example_of_signs_alone_agrees_with_the_list_of_signs():
    signs = {
        sign: intent
        for intent, listed in said.read_yaml(said.CONTENT / "signs.yml")["signs"].items()
        for sign in listed
    }
    differing = {}
    for label, texts in EXAMPLES.items():
        for text in texts:
            if normal(text):
                continue
            known = [(text.index(sign), intent) for sign, intent in signs.items() if sign in text]
            read = min(known)[1] if known else "out_of_scope"
            if read != label.split("/")[0]:
                differing[text] = (label, read)
    assert differing == {}


def test_a_question_is_plain_text():
    every = [text for texts in EXAMPLES.values() for text in texts]
    assert [text for text in every if re.search(r"\]\(|\]\{|^/", text)] == []
    assert [text for text in every if not text or len(text) > 400] == []


def test_the_label_is_the_one_of_the_classifiers(nlu_data):
    learnt = Counter(label_of(example) for example in nlu_data.intent_examples)
    assert learnt == {label: len(texts) for label, texts in EXAMPLES.items()}


def test_only_the_examples_of_three_intents_hold_a_theme():
    assert {label.split("/")[0] for label in EXAMPLES if "/" in label} == {
        "not_covered",
        "delete_data",
        "report_condition",
    }


def test_each_of_the_ten_conditions_has_statements():
    content = said.read_yaml(said.CONTENT / "contraindications.yml")["contraindications"]
    themes = {label.split("/")[1] for label in EXAMPLES if label.startswith("report_condition/")}
    ids = [condition["id"] for condition in content]
    single = {theme for theme in themes if "+" not in theme}
    assert single == {*ids, *(f"{id}_unsure" for id in ids), "other", "nobody"}
    for theme in themes - single:
        places = [ids.index(one.removesuffix("_unsure")) for one in theme.split("+")]
        assert places == sorted(set(places)), f"{theme}: not in the order of the list"


def test_every_file_is_a_theme_with_a_version():
    for path in (said.ROOT / "data/nlu").rglob("*.yml"):
        assert said.read_yaml(path)["version"] == "3.1", path.name
