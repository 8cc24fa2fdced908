"""Trains our pipeline and Rasa's default one on the same questions and compares what comes out.

Rasa's default needs hours for all training questions, so both learn from the same sample of them;
beside the two stands our pipeline as it is in service, trained on all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.machine import machine
from benchmarks.page import Run, page
from benchmarks.questions import (
    FOREIGN_INTENT,
    Fold,
    Question,
    by_label,
    folds,
    read_frozen,
    read_training,
    sample,
    some_labels,
    write_training,
    write_yaml,
)
from benchmarks.scores import (
    Figures,
    accuracy_by_kind,
    confusions,
    macro_f1,
    share_not_understood,
    share_right,
)
from benchmarks.steps import Result, Store
from benchmarks.table import NAMES, for_terminal, rows
from scripts.checks import call
from scripts.commands import run_logged
from scripts.preflight import require_writable
from scripts.report import Problem, Progress, run_main
from scripts.settings import ROOT, environment

TRAINING_DATA = Path("data/nlu")
# Rasa's response selector looks up its answers, and warns at each message without them.
RESPONSES = Path("data/responses")
FROZEN = Path("tests/nlu/frozen")
WORKSPACE = Path("var/benchmarks")
PAGE = Path("docs/benchmarks.md")
PICTURE = Path("docs/benchmarks_confusion.png")
# The encoder in service is tuned on the training questions; one that has never seen them is here.
UNTUNED_ENCODER = Path("benchmarks/base_encoder")
ENCODER = "components.sentence_encoder.SentenceEncoder"
RESPONSE_SELECTOR = "ResponseSelector"

IN_SERVICE = "service"
OURS = Path("config.yml")
CONFIGS = {IN_SERVICE: OURS, "ours": OURS, "default": Path("benchmarks/rasa_default.yml")}
# What a result depends on, beside the questions. What only shows results is not among it.
_MEASURING = [
    *(Path("benchmarks", name) for name in ("measure.py", "timed.py", "questions.py")),
    *(TRAINING_DATA, RESPONSES, Path("domain.yml"), Path("uv.lock")),
]
_OF_OURS = [
    *_MEASURING,
    *(OURS, UNTUNED_ENCODER, Path("components"), Path("clinic"), Path("data/content")),
]
INPUTS = {
    IN_SERVICE: _OF_OURS,
    "ours": _OF_OURS,
    "default": [*_MEASURING, CONFIGS["default"]],
}
# One line in so many seconds: Rasa's default trains for the better part of an hour.
EVERY = 60.0
BUSY = 0.5


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    frozen: Path
    per_label: int
    held_out_per_label: int
    pipelines: list[str]
    epochs: int | None
    labels: int | None
    write: bool
    resume: bool


@dataclass(frozen=True)
class Data:
    """All questions of a run."""

    everything: list[Question]
    training: list[Question]
    frozen: list[Question]
    folds: list[Fold]


def options(arguments: Sequence[str]) -> Options:
    """Reads the command line.

    Raises:
        Problem: Two options do not go together.
    """
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--frozen", type=Path, default=FROZEN, help=f"default: {FROZEN}")
    parser.add_argument(
        "--per-label",
        type=int,
        default=25,
        help="questions a label that both learn from; 0: all, which takes hours",
    )
    parser.add_argument(
        "--held-out-per-label",
        type=int,
        default=10,
        help="questions a label for the folds; 0: none",
    )
    parser.add_argument("--only", choices=list(CONFIGS), help="measure one pipeline")
    parser.add_argument("--epochs", type=int, help="for a quick try: epochs of Rasa's default")
    parser.add_argument("--labels", type=int, help="for a quick try: train with so many labels")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE} and {PICTURE}")
    parser.add_argument("--resume", action="store_true", help="keep earlier results that still fit")
    given = parser.parse_args(arguments)
    if given.write and (given.only or given.epochs or given.labels):
        raise Problem("--write is for a whole run: leave out --only, --epochs and --labels")
    return Options(
        frozen=given.frozen,
        per_label=given.per_label,
        held_out_per_label=given.held_out_per_label,
        pipelines=[given.only] if given.only else list(CONFIGS),
        epochs=given.epochs,
        labels=given.labels,
        write=given.write,
        resume=given.resume,
    )


def read_data(root: Path, chosen: Options) -> Data:
    """Reads the questions; with `--labels`, the frozen ones of those labels and foreign ones."""
    everything, frozen = read_training(root / TRAINING_DATA), read_frozen(root / chosen.frozen)
    if chosen.labels:
        everything = some_labels(everything, chosen.labels)
        known = {question.intent for question in everything} | {FOREIGN_INTENT}
        frozen = [question for question in frozen if question.intent in known]
    unknown = {q.intent for q in frozen} - {q.intent for q in everything}
    if unknown:
        print(f"note: no training questions for {', '.join(sorted(unknown))}", flush=True)
    training = sample(everything, chosen.per_label) if chosen.per_label else everything
    parts = folds(training, chosen.held_out_per_label) if chosen.held_out_per_label else []
    return Data(everything, training, frozen, parts)


def adapted(
    config: Mapping[str, Any],
    *,
    encoder: Path | None = None,
    epochs: int | None = None,
    intents_only: bool = False,
) -> dict[str, Any]:
    """Returns the configuration with another encoder, and fewer epochs where there are any.

    With `intents_only` Rasa's response selector is left out: it has no part in the intent.
    Nothing is kept from one training for the next, so that each takes its full time.

    Raises:
        Problem: The encoder is to be replaced, and the configuration has none.
    """
    left_out = {RESPONSE_SELECTOR} if intents_only else set()
    pipeline = [dict(step) for step in config["pipeline"] if step["name"] not in left_out]
    for step in pipeline:
        step.pop("cache_dir", None)
        if epochs and "epochs" in step:
            step["epochs"] = epochs
    if encoder:
        encoders = [step for step in pipeline if step["name"] == ENCODER]
        if len(encoders) != 1:
            raise Problem(f"{CONFIGS['ours']}: expected one {ENCODER} in the pipeline")
        encoders[0]["model_dir"] = encoder.as_posix()
    return {**config, "pipeline": pipeline}


class Pipeline:
    """One column of the table, with what is needed to measure it."""

    def __init__(self, key: str, root: Path, chosen: Options, store: Store) -> None:
        """Reads the pipeline's configuration; the folder for its files is made when needed."""
        self.key = key
        self.root = root
        self.chosen = chosen
        self.store = store
        self.variables = environment(root)
        self.config = yaml.safe_load((root / CONFIGS[key]).read_text(encoding="utf-8"))
        self.folder = root / WORKSPACE / key

    def figures(self, data: Data) -> tuple[Figures, list[str], set[str]]:
        """Measures everything; returns it with the frozen set's intents and the days of it."""
        inputs = INPUTS[self.key]
        quick = {"epochs": self.chosen.epochs, "labels": self.chosen.labels, "on": machine()}
        if self.key != IN_SERVICE:
            quick["per_label"] = self.chosen.per_label
        model = self.folder / "whole" / "model.tar.gz"
        trained = self.store.step(
            f"{self.key}/training", inputs, quick, lambda: self.train_whole(data), needs=model
        )
        parsed = self.store.step(
            f"{self.key}/parsing",
            [*inputs, self.chosen.frozen],
            # A new training makes a new model, even from the same data.
            {**quick, "training": trained},
            lambda: self.parse("whole", data.frozen),
        )
        sampled = {**quick, "held_out": self.chosen.held_out_per_label}
        # What runs in service has seen all questions: none could be held out.
        parts = [] if self.key == IN_SERVICE else data.folds
        held_out = [
            self.store.step(
                f"{self.key}/fold_{number}",
                inputs,
                sampled,
                lambda number=number, fold=fold: self.fold(number, fold),  # type: ignore[misc]
            )
            for number, fold in enumerate(parts, start=1)
        ]
        found = Figures(
            accuracy=accuracy_by_kind(data.frozen, parsed["intents"]),
            not_understood=share_not_understood(parsed["intents"]),
            macro_f1=macro_f1(data.frozen, parsed["intents"]),
            folds=[
                share_right(fold.held_out, result["intents"])
                for fold, result in zip(parts, held_out, strict=True)
            ],
            training_seconds=trained["seconds"],
            training_memory=trained["peak_memory"],
            archive_bytes=trained["archive_bytes"],
            loaded_memory=parsed["loaded_memory"],
            milliseconds=parsed["milliseconds"],
        )
        return found, parsed["intents"], {r["day"] for r in (trained, parsed, *held_out)}

    def train_whole(self, data: Data) -> Result:
        """Trains on all questions as in service, or on the sample that both pipelines get."""
        questions = data.everything if self.key == IN_SERVICE else data.training
        write_training(self.prepared("whole") / "nlu.yml", questions)
        return self.train("whole")

    def fold(self, number: int, fold: Fold) -> Result:
        """Trains without one part of the folds' questions, and understands that part."""
        name = f"fold_{number}"
        write_training(self.prepared(name) / "nlu.yml", fold.training)
        self.train(name, intents_only=True)
        found = self.parse(name, fold.held_out)
        shutil.rmtree(self.folder / name)
        return {"intents": found["intents"]}

    def prepared(self, name: str) -> Path:
        """Empties the folder of a training; returns where its questions go."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        questions = self.folder / name / "data"
        shutil.copytree(self.root / RESPONSES, questions / "responses")
        return questions

    def train(self, name: str, *, intents_only: bool = False) -> Result:
        """Runs `rasa train nlu`; returns its time, its peak memory and the archive's size."""
        folder = self.folder / name
        encoder = UNTUNED_ENCODER if self.key == "ours" else None
        config = adapted(
            self.config, encoder=encoder, epochs=self.chosen.epochs, intents_only=intents_only
        )
        write_yaml(folder / "config.yml", config)
        model, result = folder / "model.tar.gz", folder / "training.json"
        log = WORKSPACE / "log" / f"{self.key}_{name}_training.log"
        self.run(
            f"{self.key}, {name}: training",
            [
                *("benchmarks.timed", str(result)),
                *(sys.executable, "-m", "rasa", "train", "nlu"),
                *("--config", str(folder / "config.yml"), "--nlu", str(folder / "data")),
                *("--domain", "domain.yml", "--out", str(folder), "--fixed-model-name", "model"),
            ],
            log,
        )
        if not model.is_file():
            raise Problem(f"{self.key}, {name}: no model came out; output: {log}")
        return {**_read_json(result), "archive_bytes": model.stat().st_size}

    def parse(self, name: str, questions: Sequence[Question]) -> Result:
        """Understands the questions with the model `name`, in a fresh process."""
        folder = self.folder / name
        texts, result = folder / "texts.json", folder / "parsing.json"
        texts.write_text(json.dumps([q.text for q in questions]), encoding="utf-8")
        self.run(
            f"{self.key}, {name}: understanding {len(questions):,} questions",
            ["benchmarks.measure", str(folder / "model.tar.gz"), str(texts), str(result)],
            WORKSPACE / "log" / f"{self.key}_{name}_parsing.log",
        )
        return _read_json(result)

    def run(self, label: str, module: Sequence[str], log: Path) -> None:
        """Runs a module in a process of its own."""
        print(f"{label}: started", flush=True)
        run_logged(
            label,
            [sys.executable, "-m", *module],
            self.root / log,
            env=self.variables,
            cwd=self.root,
            every=EVERY,
        )


