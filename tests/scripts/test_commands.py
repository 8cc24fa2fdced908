from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.commands import run_logged, telling_lines
from scripts.report import Problem
from scripts.settings import ROOT
from tests.scripts.conftest import alive, wait_for

OUTPUT = """\
/x/site-packages/rasa/shared/utils/validation.py:134: UserWarning: pkg_resources is deprecated.
  import pkg_resources
/x/site-packages/pkg_resources/__init__.py:3148: DeprecationWarning: Deprecated call.
Implementing implicit namespace packages (as specified in PEP 420) is preferred.
  declare_namespace(pkg)
fatal: bad revision 'HEAD'
  0%|          | 0/2 [00:00<?, ?it/s]\r 50%|#####     | 1/2 [00:00<00:00, 154.46it/s]

\x1b[93m/x/site-packages/rasa/shared/utils/io.py:100: UserWarning: 'hi' has two intents.
\x1b[0mTraceback (most recent call last):
  File "/x/site-packages/rasa/cli.py", line 226, in load
    module = import_module(name)
  File "<frozen importlib._bootstrap>", line 1050, in _gcd_import
  File "/home/me/clinic/components/text.py", line 1, in <module>
    import nothing
ModuleNotFoundError: No module named 'nothing'
"""


def test_only_the_lines_that_tell_something_are_shown() -> None:
    assert telling_lines(OUTPUT) == [
        "'hi' has two intents.",
        "Traceback (most recent call last):",
        '  File "/home/me/clinic/components/text.py", line 1, in <module>',
        "    import nothing",
        "ModuleNotFoundError: No module named 'nothing'",
    ]


def test_a_long_output_is_cut_to_its_end() -> None:
    assert telling_lines("\n".join(map(str, range(99))), limit=2) == ["97", "98"]


def test_progress_is_shown_and_the_output_goes_to_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import time; print('noise'); time.sleep(1)"
    log = tmp_path / "log" / "step.log"
    run_logged("step", [sys.executable, "-c", code], log, env={}, cwd=tmp_path, every=0.3)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("step: ")
    assert len(shown) >= 3
    assert shown[-1].startswith("step: done in ")
    assert log.read_text() == "noise\n"


def test_a_failure_names_the_step_the_exit_code_and_the_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such intent')"]
    with pytest.raises(Problem, match=r"(?s)step failed .*exit code 1.*step\.log.*no such intent"):
        run_logged("step", command, tmp_path / "step.log", env={}, cwd=tmp_path)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_signal_ends_what_the_step_has_started(tmp_path: Path, sign: signal.Signals) -> None:
    child = (
        "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"
    )
    code = (
        "import signal, sys, pathlib\n"
        "from scripts.commands import run_logged\n"
        "from scripts.report import run_main\n"
        "from scripts.run import interrupt\n"
        "signal.signal(signal.SIGTERM, interrupt)\n"
        "here = pathlib.Path('.').resolve()\n"
        f"command = ['sh', '-c', '{sys.executable} -c \"$0\" & wait', {child!r}]\n"
        "run_main(lambda: bool(run_logged('step', command, here / 'log', env={}, cwd=here)))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    pid = tmp_path / "pid"
    assert wait_for(lambda: pid.exists() and pid.read_text() != "")
    process.send_signal(sign)
    assert process.wait(10) == 130
    assert wait_for(lambda: not alive(int(pid.read_text())))
