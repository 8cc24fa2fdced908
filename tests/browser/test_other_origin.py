"""The chat on another website's page with a strict content policy, named in WEB_ORIGINS or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from clinic.profile import load_profile
from scripts.settings import ROOT
from tests.browser.chat import Chat
from tests.browser.elsewhere import Guest, Website, website
from tests.e2e.servers import Assistant

PROFILE = load_profile(ROOT / "data" / "content")
REFUSED = "This website may not use the assistant."

Open = Callable[[str], Guest]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Website]]:
    """Two websites, and an assistant whose WEB_ORIGINS names the one that is called "named"."""
    running = Assistant(tmp_path_factory.mktemp("assistant_for_websites"))
    with ExitStack() as stack:
        stack.callback(running.stop)
        served = {
            name: stack.enter_context(website(tmp_path_factory.mktemp(name)))
            for name in ("named", "unnamed")
        }
        for site in served.values():
            site.embed(f"{running.url}/webhooks/web/")
        running.variables["WEB_ORIGINS"] = served["named"].url
        running.start()
        yield served


@pytest.fixture
def visit(browser: Browser, sites: dict[str, Website]) -> Iterator[Open]:
    """Opens a site's page in a browser of its own; in the end, nothing may have gone wrong."""
    opened: list[Guest] = []

    def new(name: str) -> Guest:
        opened.append(Guest(browser, sites[name]))
        return opened[-1]

    yield new
    for guest in opened:
        guest.context.close()
    assert [fault for guest in opened for fault in guest.faults] == []


# A website that WEB_ORIGINS names


def test_a_named_websites_visitor_asks_rates_comes_back_and_erases(visit: Open) -> None:
    guest = visit("named")
    chat = Chat(guest.page).open()
    answer = chat.say("does it hurt?")
    expect(answer).to_contain_text("It can hurt")
    expect(answer.locator(".source")).to_contain_text("Source: ")
    with guest.page.expect_response("**/feedback") as rated:
        answer.get_by_role("button", name="Not helpful").click()
    assert rated.value.status == 204
    expect(chat.status).to_have_text("Thank you.")
    said = chat.words.all_inner_texts()
    assert chat.reload().words.all_inner_texts() == said
    expect(chat.page.locator(".down")).to_have_attribute("aria-pressed", "true")
    chat.choose("Delete my data")
    chat.confirm()
    expect(chat.note).to_contain_text("Your data is deleted. Receipt number: ")
    expect(chat.reload().own).to_have_count(0)
    asked = [call for call in guest.calls() if call != ("POST", "session")]
    assert asked == [
        ("POST", "messages"),
        ("POST", "feedback"),
        ("GET", "history"),
        ("DELETE", "conversation"),
        ("GET", "history"),
    ]


def test_a_button_and_the_transcript_work_on_a_named_website(visit: Open) -> None:
    chat = Chat(visit("named").page).open()
    expect(chat.press("What is mesotherapy?").locator(".source")).to_be_visible()
    with chat.page.expect_download() as download:
        chat.choose("Download transcript")
    assert "What is mesotherapy?" in download.value.path().read_text("utf-8")


def test_the_chat_looks_the_same_on_a_named_website_as_on_the_assistants_own(visit: Open) -> None:
    guest = visit("named")
    chat = Chat(guest.page).open()
    looks = "(e) => { const s = getComputedStyle(e); return [s.position, s.width, s.borderRadius] }"
    assert chat.panel.evaluate(looks) == ["fixed", "380px", "14px"]
    icon = chat.page.get_by_role("button", name="Send").locator("svg").bounding_box()
    assert icon is not None
    assert (icon["width"], icon["height"]) == (24, 24)


def test_a_violation_of_the_policy_would_be_noticed(visit: Open) -> None:
    guest = visit("named")
    expect(Chat(guest.page).launcher).to_be_visible()
    image = "https://elsewhere.invalid/x.png"
    with (
        guest.page.expect_console_message(lambda said: said.text.startswith("CSP violation")),
        guest.page.expect_console_message(lambda said: said.text.startswith("Loading the image")),
    ):
        guest.page.evaluate("(address) => { new Image().src = address }", image)
    noticed = list(guest.faults)
    guest.faults.clear()
    assert f"CSP violation: img-src {image}" in noticed
    assert f"request to another place: {image}" in noticed


# A website that WEB_ORIGINS does not name


def test_on_an_unnamed_website_the_visitor_gets_words_and_the_clinics_phone(visit: Open) -> None:
    guest = visit("unnamed")
    chat = Chat(guest.page)
    chat.launcher.click()
    expect(chat.note).to_contain_text(REFUSED)
    expect(chat.note.get_by_role("link")).to_have_text(f"Call {PROFILE.phone}")
    expect(chat.note.get_by_role("button", name="Try again")).to_be_enabled()
    expect(chat.page.locator(".typing")).to_be_hidden()
    expect(chat.messages).to_have_count(0)
    assert guest.calls() == [("POST", "session")]


def test_on_an_unnamed_website_what_is_typed_is_kept_and_not_sent(visit: Open) -> None:
    guest = visit("unnamed")
    chat = Chat(guest.page)
    chat.launcher.click()
    chat.type("does it hurt?")
    expect(chat.unsent).to_contain_text(REFUSED)
    expect(chat.own_words).to_have_text("You: does it hurt?")
    expect(chat.unsent.get_by_role("link")).to_have_text(f"Call {PROFILE.phone}")
    guest.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert set(guest.calls()) == {("POST", "session")}
