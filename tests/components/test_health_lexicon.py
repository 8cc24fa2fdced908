"""Loading of the words about health: what a clinician mistypes is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from components.health_lexicon import load_lexicon

CONTENT = Path(__file__).parent.parent.parent / "data" / "content"


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("medicines.yml", "unless: [immunosuppressant]", "unless: [imunosuppressant]", "unless"),
        ("health_matters.yml", "unless: [arrhythmia,", "unless: [arhythmia,", "unless"),
        ("medicines.yml", "condition: anticoagulants", "condition: thinners", "none of the"),
        ("health_matters.yml", "- id: epilepsy", "- id: cancer", "stands twice"),
    ],
)
def test_an_unknown_or_doubled_id_is_named(tmp_path, file, right, wrong, said):
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), "utf-8")
    mistyped = wrong.strip("- ").split(": ")[1].strip("[,]")
    with pytest.raises(ValueError, match=said) as raised:
        load_lexicon(tmp_path / "content")
    assert mistyped in str(raised.value)
