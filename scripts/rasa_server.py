"""Starts the Rasa server on the loopback address, as the Procfile asks."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from scripts.settings import HOST
from scripts.train import MODEL


def arguments(variables: Mapping[str, str]) -> list[str]:
    """Returns Rasa's command line; the HTTP API is on only when `RASA_TOKEN` is set."""
    line = [
        *("rasa", "run", "-i", HOST, "--port", variables["RASA_PORT"], "--model", str(MODEL)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    token = variables.get("RASA_TOKEN", "").strip()
    return [*line, "--enable-api", "--auth-token", token] if token else line


def main() -> None:
    """Becomes the Rasa server.

    Called in this process and not as a command: a command line, and with it the token, can be read
    by every user of the machine.
    """
    # A message's products of matrices are small: a second thread would only wait for its turn, and
    # keep a core busy with that. NumPy reads this once, when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.argv = arguments(os.environ)
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
