"""Runs a noisy program with its output in a log file, and finds the lines in it that matter."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.report import Problem, Progress

ANSI = re.compile(r"\x1b\[[0-9;]*m")
# Library warnings come as two lines: place and text, then the indented source line.
LIBRARY_WARNING = re.compile(r"site-packages/.*Warning: ")
# A traceback's steps through code that is not ours; the source line follows, indented.
FOREIGN_FRAME = re.compile(r'^\s+File "(?:<frozen |.*/(?:site-packages|lib/python3\.\d+)/)')
# Actions say most responses; one intent is found and not trained; an intent's themes stand in the
# data as retrieval intents, which the topic classifier reads without a response selector. Those of
MEANT_SO = re.compile(
    r"^The utterance 'utter_\S+' is not used in any story or rule"
    r"|^The intent 'other_language' is listed in the domain file"
    r"|^The following duplicated intents have been found .*: "
    r"delete_data, not_covered$"
    r"|^You have defined training data with examples for training a response selector"
)
# Rasa reports findings about domain and data as warnings that its own helper raises.
DATA_WARNING = re.compile(r"rasa/shared/utils/io\.py:\d+: \w*Warning: (?P<text>.*)")
# Blank lines, git asked by Rasa in a folder without history, progress bars, a warning's middle.
NOISE = re.compile(r"^\s*$|^fatal: (?:bad revision|not a git)|^\s*\d+%\||^Implementing implicit")


def run_logged(
    label: str,
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str],
    cwd: Path,
    every: float = 5.0,
) -> str:
    """Runs a command and returns what it printed; progress goes to the screen, output to `log`.

    Args:
        label: The step's name, as it stands in front of each progress line.
        command: Program and arguments.
        log: Where the output goes; a file of an earlier run is replaced.
        env: The command's environment variables.
        cwd: The folder to run it in.
        every: Seconds between two progress lines.

    Raises:
        Problem: The command failed; the text holds its last telling lines.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(label, every)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )
        try:
            while not ended(process):
                progress.tick()
        except BaseException:
            stop_group(process)
            raise
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        lines = "\n  ".join(telling_lines(text))
        raise Problem(
            f"{label} failed after {progress.seconds:.0f} s (exit code {process.returncode};"
            f" all of its output: {log.relative_to(cwd)})\n  {lines}"
        )
    progress.done()
    return text


def ended(process: subprocess.Popen[bytes], wait: float = 0.2) -> bool:
    """Says whether the process has ended, after at most `wait` seconds."""
    try:
        process.wait(wait)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop_group(process: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """Ends a process that leads its own group, and the group; by force after `patience` seconds."""
    for sign, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            return
        if ended(process, wait):
            return


def telling_lines(text: str, limit: int = 15) -> list[str]:
    """Returns the last lines of a program's output that tell something, library noise left out."""
    kept: list[str] = []
    skip_indented = False
    for line in ANSI.sub("", text).replace("\r", "\n").splitlines():
        data_warning = DATA_WARNING.search(line)
        if data_warning:
            kept.append(data_warning["text"])
        elif LIBRARY_WARNING.search(line) or FOREIGN_FRAME.search(line):
            skip_indented = True
            continue
        elif NOISE.search(line):
            continue
        elif not (skip_indented and is_source_line(line)):
            kept.append(line.rstrip())
        skip_indented = False
    return kept[-limit:]


def is_source_line(line: str) -> bool:
    """Says whether the line can be the quoted source under a warning or a traceback's step."""
    return line.startswith("  ") and not line.lstrip().startswith('File "')


def data_warnings(text: str) -> list[str]:
    """Returns Rasa's findings about domain and training data, each once, in their order.

    Left out is what is meant to be so here; contract tests watch over it instead.
    """
    found = (DATA_WARNING.search(line) for line in ANSI.sub("", text).splitlines())
    warnings = dict.fromkeys(match["text"].strip() for match in found if match)
    return [warning for warning in warnings if not MEANT_SO.search(warning)]
