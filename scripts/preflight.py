"""What must hold before anything is started; each failure is one line that says what to do."""

from __future__ import annotations

import contextlib
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.report import Problem
from scripts.settings import HOST, port_number

SERVERS = {"RASA_PORT": "the assistant", "ACTION_PORT": "the action server"}


def require_free_ports(variables: Mapping[str, str]) -> None:
    """Checks that both servers can listen.

    Raises:
        Problem: A port is taken.
    """
    for name, server in SERVERS.items():
        port = port_number(variables, name)
        if port_taken(port):
            raise Problem(
                f"port {port} for {server} is taken by another program:"
                f" stop that one, or choose another port ({name}=<port> make run)"
            )
    if variables["RASA_PORT"] == variables["ACTION_PORT"]:
        raise Problem("RASA_PORT and ACTION_PORT must differ")


def port_taken(port: int) -> bool:
    """Says whether something listens on the port, or holds it otherwise."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    with socket.socket() as probe:
        # As the servers do: a port that is only waiting to be released counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def require_writable(*folders: Path) -> None:
    """Makes the folders, for this user only, and checks that files can be written there.

    Raises:
        Problem: A folder cannot be made or written to.
    """
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise Problem(f"cannot write in {folder}/: {error.strerror}") from error
