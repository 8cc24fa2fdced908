from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest

from scripts.rasa_server import arguments, main


def test_the_server_listens_on_the_loopback_address_with_the_api_off() -> None:
    line = arguments({"RASA_PORT": "5005", "RASA_TOKEN": " "})
    assert line[:6] == ["rasa", "run", "-i", "127.0.0.1", "--port", "5005"]
    assert "--enable-api" not in line


def test_the_api_is_on_only_with_a_token() -> None:
    line = arguments({"RASA_PORT": "5005", "RASA_TOKEN": "long-and-secret"})
    assert line[-3:] == ["--enable-api", "--auth-token", "long-and-secret"]


def test_the_server_keeps_one_core_busy_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cores: list[str] = []
    monkeypatch.setitem(
        sys.modules,
        "rasa.__main__",
        SimpleNamespace(main=lambda: cores.append(os.environ["OPENBLAS_NUM_THREADS"])),
    )
    monkeypatch.setattr(sys, "argv", [])
    for given in ({}, {"OPENBLAS_NUM_THREADS": "4"}):
        monkeypatch.setattr(os, "environ", {"RASA_PORT": "5005", **given})
        main()
    assert cores == ["1", "4"]
