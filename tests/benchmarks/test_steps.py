from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.steps import Result, Store
from scripts.report import Problem

DATA = Path("data")


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Result:
        self.times += 1
        return {"seconds": self.times}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text("one")
    return tmp_path


def run(root: Path, work: Work, *, resume: bool, options: dict[str, int] | None = None) -> Result:
    store = Store(root, root / "results", [DATA], resume=resume)
    return store.step("ours/training", [DATA], options or {}, work)


def test_a_result_is_kept_only_when_asked_for(root: Path) -> None:
    work = Work()
    first = run(root, work, resume=True)
    assert run(root, work, resume=True) == first
    assert work.times == 1
    run(root, work, resume=False)
    assert work.times == 2


@pytest.mark.parametrize("change", ["content", "name", "more", "options", "broken"])
def test_a_result_from_something_else_is_not_kept(root: Path, change: str) -> None:
    work = Work()
    run(root, work, resume=True)
    file = root / "data" / "nlu.yml"
    if change == "content":
        file.write_text("two")
    elif change == "name":
        file.rename(root / "data" / "other.yml")
    elif change == "more":
        (root / "data" / "more.yml").write_text("")
    elif change == "broken":
        (root / "results/ours/training.json").write_text("{")
    run(root, work, resume=True, options={"epochs": 1} if change == "options" else None)
    assert work.times == 2


def test_caches_do_not_count_as_changes(root: Path) -> None:
    work = Work()
    run(root, work, resume=True)
    (root / "data" / "__pycache__").mkdir()
    (root / "data" / "__pycache__" / "a.pyc").write_text("")
    run(root, work, resume=True)
    assert work.times == 1


def test_a_step_whose_file_is_gone_is_done_again(root: Path) -> None:
    work, model = Work(), root / "model.tar.gz"
    store = Store(root, root / "results", [DATA], resume=True)
    store.step("a", [DATA], {}, work, needs=model)
    store.step("a", [DATA], {}, work, needs=model)
    assert work.times == 2
    model.write_text("")
    store.step("a", [DATA], {}, work, needs=model)
    assert work.times == 2


def test_data_that_changes_meanwhile_ends_the_run_and_is_named(root: Path) -> None:
    def change() -> Result:
        (root / "data" / "nlu.yml").write_text("two")
        return {}

    store = Store(root, root / "results", [DATA], resume=False)
    with pytest.raises(Problem, match="ours/training: changed since the start of the run: data;"):
        store.step("ours/training", [DATA], {}, change)
    assert not (root / "results").exists()


def test_data_that_changed_before_the_step_is_not_what_the_run_has_read(root: Path) -> None:
    work = Work()
    store = Store(root, root / "results", [DATA], resume=True)
    (root / "data" / "nlu.yml").write_text("two")
    with pytest.raises(Problem, match="changed since the start"):
        store.step("ours/training", [DATA], {}, work)
    assert work.times == 0


def test_a_missing_input_is_named(root: Path) -> None:
    with pytest.raises(Problem, match=r"cannot read .*nowhere\.yml"):
        Store(root, root / "results", [Path("nowhere.yml")], resume=False)
