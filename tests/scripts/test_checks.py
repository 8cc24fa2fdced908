from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts import checks
from scripts.report import Problem


def passes(_root: Path, _variables: Mapping[str, str]) -> None:
    """What it looks at."""


def fails(_root: Path, _variables: Mapping[str, str]) -> None:
    """Another thing."""
    raise Problem("one test failed")


def test_each_step_is_announced_with_its_subject_and_duration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checks.run_steps({"first": passes, "second": passes}, tmp_path, {})
    shown = capsys.readouterr().out
    assert "== 1/2 first: What it looks at." in shown
    assert "== first: passed in 0 s" in shown
    assert "all checks: passed" in shown


def test_the_first_failure_ends_it_and_names_the_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Problem, match=r"step `second`.*one test failed"):
        checks.run_steps({"first": passes, "second": fails, "third": passes}, tmp_path, {})
    assert "third" not in capsys.readouterr().out


def test_a_failing_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="`no_such_module_here` failed with exit code 1"):
        checks.call([sys.executable, "-m", "no_such_module_here"], tmp_path, {})


def test_no_conversations_is_a_failure_and_not_a_pass(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no test_\*\.yml"):
        checks.conversations(tmp_path, {})


def test_every_step_says_what_it_looks_at() -> None:
    assert all(step.__doc__ for step in checks.STEPS.values())


def test_an_unknown_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["checks", "nothing"])
    with pytest.raises(Problem, match="no step nothing; there are: style"):
        checks.main()
