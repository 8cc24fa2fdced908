"""The terminal's Ctrl-C, for a program that `make` has started."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def foreground() -> Iterator[None]:
    """Makes this process the terminal's foreground group while the block runs.

    Ctrl-C goes to every process of the foreground group. `make` would answer it with "Interrupt"
    and a failure, although the servers were stopped as they should be; so it is kept out of that
    group. Without a terminal nothing is changed.
    """
    outer = os.getpgrp()
    if outer == os.getpid() or not owns_terminal():
        yield
        return
    os.setpgid(0, 0)
    # `make` would never notice that this group was stopped, and the shell would wait for `make`.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    give_terminal(os.getpgrp())
    try:
        yield
    finally:
        give_terminal(outer)


def owns_terminal() -> bool:
    """Says whether standard input is a terminal and this process's group is in its foreground."""
    try:
        return sys.stdin.isatty() and os.tcgetpgrp(0) == os.getpgrp()
    except (OSError, ValueError):
        return False


def give_terminal(group: int) -> None:
    """Puts a process group into the terminal's foreground."""
    # A group in the background that changes this is stopped by SIGTTOU, unless it ignores it.
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(0, group)
    except OSError:
        pass
    finally:
        signal.signal(signal.SIGTTOU, before)
