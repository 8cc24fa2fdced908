"""The names of conditions, health matters and medicines, and which condition each is close to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic.content.errors import ContentError
from clinic.content.files import load_mapping

_LISTS = (
    ("contraindications.yml", "contraindications", "id"),
    ("health_matters.yml", "matters", "near"),
    ("medicines.yml", "medicines", "condition"),
)


@dataclass(frozen=True)
class Conditions:
    """What a patient may tell about, by id."""

    names: Mapping[str, str]
    """The words for it in the middle of a sentence."""
    unsure: Mapping[str, str]
    """The same where it is not sure whether it is there; the name where nothing else is given."""
    near: Mapping[str, str]
    """The one of the ten conditions that it is or is close to; nothing for other matters."""


def load_conditions(content_dir: Path) -> Conditions:
    """Reads the ids and names of contraindications.yml, health_matters.yml and medicines.yml.

    Raises:
        ContentError: an entry has no id or name.
    """
    names, unsure, near = {}, {}, {}
    for file, key, close_to in _LISTS:
        for entry in load_mapping(content_dir / file).get(key) or []:
            if not entry.get("id") or not entry.get("name"):
                raise ContentError(f"{file}: an entry has no id or no name: {entry!r:.80}")
            names[entry["id"]] = entry["name"]
            unsure[entry["id"]] = entry.get("unsure") or entry["name"]
            if entry.get(close_to):
                near[entry["id"]] = entry[close_to]
    return Conditions(names, unsure, near)
