"""Ctrl-C in a real terminal, with `make` in between as a person has it."""

from __future__ import annotations

import os
import pty
import sys
import time
from pathlib import Path

from scripts.settings import ROOT

PROGRAM = """
import sys, time
from scripts.terminal import foreground
with foreground():
    try:
        print("ready", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        time.sleep(0.5)
        print("everything stopped", flush=True)
"""


def in_terminal(folder: Path, key: bytes) -> tuple[str, int]:
    """Runs `make run` in a terminal and presses a key; returns the screen and the exit code."""
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe("make", ["make", "run"], {**os.environ, "PYTHONPATH": str(ROOT)})
    shown = b""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            part = os.read(screen, 4096)
        except OSError:
            break
        shown += part
        if b"ready" in part:
            os.write(screen, key)
    _, status = os.waitpid(pid, 0)
    os.close(screen)
    return shown.decode(), os.waitstatus_to_exitcode(status)


def test_ctrl_c_under_make_is_a_success_once_everything_has_stopped(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "Makefile").write_text(f"run:\n\t@{sys.executable} program.py\n")
    shown, code = in_terminal(tmp_path, b"\x03")
    assert "everything stopped" in shown
    assert "Interrupt" not in shown
    assert code == 0
