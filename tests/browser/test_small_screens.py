"""The chat by touch on small phones: where its controls lie, with and without the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat, Visitor
from tests.browser.layout import controls, faults_of_layout, seen

NewVisitor = Callable[..., Visitor]
Keyboard = Callable[[Page, bool], None]

HEADER = ["Menu", "Close the chat"]
FORM = ["input", "Send"]
# Layout and its events of the frame before are done then.
_NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Thumb(Chat):
    """The chat as a finger uses it."""

    def open(self) -> Thumb:
        """Opens the chat with a tap and waits for all of it."""
        self.launcher.tap()
        self.wait_for_answer()
        return self

    def tap(self, title: str) -> None:
        """Taps a quick reply and waits for the answer."""
        self.replies.get_by_text(title, exact=True).tap()
        self.wait_for_answer()

    def write(self, text: str) -> None:
        """Writes words, taps the button that sends them, and waits for the answer."""
        self.input.tap()
        self.input.fill(text)
        self.page.get_by_role("button", name="Send").tap()
        self.wait_for_answer()


@pytest.fixture
def phone(new_visitor: NewVisitor) -> Callable[[int, int], Thumb]:
    """Opens the chat on a phone with a screen of this size."""

    def new(width: int, height: int) -> Thumb:
        page = new_visitor(width, has_touch=True, is_mobile=True).page
        page.set_viewport_size({"width": width, "height": height})
        return Thumb(page).open()

    return new


Phone = Callable[[int, int], Thumb]


# Controls


def test_the_whole_check_fits_a_phone_and_is_done_by_touch(phone: Phone) -> None:
    chat = phone(360, 640)
    found = {"greeting": faults_of_layout(chat.page, must_fit=True)}
    chat.tap("May I have it?")
    found["consent"] = faults_of_layout(chat.page)
    chat.tap("Yes, I agree")
    for number in range(1, 7):
        expect(chat.last.locator("progress")).to_have_js_property("value", number)
        found[f"question {number}"] = faults_of_layout(chat.page, must_fit=True)
        assert controls(chat.page)[-5:] == ["Yes", "No", "Not sure", *FORM]
        chat.tap("No")
    expect(chat.last).to_contain_text("That is no clearance")
    found["result"] = faults_of_layout(chat.page, must_fit=True)
    assert {step: faults for step, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("width", "height", "must_fit"), [(360, 640, True), (320, 568, False)])
def test_a_consultation_is_requested_by_touch_and_every_control_is_in_reach(
    phone: Phone, width: int, height: int, must_fit: bool
) -> None:
    chat = phone(width, height)
    found: dict[str, list[str]] = {}

    def look(step: str, *buttons: str) -> None:
        found[step] = faults_of_layout(chat.page, must_fit=must_fit)
        named = controls(chat.page)
        assert [name for name in named if not name.startswith(("Call", "Emergency"))] == [
            *HEADER,
            *buttons,
            *FORM,
        ]

    look("greeting", "What is mesotherapy?", "May I have it?", "Request a consultation")
    chat.tap("Request a consultation")
    look("name")
    chat.write("Maria Papadopoulou")
    look("contact")
    chat.write("6912345678")
    look("time", "As soon as possible", "Any morning", "Any afternoon")
    chat.tap("Any morning")
    look("summary", "Yes, send it", "Change something", "Stop")
    chat.tap("Change something")
    look("change", "Name", "Phone or e-mail", "Day and time")
    chat.tap("Day and time")
    look("time again", "As soon as possible", "Any morning", "Any afternoon")
    chat.tap("Any afternoon")
    look("summary again", "Yes, send it", "Change something", "Stop")
    chat.tap("Yes, send it")
    expect(chat.last).to_contain_text("Your request is with the clinic under number")
    look("sent")
    assert {step: faults for step, faults in found.items() if faults} == {}


def test_a_control_that_is_small_or_covered_or_outside_would_be_noticed(phone: Phone) -> None:
    chat = phone(360, 640)
    assert faults_of_layout(chat.page) == []
    chat.replies.first.evaluate("(e) => { e.style.minHeight = 0; e.style.height = '30px' }")
    assert faults_of_layout(chat.page)[0].startswith("small: What is mesotherapy?")
    chat.replies.first.evaluate("(e) => { e.style = 'position: fixed; bottom: 20px; left: 0' }")
    assert "over the input: What is mesotherapy?" in faults_of_layout(chat.page)
    chat.replies.first.evaluate("(e) => { e.style = 'position: relative; left: -40px' }")
    assert any(fault.startswith("outside: What is") for fault in faults_of_layout(chat.page))
    chat.replies.first.evaluate("(e) => { e.style = 'width: 400px; flex: none' }")
    assert any(fault.startswith("log: ") for fault in faults_of_layout(chat.page))


# With the keyboard up


def resize_the_window(page: Page, is_up: bool) -> None:
    """The keyboard takes its height from the window, as in Firefox; so does a turned phone."""
    height = 330 if is_up else 640
    page.set_viewport_size({"width": 360, "height": height})
    page.wait_for_function("(height) => visualViewport.height === height", arg=height)
    page.evaluate(_NEXT_FRAME)


def resize_the_view(page: Page, is_up: bool) -> None:
    """The keyboard covers the window, as in Chrome and Safari: only the visual viewport shrinks."""
    page.evaluate(
        """(height) => {
          Object.defineProperty(visualViewport, 'height', { value: height, configurable: true });
          visualViewport.dispatchEvent(new Event('resize'));
        }""",
        330 if is_up else 640,
    )
    page.evaluate(_NEXT_FRAME)


@pytest.fixture(params=[resize_the_window, resize_the_view])
def keyboard(request: pytest.FixtureRequest) -> Keyboard:
    """Brings the keyboard up, or puts it away, as one kind of browsers does."""
    chosen: Keyboard = request.param
    return chosen


def test_when_the_keyboard_comes_up_the_input_and_the_last_message_stay_in_view(
    phone: Phone, keyboard: Keyboard
) -> None:
    chat = phone(360, 640)
    chat.tap("Request a consultation")
    expect(chat.last).to_contain_text("your name")
    assert seen(chat.page) == {"input", "last", "beginning"}
    chat.input.tap()
    keyboard(chat.page, True)
    assert seen(chat.page) >= {"input", "last"}


def test_with_the_keyboard_up_an_answer_begins_in_view_above_the_input(
    phone: Phone, keyboard: Keyboard
) -> None:
    chat = phone(360, 640)
    chat.write("does it hurt?")
    keyboard(chat.page, True)
    # The first answer of a chat comes with a notice before it.
    chat.write("how many sessions?")
    assert seen(chat.page) == {"input", "last", "beginning"}


def test_when_the_keyboard_goes_the_last_message_is_in_view(
    phone: Phone, keyboard: Keyboard
) -> None:
    chat = phone(360, 640)
    keyboard(chat.page, True)
    for question in ("does it hurt?", "how many sessions?", "what is it?"):
        chat.write(question)
    keyboard(chat.page, False)
    assert seen(chat.page) >= {"input", "last"}
