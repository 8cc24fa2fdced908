"""Another website than the assistant's: a static server on a port of its own, and its visitor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser

from scripts.settings import HOST
from tests.browser.chat import Visitor

_PAGE = """<!DOCTYPE html>
<html lang="en">
<title>A clinic's own page</title>
<script type="module" src="{channel}widget.js"></script>
"""


class Website:
    """A static site on another origin, with a content policy that allows the assistant only."""

    def __init__(self, folder: Path, url: str) -> None:
        """Takes the folder that is served and the site's address."""
        self.folder = folder
        self.url = url
        self.channel = ""
        self.policy = "default-src 'none'"

    def embed(self, channel: str) -> None:
        """Writes the site's page, which holds the script of the channel at this address."""
        self.channel = channel
        origin = channel.removesuffix("/webhooks/web/")
        self.policy = f"default-src 'none'; script-src {origin}; connect-src {origin}"
        (self.folder / "index.html").write_text(_PAGE.format(channel=channel), "utf-8")


class _Server(ThreadingHTTPServer):
    """The server of a website."""

    website: Website


class _Handler(SimpleHTTPRequestHandler):
    """Serves the files with the site's policy, and writes no log."""

    def end_headers(self) -> None:
        """Adds the policy."""
        assert isinstance(self.server, _Server)
        self.send_header("Content-Security-Policy", self.server.website.policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def website(folder: Path) -> Iterator[Website]:
    """Serves a folder on a free port of the loopback address."""
    with _Server((HOST, 0), partial(_Handler, directory=str(folder))) as server:
        server.website = Website(folder, f"http://{HOST}:{server.server_port}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.website
        finally:
            server.shutdown()
            thread.join()


class Guest(Visitor):
    """A visitor of another website, whose page may reach that site and the web channel."""

    def __init__(self, browser: Browser, site: Website, width: int = 1280) -> None:
        """Opens the site's first page."""
        self.channel = site.channel
        super().__init__(browser, f"{site.url}/", width)

    def _note_request(self, method: str, address: str) -> None:
        if address.startswith(self.channel):
            self.requests.append((method, address.removeprefix(self.channel)))
        elif not address.startswith(self.url):
            super()._note_request(method, address)
