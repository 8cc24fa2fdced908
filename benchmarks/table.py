"""The figures as a table, for the terminal and for Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.questions import FOREIGN
from benchmarks.scores import Figures, Share, percentile

NAMES = {"service": "Ours, in service", "ours": "Ours", "default": "Rasa's default"}
KINDS = {
    "all": "Frozen set, all",
    "plain": "Frozen set, plain",
    "terse": "Frozen set, terse",
    "misspelt": "Frozen set, misspelt",
    "story": "Frozen set, long story",
    "faq": "Frozen set, FAQ headings",
    FOREIGN: "Frozen set, foreign messages",
}


def rows(figures: Mapping[str, Figures], held_out_per_label: int) -> list[list[str]]:
    """Returns the header and the lines of the table, one column for each pipeline."""
    each = list(figures.values())
    lines = [["", *(NAMES[key] for key in figures)]]
    for kind, name in KINDS.items():
        if kind in each[0].accuracy:
            number = each[0].accuracy[kind].of
            lines.append([f"{name} ({number:,})", *(percent(f.accuracy[kind]) for f in each)])
    lines.append(["Frozen set, not understood", *(percent(f.not_understood) for f in each)])
    lines.append(["Frozen set, macro F1 over its intents", *(f"{f.macro_f1:.3f}" for f in each)])
    # The last column has folds whenever any has.
    folds = each[-1].folds
    number = sum(share.of for share in folds)
    if folds:
        name = f"Training questions, {len(folds)} folds ({number:,}; {held_out_per_label} a label)"
        lines.append([name, *(fold_mean(f.folds) for f in each)])
    lines += [
        ["Training time", *(duration(f.training_seconds) for f in each)],
        ["Peak memory in training", *(megabytes(f.training_memory) for f in each)],
        ["Size of the model archive", *(megabytes(f.archive_bytes) for f in each)],
        ["Memory after loading", *(megabytes(f.loaded_memory) for f in each)],
        ["Time to understand a message, p50", *(latency(f.milliseconds, 50) for f in each)],
        ["Time to understand a message, p99", *(latency(f.milliseconds, 99) for f in each)],
    ]
    return lines


def for_terminal(lines: Sequence[Sequence[str]]) -> str:
    """Returns the table in columns, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = []
    for first, *others in lines:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        shown.append("  ".join([first.ljust(widths[0]), *cells]))
    shown.insert(1, "-" * len(shown[0]))
    return "\n".join(shown)


def for_markdown(lines: Sequence[Sequence[str]]) -> str:
    """Returns the table in Markdown, numbers to the right."""
    header, *body = (f"| {' | '.join(line)} |" for line in lines)
    rule = "| --- |" + " ---: |" * (len(lines[0]) - 1)
    return "\n".join([header, rule, *body])


def percent(share: Share) -> str:
    """Returns the share, with one decimal."""
    return f"{100 * share.value:.1f} %"


def fold_mean(folds: Sequence[Share]) -> str:
    """Returns the mean over the folds and its standard deviation; a dash where there are none."""
    if not folds:
        return "–"
    values = [100 * share.value for share in folds]
    return f"{statistics.mean(values):.1f} % ± {statistics.stdev(values):.1f}"


def duration(seconds: float) -> str:
    """Returns a time in minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def megabytes(number: int) -> str:
    """Returns a size in millions of bytes."""
    return f"{number / 1e6:,.1f} MB" if number < 1e8 else f"{number / 1e6:,.0f} MB"


def latency(milliseconds: Sequence[float], percent_: float) -> str:
    """Returns a percentile of the times, in milliseconds."""
    return f"{percentile(milliseconds, percent_):.1f} ms"
