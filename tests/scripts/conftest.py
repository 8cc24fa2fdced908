"""Stand-ins for the servers: small programs that take a second instead of fifteen."""

from __future__ import annotations

import os
import socket
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.settings import ROOT, fixed

SERVER = """
    import http.server, os, pathlib, signal, subprocess, sys
    name, port, stubborn = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["stubborn"]
    if stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pathlib.Path(f"{name}.pids").write_text(f"{os.getpid()} {child.pid}")
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
    print("ERROR this one is for the screen")
    print("this one is for the log only")
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def free_port() -> Callable[[], int]:
    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the stand-in server, and a Procfile that starts it twice."""
    (tmp_path / "server.py").write_text(textwrap.dedent(SERVER))
    (tmp_path / "Procfile").write_text(
        f'actions: exec {sys.executable} server.py actions "$ACTION_PORT"\n'
        f'rasa: exec {sys.executable} server.py rasa "$RASA_PORT"\n'
    )
    return tmp_path


@pytest.fixture
def variables(free_port: Callable[[], int]) -> dict[str, str]:
    ports = {"RASA_PORT": str(free_port()), "ACTION_PORT": str(free_port())}
    return {**os.environ, **fixed(ROOT, os.environ), **ports}


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Says whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Says whether the process runs; one that ended and was not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or ") Z " not in status.read_text()
