from __future__ import annotations

from scripts.rasa_server import arguments


def test_the_server_listens_on_the_loopback_address_with_the_api_off() -> None:
    line = arguments({"RASA_PORT": "5005", "RASA_TOKEN": " "})
    assert line[:6] == ["rasa", "run", "-i", "127.0.0.1", "--port", "5005"]
    assert "--enable-api" not in line


def test_the_api_is_on_only_with_a_token() -> None:
    line = arguments({"RASA_PORT": "5005", "RASA_TOKEN": "long-and-secret"})
    assert line[-3:] == ["--enable-api", "--auth-token", "long-and-secret"]
