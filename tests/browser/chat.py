"""A visitor's browser with the demo page: what they do, and what must never happen meanwhile."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.npm import AXE, unpacked

EMERGENCY = "I can't breathe and my throat is swelling since the injection"

_TIME_LIMIT = 15_000
expect.set_options(timeout=_TIME_LIMIT)

_REPORT_VIOLATIONS = """
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  console.error(`CSP violation: ${effectiveDirective} ${blockedURI}`));
"""
_ANSWERED = """() => {
  const all = document.querySelector('clinic-assistant').shadowRoot.querySelectorAll('.message');
  const last = [...all].at(-1);
  return last && !last.matches('.visitor') && last.querySelector('.details').hasChildNodes();
}"""
_FOCUSED = """() => {
  const inside = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
  return inside.id || inside.getAttribute('aria-label') || inside.textContent.trim();
}"""
_AXE = """async (within) => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations, passes } = await axe.run(within, { runOnly: tags });
  if (!passes.length) throw new Error('axe has looked at nothing');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}"""


class Visitor:
    """One browser with its own storage; `page` is its first tab."""

    def __init__(self, browser: Browser, url: str, width: int, **options: Any) -> None:
        """Opens the demo page; the chat is still closed."""
        self.url = url
        self.faults: list[str] = []
        """Errors of scripts, violations of the content policy, and requests to other hosts."""
        self.requests: list[tuple[str, str]] = []
        """Method and path of every request, below the channel's address."""
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 800}, **options
        )
        self.context.set_default_timeout(_TIME_LIMIT)
        self.context.add_init_script(_REPORT_VIOLATIONS)
        self.context.on("page", self._watch)
        self.page = self.another_tab()

    def another_tab(self, path: str = "") -> Page:
        """Opens the demo page in a tab that shares the storage."""
        page = self.context.new_page()
        page.goto(self.url + path)
        return page

    def _watch(self, page: Page) -> None:
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self._note_request(request.method, request.url))

    def _note_message(self, message: ConsoleMessage) -> None:
        # Tests cut connections; the browser writes about each.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def _note_request(self, method: str, address: str) -> None:
        if urlsplit(address).scheme in ("data", "blob"):
            return
        if not address.startswith(self.url):
            self.faults.append(f"request to another place: {address}")
        self.requests.append((method, address.removeprefix(self.url)))

    def calls(self) -> list[tuple[str, str]]:
        """Returns the requests other than for files."""
        files = ("", "index.html", "site.css", "widget.js")
        return [(method, path) for method, path in self.requests if path not in files]


class Chat:
    """The chat in one tab."""

    def __init__(self, page: Page) -> None:
        """Takes a tab with the demo page."""
        self.page = page
        self.launcher = page.locator(".launcher")
        self.panel = page.locator("dialog.panel")
        self.input = page.locator("#input")
        self.messages = page.locator(".message")
        self.own = page.locator(".message.visitor")
        self.answers = page.locator(".message:not(.visitor)")
        self.last = self.messages.last
        self.words = page.locator(".message .bubble")
        self.own_words = page.locator(".message.visitor .bubble")
        self.replies = page.locator(".replies button")
        self.status = page.locator("[role=status]")
        self.note = page.locator(".note").last
        self.unsent = page.locator(".state:has(button)")

    def open(self) -> Chat:
        """Opens the chat and waits for all of it."""
        self.launcher.click()
        self.wait_for_answer()
        return self

    def reload(self) -> Chat:
        """Loads the page again and opens the chat."""
        self.page.reload()
        return self.open()

    def type(self, text: str) -> None:
        """Sends words without waiting."""
        self.input.fill(text)
        self.input.press("Enter")

    def say(self, text: str) -> Locator:
        """Sends words; the result is the last message of the answer."""
        count = self.own.count()
        self.type(text)
        expect(self.own).to_have_count(count + 1)
        return self.wait_for_answer()

    def press(self, title: str) -> Locator:
        """Presses a quick reply; the result is the last message of the answer."""
        self.replies.get_by_text(title, exact=True).click()
        return self.wait_for_answer()

    def choose(self, entry: str) -> None:
        """Chooses an entry of the menu."""
        self.page.get_by_role("button", name="Menu").click()
        self.page.locator(".menu").get_by_role("button", name=entry).click()

    def confirm(self) -> None:
        """Says yes to the question of a dialog."""
        self.page.locator(".ask button.main").click()

    def wait_for_answer(self) -> Locator:
        """Waits until the last message is an answer with its small print and buttons."""
        self.page.wait_for_function(_ANSWERED)
        return self.last

    def focused(self) -> str:
        """Returns the id, label or text of what has the focus."""
        return str(self.page.evaluate(_FOCUSED))

    def step_to(self, name: str, key: str = "Tab") -> None:
        """Presses Tab until something has the focus whose id, label or text is `name`."""
        passed = []
        for _ in range(40):
            self.page.keyboard.press(key)
            passed.append(self.focused()[:60])
            if passed[-1] == name:
                return
        raise AssertionError(f"{key} does not reach {name!r}, only {passed}")


def axe_faults(page: Page, within: str = "clinic-assistant") -> list[str]:
    """Returns what axe finds wrong by WCAG 2.x, levels A and AA, in a part of the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((unpacked(AXE) / "axe.min.js").read_text("utf-8"))
    return list(page.evaluate(_AXE, within))
