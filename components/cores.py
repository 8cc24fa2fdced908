"""On how many cores a piece of work is done."""

from __future__ import annotations

import os

# Fewer texts are read or learnt before other processes have started.
LEAST_TEXTS = 2_000


def cores_for(amount: int, least: int = LEAST_TEXTS) -> int:
    """Returns the number of processes that work on an amount of something.

    Args:
        amount: how much there is.
        least: one process is as fast with less; of the same unit.
    """
    return (os.cpu_count() or 1) if amount >= least else 1
