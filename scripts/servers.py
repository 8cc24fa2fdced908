"""Runs the Procfile's servers: their output to log files, errors to the screen, none left over."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message

from scripts.commands import ANSI, telling_lines
from scripts.report import Problem, Progress
from scripts.settings import HOST

STOPPED = re.compile(r"(?P<name>\S+) stopped \(rc=(?P<code>-?\d+)\)")
ERROR = re.compile(r'\b(?:ERROR|CRITICAL)\b|"level": "(?:error|critical)"')
BY_SIGNAL = (130, 143)
WIDTH = 160


class Output:
    """Takes the servers' lines from honcho: into the server's log, errors to the screen too."""

    def __init__(self, folder: Path) -> None:
        """Starts new logs in `folder`; those of the last run stay as `<name>.previous.log`."""
        self.folder = folder
        self.width = 0
        self.ended: dict[str, int] = {}
        self._started: set[str] = set()

    def path(self, name: str) -> Path:
        """Returns the log file of a server."""
        return self.folder / f"{name}.log"

    def write(self, message: Message) -> None:
        """Files one message away."""
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        if message.name == "system":
            stopped = STOPPED.search(text)
            if stopped:
                self.ended[stopped["name"]] = int(stopped["code"])
            return
        if message.name not in self._started:
            self._started.add(message.name)
            if self.path(message.name).exists():
                self.path(message.name).replace(self.folder / f"{message.name}.previous.log")
        with self.path(message.name).open("a", encoding="utf-8") as log:
            log.write(text)
        if ERROR.search(text):
            line = ANSI.sub("", text).strip()[:WIDTH]
            print(f"{message.name}: {line}", file=sys.stderr, flush=True)

    def last_lines(self, name: str) -> list[str]:
        """Returns the last telling lines of a server's log."""
        try:
            return telling_lines(self.path(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []


class Servers(Manager):  # type: ignore[misc]  # honcho has no type hints
    """The servers of a Procfile; when one ends, or a signal comes, all of them are stopped."""

    def __init__(self, root: Path, variables: Mapping[str, str], patience: float = 10.0) -> None:
        """Reads `root/Procfile`; who ignores the stop signal for `patience` seconds is killed."""
        self.output = Output(root / "var" / "log")
        self.output.folder.mkdir(parents=True, exist_ok=True)
        self.patience = patience
        super().__init__(self.output)
        procfile = parse_procfile((root / "Procfile").read_text(encoding="utf-8"))
        for name, command in procfile.processes.items():
            self.add_process(name, command, env=dict(variables), cwd=str(root))

    def run(self) -> None:
        """Serves until Ctrl-C or a stop signal.

        Raises:
            Problem: A server ended by itself.
        """
        # A closed terminal stops the servers as Ctrl-C does.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
        self.loop()
        if self.returncode not in BY_SIGNAL:
            name, code = next(iter(self.output.ended.items()))
            lines = "\n  ".join(self.output.last_lines(name))
            log = f"var/log/{name}.log"
            raise Problem(f"the server `{name}` ended (exit code {code}; {log}):\n  {lines}")

    def terminate(self) -> None:
        """Asks every server to stop, and kills after a while those that do not."""
        super().terminate()
        killer = threading.Timer(self.patience, self.kill)
        killer.daemon = True
        killer.start()


def ready_urls(variables: Mapping[str, str]) -> list[str]:
    """Returns the addresses that answer as soon as both servers can take messages."""
    return [
        f"http://{HOST}:{variables['ACTION_PORT']}/health",
        f"http://{HOST}:{variables['RASA_PORT']}/webhooks/rest/",
    ]


def answers(url: str) -> bool:
    """Says whether a server answers at the address with success."""
    try:
        # No proxy: a developer's HTTP_PROXY must not see, or break, requests to this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def wait_until_ready(
    variables: Mapping[str, str], give_up: Callable[[], Any], limit: float = 180.0
) -> bool:
    """Waits for the servers, with progress on the screen.

    Args:
        variables: The servers' environment variables, for their ports.
        give_up: Is asked again and again; when it says yes, the waiting ends.
        limit: Seconds after which the waiting ends.

    Returns:
        Whether the servers are ready.
    """
    progress = Progress("starting the servers")
    waiting = ready_urls(variables)
    while progress.seconds < limit:
        if give_up():
            return False
        waiting = [url for url in waiting if not answers(url)]
        if not waiting:
            progress.done("ready")
            return True
        progress.tick()
        time.sleep(0.3)
    return False
