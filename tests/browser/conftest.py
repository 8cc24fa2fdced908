"""Chromium and the running assistant for all browser tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chat import Chat, Visitor
from tests.e2e.conftest import assistant
from tests.e2e.servers import Assistant

__all__ = ["assistant"]

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """The system's Chromium; looked for first, before the servers start."""
    program = shutil.which("chromium")
    if program is None:
        pytest.exit("there is no `chromium`: install it (Debian: apt install chromium)", 1)
    return program


# Not for the session: asyncio tests of other packages cannot run while Playwright's loop does.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def new_visitor(browser: Browser, assistant: Assistant) -> Iterator[NewVisitor]:
    """Opens browsers with a storage of their own; in the end, nothing may have gone wrong."""
    opened: list[Visitor] = []

    def new(width: int = 1280, **options: Any) -> Visitor:
        opened.append(Visitor(browser, f"{assistant.url}/webhooks/web/", width, **options))
        return opened[-1]

    yield new
    for visitor in opened:
        visitor.context.close()
    assert [fault for visitor in opened for fault in visitor.faults] == []


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """A visitor on the demo page of a large screen; the chat is closed."""
    return new_visitor()


@pytest.fixture
def chat(visitor: Visitor) -> Chat:
    """The chat, opened."""
    return Chat(visitor.page).open()
