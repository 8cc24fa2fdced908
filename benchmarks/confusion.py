"""Draws which topics are taken for which others."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from benchmarks.scores import FALLBACK

Counts = Mapping[tuple[str, str], int]

# More would not be legible in a picture of this width.
MOST_LABELS = 36
WIDTH = 1400
DPI = 100

INK, SOFT, LINES, PAPER = "#22313f", "#6b7a88", "#e6eaee", "#ffffff"
RIGHT = LinearSegmentedColormap.from_list("right", ["#f1f6f8", "#a9ccd8"])
WRONG = LinearSegmentedColormap.from_list("wrong", ["#fde3cf", "#c2410c"])


def mistakes(counts: Counts) -> dict[tuple[str, str], int]:
    """Returns the pairs that differ, the most frequent ones first."""
    wrong = {pair: number for pair, number in counts.items() if pair[0] != pair[1] and number}
    return dict(sorted(wrong.items(), key=lambda item: (-item[1], item[0])))


def shown_labels(counts: Counts, most: int = MOST_LABELS) -> list[str]:
    """Returns the labels of the most frequent mistakes, in the order in which they first stand.

    That order keeps related topics side by side, as they stand in the frozen set.
    """
    chosen: set[str] = set()
    for pair in mistakes(counts):
        if len(chosen | set(pair)) <= most:
            chosen |= set(pair)
    expected = dict.fromkeys(meant for meant, _ in counts)
    others = dict.fromkeys(understood for _, understood in counts)
    return [label for label in {**expected, **others} if label in chosen]


def readable(label: str) -> str:
    """Returns the label as words: `ask_roller_pain` becomes `roller pain`."""
    if label == FALLBACK:
        return "not understood"
    return label.removeprefix("ask_").replace("_", " ")


def picture(counts: Counts) -> Figure:
    """Draws the confusions of the shown labels; the height follows their number."""
    labels = shown_labels(counts)
    of_row: Counter[str] = Counter()
    for (meant, _), number in counts.items():
        of_row[meant] += number
    wrong = mistakes(counts)
    inside = sum(n for (meant, understood), n in wrong.items() if {meant, understood} <= {*labels})
    # What is never meant, as `nlu_fallback`, comes last and is a column only.
    rows = [label for label in labels if of_row[label]]
    # In inches: the margins hold labels and title, the rest is a field of equal square cells.
    width, left, right, top, bottom = WIDTH / DPI, 2.15, 0.75, 2.75, 0.2
    cell = min((width - left - right) / max(len(labels), 1), 0.6)
    across, down = cell * len(labels), cell * len(rows)
    height = top + down + bottom
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.text(
        0.25 / width,
        1 - 0.42 / height,
        "What our pipeline takes for something else",
        fontsize=17,
        fontweight="bold",
        color=INK,
    )
    total = sum(of_row.values())
    figure.text(
        0.25 / width,
        1 - 0.72 / height,
        f"Rows: what was meant. Columns: what was understood. {sum(wrong.values()):,} of {total:,}"
        f" frozen questions are misunderstood; {inside:,} of these are shown.",
        fontsize=11,
        color=SOFT,
    )
    if labels:
        area = (left / width, bottom / height, across / width, down / height)
        draw_cells(figure.add_axes(area), rows, labels, counts, of_row)
    return figure


def draw_cells(
    axes: Axes, rows: list[str], labels: list[str], counts: Counts, of_row: Mapping[str, int]
) -> None:
    """Fills the field: right answers in blue, mistakes in orange, by their share of the row."""
    for row, meant in enumerate(rows):
        for column, understood in enumerate(labels):
            number = counts.get((meant, understood), 0)
            if number:
                draw_cell(axes, row, column, number, number / of_row[meant])
        right = counts.get((meant, meant), 0) / of_row[meant]
        beside(axes, len(labels), row, f"{100 * right:.0f} %")
    beside(axes, len(labels), -1, "right")
    frame(axes, [readable(label) for label in rows], [readable(label) for label in labels])


def draw_cell(axes: Axes, row: int, column: int, number: int, share: float) -> None:
    """Draws one cell with its count; `share` is its part of the row's questions."""
    right = row == column
    # A mistake that takes a third of a topic's questions is as dark as it gets.
    depth = share if right else min(3 * share, 1.0)
    axes.add_patch(
        Rectangle(
            (column - 0.5, row - 0.5),
            width=1,
            height=1,
            facecolor=(RIGHT if right else WRONG)(depth),
            edgecolor=PAPER,
            zorder=2,
        )
    )
    axes.text(
        column,
        row,
        str(number),
        ha="center",
        va="center_baseline",
        fontsize=10,
        fontweight="normal" if right else "bold",
        color=SOFT if right else PAPER if depth > 0.6 else INK,
        zorder=3,
    )


def beside(axes: Axes, number: int, row: int, text: str) -> None:
    """Writes a word to the right of a row of `number` cells."""
    place = {"ha": "left", "va": "center_baseline"}
    axes.text(number - 0.3, row, text, place, fontsize=10, color=SOFT)


def frame(axes: Axes, rows: list[str], columns: list[str]) -> None:
    """Sets names and grid."""
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), columns, rotation=55, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labelsize=10.5, labelcolor=INK, pad=4)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=LINES, linewidth=0.8, zorder=0)
    axes.tick_params(which="minor", length=0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(LINES)


def main() -> int:
    """Runs `python -m benchmarks.confusion <confusions.json> <picture.png>`."""
    given, out = map(Path, sys.argv[1:])
    pairs = json.loads(given.read_text(encoding="utf-8"))
    counts = {(meant, understood): number for meant, understood, number in pairs}
    picture(counts).savefig(out, dpi=DPI)
    return 0


if __name__ == "__main__":
    sys.exit(main())
