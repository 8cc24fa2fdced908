"""What both readers find, on one core or on several."""

from __future__ import annotations

from pathlib import Path

import pytest

from components import readings
from components.readings import ReadingOf, read_all

CONTENT = Path(__file__).parent.parent.parent / "data" / "content"
TEXTS = ["I am pregnant", "does it hurt", "I can't breathe", "my sister takes warfarin", "hello"]


def test_a_text_has_its_mentions_and_kinds() -> None:
    pregnant, pain, breath, sister, hello = read_all(TEXTS, CONTENT)
    assert pregnant == ReadingOf((("pregnancy", "present"),), ())
    assert breath.kinds == ("emergency",)
    assert sister.mentions == (("anticoagulants", "not_own"),)
    assert pain == hello == ReadingOf((), ())


def test_several_cores_find_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = read_all(TEXTS, CONTENT)
    monkeypatch.setattr(readings, "helpers_for", lambda texts: 2)
    assert read_all(TEXTS, CONTENT) == alone
