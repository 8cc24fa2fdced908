from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.questions import (
    FOLDS,
    FOREIGN,
    Question,
    folds,
    read_frozen,
    read_training,
    some_labels,
    write_training,
)
from scripts.report import Problem
from scripts.settings import ROOT


def training(labels: int = 3, each: int = 20) -> list[Question]:
    return [Question(f"{n} of {k}", f"ask_{k}") for k in range(labels) for n in range(each)]


def test_frozen_questions_keep_their_kind_and_several_at_once_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "- intent: not_covered/price\n  plain: ['how much?']\n  faq: [Prices]\n"
        "- intent: out_of_scope\n  terse: ['umbrella?']\n"
        "- text: price? pain?\n  intents: [not_covered/price, ask_pain]\n"
    )
    found = read_frozen(tmp_path)
    assert [(q.text, q.intent, q.kind) for q in found] == [
        ("how much?", "not_covered", "plain"),
        ("Prices", "not_covered", "faq"),
        ("umbrella?", "out_of_scope", FOREIGN),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- intent: ask_pain\n  poetic: [O pain]\n", r"a\.yml, ask_pain: unknown poetic"),
        ("- intent: ask_pain\n  terse: [no]\n", r"a\.yml, ask_pain, terse: `False` is no text"),
        ("- plain: [what]\n", r"a\.yml: an entry without `intent`"),
        ("intent: ask_pain\n", r"a\.yml: expected a list"),
        ("- [", r"a\.yml: "),
        ("[]", "no frozen questions"),
    ],
)
def test_a_frozen_file_that_is_not_understood_is_named(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(Problem, match=message):
        read_frozen(tmp_path)


def test_a_missing_frozen_set_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no frozen questions in .*--frozen names another folder"):
        read_frozen(tmp_path / "nowhere")


def test_written_questions_are_read_back_as_they_were(tmp_path: Path) -> None:
    texts = ["- is that a dash?", "what: now", "👍", 'it\'s "quoted"', "# no comment", "null"]
    questions = [Question(text, "ask_a") for text in texts] + [Question("50 %", "ask_b/theme")]
    questions.append(
        Question("due in May, on Eliquis", "report_condition/pregnancy+anticoagulants")
    )
    write_training(tmp_path / "folder" / "nlu.yml", questions)
    assert read_training(tmp_path) == questions
    # Rasa would ask for a response to a theme; what is stated stands in the metadata.
    assert "intent: report_condition\n" in (tmp_path / "folder" / "nlu.yml").read_text()


def test_all_training_questions_of_the_project_are_read() -> None:
    lines = 0
    for path in (ROOT / "data/nlu").rglob("*.yml"):
        blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        lines += sum(len(block["examples"].splitlines()) for block in blocks)
    assert len(read_training(ROOT / "data/nlu")) == lines


def test_a_file_in_another_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("nlu: [greet]")
    with pytest.raises(Problem, match=r"a\.yml: expected `nlu:`"):
        read_training(tmp_path)


def test_each_sampled_question_is_held_out_once_and_never_trained_with() -> None:
    found = folds(training(), per_label=10)
    held_out = [q for fold in found for q in fold.held_out]
    assert len(found) == FOLDS
    assert len(held_out) == len(set(held_out)) == 30
    for fold in found:
        assert not set(fold.training) & set(fold.held_out)
        assert set(fold.training) | set(fold.held_out) == set(held_out)


def test_every_label_stands_in_every_fold_alike() -> None:
    for fold in folds(training(), per_label=10):
        assert (
            sorted(q.label for q in fold.held_out) == ["ask_0"] * 2 + ["ask_1"] * 2 + ["ask_2"] * 2
        )


def test_the_sample_is_the_same_each_time_and_does_not_depend_on_other_labels() -> None:
    assert folds(training(), 10) == folds(training(), 10)
    of_first = [[q for q in f.held_out if q.label == "ask_0"] for f in folds(training(3), 10)]
    assert of_first == [f.held_out for f in folds(training(1), 10)]


def test_a_label_with_too_few_questions_is_named() -> None:
    with pytest.raises(Problem, match="ask_0 has 4 of the 10"):
        folds(training(each=4), per_label=10)


def test_a_quick_try_keeps_the_foreign_messages() -> None:
    questions = [*training(9), Question("umbrella?", "out_of_scope")]
    kept = {q.label for q in some_labels(questions, 3)}
    assert "out_of_scope" in kept
    assert 3 <= len(kept) <= 4
    with pytest.raises(Problem, match="--labels 99: there are 10 labels"):
        some_labels(questions, 99)
