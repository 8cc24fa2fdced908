"""The description for programs, `web/openapi.yml`, says what the running web channel does.

Schemathesis makes requests from it, well-formed and malformed, and holds each answer against it. It
is called as a command: its fixtures for pytest do not work with every version of pytest.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis

from channels import site, web
from channels import web_checks as checks
from channels.refusals import STATUS, Refusals, refused
from clinic.content.wording import clinic_variables
from clinic.profile import load_profile
from scripts.settings import HOST, ROOT
from tests.e2e.servers import Assistant
from tests.e2e.visitor import Visitor

# What is refused for its length is malformed too. The web server itself answers methods that it
# does not know.
CONFIGURATION = """
[checks]
negative_data_rejection.expected-statuses = ["400", "401", "404", "405", "413", "415"]
[phases.coverage]
unexpected-methods = ["get", "put", "post", "delete", "patch"]
"""

Document = dict[str, Any]


@pytest.fixture(scope="module")
def http(assistant: Assistant) -> Iterator[httpx.Client]:
    url = f"{assistant.url}/webhooks/web/"
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def document(http: httpx.Client) -> Document:
    reply = http.get("openapi.json")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


@pytest.fixture(scope="module")
def described(document: Document) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(document, config=schemathesis.Config())


@pytest.fixture
def visitor(http: httpx.Client, assistant: Assistant) -> Visitor:
    return Visitor(http, assistant.said)


# Requests that are made from the description


def try_out(http: httpx.Client, folder: Path, *options: str) -> None:
    configuration = folder / "schemathesis.toml"
    configuration.write_text(CONFIGURATION, "utf-8")
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(configuration), "run", str(http.base_url.join("openapi.json"))),
        *("--checks", "all", "--generation-deterministic", "--continue-on-failure", "--no-color"),
        *options,
    ]
    variables = {**os.environ, "NO_PROXY": HOST}
    run = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_visitors_requests_are_answered_as_described(
    http: httpx.Client, visitor: Visitor, tmp_path: Path
) -> None:
    token = f"Authorization: {visitor.headers['Authorization']}"
    try_out(http, tmp_path, "--header", token, "--max-examples", "20")


def test_without_a_valid_token_the_answers_are_as_described(
    http: httpx.Client, tmp_path: Path
) -> None:
    try_out(http, tmp_path, "--phases", "coverage")


# What no generated request reaches


def test_a_whole_conversation_is_as_described(
    visitor: Visitor, http: httpx.Client, described: schemathesis.BaseSchema
) -> None:
    def is_described(method: str, path: str, **options: Any) -> Any:
        reply = http.request(method, path, headers=visitor.headers, **options)
        assert reply.is_success, reply.text
        described[f"/{path}"][method].validate_response(reply)
        return reply.json() if reply.content else None

    def say(**message: str) -> list[dict[str, Any]]:
        message["id"] = f"message-{len(said):04}"
        said.append(message)
        return list(is_described("POST", "messages", json=message)["messages"])

    said: list[dict[str, str]] = []
    is_described("POST", "session", json={})
    assert is_described("GET", "history") == {"messages": []}
    answer = say(payload="/ask_what_is")[-1]
    is_described("POST", "feedback", json={"message": answer["id"], "rating": "up"})
    say(text="may I have it? please check")
    say(payload="/affirm")
    for _ in range(6):
        say(payload="/deny")
    say(text="I want to request a consultation")
    for text in ("Maria Example", "6912345678", "Monday morning", "no", "yes"):
        say(text=text)
    say(text="I want to talk to a person")
    say(text="I can't breathe since the injection")
    assert is_described("GET", "history")["messages"]
    records = is_described("GET", "export")["records"]
    assert {name for name, rows in records.items() if rows} == set(records)
    is_described("DELETE", "conversation")
    assert is_described("GET", "history") == {"messages": []}


@pytest.mark.parametrize(
    ("options", "path", "code"),
    [
        ({"content": b"{"}, "/messages", "bad_request"),
        ({"json": {"id": "message-1"}}, "/messages", "bad_request"),
        ({"headers": {"Authorization": "Bearer x"}}, "/messages", "unauthorized"),
        ({"headers": {"Origin": "https://other.example"}}, "/messages", "forbidden_origin"),
        ({"json": {"message": "message-1.0", "rating": "up"}}, "/feedback", "not_found"),
        ({"method": "PATCH"}, "/messages", "method_not_allowed"),
        ({"json": {"id": "message-1", "text": "x" * 1001}}, "/messages", "too_long"),
        ({"content": b" " * 16_385}, "/feedback", "too_long"),
        ({"headers": {"Content-Type": "text/plain"}}, "/messages", "unsupported_media_type"),
    ],
)
def test_a_refusal_is_as_described(
    visitor: Visitor,
    http: httpx.Client,
    described: schemathesis.BaseSchema,
    options: dict[str, Any],
    path: str,
    code: str,
) -> None:
    headers = {
        **visitor.headers,
        "Content-Type": "application/json",
        **options.pop("headers", {}),
    }
    reply = http.request(options.pop("method", "POST"), path[1:], headers=headers, **options)
    assert reply.json()["error"]["code"] == code
    hold_against(described, path, reply)


@pytest.mark.parametrize("code", ["too_many_requests", "unavailable"])
def test_a_refusal_that_takes_a_flood_or_a_fault_is_as_described(
    described: schemathesis.BaseSchema, code: str
) -> None:
    profile = load_profile(ROOT / "data/content")
    variables = clinic_variables(profile, 90)
    refusals = Refusals(ROOT / "data/responses", variables, profile.phone)
    answer = refusals.answer(refused(code, retry_after=5))
    assert answer.headers["retry-after"] == "5"
    assert answer.body is not None
    hold_against(described, "/messages", made_up(answer.status, answer.body))


def hold_against(described: schemathesis.BaseSchema, path: str, reply: httpx.Response) -> None:
    operation = described[path]["POST"]
    assert str(reply.status_code) in operation.responses.status_codes
    operation.validate_response(reply)


# Addresses


def test_every_address_of_the_channel_is_described_and_no_other(
    document: Document, monkeypatch: pytest.MonkeyPatch, assistant: Assistant
) -> None:
    async def nothing(message: object) -> None: ...

    monkeypatch.setenv("CONVERSATION_KEY", assistant.conversation_key)
    served = {path: set(methods) for path, methods in web._Desk("web", nothing)._handlers.items()}
    for name in ("", site._DESCRIPTION, *site._TYPES):
        served[name] = {"GET", "HEAD"}
    named = {
        path.removeprefix("/"): {method.upper() for method in operations}
        for path, operations in document["paths"].items()
    }
    assert named == served


def test_the_limits_of_a_message_are_those_of_the_code(
    document: Document, visitor: Visitor
) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Words"]["maxLength"] == checks.LONGEST_TEXT
    assert schemas["MessageId"]["pattern"] == f"^{checks._MESSAGE_ID.pattern}$"
    for text in ("x", "x" * checks.LONGEST_TEXT, " ", "\n", ""):
        is_described = len(text) > 0 and re.search(schemas["Words"]["pattern"], text) is not None
        assert visitor.send(text).is_success == is_described


def test_the_server_names_the_described_methods(document: Document, http: httpx.Client) -> None:
    for path, operations in document["paths"].items():
        allowed = set(http.patch(path[1:]).headers["allow"].split(", "))
        assert allowed == {*(method.upper() for method in operations), "OPTIONS"}


def test_each_code_of_a_refusal_is_described_under_its_status(document: Document) -> None:
    found = {
        (example["error"]["code"], int(status))
        for operations in document["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        for example in examples(document, answer)
        if "error" in example
    }
    assert found == set(STATUS.items())


def test_the_examples_are_as_described(
    document: Document, described: schemathesis.BaseSchema
) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                for example in examples(document, answer):
                    reply = made_up(int(status), json.dumps(example).encode())
                    described[path][method.upper()].validate_response(reply)


def examples(document: Document, answer: Document) -> list[Any]:
    """The examples of an answer's body, by whichever of the two names they go."""
    name = answer.get("$ref", "").rpartition("/")[2]
    answer = document["components"]["responses"][name] if name else answer
    content = answer.get("content", {}).get("application/json", {})
    several = [example["value"] for example in content.get("examples", {}).values()]
    return [*several, content["example"]] if "example" in content else several


def made_up(status: int, body: bytes) -> httpx.Response:
    """An answer that no server gave."""
    stream = httpx.ByteStream(body)
    answer = httpx.Response(status, headers={"Content-Type": "application/json"}, stream=stream)
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        return client.get(f"http://{HOST}")
