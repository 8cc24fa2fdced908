"""Runs every check and test, one after the other; the first failure ends it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.commands import run_logged
from scripts.preflight import require_writable
from scripts.report import Problem, Progress, run_main
from scripts.settings import ROOT, environment_for_tests
from scripts.train import MODEL, train_if_stale

Step = Callable[[Path, Mapping[str, str]], None]

CONVERSATIONS = Path("tests/conversations")
END_TO_END = Path("tests/e2e")
BROWSER = Path("tests/browser")


def style(root: Path, variables: Mapping[str, str]) -> None:
    """Style, imports and formatting of all Python files."""
    call([sys.executable, "-m", "ruff", "check", "."], root, variables)
    call([sys.executable, "-m", "ruff", "format", "--check", "."], root, variables)


def types(root: Path, variables: Mapping[str, str]) -> None:
    """Types: strict for `clinic`, lenient for the code that builds on untyped libraries."""
    packages = ["clinic", "actions", "components", "channels", "scripts", "benchmarks"]
    call([sys.executable, "-m", "mypy", *packages], root, variables)


def units(root: Path, variables: Mapping[str, str]) -> None:
    """Unit and contract tests: no server is needed."""
    served = [f"--ignore={END_TO_END}", f"--ignore={BROWSER}"]
    call([sys.executable, "-m", "pytest", "tests", *served], root, variables)


def training(root: Path, variables: Mapping[str, str]) -> None:
    """Validation of domain and data, and training; a model that is up to date has passed both."""
    train_if_stale(root, variables)


def conversations(root: Path, variables: Mapping[str, str]) -> None:
    """The policies' predictions on every step of the conversations in `tests/conversations`."""
    stories = sorted((root / CONVERSATIONS).rglob("test_*.yml"))
    if not stories:
        raise Problem(f"no test_*.yml in {CONVERSATIONS}/")
    run_logged(
        "conversations",
        [
            *(sys.executable, "-m", "rasa", "test", "core", "--fail-on-prediction-errors"),
            *("--stories", str(CONVERSATIONS), "--model", str(MODEL)),
            *("--no-plot", "--out", "var/results"),
        ],
        root / "var" / "log" / "conversations.log",
        env=variables,
        cwd=root,
    )


def end_to_end(root: Path, variables: Mapping[str, str]) -> None:
    """Conversations with the real servers, on ports and a database of their own."""
    call([sys.executable, "-m", "pytest", str(END_TO_END)], root, variables)


def browser(root: Path, variables: Mapping[str, str]) -> None:
    """The website in Chromium, with the real servers."""
    call([sys.executable, "-m", "pytest", str(BROWSER)], root, variables)


STEPS: dict[str, Step] = {
    "style": style,
    "types": types,
    "units": units,
    "training": training,
    "conversations": conversations,
    "end-to-end": end_to_end,
    "browser": browser,
}


def call(command: Sequence[str], root: Path, variables: Mapping[str, str]) -> None:
    """Runs a command with its output on the screen.

    Raises:
        Problem: It failed.
    """
    code = subprocess.run(command, cwd=root, env=dict(variables), check=False).returncode
    if code:
        raise Problem(f"`{' '.join(command[2:])}` failed with exit code {code}")


def run_steps(steps: Mapping[str, Step], root: Path, variables: Mapping[str, str]) -> None:
    """Runs the steps in their order, each announced, with its duration.

    Raises:
        Problem: A step failed; the text names it.
    """
    whole = Progress("all checks")
    for number, (name, step) in enumerate(steps.items(), start=1):
        summary = (step.__doc__ or "").splitlines()[0]
        print(f"\n== {number}/{len(steps)} {name}: {summary}", flush=True)
        progress = Progress(f"== {name}")
        try:
            step(root, variables)
        except Problem as problem:
            raise Problem(f"step `{name}`, {progress.seconds:.0f} s: {problem}") from problem
        progress.done("passed")
    if len(steps) > 1:
        whole.done("passed")


def main() -> int:
    """Runs `make test`, or only the steps that the command line names."""
    names = sys.argv[1:] or list(STEPS)
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        raise Problem(f"no step {', '.join(unknown)}; there are: {', '.join(STEPS)}")
    require_writable(ROOT / "var", ROOT / "models")
    run_steps({name: STEPS[name] for name in names}, ROOT, environment_for_tests())
    return 0


if __name__ == "__main__":
    run_main(main)
