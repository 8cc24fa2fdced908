"""The files of web/: the widget, and the demo page that embeds it."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from sanic import response
from sanic.response import HTTPResponse

from channels.refusals import refused

_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "widget.js": "text/javascript; charset=utf-8",
    "site.css": "text/css; charset=utf-8",
}
_DESCRIPTION = "openapi.json"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Another website's page loads these: a module script is fetched with CORS.
_SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}


class Site:
    """Serves a fixed list of files; they are read for each request, as they are small."""

    def __init__(self, folder: Path) -> None:
        """Takes the folder web/."""
        self._folder = folder

    def has(self, path: str) -> bool:
        """Whether there is such a file; "" is the demo page."""
        return path in ("", _DESCRIPTION) or path in _TYPES

    def answer(self, path: str) -> HTTPResponse:
        """The file, with its type and what the browser may do with it."""
        if path == _DESCRIPTION:
            described = yaml.safe_load((self._folder / "openapi.yml").read_text("utf-8"))
            return response.raw(json.dumps(described).encode(), content_type="application/json")
        name = path or "index.html"
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise refused("not_found") from None
        headers = _SHARED if name != "index.html" else {"Content-Security-Policy": _POLICY}
        return response.raw(
            content,
            content_type=_TYPES[name],
            headers={**headers, "Referrer-Policy": "strict-origin-when-cross-origin"},
        )
