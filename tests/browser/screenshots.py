"""Pictures of the main states for docs/screenshots.

`python -m tests.browser.screenshots http://127.0.0.1:5005/webhooks/web/` takes them from a running
assistant.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from scripts.settings import ROOT
from tests.browser.chat import EMERGENCY, Chat, Visitor

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 150_000


def save_screenshots(browser: Browser, url: str, folder: Path = FOLDER) -> list[Path]:
    """Saves page, open chat, answer, check and emergency: phone and desktop, one in dark.

    Args:
        browser: A Chromium of Playwright.
        url: The web channel's address on a running assistant, with a slash at the end.
        folder: Where the pictures go; those of the same name are replaced.

    Raises:
        RuntimeError: A picture is larger than what the repository takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Path] = []
    for width, height, scheme in ((360, 800, "light"), (1280, 720, "light"), (1280, 720, "dark")):
        visitor = Visitor(browser, url, width, color_scheme=scheme, reduced_motion="reduce")
        visitor.page.set_viewport_size({"width": width, "height": height})
        ending = f"{width}.png" if scheme == "light" else f"{width}_{scheme}.png"
        chat = Chat(visitor.page)

        def save(state: str, chat: Chat = chat, ending: str = ending) -> None:
            saved.append(folder / f"{state}_{ending}")
            chat.page.screenshot(path=saved[-1])

        if scheme == "light":
            save("page")
            chat.open()
            save("open")
        else:
            chat.open()
        chat.say("does it hurt?").get_by_role("button", name="Helpful", exact=True).click()
        save("answer")
        if scheme == "light":
            chat.say("may I have it? please check")
            chat.press("Yes, I agree")
            chat.press("No")
            save("check")
            chat.choose("New chat")
            chat.confirm()
            expect(chat.own).to_have_count(0)
            chat.wait_for_answer()
            chat.say(EMERGENCY)
            save("emergency")
        visitor.context.close()
    too_large = [path.name for path in saved if path.stat().st_size > LARGEST]
    if too_large:
        raise RuntimeError(f"larger than {LARGEST} bytes: {', '.join(too_large)}")
    return saved


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        save_screenshots(chromium, sys.argv[1])
