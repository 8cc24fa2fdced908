from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.compare import (
    CONFIGS,
    ENCODER,
    INPUTS,
    UNTUNED_ENCODER,
    adapted,
    options,
    read_data,
)
from benchmarks.questions import by_label
from components.sentence_encoder import checked_files
from scripts.report import Problem
from scripts.settings import ROOT


def config(key: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / CONFIGS[key]).read_text(encoding="utf-8"))


def test_the_default_is_the_one_of_the_installed_rasa() -> None:
    spec = find_spec("rasa")
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin).parent / "engine/recipes/config_files/default_config.yml"
    recommended = yaml.safe_load(path.read_text(encoding="utf-8"))
    ours = config("default")
    steps = [{k: v for k, v in s.items() if k != "random_seed"} for s in ours["pipeline"]]
    assert steps == recommended["pipeline"]
    assert ours["language"] == recommended["language"] == "en"


def test_what_learns_by_chance_has_a_seed() -> None:
    seeded = [s["name"] for s in config("default")["pipeline"] if "random_seed" in s]
    assert seeded == [s["name"] for s in config("default")["pipeline"] if "epochs" in s]


def test_the_untuned_encoder_is_complete_and_says_where_it_comes_from() -> None:
    assert len(checked_files(ROOT / UNTUNED_ENCODER)) == 2
    provenance = (ROOT / UNTUNED_ENCODER / "provenance.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(provenance)["model"] == "sentence-transformers/all-MiniLM-L6-v2"


def test_the_comparison_runs_with_the_untuned_encoder_and_nothing_else_differs() -> None:
    changed = adapted(config("ours"), encoder=UNTUNED_ENCODER)
    for before, after in zip(config("ours")["pipeline"], changed["pipeline"], strict=True):
        # Vectors from an earlier training would shorten the measured one.
        expected = {name: value for name, value in before.items() if name != "cache_dir"}
        if before["name"] == ENCODER:
            expected["model_dir"] = "benchmarks/base_encoder"
        assert after == expected
    with pytest.raises(Problem, match=r"expected one components\.sentence_encoder"):
        adapted(config("default"), encoder=UNTUNED_ENCODER)


def test_the_folds_leave_out_what_has_no_part_in_the_intent() -> None:
    names = [step["name"] for step in adapted(config("default"), intents_only=True)["pipeline"]]
    every = [step["name"] for step in config("default")["pipeline"]]
    assert names == [name for name in every if name != "ResponseSelector"]


def test_a_quick_try_changes_the_epochs_where_there_are_any() -> None:
    changed = adapted(config("default"), epochs=2)
    assert [step["epochs"] for step in changed["pipeline"] if "epochs" in step] == [2, 2]
    assert config("default")["pipeline"][0] == changed["pipeline"][0]


def test_everything_that_a_result_depends_on_is_there() -> None:
    for inputs in INPUTS.values():
        assert [path for path in inputs if not (ROOT / path).exists()] == []


def test_both_learn_from_one_sample_and_service_from_everything() -> None:
    data = read_data(ROOT, options([]))
    assert {len(of_label) <= 25 for of_label in by_label(data.training).values()} == {True}
    assert set(data.training) < set(data.everything)
    single = {q.label for q in data.everything if "+" not in q.label}
    assert {q.label for q in data.training} == single
    # What is held out comes from the sample too: the tuned encoder plays no part.
    assert {q for fold in data.folds for q in fold.held_out} <= set(data.training)
    everything = read_data(ROOT, options(["--per-label", "0"]))
    assert everything.training == everything.everything


def test_all_columns_are_measured_unless_one_is_named() -> None:
    assert options([]).pipelines == ["service", "ours", "default"]
    assert options(["--only", "default"]).pipelines == ["default"]


@pytest.mark.parametrize("quick", [["--only", "ours"], ["--epochs", "1"], ["--labels", "5"]])
def test_a_quick_try_is_never_written_into_the_documents(quick: list[str]) -> None:
    with pytest.raises(Problem, match="--write is for a whole run"):
        options(["--write", *quick])
