"""Loads a model into a fresh process, understands texts one by one, and writes what it measured."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from benchmarks.questions import WARM_UP


def main() -> int:
    """Runs `python -m benchmarks.measure <model.tar.gz> <texts.json> <result.json>`."""
    model, texts, result = map(Path, sys.argv[1:])
    questions = json.loads(texts.read_text(encoding="utf-8"))
    found = asyncio.run(measure(model, questions))
    result.write_text(json.dumps(found), encoding="utf-8")
    return 0


async def measure(model: Path, texts: list[str]) -> dict[str, Any]:
    """Returns the memory after loading, and the intent and the time of each text."""
    agent = Agent.load(model)
    memory = resident_memory()
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    intents, milliseconds = [], []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds.append(1000 * (time.perf_counter() - started))
        intents.append(parsed["intent"]["name"] or "")
    return {"loaded_memory": memory, "intents": intents, "milliseconds": milliseconds}


def resident_memory() -> int:
    """Returns the memory that this process holds, in bytes."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    command = ["ps", "-o", "rss=", "-p", str(os.getpid())]
    return int(subprocess.check_output(command, text=True)) * 1024


if __name__ == "__main__":
    sys.exit(main())
