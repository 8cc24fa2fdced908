"""From predictions and timings to the figures of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.questions import FOREIGN_INTENT, Question

FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Share:
    """So many right answers of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share, between 0 and 1."""
        return self.right / self.of


@dataclass(frozen=True)
class Figures:
    """Everything that is measured of one pipeline."""

    accuracy: dict[str, Share]
    not_understood: Share
    macro_f1: float
    folds: list[Share]
    training_seconds: float
    training_memory: int
    archive_bytes: int
    loaded_memory: int
    milliseconds: list[float]


def is_right(question: Question, predicted: str) -> bool:
    """Says whether the intent fits; a foreign message may also not be understood at all."""
    if question.intent == FOREIGN_INTENT and predicted == FALLBACK:
        return True
    return predicted == question.intent


def share_right(questions: Sequence[Question], predicted: Sequence[str]) -> Share:
    """Counts the right predictions."""
    right = sum(is_right(q, p) for q, p in zip(questions, predicted, strict=True))
    return Share(right, len(questions))


def share_not_understood(predicted: Sequence[str]) -> Share:
    """Counts the questions that a pipeline was not sure enough of."""
    return Share(sum(intent == FALLBACK for intent in predicted), len(predicted))


def accuracy_by_kind(questions: Sequence[Question], predicted: Sequence[str]) -> dict[str, Share]:
    """Returns the share of right predictions of each kind, and of `all`."""
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for question, intent in zip(questions, predicted, strict=True):
        for kind in ("all", question.kind):
            of[kind] += 1
            right[kind] += is_right(question, intent)
    return {kind: Share(right[kind], number) for kind, number in of.items()}


def macro_f1(questions: Sequence[Question], predicted: Sequence[str]) -> float:
    """Returns the mean F1 of the intents that are expected at least once.

    A foreign message that is not understood counts as `out_of_scope`; any other question that is
    not understood is a miss of its own intent and a false alarm of none.
    """
    hits: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for question, intent in zip(questions, predicted, strict=True):
        right = is_right(question, intent)
        expected[question.intent] += 1
        given[question.intent if right else intent] += 1
        hits[question.intent] += right
    scores = [2 * hits[name] / (expected[name] + given[name]) for name in expected]
    return sum(scores) / len(scores)


def percentile(values: Iterable[float], percent: float) -> float:
    """Returns the smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    position = -(-len(ordered) * percent // 100)
    return ordered[max(int(position) - 1, 0)]


def confusions(questions: Sequence[Question], predicted: Sequence[str]) -> Counter[tuple[str, str]]:
    """Counts pairs of what was meant and what was understood, the right ones included."""
    return Counter(
        (question.intent, question.intent if is_right(question, intent) else intent)
        for question, intent in zip(questions, predicted, strict=True)
    )
