"""The words that code puts together."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic.content.errors import ContentError
from clinic.content.wording import (
    clinic_variables,
    enumerate_words,
    load_mapping,
    load_phrases,
    load_response,
)
from clinic.profile import Profile
from clinic.settings import PROJECT_ROOT

CONTENT, RESPONSES = PROJECT_ROOT / "data/content", PROJECT_ROOT / "data/responses"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], ""),
        (["cancer"], "cancer"),
        (["cancer", "obesity"], "cancer and obesity"),
        (["cancer", "obesity", "pregnancy"], "cancer, obesity and pregnancy"),
    ],
)
def test_words_are_joined_for_a_sentence(words: list[str], sentence: str) -> None:
    assert enumerate_words(words, "and") == sentence


def test_the_conjunction_is_given() -> None:
    assert enumerate_words(["pregnancy", "breastfeeding"], "or") == "pregnancy or breastfeeding"


def test_every_variable_of_the_clinic_is_a_text(profile: Profile) -> None:
    variables = clinic_variables(profile, 30)
    assert variables["clinic_phone"] == profile.phone
    assert variables["emergency_number"] == "112"
    assert variables["retention_days"] == "30"
    assert "Monday" in variables["clinic_hours"]
    assert all(isinstance(value, str) and value for value in variables.values())


def test_the_phrases_are_there() -> None:
    phrases = load_phrases(CONTENT)
    assert {"and", "or", "booking", "source", "held"} <= phrases.keys()
    assert "{references}" in phrases["held"]["consultation_requests"]
    assert "{name}" in phrases["source"]["section"]


def test_every_phrase_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for package in ("actions", "clinic")
        for path in (PROJECT_ROOT / package).rglob("*.py")
    )
    assert [key for key in load_phrases(CONTENT) if f'"{key}"' not in code] == []


def test_one_responses_text_is_found_in_any_file() -> None:
    assert "{emergency_number}" in load_response(RESPONSES, "utter_failure")
    assert "automated assistant" in load_response(RESPONSES, "utter_greet")


def test_a_response_that_nobody_wrote_is_an_error_that_names_it() -> None:
    with pytest.raises(ContentError, match="utter_unheard_of"):
        load_response(RESPONSES, "utter_unheard_of")


def test_a_response_without_a_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("responses:\n  utter_x:\n    - image: x.png\n")
    with pytest.raises(ContentError, match="utter_x"):
        load_response(tmp_path, "utter_x")


@pytest.mark.parametrize("content", ["", "- a list", "just words", "a: [", b"\xff\xfe\x00"])
def test_a_file_that_holds_no_mapping_is_an_error_that_names_it(
    tmp_path: Path, content: str | bytes
) -> None:
    path = tmp_path / "broken.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ContentError, match=r"broken\.yml"):
        load_mapping(path)


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.yml"):
        load_mapping(tmp_path / "nowhere.yml")
