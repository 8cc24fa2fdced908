"""The environment variables that the servers and tools are started with."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho import environ

from scripts.report import Problem

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

DEFAULTS = {
    "RASA_PORT": "5005",
    "ACTION_PORT": "5055",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def environment(root: Path = ROOT, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Returns the variables for a server: what is given wins over `.env`, that over the defaults.

    Args:
        root: The project's folder; its `.env` is read when there is one.
        given: The variables to start from, by default those of this process.

    Raises:
        Problem: `.env` cannot be read, or a port is no port number.
    """
    given = os.environ if given is None else given
    chosen = {**read_env_file(root / ".env"), **given}
    # An empty variable means its default, as everywhere in the assistant.
    defaults = {name: value for name, value in DEFAULTS.items() if not chosen.get(name)}
    variables = {**chosen, **defaults, **fixed(root, given)}
    for name in ("RASA_PORT", "ACTION_PORT"):
        port_number(variables, name)
    return variables


def environment_for_tests(root: Path = ROOT) -> dict[str, str]:
    """Returns the variables for tests: no `.env`, so that none meets a developer's database."""
    given = os.environ
    return {**DEFAULTS, **given, **fixed(root, given)}


def fixed(root: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables that nobody chooses: where things lie, what keeps libraries quiet."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", "")]),
        # Rasa finds `components`, `channels` and `actions` by their module names.
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        # rasa_sdk has no option for the address that it listens on, and takes 0.0.0.0 without this.
        "SANIC_HOST": HOST,
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # matplotlib would write its font list into the home folder.
        "MPLCONFIGDIR": str(root / "var" / "cache" / "matplotlib"),
        # Rasa's training cache knows a component's class but not the files that it reads.
        "RASA_MAX_CACHE_SIZE": "0",
    }


def read_env_file(path: Path) -> dict[str, str]:
    """Returns the variables of a `.env` file, none if there is no such file.

    Raises:
        Problem: The file cannot be read.
    """
    try:
        return dict(environ.parse(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Problem(f"{path.name}: {error}; put such a value in quotes") from error
    except OSError as error:
        raise Problem(f"{path.name} cannot be read: {error.strerror}") from error


def port_number(variables: Mapping[str, str], name: str) -> int:
    """Returns the port that the variable `name` holds.

    Raises:
        Problem: It is no port number.
    """
    text = variables[name]
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Problem(f"{name}={text!r} is no port number")