def _read_json(path: Path) -> Result:
    found: Result = json.loads(path.read_text(encoding="utf-8"))
    return found


def draw(root: Path, questions: Sequence[Question], predicted: Sequence[str], out: Path) -> None:
    """Draws what our pipeline confuses, in a process with matplotlib's folder set."""
    counted = confusions(questions, predicted)
    pairs = [[meant, understood, number] for (meant, understood), number in counted.items()]
    given = root / WORKSPACE / "confusions.json"
    given.write_text(json.dumps(pairs), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.confusion", str(given), str(out)]
    call(command, root, environment(root))


def main() -> int:
    """Runs `make benchmark`."""
    chosen = options(sys.argv[1:])
    require_writable(ROOT / WORKSPACE)
    inputs = [path for key in chosen.pipelines for path in INPUTS[key]] + [chosen.frozen]
    store = Store(ROOT, ROOT / WORKSPACE / "results", inputs, resume=chosen.resume)
    data = read_data(ROOT, chosen)
    print(
        f"{len(data.everything):,} training questions, {len(data.training):,} of them for the"
        f" comparison, {len(data.frozen):,} frozen ones,"
        f" {sum(len(f.held_out) for f in data.folds):,} in the folds",
        flush=True,
    )
    if os.getloadavg()[0] > BUSY:
        print("note: something else is running; times will not be comparable", flush=True)
    progress = Progress("benchmark")
    figures: dict[str, Figures] = {}
    intents: dict[str, list[str]] = {}
    days: set[str] = set()
    for key in chosen.pipelines:
        figures[key], intents[key], of_pipeline = Pipeline(key, ROOT, chosen, store).figures(data)
        days |= of_pipeline
        progress.done(f"{NAMES[key]} measured")
    table = rows(figures, chosen.held_out_per_label)
    print(f"\n{for_terminal(table)}\n", flush=True)
    if IN_SERVICE in intents:
        picture = PICTURE if chosen.write else WORKSPACE / PICTURE.name
        draw(ROOT, data.frozen, intents[IN_SERVICE], ROOT / picture)
        print(f"confusions of our pipeline: {picture}", flush=True)
    if chosen.write:
        run = Run(
            days=sorted(days),
            machine=machine(),
            everything=len(data.everything),
            training=len(data.training),
            labels=len(by_label(data.training)),
            frozen=len(data.frozen),
            frozen_intents=len({question.intent for question in data.frozen}),
            frozen_folder=chosen.frozen.as_posix(),
            per_label=max(map(len, by_label(data.training).values())),
            held_out_per_label=chosen.held_out_per_label,
            folds=len(data.folds),
            table=table,
        )
        (ROOT / PAGE).write_text(page(run), encoding="utf-8")
        print(f"written: {PAGE}, {PICTURE}", flush=True)
    return 0


if __name__ == "__main__":
    run_main(main)
