from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from scripts.chat import Button, Reply, choose, read_reply, render, sender, talk
from scripts.report import Problem

BUTTONS = [Button("Yes", '/affirm{"check": "heart"}'), Button("Not sure", "/not_sure")]


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person types; after the last line comes Ctrl-D."""
    lines: list[str] = []

    def typed(_prompt: str) -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("builtins.input", typed)
    return lines


def test_an_answer_is_wrapped_with_its_buttons_numbered() -> None:
    reply = Reply(["one two three four five\n\n- six"], BUTTONS)
    assert render(reply, width=14).splitlines() == [
        "  one two",
        "  three four",
        "  five",
        "",
        "  - six",
        "",
        "  [1] Yes",
        "  [2] Not sure",
    ]


def test_an_empty_answer_is_said_to_be_one() -> None:
    assert "no answer" in render(Reply(), width=80)


def test_the_channels_messages_become_one_answer() -> None:
    reply = read_reply(
        [
            {"recipient_id": "a", "text": "First."},
            {"text": "Second.", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
            {"image": "https://clinic.example/map.png"},
            {"custom": {"handoff": True}},
        ]
    )
    assert reply.texts == ["First.", "Second.", "https://clinic.example/map.png"]
    assert reply.buttons == [Button("Yes", "/affirm")]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("1", '/affirm{"check": "heart"}'),
        (" 2 ", "/not_sure"),
        ("3", "3"),
        ("0", "0"),
        ("²", "²"),
        ("2 weeks", "2 weeks"),
    ],
)
def test_a_buttons_number_sends_its_payload_and_any_other_text_itself(
    typed: str, sent: str
) -> None:
    assert choose(typed, BUTTONS) == sent


def test_a_number_picks_from_the_last_answers_buttons_only(keyboard: list[str]) -> None:
    keyboard += ["hello", "1", "1"]
    replies: Iterator[Reply] = iter([Reply(["Hi"], BUTTONS), Reply(["Fine"]), Reply(["What?"])])
    sent: list[str] = []

    def send(message: str) -> Reply:
        sent.append(message)
        return next(replies)

    talk(send, lambda _text: None, width=80)
    assert sent == ["hello", '/affirm{"check": "heart"}', "1"]


def test_quit_ends_without_sending_and_empty_lines_are_not_sent(keyboard: list[str]) -> None:
    keyboard += ["", "   ", "/quit", "never read"]
    talk(lambda message: pytest.fail(f"sent {message!r}"), lambda _text: None, width=80)
    assert keyboard == ["never read"]


def test_a_slow_answer_is_said_and_the_conversation_goes_on(keyboard: list[str]) -> None:
    keyboard += ["hello", "hello again"]
    shown: list[str] = []

    def send(message: str) -> Reply:
        if message == "hello":
            raise httpx.ReadTimeout("too late")
        return Reply(["Hi"])

    talk(send, shown.append, width=80)
    assert "no answer within 60 seconds" in shown[0]
    assert "Hi" in shown[1]


def test_a_server_that_is_gone_is_one_clear_line(keyboard: list[str]) -> None:
    keyboard += ["hello"]

    def send(_message: str) -> Reply:
        raise httpx.ConnectError("refused")

    with pytest.raises(Problem, match="the assistant is gone"):
        talk(send, lambda _text: None, width=80)


def test_messages_go_to_the_rest_channel_under_one_conversation() -> None:
    def server(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == {"sender": "terminal-1", "message": "hello"}
        return httpx.Response(200, json=[{"text": "Hi"}])

    client = httpx.Client(transport=httpx.MockTransport(server))
    assert sender(client, "http://127.0.0.1/webhook", "terminal-1")("hello") == Reply(["Hi"])
