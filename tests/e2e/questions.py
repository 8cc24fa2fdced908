"""Asks thousands of questions, several at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import httpx

from tests.e2e.servers import Assistant

# To one assistant: it thinks about one while the other is on its way.
_AT_ONCE = 2

_Answer = TypeVar("_Answer")


def ask_all(
    assistants: list[Assistant],
    texts: list[str],
    ask: Callable[[httpx.Client, int, str], _Answer],
) -> list[_Answer]:
    """Asks the assistants in turn.

    Args:
        assistants: They run, and note what they are told.
        texts: What is said.
        ask: Asks one question; it gets a client of the assistant, the number of the text and the
            text.

    Returns:
        The answers in the order of the texts.
    """
    for number, assistant in enumerate(assistants):
        assistant.said.update(texts[number :: len(assistants)])
    with ExitStack() as stack:
        clients = [
            stack.enter_context(
                httpx.Client(
                    base_url=assistant.url,
                    params={"token": assistant.variables["RASA_TOKEN"]},
                    timeout=60,
                    trust_env=False,
                )
            )
            for assistant in assistants
        ]
        pool = stack.enter_context(ThreadPoolExecutor(_AT_ONCE * len(assistants)))
        return list(
            pool.map(
                lambda numbered: ask(clients[numbered[0] % len(clients)], *numbered),
                enumerate(texts),
            )
        )
