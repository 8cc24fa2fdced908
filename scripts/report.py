"""What the tools write on the screen: progress, and one clear line when they cannot go on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


class Problem(Exception):
    """Something that the person at the keyboard can put right; only its text is shown."""


def run_main(main: Callable[[], int]) -> None:
    """Ends the process with `main`'s exit code; a problem gives a line and 1, Ctrl-C gives 130."""
    try:
        code = main()
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        code = 130
    sys.exit(code)


class Progress:
    """Says every few seconds how long a step has been running: `training: 25 s`."""

    def __init__(self, label: str, every: float = 5.0) -> None:
        """Starts the step `label`; a line comes each `every` seconds."""
        self.label = label
        self.every = every
        self.started = time.monotonic()
        self.said = self.started

    @property
    def seconds(self) -> float:
        """The time since the start, in seconds."""
        return time.monotonic() - self.started

    def tick(self) -> None:
        """Prints a line if one is due."""
        if time.monotonic() - self.said >= self.every:
            self.said = time.monotonic()
            print(f"{self.label}: {self.seconds:.0f} s", flush=True)

    def done(self, result: str = "done") -> None:
        """Prints how the step ended and how long it took."""
        print(f"{self.label}: {result} in {self.seconds:.0f} s", flush=True)
