"""The names of conditions, matters and medicines, and what each is close to."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from clinic.content.conditions import load_conditions
from clinic.content.errors import ContentError
from clinic.eligibility import load_check
from clinic.settings import PROJECT_ROOT

CONTENT = PROJECT_ROOT / "data/content"
CONDITIONS = load_conditions(CONTENT)
LISTED = load_check(CONTENT).conditions

GOOD = {
    "contraindications.yml": {"contraindications": [{"id": "cancer", "name": "cancer"}]},
    "health_matters.yml": {"matters": [{"id": "mole", "name": "a mole", "near": "cancer"}]},
    "medicines.yml": {"medicines": [{"id": "tablet", "name": "a tablet"}]},
}


def written(folder: Path, **changed: object) -> Path:
    for file, data in GOOD.items():
        data = changed.get(file.removesuffix(".yml"), data)
        (folder / file).write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


def test_the_ten_conditions_have_names() -> None:
    assert len(LISTED) == 10
    assert set(LISTED) <= CONDITIONS.names.keys()


def test_what_is_near_is_near_one_of_the_ten() -> None:
    assert set(CONDITIONS.near.values()) <= set(LISTED)
    assert len(CONDITIONS.near) > 20


def test_each_of_the_ten_is_nearest_to_itself() -> None:
    assert {id: CONDITIONS.near[id] for id in LISTED} == {id: id for id in LISTED}


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("pregnancy", "pregnancy"),
        ("epilepsy", "epilepsy"),
        ("thyroid_disease", "a thyroid condition"),
        ("warfarin", "warfarin"),
    ],
)
def test_a_name_fits_what_was_told(id: str, name: str) -> None:
    assert CONDITIONS.names[id] == name


def test_what_is_not_sure_is_not_named_as_if_it_were() -> None:
    assert CONDITIONS.unsure["insulin_dependent_diabetes"] == "diabetes that may need insulin"
    assert CONDITIONS.unsure["epilepsy"] == CONDITIONS.names["epilepsy"]
    assert all(CONDITIONS.unsure[name] != CONDITIONS.names[name] for name in LISTED)


def test_a_name_stands_in_the_middle_of_a_sentence() -> None:
    for id, name in CONDITIONS.names.items():
        assert name == name.strip(), id
        assert not name.endswith("."), id
        assert name[0].islower() or name[:2].isupper() or name.split()[0] in _PROPER, id


_PROPER = {"Hashimoto's", "Crohn's", "Parkinson's", "Alzheimer's", "Raynaud's"}


def test_an_id_that_stands_in_two_files_has_one_name() -> None:
    names: dict[str, set[str]] = {}
    for file, key in (
        ("contraindications", "contraindications"),
        ("medicines", "medicines"),
        ("health_matters", "matters"),
    ):
        content = yaml.safe_load((CONTENT / f"{file}.yml").read_text(encoding="utf-8"))
        for entry in content[key]:
            names.setdefault(entry["id"], set()).add(entry["name"])
    assert {id: of for id, of in names.items() if len(of) > 1} == {}


def test_names_and_nearness_are_read(tmp_path: Path) -> None:
    conditions = load_conditions(written(tmp_path))
    assert conditions.names == {"cancer": "cancer", "mole": "a mole", "tablet": "a tablet"}
    assert conditions.near == {"cancer": "cancer", "mole": "cancer"}


@pytest.mark.parametrize("entry", [{"id": "x"}, {"name": "x"}, {"id": "", "name": "x"}])
def test_an_entry_without_id_or_name_is_refused(tmp_path: Path, entry: dict[str, str]) -> None:
    folder = written(tmp_path, medicines={"medicines": [entry]})
    with pytest.raises(ContentError, match=r"medicines\.yml"):
        load_conditions(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "health_matters.yml").unlink()
    with pytest.raises(ContentError, match=r"health_matters\.yml"):
        load_conditions(tmp_path)
