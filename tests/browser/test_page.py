"""The demo page in a browser: its button, its rules of safety, and that it works by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat, Visitor

NewVisitor = Callable[..., Visitor]


def test_the_pages_own_button_opens_the_chat(visitor: Visitor) -> None:
    chat = Chat(visitor.page)
    visitor.page.get_by_role("button", name="Ask the assistant").click()
    expect(chat.panel).to_be_visible()
    expect(chat.input).to_be_focused()
    expect(chat.wait_for_answer()).to_contain_text("automated assistant")


def test_violations_and_foreign_requests_would_be_noticed(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.page.evaluate(
        "document.body.append(new Image()); setTimeout(() => {"
        " document.images[0].src = 'https://elsewhere.invalid/x.png' })"
    )
    visitor.page.wait_for_timeout(300)
    faults = list(visitor.faults)
    visitor.faults.clear()
    assert any("CSP violation: img-src https://elsewhere.invalid" in fault for fault in faults)


def test_everything_on_the_page_is_there(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    answers = []
    visitor.page.on("response", lambda answer: answers.append((answer.url, answer.status)))
    visitor.page.reload(wait_until="networkidle")
    assert {status for _, status in answers} == {200}
    names = {address.removeprefix(visitor.url) for address, _ in answers}
    assert names == {"", "site.css", "widget.js"}


def test_every_link_within_the_page_leads_somewhere(visitor: Visitor) -> None:
    links = visitor.page.locator("a[href^='#']").evaluate_all("all => all.map((a) => a.hash)")
    assert "#contact" in links
    missing = [link for link in links if not visitor.page.locator(link).count()]
    assert [link for link in missing if link != "#top"] == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_of_the_page_is_wider_than_the_window(new_visitor: NewVisitor, width: int) -> None:
    page = new_visitor(width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_can_be_used_without_scripts(new_visitor: NewVisitor) -> None:
    page = new_visitor(java_script_enabled=False).page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Contact and hours")).to_be_visible()
    expect(page.locator("[data-open-assistant]")).to_be_hidden()
    question = page.locator("details").first
    question.locator("summary").press("Enter")
    expect(question.locator("p")).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Tab")
    assert Chat(visitor.page).focused() == "Skip to the content"
    visitor.page.keyboard.press("Enter")
    assert Chat(visitor.page).focused() == "main"
