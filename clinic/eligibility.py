"""The contraindication check: from answers and reports to one of four outcomes.

It clears nobody. Its best outcome says that nothing the person told is on the list. The list of
conditions is the article's; the questions stand in `data/content/check.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from clinic.content.errors import ContentError
from clinic.content.files import load_mapping

Answer = Literal["yes", "no", "unsure"]
Status = Literal["present", "unsure"]
Kind = Literal["contraindication", "near", "matter"]
OutcomeName = Literal["incomplete", "nothing_on_list", "ask_doctor", "not_recommended"]

_OF_QUESTION = {"id", "conditions", "denials", "doubts"}
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True)
class Question:
    """One question of the check and the conditions that a yes to it can mean.

    `denials`: phrases that deny all of them beside a no (`Replies.is_denial`). `doubts`: phrases
    that make a reply not sure.
    """

    id: str
    conditions: tuple[str, ...]
    denials: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """The questions of the check, in the order in which they are asked."""

    questions: tuple[Question, ...]

    @property
    def conditions(self) -> tuple[str, ...]:
        """All conditions of the list."""
        return tuple(c for question in self.questions for c in question.conditions)


@dataclass(frozen=True)
class Report:
    """What a person said of their own health in free text.

    `id` is a condition of the list (kind `contraindication`), a matter near to one (`near`, e.g.
    a tablet-treated diabetes) or another health matter (`matter`). A denial is no report: free
    text never clears a condition.
    """

    id: str
    status: Status
    kind: Kind

    @property
    def is_on_list(self) -> bool:
        """Whether a condition of the list is there."""
        return self.kind == "contraindication" and self.status == "present"


@dataclass(frozen=True)
class Outcome:
    """The result of the check.

    `found`: conditions that are present. `one_of`: questions answered yes without saying which of
    their conditions it is. `unsure`: conditions and near matters that may be. `unsure_of`:
    questions answered with "not sure". `matters`: other health matters. `unanswered`: questions
    still open; the outcome may be decided before they are answered.
    """

    name: OutcomeName
    found: tuple[str, ...] = ()
    one_of: tuple[Question, ...] = ()
    unsure: tuple[str, ...] = ()
    unsure_of: tuple[Question, ...] = ()
    matters: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """Everything that decided the outcome, as ids of conditions, matters and questions."""
        questions = (*self.one_of, *self.unsure_of)
        return (*self.found, *self.unsure, *self.matters, *(question.id for question in questions))


def decide(
    check: Check, answers: Mapping[str, str | None], reports: Iterable[Report] = ()
) -> Outcome:
    """Decide the outcome of the check.

    `answers` maps question ids to yes, no or unsure; None is an open question. A yes or a present
    condition gives `not_recommended`; otherwise anything unsure, near the list or another health
    matter gives `ask_doctor`; otherwise an open question gives `incomplete`; only a no to every
    question gives `nothing_on_list`. A no never takes back a report.

    Raises:
        ValueError: an id, answer, status or kind is not known, or a report's id does not belong
            to its kind.
    """
    reports = tuple(reports)
    _check_input(check, answers, reports)
    present = {r.id for r in reports if r.is_on_list}
    maybe = {r.id for r in reports if r.kind == "contraindication" and r.status == "unsure"}
    near = tuple(dict.fromkeys(r.id for r in reports if r.kind == "near"))
    matters = tuple(dict.fromkeys(r.id for r in reports if r.kind == "matter"))
    one_of: list[Question] = []
    unsure_of: list[Question] = []
    for question in check.questions:
        answer = answers.get(question.id)
        if answer == "yes" and not present & set(question.conditions):
            # A question about a single condition says itself which one it is.
            if len(question.conditions) == 1:
                present.add(question.conditions[0])
            else:
                one_of.append(question)
        elif answer == "unsure":
            unsure_of.append(question)
    found = tuple(c for c in check.conditions if c in present)
    unsure = (*(c for c in check.conditions if c in maybe - present), *near)
    unanswered = tuple(q.id for q in check.questions if answers.get(q.id) is None)
    name: OutcomeName
    if found or one_of:
        name = "not_recommended"
    elif unsure or unsure_of or matters:
        name = "ask_doctor"
    elif unanswered:
        name = "incomplete"
    else:
        name = "nothing_on_list"
    return Outcome(name, found, tuple(one_of), unsure, tuple(unsure_of), matters, unanswered)


def load_check(folder: Path) -> Check:
    """Read the questions from `check.yml` in `folder`.

    Raises:
        ContentError: the file is missing or malformed, or an id stands in it twice.
    """
    path = folder / "check.yml"
    items = load_mapping(path).get("questions")
    if not isinstance(items, list) or not items:
        raise ContentError(f"{path}: expected a list of `questions`")
    check = Check(tuple(_question(item, path) for item in items))
    ids = [*(question.id for question in check.questions), *check.conditions]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ContentError(f"{path}: more than once: {', '.join(twice)}")
    return check


def _question(item: object, path: Path) -> Question:
    if not isinstance(item, dict) or not {"id", "conditions"} <= set(item) <= _OF_QUESTION:
        raise ContentError(f"{path}: {item!r} needs {', '.join(sorted(_OF_QUESTION))}")
    name, conditions = item["id"], item["conditions"]
    if not isinstance(conditions, list) or not conditions:
        raise ContentError(f"{path}: {name!r} needs a list of conditions")
    for text in (name, *conditions):
        if not isinstance(text, str) or not _ID.fullmatch(text):
            raise ContentError(f"{path}: {text!r} is not an id such as check_heart")
    phrases = {key: item.get(key, []) for key in ("denials", "doubts")}
    for key, of_key in phrases.items():
        if not isinstance(of_key, list) or not all(isinstance(p, str) and p for p in of_key):
            raise ContentError(f"{path}: `{key}` of {name!r} must be a list of phrases")
    return Question(name, tuple(conditions), **{key: tuple(p) for key, p in phrases.items()})


def _check_input(
    check: Check, answers: Mapping[str, str | None], reports: tuple[Report, ...]
) -> None:
    known = {question.id for question in check.questions}
    for name, answer in answers.items():
        if name not in known:
            raise ValueError(f"{name!r} is not a question of the check")
        if answer is not None and answer not in get_args(Answer):
            raise ValueError(f"{answer!r} is not an answer to {name}")
    for report in reports:
        if report.status not in get_args(Status) or report.kind not in get_args(Kind):
            raise ValueError(f"{report!r}: unknown status or kind")
        on_list = report.id in check.conditions
        if on_list != (report.kind == "contraindication") or not _ID.fullmatch(report.id):
            raise ValueError(f"{report!r}: the id does not belong to the kind")
