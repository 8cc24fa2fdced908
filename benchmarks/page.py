"""Writes the page with the results; its words are `benchmarks/page.md`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.questions import WARM_UP
from benchmarks.table import for_markdown

WORDS = Path(__file__).with_name("page.md")
# What the page says of the folds, where there are any.
_OF_FOLDS = re.compile(r"<!-- folds -->\n(.*?)<!-- end of folds -->\n", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """What the page says beside the figures, and the table of the figures."""

    days: list[str]
    machine: dict[str, str]
    everything: int
    training: int
    labels: int
    frozen: int
    frozen_intents: int
    frozen_folder: str
    per_label: int
    held_out_per_label: int
    folds: int
    table: list[list[str]]


def page(run: Run) -> str:
    """Returns the whole page in Markdown."""
    of_machine = dict(run.machine)
    hardware = [of_machine.pop(name) for name in ("processor", "cores", "memory", "system")]
    words = WORDS.read_text(encoding="utf-8")
    template = Template(_OF_FOLDS.sub(r"\1" if run.folds else "", words))
    return template.substitute(
        days=" to ".join(dict.fromkeys([run.days[0], run.days[-1]])),
        processor=hardware[0],
        cores=hardware[1],
        memory=hardware[2],
        system=hardware[3],
        versions=", ".join(f"{name} {number}" for name, number in of_machine.items()),
        everything=f"{run.everything:,}",
        training=f"{run.training:,}",
        labels=run.labels,
        frozen=f"{run.frozen:,}",
        frozen_intents=run.frozen_intents,
        frozen_folder=run.frozen_folder,
        per_label=f"{run.per_label:,}",
        held_out_per_label=run.held_out_per_label,
        folds=run.folds,
        warm_up=WARM_UP,
        table=for_markdown(run.table),
    )
