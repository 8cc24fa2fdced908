"""Serves the assistant: trains and migrates if needed, starts the servers, stops them on Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from scripts.migrate import migrate
from scripts.preflight import require_free_ports, require_writable
from scripts.report import Problem, run_main
from scripts.servers import Servers, wait_until_ready
from scripts.settings import HOST, ROOT, environment
from scripts.terminal import foreground
from scripts.train import train_if_stale


def main() -> int:
    """Runs `make run`; Ctrl-C or a stop signal at any time ends it with 0."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, interrupt)
    with foreground():
        try:
            variables = environment()
            prepare(ROOT, variables)
            serve(ROOT, variables)
        except KeyboardInterrupt:
            print("\nstopped", flush=True)
    return 0


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treats another stop signal as Ctrl-C."""
    raise KeyboardInterrupt


def prepare(root: Path, variables: Mapping[str, str]) -> None:
    """Does all that the servers need before their start.

    Raises:
        Problem: A port is taken, a folder is not writable, the training or a migration failed.
    """
    require_free_ports(variables)
    require_writable(root / "var", root / "models")
    train_if_stale(root, variables)
    migrate(root, variables)


def serve(root: Path, variables: Mapping[str, str]) -> None:
    """Runs the servers until a stop signal.

    Raises:
        Problem: A server ended by itself, or they were not ready in time.
    """
    servers = Servers(root, variables)
    late = threading.Event()

    def announce() -> None:
        time.sleep(0.5)
        if wait_until_ready(variables, give_up=lambda: servers.returncode is not None):
            print(welcome(variables), flush=True)
        elif servers.returncode is None:
            late.set()
            signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=announce, daemon=True).start()
    servers.run()
    if late.is_set():
        raise Problem("the servers were not ready in time; see var/log/")
    print("\nstopped", flush=True)


def welcome(variables: Mapping[str, str]) -> str:
    """Returns what is shown once the servers are ready: addresses, and a line to try."""
    rasa = f"http://{HOST}:{variables['RASA_PORT']}"
    page = f"{rasa}/webhooks/web/"
    api = "on, with the token in RASA_TOKEN" if variables.get("RASA_TOKEN") else "off"
    return f"""
  website        {page}  (the demo page with the chat)
  assistant      {rasa}  (HTTP API: {api})
  action server  http://{HOST}:{variables["ACTION_PORT"]}
  logs           var/log/

  Open the website in a browser, or ask in a terminal: make chat

  Ctrl-C stops everything.
"""


if __name__ == "__main__":
    run_main(main)
