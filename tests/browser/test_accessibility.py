"""What axe-core finds on the page and in every state of the chat: nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chat import EMERGENCY, Chat, Visitor, axe_faults

NewVisitor = Callable[..., Visitor]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_state_breaks_a_rule_of_wcag(new_visitor: NewVisitor, width: int, scheme: str) -> None:
    page = new_visitor(width, color_scheme=scheme).page
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    found = {"closed": axe_faults(page, "html")}
    chat.open()
    found["open"] = axe_faults(page)
    chat.say("does it hurt?").get_by_role("button", name="Helpful", exact=True).click()
    found["talk"] = axe_faults(page)
    page.get_by_role("button", name="Menu").click()
    found["menu"] = axe_faults(page)
    page.keyboard.press("Escape")
    chat.say("may I have it? please check")
    chat.press("Yes, I agree")
    expect(page.locator("progress")).to_be_visible()
    found["check"] = axe_faults(page)
    chat.say(EMERGENCY)
    expect(page.get_by_role("alert")).to_be_visible()
    found["emergency"] = axe_faults(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_axe_would_find_a_fault_in_the_chat(chat: Chat) -> None:
    chat.panel.evaluate("(panel) => panel.append(document.createElement('button'))")
    assert any(fault.startswith("button-name: ") for fault in axe_faults(chat.page))
