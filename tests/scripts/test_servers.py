from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.conftest import alive, wait_for

SERVE = """
import os, pathlib, signal
from scripts import servers
from scripts.report import run_main
from scripts.run import serve
def main():
    serve(pathlib.Path('.').resolve(), os.environ)
    return 0
run_main(main)
"""


def start(project: Path, variables: dict[str, str], code: str = SERVE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=project,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pids(project: Path) -> list[int]:
    """Returns the stand-in servers and what they started, as far as they have said so."""
    return [int(pid) for path in project.glob("*.pids") for pid in path.read_text().split()]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_the_servers_and_what_they_started(
    project: Path, variables: dict[str, str], sign: signal.Signals
) -> None:
    process = start(project, variables)
    assert process.stdout
    shown = ""
    while "Ctrl-C stops everything" not in shown:
        line = process.stdout.readline()
        assert line, process.communicate()
        shown += line
    started = pids(project)
    assert len(started) == 4
    assert all(map(alive, started))
    process.send_signal(sign)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.endswith("stopped\n")
    assert wait_for(lambda: not any(map(alive, started)))
    assert f"http://127.0.0.1:{variables['RASA_PORT']}/webhooks/web/" in shown


def test_errors_come_to_the_screen_and_everything_to_the_logs(
    project: Path, variables: dict[str, str]
) -> None:
    variables["PYTHONUNBUFFERED"] = "1"
    process = start(project, variables)
    log = project / "var" / "log" / "rasa.log"
    assert wait_for(lambda: log.exists() and "log only" in log.read_text())
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert "rasa: ERROR this one is for the screen" in err
    assert "log only" not in out + err


def test_a_server_that_ends_by_itself_ends_the_others_and_says_why(
    project: Path, variables: dict[str, str]
) -> None:
    (project / "Procfile").write_text(
        f'actions: exec {sys.executable} server.py actions "$ACTION_PORT"\n'
        f"rasa: sleep 1; exec {sys.executable} -c 'raise SystemExit(\"no model\")'\n"
    )
    process = start(project, variables)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "error: the server `rasa` ended (exit code 1; var/log/rasa.log)" in err
    assert "no model" in err
    assert "Traceback" not in err
    assert wait_for(lambda: not any(map(alive, pids(project))))


def test_servers_that_ignore_the_stop_signal_are_killed(
    project: Path, variables: dict[str, str]
) -> None:
    (project / "Procfile").write_text(
        f'actions: exec {sys.executable} server.py actions "$ACTION_PORT" stubborn\n'
        f'rasa: exec {sys.executable} server.py rasa "$RASA_PORT" stubborn\n'
    )
    impatient = "servers.Servers.__init__.__defaults__ = (1.0,)\nrun_main(main)"
    process = start(project, variables, SERVE.replace("run_main(main)", impatient))
    assert wait_for(lambda: len(pids(project)) == 4)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert wait_for(lambda: not any(map(alive, pids(project))))
