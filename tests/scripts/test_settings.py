from __future__ import annotations

from pathlib import Path

import pytest

from scripts.report import Problem
from scripts.settings import environment, environment_for_tests


def test_a_given_variable_wins_over_the_env_file_and_that_over_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ports\nRASA_PORT=6001\nACTION_PORT=6002\n")
    variables = environment(tmp_path, {"RASA_PORT": "7001"})
    assert variables["RASA_PORT"] == "7001"
    assert variables["ACTION_PORT"] == "6002"
    assert variables["LOG_LEVEL"] == "WARNING"


def test_an_empty_variable_means_its_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ACTION_PORT=\n")
    variables = environment(tmp_path, {"RASA_PORT": ""})
    assert (variables["RASA_PORT"], variables["ACTION_PORT"]) == ("5005", "5055")


def test_telemetry_is_off_and_both_servers_are_kept_to_the_loopback_address(tmp_path: Path) -> None:
    variables = environment(tmp_path, {})
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
    assert variables["SANIC_HOST"] == "127.0.0.1"


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "²"])
def test_a_port_that_is_none_is_named(tmp_path: Path, port: str) -> None:
    with pytest.raises(Problem, match=r"RASA_PORT=.* is no port number"):
        environment(tmp_path, {"RASA_PORT": port})


def test_an_env_file_with_an_open_quote_gives_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CLINIC_NAME=O'Brien\n")
    with pytest.raises(Problem, match=r"\.env: No closing quotation"):
        environment(tmp_path, {})


def test_tests_do_not_see_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_DATABASE", raising=False)
    (tmp_path / ".env").write_text("MY_DATABASE=theirs\n")
    assert "MY_DATABASE" in environment(tmp_path, {})
    assert "MY_DATABASE" not in environment_for_tests(tmp_path)
