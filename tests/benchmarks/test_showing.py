from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from benchmarks.confusion import mistakes, picture, readable, shown_labels
from benchmarks.page import Run, page
from benchmarks.questions import FOREIGN
from benchmarks.scores import Figures, Share
from benchmarks.table import duration, for_markdown, for_terminal, megabytes, rows
from tests.contract import test_docs

FIGURES = Figures(
    accuracy={"all": Share(9, 10), "plain": Share(1, 2), FOREIGN: Share(3, 3)},
    not_understood=Share(1, 10),
    macro_f1=0.8125,
    folds=[Share(8, 10), Share(9, 10)],
    training_seconds=61.4,
    training_memory=2_345_000_000,
    archive_bytes=23_450_000,
    loaded_memory=700_000_000,
    milliseconds=[1.0, 2.0, 30.0],
)
IN_SERVICE = replace(FIGURES, folds=[])
TABLE = rows({"service": IN_SERVICE, "ours": FIGURES, "default": FIGURES}, held_out_per_label=10)
RUN = Run(
    days=["2026-11-25", "2026-11-26"],
    machine={
        **{"processor": "Abacus", "cores": "2", "memory": "1 GiB", "system": "Linux"},
        **{"Python": "3.10.1", "rasa": "3.6.21"},
    },
    everything=13957,
    training=2000,
    labels=80,
    frozen=1077,
    frozen_intents=63,
    frozen_folder="tests/nlu/frozen",
    per_label=25,
    held_out_per_label=10,
    folds=5,
    table=TABLE,
)


def test_the_table_has_a_column_for_each_pipeline_that_was_measured() -> None:
    assert TABLE[0] == ["", "Ours, in service", "Ours", "Rasa's default"]
    assert {len(line) for line in TABLE} == {4}
    assert rows({"ours": FIGURES}, held_out_per_label=10)[0] == ["", "Ours"]


def test_the_table_shows_what_was_measured() -> None:
    shown = {line[0]: line[2] for line in TABLE}
    assert shown["Frozen set, all (10)"] == "90.0 %"
    assert shown["Frozen set, foreign messages (3)"] == "100.0 %"
    assert not any("terse" in name for name in shown)
    assert shown["Frozen set, not understood"] == "10.0 %"
    assert shown["Training time"] == "1 min 01 s"
    assert shown["Time to understand a message, p50"] == "2.0 ms"
    assert shown["Time to understand a message, p99"] == "30.0 ms"
    folds = next(name for name in shown if name.startswith("Training questions"))
    assert "10 a label" in folds
    assert shown[folds] == "85.0 % ± 7.1"
    assert {line[0]: line[1] for line in TABLE}[folds] == "–"


def test_sizes_and_times_are_readable() -> None:
    assert duration(59.4) == "59 s"
    assert duration(3599.7) == "60 min 00 s"
    assert megabytes(23_450_000) == "23.4 MB"
    assert megabytes(2_345_000_000) == "2,345 MB"


def test_the_terminal_s_columns_stand_under_one_another() -> None:
    lines = for_terminal(TABLE).splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(for_markdown(TABLE).splitlines()) == len(TABLE) + 1


def test_the_page_says_everything_of_the_run() -> None:
    text = page(RUN)
    for part in ("2026-11-25 to 2026-11-26", "Abacus, 2 cores, Linux", "Python 3.10.1, rasa 3.6"):
        assert part in text
    assert "13,957 under 80 labels" in text
    assert "2,000 of them for the comparison" in text
    assert "up to 25\nof each label" in text
    assert "$" not in text
    assert "| Training time | 1 min 01 s | 1 min 01 s | 1 min 01 s |" in text


def test_without_folds_nothing_is_said_of_them() -> None:
    table = rows({"ours": IN_SERVICE, "default": IN_SERVICE}, held_out_per_label=0)
    assert not any("folds" in line[0] for line in table)
    assert "**Folds.**" in page(RUN)
    without = page(replace(RUN, folds=0, table=table))
    assert "folds" not in without
    assert "**Training time and peak memory.**" in without


def test_the_page_of_one_day_names_it_once() -> None:
    assert "| Measured on | 2026-11-25 |" in page(Run(**{**vars(RUN), "days": ["2026-11-25"]}))


def test_the_words_of_the_page_hold_no_number_of_their_own() -> None:
    words = (test_docs.ROOT / "benchmarks/page.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\d+", words)) == {"0", "1", "50", "99"}, (
        "--per-label 0, Macro F1, p50 and p99"
    )


def test_what_the_page_names_exists(tmp_path: Path) -> None:
    written = tmp_path / "benchmarks.md"
    written.write_text(page(RUN), encoding="utf-8")
    test_docs.test_every_make_target_that_is_named_exists(written)
    names = {
        n for q in test_docs.IN_BACKQUOTES.findall(page(RUN)) for n in test_docs.FILE.findall(q)
    }
    # The frozen set may not be there yet while it is being made.
    ours = {n for n in names if not n.startswith((*test_docs.NO_FILES, "tests/nlu/frozen/"))}
    assert sorted(name for name in ours if not test_docs.exists(name)) == []


COUNTS = {
    ("ask_pain", "ask_pain"): 8,
    ("ask_pain", "ask_caffeine"): 1,
    ("ask_pain", "ask_sessions"): 4,
    ("ask_sessions", "ask_sessions"): 5,
    ("ask_uses", "ask_uses"): 9,
    ("ask_uses", "nlu_fallback"): 2,
}


def test_mistakes_come_in_their_frequency() -> None:
    assert list(mistakes(COUNTS)) == [
        ("ask_pain", "ask_sessions"),
        ("ask_uses", "nlu_fallback"),
        ("ask_pain", "ask_caffeine"),
    ]


def test_labels_of_the_most_frequent_mistakes_are_shown_in_the_set_s_order() -> None:
    assert shown_labels(COUNTS, most=4) == ["ask_pain", "ask_sessions", "ask_uses", "nlu_fallback"]
    assert shown_labels(COUNTS, most=2) == ["ask_pain", "ask_sessions"]
    assert "ask_caffeine" in shown_labels(COUNTS)


def test_a_label_is_written_as_words() -> None:
    assert readable("ask_roller_pain") == "roller pain"
    assert readable("out_of_scope") == "out of scope"
    assert readable("nlu_fallback") == "not understood"


def test_the_picture_is_as_wide_as_the_page_needs_and_can_be_empty(tmp_path: Path) -> None:
    for counts in (COUNTS, {("ask_pain", "ask_pain"): 3}):
        figure = picture(counts)
        assert round(figure.get_figwidth() * figure.dpi) == 1400
        figure.savefig(tmp_path / "picture.png")
