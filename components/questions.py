"""One question or several? The clauses of a message, each with its own confidence, decide.

A message that consists of questions ("Does it hurt, and how many sessions?") is read clause by
clause. In a long story the clauses are mostly rhetorical or lean on what was said before, so there
the whole message weighs as much as the clause, and a clause must be surer.

Questions that lean on another one are dropped beside it: "Why is there caffeine, what's that for?"
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from components.asking import begins_asking
from components.clauses import Clause

# However sure the whole message is of one label, a clause can still be another question.
_LEAST_OF_WHOLE = 0.02
# A clause that is as sure as this is one question, also where it looks like a list, unless it says
# no more than one of its items does.
_SURELY_ONE = 0.9
# A list is one of questions where this share of its items is sure.
_SURE_SHARE = 2 / 3


@dataclass(frozen=True)
class Question:
    """A clause with what it asks: a label of the classifier, its confidence, its words."""

    label: str
    confidence: float
    text: str


@dataclass(frozen=True)
class Reading:
    """How sure a clause must be, and how much the whole message weighs beside it.

    Attributes:
        dense_from: share of a message's words in asking clauses from which on it consists of
            questions.
        dense_words: words up to which it also does with several asking clauses.
        dense_weight: weight of the whole message there, 0 to 1.
        dense_threshold: lowest confidence of a question there.
        dense_alone: confidence of a clause by itself from which on the whole does not count there.
        story_weight: the same in a story.
        story_threshold: the same in a story.
        part_threshold: lowest confidence of an item in a list of things.
        named_threshold: the same of a question that is only named beside others: "side effects,
            and who can't have it".
        named_words: words that such a name has at most.
        told_threshold: confidence from which on what is told beside a question asks, too, in a
            message of at most `dense_words`: "Does it hurt? The price list would be handy."
        whole_threshold: of the whole message, from which on it tells what a clause beside the only
            sure one asks: "What on earth is a roller. How often would you have that done?"
    """

    dense_from: float = 0.7
    dense_words: int = 30
    dense_weight: float = 0.3
    dense_threshold: float = 0.8
    dense_alone: float = 0.95
    story_weight: float = 0.6
    story_threshold: float = 0.85
    part_threshold: float = 0.8
    named_threshold: float = 0.95
    named_words: int = 4
    told_threshold: float = 0.99
    whole_threshold: float = 0.8


def find_questions(
    clauses: Sequence[Clause],
    text: str,
    probabilities: np.ndarray,
    labels: Sequence[str],
    is_answerable: Callable[[str], bool],
    reading: Reading,
    twins: Sequence[tuple[int, int]] = (),
    leaning: Collection[str] = (),
    names: Collection[str] = (),
    covered: Mapping[str, Collection[str]] | None = None,
) -> list[Question]:
    """Finds the questions that stand in clauses of their own, the surest one of each label.

    Args:
        clauses: of the message.
        text: the whole message.
        probabilities: (texts, labels), row 0 for the whole, the others as the clauses say. Row 0
            may add up to less than 1: the whole then weighs so much less.
        labels: the classifier's labels.
        is_answerable: whether a label is a question that has an answer.
        reading: the thresholds and weights.
        twins: columns of labels that ask the same about two treatments. "What is a roller, and does
            it hurt?" asks about the roller twice, and its second half does not say so.
        leaning: labels of questions that lean on another one.
        names: words that only name a treatment, in lower case; "smoking and meso?" is one question.
        covered: labels that an earlier one answers too, where they name no treatment: "What is
            caffeine for, and where does it come from?" asks nothing about the treatment.

    Returns:
        The questions in their order; one for a story with a single clear question, none where no
        clause is sure enough.
    """

    def asks_by_telling(clause: Clause) -> bool:
        of_clause = probabilities[clause.row]
        is_question = not clause.parts and is_answerable(labels[int(of_clause.argmax())])
        return is_question and bool(of_clause.max() >= reading.told_threshold)

    if len(text.split()) <= reading.dense_words and any(clause.asks for clause in clauses):
        clauses = [
            replace(clause, asks=clause.asks or asks_by_telling(clause)) for clause in clauses
        ]
    spoken, named = _spoken(clauses, reading)
    is_dense = consists_of_questions(clauses, text, reading)
    weight = reading.dense_weight if is_dense else reading.story_weight
    weight *= min(1.0, float(probabilities[0].sum()))
    threshold = reading.dense_threshold if is_dense else reading.story_threshold

    def read(row: int, words: str, weight: float = weight) -> Question:
        own, whole = probabilities[row], probabilities[0]
        if is_dense:
            own, whole = _with_twins_as_one(own, whole, twins)
        joined = own ** (1 - weight) * np.maximum(whole, _LEAST_OF_WHOLE) ** weight
        if is_dense and own.max() >= reading.dense_alone:
            joined = own
        best = int(joined.argmax())
        return Question(labels[best], float(joined[best] / joined.sum()), words)

    found: list[Question] = []
    for clause in spoken:
        if not clause.asks and not is_dense:
            continue
        # "Price, sessions": the whole resembles the loudest of the things, and says no more.
        parts = [read(clause.row + n, part, 0.0) for n, part in enumerate(clause.parts, 1)]
        surest = labels[int(probabilities[clause.row].argmax())]
        # "Sessions how many, price?" is no question by more than its mark.
        names_things = not begins_asking(clause.text)
        is_whole = not names_things or surest not in {part.label for part in parts}
        if is_whole and probabilities[clause.row].max() >= _SURELY_ONE:
            parts = []
        sure = [part for part in parts if part.confidence >= reading.part_threshold]
        asking = [
            part for part in sure if is_answerable(part.label) and part.text.lower() not in names
        ]
        # Beside a question, or with no more of one than its mark, a list may be a plain statement.
        may_tell = clause in named or (clause.asks and names_things)
        enough = len(asking) == len(parts) if may_tell else len(sure) >= _SURE_SHARE * len(parts)
        if enough and len({part.label for part in sure if is_answerable(part.label)}) > 1:
            found += sure
        elif clause.asks:
            found.append(read(clause.row, clause.text))
        elif clause in named:
            name = read(clause.row, clause.text)
            found += [name] if name.confidence >= reading.named_threshold else []
    kept: dict[str, Question] = {}
    for question in found:
        if is_answerable(question.label) and question.confidence >= threshold:
            before = kept.get(question.label)
            if before is None or question.confidence > before.confidence:
                kept[question.label] = question
    questions = list(kept.values())
    if len(questions) == 1:
        questions += _of_the_whole(questions[0], clauses, probabilities[0], labels, reading, twins)
        questions = [q for q in questions if is_answerable(q.label)]
    questions = [q for q in questions if q.label not in leaning] or questions
    return _without_covered(questions, covered or {}, names)


def _without_covered(
    questions: list[Question], covered: Mapping[str, Collection[str]], names: Collection[str]
) -> list[Question]:
    """Drops what an earlier question's answer covers, as `find_questions` says."""

    def is_covered(question: Question, earlier: list[Question]) -> bool:
        words = question.text.lower()
        is_beside = any(question.label in covered.get(before.label, ()) for before in earlier)
        return is_beside and not any(name in words for name in names)

    return [q for n, q in enumerate(questions) if not is_covered(q, questions[:n])]


