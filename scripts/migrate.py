"""Brings the database up to date."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.commands import telling_lines
from scripts.preflight import require_writable
from scripts.report import Problem, run_main
from scripts.settings import ROOT, environment


def migrate(root: Path, variables: Mapping[str, str]) -> None:
    """Runs the migrations of `clinic.storage`.

    Raises:
        Problem: They failed; the text holds the last telling lines.
    """
    require_writable(root / "var")
    result = subprocess.run(
        [sys.executable, "-m", "clinic.storage.migrate"],
        env=dict(variables),
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        lines = "\n  ".join(telling_lines(result.stdout + result.stderr, limit=8))
        raise Problem(f"the database could not be brought up to date:\n  {lines}")
    print("database: up to date", flush=True)


def main() -> int:
    """Runs `make migrate`."""
    migrate(ROOT, environment())
    return 0


if __name__ == "__main__":
    run_main(main)
