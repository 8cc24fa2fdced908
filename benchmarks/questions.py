"""The questions that a pipeline learns from and those that it is measured on."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.report import Problem

SEED = 20261123
FOLDS = 5
# Messages before the first timed one: they fill caches and, with TensorFlow, build graphs.
WARM_UP = 20
FOREIGN = "foreign"
# The keys of an entry of the frozen set, in the order of the table.
KINDS = ("plain", "terse", "misspelt", "story", "faq")
FOREIGN_INTENT = "out_of_scope"
# Between the conditions in a label for several.
_TOGETHER = "+"
# What a statement of health states, which the metadata of its examples list, stands in the label
# as a theme.
_REPORT = "report_condition"
_STATES = "states"


@dataclass(frozen=True)
class Question:
    """A text and the label that it belongs to; `kind` says how a frozen question is put."""

    text: str
    label: str
    kind: str = ""

    @property
    def intent(self) -> str:
        """The label without its theme, which is what both pipelines are compared by."""
        return self.label.partition("/")[0]


@dataclass(frozen=True)
class Fold:
    """A part of the sample to measure on, and the rest of it to train with."""

    training: list[Question]
    held_out: list[Question]


def read_frozen(folder: Path) -> list[Question]:
    """Reads the frozen set: every question that has one label, in the order of the files.

    Entries with several labels are left out, as only one intent is compared.

    Raises:
        Problem: There is no such set, or an entry is not understood; the text names the file.
    """
    found: list[Question] = []
    for path in sorted(folder.glob("*.yml")):
        entries = _read_yaml(path)
        if not isinstance(entries, list):
            raise Problem(f"{path}: expected a list of entries `- intent: ...`")
        for entry in entries:
            found += _frozen_entry(path, entry)
    if not found:
        raise Problem(
            f"no frozen questions in {folder}/: expected *.yml with entries `- intent: ...`;"
            " --frozen names another folder"
        )
    return found


def _frozen_entry(path: Path, entry: Any) -> list[Question]:
    if isinstance(entry, dict) and "intents" in entry:
        return []
    if not isinstance(entry, dict) or not isinstance(entry.get("intent"), str):
        raise Problem(f"{path}: an entry without `intent`: {str(entry)[:80]}")
    label = entry["intent"]
    unknown = sorted(str(key) for key in entry.keys() - {"intent", *KINDS})
    if unknown:
        raise Problem(
            f"{path}, {label}: unknown {', '.join(unknown)}; there are {', '.join(KINDS)}"
        )
    questions = []
    for kind in KINDS:
        for text in entry.get(kind) or []:
            if not isinstance(text, str):
                raise Problem(f"{path}, {label}, {kind}: `{text}` is no text; put it in quotes")
            foreign = label.partition("/")[0] == FOREIGN_INTENT
            questions.append(Question(text, label, FOREIGN if foreign else kind))
    return questions


def read_training(folder: Path) -> list[Question]:
    """Reads all training questions.

    Raises:
        Problem: There are none, or a file is not in Rasa's format.
    """
    found: list[Question] = []
    for path in sorted(folder.rglob("*.yml")):
        content = _read_yaml(path)
        try:
            for block in content["nlu"]:
                lines = [line.strip() for line in block["examples"].splitlines()]
                texts = [line.removeprefix("- ").strip() for line in lines if line]
                found += [Question(text, _label_of(block)) for text in texts]
        except (KeyError, TypeError, AttributeError) as error:
            raise Problem(f"{path}: expected `nlu:` with `intent` and `examples`") from error
    if not found:
        raise Problem(f"no training questions in {folder}/")
    return found


def _label_of(block: Mapping[str, Any]) -> str:
    states = (block.get("metadata") or {}).get(_STATES)
    intent: str = block["intent"]
    return f"{intent}/{_TOGETHER.join(states)}" if states else intent


def by_label(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """Returns the questions of each label, labels in alphabetical order."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.label, []).append(question)
    return dict(sorted(found.items()))


def some_labels(questions: Sequence[Question], number: int) -> list[Question]:
    """Returns the questions of `number` labels and the foreign ones, always the same; for a try."""
    labels = list(by_label(questions))
    if not 2 <= number <= len(labels):
        raise Problem(
            f"--labels {number}: there are {len(labels)} labels, and a pipeline needs two"
        )
    kept = {*random.Random(SEED).sample(labels, number), FOREIGN_INTENT}
    return [question for question in questions if question.label in kept]


def sample(questions: Iterable[Question], per_label: int) -> list[Question]:
    """Draws `per_label` questions of each label, always the same.

    A label with fewer questions gives all that it has. Statements of several conditions, hundreds
    of labels with a question or two each, are left out.
    """
    drawn: list[Question] = []
    for label, of_label in by_label(questions).items():
        if _TOGETHER in label:
            continue
        # A generator of its own: more questions of one label leave the others' sample as it is.
        chance = random.Random(f"{SEED}/{label}")
        drawn += chance.sample(of_label, min(per_label, len(of_label)))
    return drawn


def folds(questions: Iterable[Question], per_label: int) -> list[Fold]:
    """Draws `per_label` questions of each label, always the same, and parts them into folds.

    A label with fewer questions gives all that it has. Every label stands in every fold.

    Raises:
        Problem: A label would be missing from a fold.
    """
    parts: list[list[Question]] = [[] for _ in range(FOLDS)]
    for label, of_label in by_label(sample(questions, per_label)).items():
        if len(of_label) < FOLDS:
            raise Problem(
                f"{FOLDS} folds need {FOLDS} questions of each label; {label} has {len(of_label)}"
                f" of the {per_label} that --held-out-per-label asks for"
            )
        for position, question in enumerate(of_label):
            parts[position % FOLDS].append(question)
    return [
        Fold([q for other in parts if other is not part for q in other], part) for part in parts
    ]


def write_training(path: Path, questions: Iterable[Question]) -> None:
    """Writes questions in Rasa's format."""
    blocks = []
    for label, of_label in by_label(questions).items():
        intent, _, theme = label.partition("/")
        block: dict[str, Any] = {"intent": label}
        if intent == _REPORT and theme:
            block = {"intent": intent, "metadata": {_STATES: theme.split(_TOGETHER)}}
        blocks.append(block | {"examples": "".join(f"- {q.text}\n" for q in of_label)})
    write_yaml(path, {"version": "3.1", "nlu": blocks})


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a YAML file, and its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Problem(f"{path}: {error}") from error
