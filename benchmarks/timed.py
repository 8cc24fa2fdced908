"""Runs a command in a process of its own and writes how long it took and its peak memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Runs `python -m benchmarks.timed <result.json> <command>`; exits as the command does."""
    result, *command = sys.argv[1:]
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # Linux counts kibibytes, macOS bytes.
    found = {"seconds": seconds, "peak_memory": peak if sys.platform == "darwin" else peak * 1024}
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
