"""How often, and from where, the web channel may be used."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sanic.response import HTTPResponse, empty

from channels.refusals import Refusal
from channels.web_checks import Origins, Rates


def request(origin: str | None = None, method: str = "POST") -> Any:
    headers = {"host": "chat.example"} | ({"origin": origin} if origin else {})
    return SimpleNamespace(headers=headers, method=method)


@pytest.mark.parametrize("count", ["count_message", "count_session", "count_request"])
def test_one_too_many_is_told_when_to_come_again(count: str) -> None:
    rates = Rates(3, 3, 3)
    for _ in range(3):
        getattr(rates, count)("one")
    with pytest.raises(Refusal) as caught:
        getattr(rates, count)("one")
    assert caught.value.code == "too_many_requests"
    ((name, seconds),) = caught.value.headers
    assert name == "Retry-After"
    assert 1 <= int(seconds) <= 61
    getattr(rates, count)("another")


def test_each_kind_is_counted_by_itself() -> None:
    rates = Rates(1, 1, 1)
    for count in (rates.count_message, rates.count_session, rates.count_request):
        count("one")


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (None, True),
        ("https://clinic.example", True),
        ("https://chat.example", True),
        ("http://clinic.example", False),
        ("https://clinic.example.evil.example", False),
        ("https://sub.clinic.example", False),
        ("https://chat.example:8443", False),
        ("null", False),
        ("https://[", False),
    ],
)
def test_pages_of_the_own_and_of_named_websites_are_let_in(
    origin: str | None, is_allowed: bool
) -> None:
    origins = Origins(["https://clinic.example"])
    answer: HTTPResponse = empty()
    origins.allow(request(origin), answer)
    assert answer.headers.get("access-control-allow-origin") == (origin if is_allowed else None)
    if is_allowed:
        origins.check(request(origin))
    else:
        with pytest.raises(Refusal, match="forbidden_origin"):
            origins.check(request(origin))


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("POST", 403)])
def test_any_page_may_ask_and_read_that_it_is_refused(method: str, status: int) -> None:
    answer: HTTPResponse = empty(status)
    Origins([]).allow(request("https://other.example", method), answer)
    assert answer.headers["access-control-allow-origin"] == "https://other.example"
