from __future__ import annotations

import re
import subprocess

from scripts.settings import ROOT


def test_help_is_the_default_and_lists_every_target() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(
        r"^\.PHONY: ([a-z-]+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE
    )
    assert {"run", "chat", "train", "test", "lint", "types", "format", "migrate", "clean"} <= set(
        targets
    )
    assert [line.split()[1] for line in shown.splitlines()] == targets
