"""Words that code puts together: the clinic's variables, parts of sentences, a response's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from clinic.content.errors import ContentError
from clinic.content.files import load_mapping
from clinic.profile import Profile


def clinic_variables(profile: Profile, retention_days: int) -> dict[str, str]:
    """Returns what `{clinic_phone}` and the other variables of data/responses/ stand for.

    `retention_days` is the setting of how long words are kept.
    """
    return {
        "clinic_name": profile.name,
        "clinic_doctor": profile.doctor,
        "clinic_phone": profile.phone,
        "clinic_email": profile.email,
        "clinic_address": profile.address,
        "clinic_directions": profile.directions,
        "clinic_hours": profile.opening_hours_words(),
        "emergency_number": profile.emergency_number,
        "privacy_contact": profile.privacy_contact,
        "retention_days": str(retention_days),
    }


def load_phrases(content_dir: Path) -> dict[str, Any]:
    """Reads the parts of sentences of phrases.yml."""
    return load_mapping(content_dir / "phrases.yml")


def load_response(responses_dir: Path, name: str) -> str:
    """Returns the text of one response for code that speaks without the Rasa server's help.

    Raises:
        ContentError: no file of the folder has that response with a text.
    """
    for variant in _first_variants(responses_dir).get(name, ()):
        if "text" in variant:
            return str(variant["text"])
    raise ContentError(f"{responses_dir}: no response {name} with a text")


def load_buttons(responses_dir: Path, name: str) -> list[dict[str, str]]:
    """Returns the buttons of one response, `{"title", "payload"}`; none where it has none."""
    for variant in _first_variants(responses_dir).get(name, ()):
        return [dict(button) for button in variant.get("buttons", [])]
    raise ContentError(f"{responses_dir}: no response {name}")


@cache
def _first_variants(responses_dir: Path) -> Mapping[str, list[dict[str, Any]]]:
    """The first variant of each response, from each file that has it; the files are read once."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(responses_dir.glob("*.yml")):
        for name, variants in load_mapping(path).get("responses", {}).items():
            found[name] += variants[:1]
    return dict(found)


def enumerate_words(words: list[str], conjunction: str) -> str:
    """Joins words for a sentence, e.g. "cancer, obesity and pregnancy"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
