"""A conversation with the assistant in the terminal."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from scripts.commands import stop_group, telling_lines
from scripts.report import Problem, run_main
from scripts.run import interrupt, prepare
from scripts.servers import answers, ready_urls, wait_until_ready
from scripts.settings import HOST, ROOT, environment
from scripts.terminal import foreground

QUIT = {"/quit", "/exit"}
# An action may take eight seconds, and one message can start several.
TIMEOUT = 60.0


@dataclass(frozen=True)
class Button:
    """A choice that the assistant offers: what is shown, and what is sent when it is picked."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """The assistant's answer to one message."""

    texts: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


def read_reply(messages: Sequence[Mapping[str, Any]]) -> Reply:
    """Returns the answer in the REST channel's JSON: texts, addresses of images, buttons."""
    texts = [str(m[key]) for m in messages for key in ("text", "image", "attachment") if m.get(key)]
    buttons = [
        Button(str(b.get("title") or b["payload"]), str(b["payload"]))
        for message in messages
        for b in message.get("buttons") or []
        if b.get("payload")
    ]
    return Reply(texts, buttons)


def render(reply: Reply, width: int) -> str:
    """Returns the answer as lines of at most `width` characters, buttons numbered from 1."""
    blocks = [wrap(text, width) for text in reply.texts]
    if reply.buttons:
        choices = (wrap(f"[{n}] {b.title}", width) for n, b in enumerate(reply.buttons, start=1))
        blocks.append("\n".join(choices))
    return "\n\n".join(blocks) if blocks else "  (no answer)"


def wrap(text: str, width: int) -> str:
    """Returns the text, indented, with its own line breaks kept."""
    wrapper = textwrap.TextWrapper(
        width, initial_indent="  ", subsequent_indent="  ", break_long_words=False
    )
    return "\n".join(wrapper.fill(line) for line in text.splitlines())


def choose(typed: str, buttons: Sequence[Button]) -> str:
    """Returns what to send: the payload of the button whose number was typed, or the text."""
    text = typed.strip()
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(buttons):
        return buttons[int(text) - 1].payload
    return text


def talk(send: Callable[[str], Reply], show: Callable[[str], None], width: int) -> None:
    """Asks, sends and shows until the person ends it, with /quit, Ctrl-D or Ctrl-C.

    Args:
        send: Takes a message, returns the assistant's answer.
        show: Prints text.
        width: The screen's width in characters.
    """
    buttons: list[Button] = []
    while True:
        try:
            typed = input("\nyou> ")
        except (EOFError, KeyboardInterrupt):
            show("")
            return
        if typed.strip().lower() in QUIT:
            return
        if not typed.strip():
            continue
        try:
            reply = send(choose(typed, buttons))
        except httpx.TimeoutException:
            show(f"  (no answer within {TIMEOUT:.0f} seconds)")
            continue
        except (httpx.HTTPError, ValueError) as error:
            raise Problem(f"the assistant is gone: {error}; see var/log/") from error
        buttons = reply.buttons
        show("\n" + render(reply, width))


def sender(client: httpx.Client, url: str, conversation: str) -> Callable[[str], Reply]:
    """Returns a function that sends one message of the conversation to the REST channel."""

    def send(message: str) -> Reply:
        response = client.post(url, json={"sender": conversation, "message": message})
        response.raise_for_status()
        return read_reply(response.json())

    return send


def screen_width() -> int:
    """Returns the width to write in: the terminal's, but no wider than reads well."""
    # A terminal that does not know its size says 0.
    return min(max(shutil.get_terminal_size().columns, 40), 88)


@contextlib.contextmanager
def running_servers(root: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Keeps the servers running while the block runs: those that are there, otherwise own ones.

    Raises:
        Problem: They could not be started.
    """
    if all(answers(url) for url in ready_urls(variables)):
        print("the servers are already running, using them", flush=True)
        yield
        return
    prepare(root, variables)
    log = root / "var" / "log" / "servers.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        # A group of its own: Ctrl-C must not reach the servers before the conversation has ended.
        servers = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(variables),
            cwd=root,
            start_new_session=True,
        )
    try:
        if not wait_until_ready(variables, give_up=lambda: servers.poll() is not None):
            lines = "\n  ".join(telling_lines(log.read_text(encoding="utf-8", errors="replace")))
            raise Problem(f"the servers did not start:\n  {lines}")
        yield
    finally:
        stop_group(servers, patience=20.0)


def main() -> int:
    """Runs `make chat`."""
    variables = environment()
    url = f"http://{HOST}:{variables['RASA_PORT']}/webhooks/rest/webhook"
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, interrupt)
    # No proxy from the environment: the assistant is on this machine.
    client = httpx.Client(timeout=TIMEOUT, trust_env=False)
    send = sender(client, url, f"terminal-{uuid.uuid4().hex[:8]}")
    stopped = contextlib.suppress(KeyboardInterrupt)
    with stopped, foreground(), client, running_servers(ROOT, variables):
        print("\nType a message, or the number of a button. /quit or Ctrl-D ends.", flush=True)
        talk(send, print, screen_width())
    print("stopped", flush=True)
    return 0


if __name__ == "__main__":
    run_main(main)