def consists_of_questions(clauses: Sequence[Clause], text: str, reading: Reading) -> bool:
    """Tells whether a message is questions for the most part, and no story with one in it."""
    spoken, _ = _spoken(clauses, reading)
    size = len(text.split())
    if size <= reading.dense_words and sum(clause.asks for clause in clauses) > 1:
        return True
    words = sum(len(clause.text.split()) for clause in spoken)
    return words >= reading.dense_from * size


def _of_the_whole(
    found: Question,
    clauses: Sequence[Clause],
    whole: np.ndarray,
    labels: Sequence[str],
    reading: Reading,
    twins: Sequence[tuple[int, int]],
) -> list[Question]:
    """What another clause asks that is clear by the whole message alone, one question at most."""
    best = int(whole.argmax())
    of_twins = {labels[column] for pair in twins if best in pair for column in pair}
    others = [clause for clause in clauses if clause.asks and clause.text != found.text]
    is_same = found.label == labels[best] or found.label in of_twins
    if is_same or not others or whole[best] < reading.whole_threshold:
        return []
    return [Question(labels[best], float(whole[best]), others[0].text)]


def _spoken(clauses: Sequence[Clause], reading: Reading) -> tuple[list[Clause], list[Clause]]:
    """The clauses that may be questions; and of these, what is only named beside others."""
    anyone_asks = any(clause.asks for clause in clauses)

    def names(clause: Clause) -> bool:
        things = clause.parts or (clause.text,)
        return all(len(thing.split()) <= reading.named_words for thing in things)

    named = [c for c in clauses if anyone_asks and not c.asks and names(c)]
    return [c for c in clauses if c.asks or not anyone_asks or c in named], named


def _with_twins_as_one(
    own: np.ndarray, whole: np.ndarray, twins: Sequence[tuple[int, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Gives what both labels of a pair have to the one that is likelier in the clause.

    Args:
        own: probabilities of the clause, (labels,).
        whole: of the message, (labels,).
        twins: columns of the pairs.
    """
    own, whole = own.copy(), whole.copy()
    for pair in map(list, twins):
        likelier = pair[int(own[pair].argmax())]
        for probabilities in (own, whole):
            together = probabilities[pair].sum()
            probabilities[pair] = 0.0
            probabilities[likelier] = together
    return own, whole
