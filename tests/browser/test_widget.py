"""The chat widget in a browser: what a visitor does with it, and what it does when things fail."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from clinic.profile import load_profile
from scripts.settings import ROOT
from tests.browser.chat import EMERGENCY, Chat, Visitor
from tests.browser.npm import TYPESCRIPT, run, unpacked

PROFILE = load_profile(ROOT / "data" / "content")
WIDGET = ROOT / "web" / "widget.js"
HTML = "<img src=x onerror=alert(1)>"

# Opening and closing


def test_nothing_is_requested_before_the_chat_is_opened(visitor: Visitor) -> None:
    expect(Chat(visitor.page).launcher).to_be_visible()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.calls() == []
    Chat(visitor.page).open()
    assert visitor.calls() == [("POST", "session")]


def test_the_chat_opens_with_the_focus_in_the_input_and_escape_leads_back(visitor: Visitor) -> None:
    chat = Chat(visitor.page)
    chat.step_to("Chat with the clinic’s automated assistant")
    visitor.page.keyboard.press("Enter")
    expect(chat.panel).to_be_visible()
    expect(chat.input).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_the_panel_says_that_it_is_a_program_and_whom_to_call(chat: Chat) -> None:
    expect(chat.panel).to_have_accessible_name(
        f"Chat with the clinic’s automated assistant {PROFILE.name}"
    )
    expect(chat.panel).to_contain_text("Automated assistant, not a person")
    links = chat.page.locator(".phones a").evaluate_all("all => all.map((one) => one.href)")
    phone = "".join(PROFILE.phone.split())
    assert links == [f"tel:{phone}", f"tel:{PROFILE.emergency_number}"]


# Talking


def test_a_question_is_answered_with_its_source_and_thumbs(chat: Chat) -> None:
    answer = chat.say("does it hurt?")
    expect(answer).to_contain_text("It can hurt")
    expect(answer.locator(".source")).to_contain_text("Source: ")
    expect(answer.locator(".source")).to_contain_text("reviewed")
    expect(
        answer.get_by_role("group", name="Was this helpful?").get_by_role("button")
    ).to_have_count(2)
    expect(chat.own_words).to_have_text("You: does it hurt?")
    expect(chat.answers.first.locator(".rating")).to_have_count(0)


def test_a_rating_is_kept_after_a_reload(chat: Chat, visitor: Visitor) -> None:
    chat.say("does it hurt?").get_by_role("button", name="Not helpful").click()
    expect(chat.status).to_have_text("Thank you.")
    chat.reload()
    expect(chat.page.locator(".down")).to_have_attribute("aria-pressed", "true")
    expect(chat.page.locator(".up")).to_have_attribute("aria-pressed", "false")
    assert visitor.calls().count(("POST", "feedback")) == 1


def test_a_quick_reply_is_sent_and_the_earlier_ones_go(chat: Chat) -> None:
    answer = chat.press("What is mesotherapy?")
    expect(chat.own_words).to_have_text("You: What is mesotherapy?")
    expect(answer.locator(".source")).to_be_visible()
    expect(chat.page.locator(".replies")).to_have_count(1)
    expect(answer.locator(".replies")).to_be_visible()


def test_an_emergency_stands_out_and_is_announced_once(chat: Chat) -> None:
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    chat.say(EMERGENCY)
    urgent = chat.page.get_by_role("alert")
    expect(urgent).to_contain_text("⚠ ")
    expect(urgent.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    usual = chat.answers.first.locator(".bubble")
    assert looks(urgent.locator(".bubble")) != looks(usual)
    chat.reload()
    expect(chat.page.locator(".emergency")).to_be_visible()
    expect(chat.page.get_by_role("alert")).to_have_count(0)


def looks(part: Any) -> str:
    return str(
        part.evaluate("(e) => { const s = getComputedStyle(e); return s.border + s.background }")
    )


def test_text_is_never_html(chat: Chat, visitor: Visitor) -> None:
    def make_html(route: Route) -> None:
        reply = route.fetch()
        said = reply.json()
        said["messages"][-1]["text"] = HTML
        said["messages"][-1]["buttons"] = [{"title": HTML, "payload": "/deny"}]
        route.fulfill(response=reply, json=said)

    visitor.page.route("**/messages", make_html)
    answer = chat.say(HTML)
    expect(chat.own_words).to_have_text(f"You: {HTML}")
    expect(answer.locator(".bubble")).to_have_text(f"Assistant: {HTML}")
    expect(answer.locator(".replies button")).to_have_text(HTML)
    chat.reload()
    expect(chat.own_words).to_have_text(f"You: {HTML}")
    expect(chat.page.locator(".log img")).to_have_count(0)
    assert not any(path.endswith("x") for _, path in visitor.calls())


# With the keyboard alone


def test_the_whole_check_works_with_the_keyboard_alone(visitor: Visitor) -> None:
    chat, keys = Chat(visitor.page), visitor.page.keyboard
    chat.step_to("Chat with the clinic’s automated assistant")
    keys.press("Enter")
    chat.wait_for_answer()
    chat.step_to("May I have it?", "Shift+Tab")
    keys.press("Enter")
    chat.wait_for_answer()
    chat.step_to("Yes, I agree")
    keys.press("Enter")
    for number in range(1, 7):
        question = chat.wait_for_answer()
        expect(question.locator("progress")).to_have_js_property("value", number)
        chat.step_to("No")
        keys.press("Space")
    expect(chat.wait_for_answer()).to_contain_text("That is no clearance")
    assert chat.own.count() == 8


def test_a_consultation_is_requested_with_the_keyboard_alone(visitor: Visitor) -> None:
    chat, keys = Chat(visitor.page), visitor.page.keyboard
    chat.step_to("Chat with the clinic’s automated assistant")
    keys.press("Enter")
    chat.wait_for_answer()
    chat.step_to("Request a consultation", "Shift+Tab")
    keys.press("Enter")
    expect(chat.wait_for_answer()).to_contain_text("your name")
    chat.step_to("input")
    for words, asked in (("Maria Papadopoulou", "reach you"), ("6912345678", "Which day")):
        keys.type(words)
        keys.press("Enter")
        expect(chat.own.last).to_contain_text(words)
        expect(chat.wait_for_answer()).to_contain_text(asked)
        expect(chat.input).to_be_focused()
    chat.step_to("Any morning", "Shift+Tab")
    keys.press("Enter")
    expect(chat.wait_for_answer()).to_contain_text("Name: Maria Papadopoulou")
    chat.step_to("Yes, send it")
    keys.press("Enter")
    expect(chat.own.last).to_contain_text("Yes, send it")
    expect(chat.wait_for_answer()).to_contain_text("Your request is with the clinic under number")


# What is kept


def test_the_chat_is_there_after_a_reload_on_another_page_and_in_another_tab(
    chat: Chat, visitor: Visitor
) -> None:
    chat.say("does it hurt?")
    said = chat.words.all_inner_texts()
    assert len(said) >= 3
    assert chat.reload().words.all_inner_texts() == said
    visitor.page.goto(f"{visitor.url}index.html")
    assert Chat(visitor.page).open().words.all_inner_texts() == said
    other = Chat(visitor.another_tab()).open()
    assert other.words.all_inner_texts() == said
    assert other.replies.all_inner_texts() == chat.replies.all_inner_texts() != []


def test_two_open_tabs_show_the_same_chat(chat: Chat, visitor: Visitor) -> None:
    chat.say("does it hurt?")
    other = Chat(visitor.another_tab()).open()
    other.say("how many sessions?")
    expect(chat.messages).to_have_count(other.messages.count())
    expect(chat.own_words.last).to_have_text("You: how many sessions?")
    chat.say("what is it?")
    expect(other.own_words.last).to_have_text("You: what is it?")
    expect(other.messages).to_have_count(chat.messages.count())


def test_a_draft_survives_a_reload(chat: Chat) -> None:
    chat.input.press_sequentially("Does it hurt")
    chat.input.press("Shift+Enter")
    chat.input.press_sequentially("really?")
    chat.reload()
    expect(chat.input).to_have_value("Does it hurt\nreally?")
    expect(chat.own).to_have_count(0)
    chat.say("does it hurt?")
    expect(chat.reload().input).to_have_value("")


# Faults


def fail_once(page: Page, fail: Callable[[Route], None]) -> list[str]:
    """Lets the first message fail; the result is the ids of all that are sent, in order."""
    ids: list[str] = []

    def answer(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "")["id"])
        if len(ids) == 1:
            fail(route)
        else:
            route.continue_()

    page.route("**/messages", answer)
    return ids


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


def busy(seconds: int) -> Callable[[Route], None]:
    error = {"code": "unavailable", "message": "Please wait a little.", "phone": "+30 210 1"}
    headers = {"Retry-After": str(seconds)}
    return lambda route: route.fulfill(status=503, headers=headers, json={"error": error})


def test_a_message_whose_answer_was_lost_is_sent_again_and_counts_once(chat: Chat) -> None:
    ids = fail_once(chat.page, lose_the_answer)
    expect(chat.say("does it hurt?")).to_contain_text("It can hurt")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    expect(chat.own).to_have_count(1)
    said = chat.words.all_inner_texts()
    assert chat.reload().words.all_inner_texts() == said


def test_a_busy_server_is_asked_again_after_the_time_that_it_names(chat: Chat) -> None:
    ids = fail_once(chat.page, busy(2))
    started = time.monotonic()
    chat.type("does it hurt?")
    expect(chat.page.locator(".state")).to_have_text("Trying again soon …")
    expect(chat.wait_for_answer()).to_contain_text("It can hurt")
    assert 2 <= time.monotonic() - started < 6
    assert len(ids) == 2
    assert len(set(ids)) == 1
    expect(chat.page.locator(".state")).to_be_empty()


def test_an_unsent_message_stays_and_is_sent_by_hand_with_the_same_id(chat: Chat) -> None:
    ids = fail_once(chat.page, busy(3600))
    chat.type("does it hurt?")
    expect(chat.unsent).to_contain_text("Not sent.Please wait a little.")
    expect(chat.unsent.get_by_role("link")).to_have_attribute("href", "tel:+302101")
    expect(chat.status).to_contain_text("Not sent.")
    chat.page.reload()
    chat.launcher.click()
    expect(chat.own).to_contain_text("does it hurt?")
    chat.page.get_by_role("button", name="Try again").click()
    expect(chat.wait_for_answer()).to_contain_text("It can hurt")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    expect(chat.unsent).to_have_count(0)
    expect(chat.reload().own).to_have_count(1)


def test_an_expired_session_becomes_a_new_chat_and_the_message_arrives(
    chat: Chat, visitor: Visitor
) -> None:
    chat.say("how many sessions?")
    visitor.page.evaluate(
        "Object.keys(localStorage).filter((key) => key.endsWith('shared')).forEach((key) =>"
        "  localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), token: 'old' }))"
    )
    chat.page.reload()
    chat.launcher.click()
    expect(chat.note).to_contain_text("The earlier chat has expired")
    expect(chat.messages).to_have_count(1)
    expect(chat.say("does it hurt?")).to_contain_text("It can hurt")


def test_without_a_connection_it_says_so_and_sends_when_it_is_back(
    chat: Chat, visitor: Visitor
) -> None:
    banner = chat.page.locator(".banner")
    expect(banner).to_be_hidden()
    visitor.context.set_offline(True)
    expect(banner).to_have_text("You are offline. Nothing can be sent.")
    chat.type("does it hurt?")
    expect(chat.unsent).to_contain_text("Not sent.")
    visitor.context.set_offline(False)
    expect(banner).to_have_text("You are online again.")
    chat.page.get_by_role("button", name="Try again").click()
    expect(chat.wait_for_answer()).to_contain_text("It can hurt")
    expect(banner).to_be_hidden()


def test_a_server_that_cannot_be_reached_leaves_the_phone_and_a_way_to_try_again(
    visitor: Visitor,
) -> None:
    chat = Chat(visitor.page)
    visitor.page.route("**/session", busy(3600))
    chat.launcher.click()
    expect(chat.note).to_contain_text("Please wait a little.")
    expect(chat.note.get_by_role("link")).to_have_attribute("href", "tel:+302101")
    visitor.page.unroute("**/session")
    chat.note.get_by_role("button", name="Try again").click()
    expect(chat.wait_for_answer()).to_contain_text("automated assistant")


# Length


def test_the_last_hundred_characters_are_counted_down(chat: Chat) -> None:
    hint = chat.page.locator(".hint")
    chat.input.fill("x" * 899)
    expect(hint).to_be_empty()
    chat.input.fill("x" * 900)
    expect(hint).to_have_text("Characters left: 100")
    expect(chat.status).to_have_text("Characters left: 100")
    chat.input.fill("😀" * 1000)
    expect(hint).to_have_text("Characters left: 0")
    expect(chat.page.get_by_role("button", name="Send")).to_be_enabled()


def test_more_than_a_thousand_characters_are_not_sent_and_not_lost(
    chat: Chat, visitor: Visitor
) -> None:
    chat.type("x" * 1001)
    expect(chat.page.locator(".hint")).to_have_text("Too long to send. Characters too many: 1")
    expect(chat.page.get_by_role("button", name="Send")).to_be_disabled()
    expect(chat.input).to_have_value("x" * 1001)
    expect(chat.input).to_have_attribute("aria-invalid", "true")
    chat.say("x" * 1000)
    assert visitor.calls().count(("POST", "messages")) == 1


# The menu


def test_a_new_chat_leaves_the_earlier_one(chat: Chat) -> None:
    chat.say("does it hurt?")
    chat.choose("New chat")
    expect(chat.page.get_by_role("alertdialog")).to_contain_text("you can no longer see it")
    chat.confirm()
    expect(chat.messages).to_have_count(1)
    expect(chat.input).to_be_focused()
    chat.say("how many sessions?")
    expect(chat.reload().own_words).to_have_text("You: how many sessions?")


def test_the_transcript_is_downloaded(chat: Chat, tmp_path: Path) -> None:
    answer = chat.say("does it hurt?")
    source = answer.locator(".source").inner_text()
    with chat.page.expect_download() as download:
        chat.choose("Download transcript")
    assert download.value.suggested_filename == "chat.txt"
    download.value.save_as(tmp_path / "chat.txt")
    text = (tmp_path / "chat.txt").read_text("utf-8")
    assert text.startswith(f"{PROFILE.name} {PROFILE.phone}\nAutomated assistant, not a person\n")
    assert " You:\ndoes it hurt?\n" in text
    assert " Assistant:\nIt can hurt." in text
    assert source in text


def test_deleted_data_is_gone_everywhere_and_has_a_receipt(chat: Chat, visitor: Visitor) -> None:
    chat.say("does it hurt?")
    other = Chat(visitor.another_tab()).open()
    expect(other.own).to_have_count(1)
    with chat.page.expect_request("**/conversation") as asked:
        chat.choose("Delete my data")
        expect(chat.page.get_by_role("button", name="Cancel")).to_be_focused()
        chat.confirm()
    expect(chat.note).to_contain_text("Your data is deleted. Receipt number: ")
    assert len(chat.note.inner_text().split()[-1]) == 12
    expect(chat.messages).to_have_count(1)
    expect(other.own).to_have_count(0)
    expect(other.messages).to_have_count(1)
    token = {"Authorization": asked.value.headers["authorization"]}
    stored = httpx.get(f"{visitor.url}history", headers=token, trust_env=False)
    assert (stored.status_code, stored.json()) == (200, {"messages": []})


def test_a_cancelled_deletion_deletes_nothing(chat: Chat, visitor: Visitor) -> None:
    chat.say("does it hurt?")
    chat.choose("Delete my data")
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator(".ask")).to_be_hidden()
    expect(chat.panel).to_be_visible()
    expect(chat.reload().own).to_have_count(1)
    assert ("DELETE", "conversation") not in visitor.calls()


# Small screens


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(
    new_visitor: Callable[..., Visitor], width: int
) -> None:
    chat = Chat(new_visitor(width, has_touch=True).page).open()
    chat.say("does it hurt?")
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": width, "height": 800}
    reached = set()
    for _ in range(25):
        chat.page.keyboard.press("Tab")
        reached.add(chat.page.evaluate("document.activeElement.localName"))
    assert reached <= {"clinic-assistant", "body"}
    assert "clinic-assistant" in reached
    assert chat.page.locator(".panel").evaluate("(e) => e.scrollWidth <= e.clientWidth")
    assert chat.page.locator(".log").evaluate("(e) => e.scrollWidth <= e.clientWidth")


# The file


def test_the_widget_is_small() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), compresslevel=9)) <= 15_360


def test_the_types_of_the_widget_hold() -> None:
    compiler = unpacked(TYPESCRIPT) / "lib" / "tsc.js"
    done = run(["node", str(compiler), "-p", "web/tsconfig.json"], ROOT)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
