"""The web channel on the running servers: every address, every refusal, and races."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from clinic.profile import load_profile
from scripts.settings import ROOT
from tests.e2e.servers import Assistant
from tests.e2e.visitor import Visitor

PHONE = load_profile(ROOT / "data" / "content").phone


@pytest.fixture(scope="module")
def web(assistant: Assistant) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{assistant.url}/webhooks/web/", timeout=60, trust_env=False
    ) as opened:
        yield opened


@pytest.fixture
def visitor(web: httpx.Client, assistant: Assistant) -> Visitor:
    return Visitor(web, assistant.said)


def refused(reply: httpx.Response, status: int, code: str) -> None:
    assert reply.status_code == status
    error = reply.json()["error"]
    assert (error["code"], error["phone"]) == (code, PHONE)
    assert error["message"]


# What a visitor does


def test_a_session_stores_nothing_and_greets(visitor: Visitor, assistant: Assistant) -> None:
    opened = visitor.opened
    assert opened["clinic"]["phone"] == PHONE
    assert opened["greeting"]["text"]
    assert visitor.history() == []
    assert {one["payload"] for one in opened["greeting"]["buttons"]} >= {"/ask_what_is"}


def test_a_question_is_answered_with_its_source(visitor: Visitor) -> None:
    messages = visitor.hears("does it hurt?")
    answer = next(m for m in messages if m["answer"] == "pain")
    assert answer["from"] == "assistant"
    assert answer["source"]["section"]
    assert answer["source"]["reviewed_on"]
    assert answer["buttons"]
    assert answer["at"].endswith("Z")


def test_a_suggested_question_of_the_greeting_is_answered(visitor: Visitor) -> None:
    reply = visitor.press("/ask_what_is").json()
    assert "what_is" in {m["answer"] for m in reply["messages"]}
    titles = {one["payload"]: one["title"] for one in visitor.opened["greeting"]["buttons"]}
    assert visitor.history()[0]["text"] == titles["/ask_what_is"]


def test_the_history_is_the_conversation(visitor: Visitor) -> None:
    first = visitor.hears("how many sessions?")
    pressed = first[-1]["buttons"][0]
    second = visitor.press(pressed["payload"]).json()["messages"]
    history = visitor.history()
    assert [m["from"] for m in history].count("visitor") == 2
    texts = [m["text"] for m in history]
    assert texts[0] == "how many sessions?"
    assert pressed["title"] in texts
    said = [m for m in history if m["from"] == "assistant"]
    assert [m["id"] for m in said] == [m["id"] for m in [*first, *second]]
    assert [m["text"] for m in said] == [m["text"] for m in [*first, *second]]


def test_an_emergency_stands_out(visitor: Visitor) -> None:
    messages = visitor.hears("I can't breathe and my throat is swelling since the injection")
    assert "emergency" in {m["kind"] for m in messages}
    assert any("112" in m["text"] for m in messages)


def test_the_check_says_how_far_it_is(visitor: Visitor) -> None:
    visitor.hears("may I have it? please check")
    asked = visitor.press("/affirm").json()["messages"][-1]
    assert asked["kind"] == "check"
    assert asked["check"] == {"step": 1, "of": 6}
    assert [b["payload"] for b in asked["buttons"]] == ["/affirm", "/deny", "/not_sure"]


def test_a_session_can_be_renewed(visitor: Visitor) -> None:
    visitor.hears("does it hurt?")
    renewed = visitor.post("session", {}).json()
    headers = {"Authorization": f"Bearer {renewed['token']}"}
    history = visitor.http.get("history", headers=headers).json()["messages"]
    assert history == visitor.history()
    assert history


def test_an_answer_can_be_rated_and_the_last_rating_counts(visitor: Visitor) -> None:
    answer = next(m for m in visitor.hears("does it hurt?") if m["answer"])
    for rating in ("up", "down"):
        body = {"message": answer["id"], "rating": rating}
        assert visitor.post("feedback", body).status_code == 204
    records = visitor.http.get("export", headers=visitor.headers).json()["records"]
    assert [(f["topic"], f["rating"]) for f in records["feedback"]] == [("pain", "down")]


def test_everything_can_be_taken_along_and_erased(visitor: Visitor) -> None:
    visitor.hears("how many sessions?")
    exported = visitor.http.get("export", headers=visitor.headers)
    assert "attachment" in exported.headers["content-disposition"]
    assert exported.json()["messages"] == visitor.history()
    erased = visitor.http.delete("conversation", headers=visitor.headers)
    assert erased.status_code == 200
    assert len(erased.json()["reference"]) == 12
    assert visitor.history() == []
    exported = visitor.http.get("export", headers=visitor.headers).json()
    assert not any(exported["records"].values())


def test_a_chat_that_is_erased_by_words_leaves_nothing(visitor: Visitor) -> None:
    visitor.hears("delete my data")
    visitor.press("/affirm")
    assert visitor.history() == []


# Resends and races


def test_a_resend_gives_the_same_answer_and_no_second_turn(visitor: Visitor) -> None:
    id = str(uuid.uuid4())
    first, second = (visitor.send("does it hurt?", id).json() for _ in range(2))
    assert [m["id"] for m in first["messages"]] == [m["id"] for m in second["messages"]]
    assert len([m for m in visitor.history() if m["from"] == "visitor"]) == 1


def test_many_resends_at_once_are_one_turn(visitor: Visitor) -> None:
    id = str(uuid.uuid4())
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: visitor.send("how many sessions?", id), range(8)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({str([m["id"] for m in r.json()["messages"]]) for r in replies}) == 1
    assert len([m for m in visitor.history() if m["from"] == "visitor"]) == 1


def test_two_tabs_at_once_lose_nothing(visitor: Visitor) -> None:
    texts = ["does it hurt?", "how many sessions?", "what is it?", "is it for men too?"]
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(visitor.send, texts))
    assert {reply.status_code for reply in replies} == {200}
    history = visitor.history()
    assert sorted(m["text"] for m in history if m["from"] == "visitor") == sorted(texts)


def test_another_visitors_message_id_opens_nothing(web: httpx.Client, assistant: Assistant) -> None:
    one, other = Visitor(web, assistant.said), Visitor(web, assistant.said)
    id = str(uuid.uuid4())
    own = one.send("how many sessions?", id).json()["messages"]
    foreign = other.send("does it hurt?", id).json()["messages"]
    assert {m["answer"] for m in own} != {m["answer"] for m in foreign}
    body = {"message": f"{own[-1]['id']}x", "rating": "up"}
    refused(other.post("feedback", body), 404, "not_found")


# Refusals


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "messages"),
        ("GET", "history"),
        ("POST", "feedback"),
        ("GET", "export"),
        ("DELETE", "conversation"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "x", "Basic abc", "Bearer x", "Bearer a.b.c"])
def test_without_a_valid_token_nothing_is_served(
    web: httpx.Client, method: str, path: str, token: str | None
) -> None:
    headers = {} if token is None else {"Authorization": token}
    json = {} if method == "POST" else None
    refused(web.request(method, path, headers=headers, json=json), 401, "unauthorized")


def test_a_forged_token_is_refused(visitor: Visitor) -> None:
    head, rest = visitor.opened["token"].split(".", 1)
    for forged in (f"{head}x.{rest}", f"{head}.{rest[:-2]}xx", rest):
        headers = {"Authorization": f"Bearer {forged}"}
        refused(visitor.http.get("history", headers=headers), 401, "unauthorized")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "x"])
def test_another_websites_page_is_refused(visitor: Visitor, origin: str) -> None:
    body = {"id": str(uuid.uuid4()), "text": "hello"}
    reply = visitor.post("messages", body, headers={"Origin": origin})
    refused(reply, 403, "forbidden_origin")
    # The page may read that, and nothing else.
    assert reply.headers["access-control-allow-origin"] == origin
    assert visitor.history() == []


def test_any_page_may_load_the_widget(web: httpx.Client) -> None:
    reply = web.get("widget.js", headers={"Origin": "https://evil.example"})
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in reply.headers


def test_the_own_page_is_let_in(visitor: Visitor, assistant: Assistant) -> None:
    reply = visitor.post("session", {}, headers={"Origin": assistant.url})
    assert reply.status_code == 201
    assert reply.headers["access-control-allow-origin"] == assistant.url
    asked = visitor.http.options("messages", headers={"Origin": assistant.url})
    assert asked.status_code == 200
    assert "Authorization" in asked.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        b'{"id": "12345678"}',
        b'{"text": "x"}',
        b'{"id": "12345678", "text": 7}',
        b'{"id": "12345678", "text": null}',
        b'{"id": "12345678", "text": ""}',
        b'{"id": "12345678", "text": " \\n "}',
        b'{"id": "12345678", "text": "\\u0000"}',
        b'{"id": "12345678", "text": "x", "payload": "/affirm"}',
        b'{"id": "12345678", "text": "x", "sender": "me"}',
        b'{"id": "short", "text": "x"}',
        b'{"id": "with a space", "text": "x"}',
        b'{"id": 12345678, "text": "x"}',
        b"[" * 10_000,
    ],
    ids=lambda body: repr(body)[:40],
)
def test_a_malformed_message_is_refused(visitor: Visitor, body: bytes) -> None:
    headers = {**visitor.headers, "Content-Type": "application/json"}
    refused(visitor.http.post("messages", content=body, headers=headers), 400, "bad_request")
    assert visitor.history() == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_form_could_post_is_refused(visitor: Visitor, content_type: str) -> None:
    headers = {**visitor.headers, "Content-Type": content_type}
    body = b'{"id": "12345678", "text": "x"}'
    reply = visitor.http.post("messages", content=body, headers=headers)
    refused(reply, 415, "unsupported_media_type")


def test_a_long_message_gets_a_polite_refusal(visitor: Visitor) -> None:
    assert visitor.send("x" * 1000).status_code == 200
    refused(visitor.send("x" * 1001), 413, "too_long")
    refused(visitor.post("messages", {"id": "12345678", "text": "é" * 20_000}), 413, "too_long")


@pytest.mark.parametrize("text", ["a\x00b", "\\ud800", "👍", "Ολα καλά", "/restart", "{0[", "‮abc"])
def test_odd_text_is_taken(visitor: Visitor, text: str) -> None:
    written = text.replace("\x00", "\\u0000")
    raw = f'{{"id": "{uuid.uuid4()}", "text": "{written}"}}'
    headers = {**visitor.headers, "Content-Type": "application/json"}
    reply = visitor.http.post("messages", content=raw.encode(), headers=headers)
    assert reply.status_code == (400 if text == "\\ud800" else 200)


@pytest.mark.parametrize("payload", ["/restart", "/session_start", '/affirm{"a": "b"}', "/deny"])
def test_a_payload_that_was_not_offered_is_only_words(visitor: Visitor, payload: str) -> None:
    assert visitor.press(payload).status_code == 200
    (said,) = [m for m in visitor.history() if m["from"] == "visitor"]
    assert not said["text"].startswith("/")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "session", "POST"), ("DELETE", "history", "GET"), ("PUT", "messages", "POST")],
)
def test_a_wrong_method_is_named(web: httpx.Client, method: str, path: str, allowed: str) -> None:
    reply = web.request(method, path)
    refused(reply, 405, "method_not_allowed")
    assert allowed in reply.headers["allow"]


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (b"TRACE /webhooks/web/session HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        (b"GET /webhooks/web/ HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 413, "too_long"),
        (b"GET /wp-login.php HTTP/1.1\r\nHost: x\r\n\r\n", 404, "not_found"),
        (b"nonsense\r\n\r\n", 400, "bad_request"),
    ],
)
def test_what_comes_to_no_route_is_refused_with_the_same_words(
    web: httpx.Client, request_: bytes, status: int, code: str
) -> None:
    assert web.base_url.port
    with socket.create_connection((web.base_url.host, web.base_url.port), timeout=10) as raw:
        raw.sendall(request_)
        got = b""
        while b"}}" not in got and (piece := raw.recv(65_536)):
            got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    number = int(head.split()[1])
    refused(httpx.Response(number, headers=headers, content=body), status, code)
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["nothing", "../rest/", "widget.js/x", "%2e%2e/clinic.yml"])
def test_an_unknown_address_says_so(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 404 or path == "../rest/"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "x"},
        {"message": "x", "rating": "sideways"},
        {"message": 7, "rating": "up"},
        {"message": "x", "rating": ["up"]},
        {"message": "x", "rating": "up", "more": 1},
    ],
)
def test_a_malformed_rating_is_refused(visitor: Visitor, body: Any) -> None:
    refused(visitor.post("feedback", body), 400, "bad_request")


def test_what_the_patient_said_cannot_be_rated(visitor: Visitor) -> None:
    visitor.hears("does it hurt?")
    mine = visitor.history()[0]["id"]
    refused(visitor.post("feedback", {"message": mine, "rating": "up"}), 404, "not_found")
