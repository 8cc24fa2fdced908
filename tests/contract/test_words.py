"""The words for patients beside the answers: easy to read, plain, and in British spelling."""

from __future__ import annotations

import re

import pytest

from tests.contract import said
from tests.contract.reading import reading_grade
from tests.contract.test_answers import EVERYTHING

HIGHEST_GRADE = 9.0
# The grade counts syllables, and these must say words that have no shorter ones.
LONG_WORDS = {
    "utter_first_contact": 9.5,  # "automated assistant", "general information"
}
OTHERS = {name: text for name, text in said.texts() if name not in EVERYTHING}
# What code puts in, as long as it usually is.
FILLED_IN = {
    "clinic_name": "Example Clinic", "clinic_address": "1 Example Street, Athens",
    "clinic_directions": "Metro station Example.", "clinic_phone": "+30 210 000 0000",
    "clinic_email": "clinic@example.com", "clinic_hours": "Monday to Friday 9:00-14:00",
    "emergency_number": "112", "privacy_contact": "privacy@example.com", "retention_days": "90",
    "name": "Maria", "contact": "+30 694 123 4567", "when": "Friday, morning", "shared": "",
    "slip": "", "reference": "C-234679", "findings": "cancer", "receipt": "0123456789ab",
    "requests": "\nC-234679: Maria, Friday, morning",
    "held": "your wish to talk to a person", "article": "Mesotherapy", "author": "the doctor",
    "section": "", "reviewed_on": "23 November 2026",
}  # fmt: skip


def english(name: str) -> str:
    """Return the English lines of a response with its variables filled in."""
    text = OTHERS[name].format(**FILLED_IN)
    return "\n".join(line for line in text.splitlines() if not re.search("[α-ω]", line))


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_it_is_easy_to_read(name: str):
    assert reading_grade(english(name)) <= LONG_WORDS.get(name, HIGHEST_GRADE)


def test_an_exception_is_still_needed():
    assert {n for n in LONG_WORDS if reading_grade(english(n)) <= HIGHEST_GRADE} == set()


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_it_is_short(name: str):
    assert len(OTHERS[name].split()) <= 95


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_it_is_plain_british_english(name: str):
    text = OTHERS[name]
    assert not re.search(r"[!*_#<>\[\]]|\bN/A\b", re.sub(r"\{\w+\}", "", text))
    american = r"\b(anesthetic|aging|specialty|mobilized|color|center|program|favor|canceled)\b"
    assert not re.search(american, text.lower().replace("computer program", ""))


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_quotation_marks_are_of_one_kind(name: str):
    assert '"' not in OTHERS[name]
    assert OTHERS[name].count("“") == OTHERS[name].count("”")


def test_a_word_has_one_spelling():
    spellings = [
        ("breast-feeding", "breastfeeding"),
        ("email", "e-mail"),
        ("call-back", "callback"),
    ]
    everything = " ".join(text for _, text in said.texts()).lower()
    mixed = [pair for pair in spellings if all(re.search(rf"\b{w}\b", everything) for w in pair)]
    assert mixed == []


@pytest.mark.parametrize(
    ("name", "must_say"),
    [
        ("utter_first_contact", "automated assistant.*general information.*not medical advice"),
        ("utter_greet", "automated assistant.*general information.*not medical advice"),
        ("utter_bot_challenge", "automated assistant"),
        ("utter_outcome_not_recommended", "not recommended with {findings}.*The doctor decides"),
        ("utter_outcome_ask_doctor", "{findings}, please talk to the doctor before"),
        ("utter_outcome_nothing_on_list", "no clearance.*doctor.*decides"),
        ("utter_urgent_symptoms", "call {emergency_number} now.*automated assistant"),
        ("utter_self_harm", "call {emergency_number} now"),
        ("utter_ask_check_consent", "no clearance.*May I.*stop at any time.*deleted"),
        ("utter_booking_confirmed", "{reference}.*not yet an appointment"),
        ("utter_failure", "{clinic_phone}.*{emergency_number}"),
    ],
)
def test_what_must_be_said_is_said(name: str, must_say: str):
    assert re.search(must_say, OTHERS[name].replace("\n", " "))


def test_every_outcome_leads_to_the_doctor():
    outcomes = {n: t for n, t in OTHERS.items() if n.startswith("utter_outcome_")}
    assert len(outcomes) >= 6
    assert [name for name, text in outcomes.items() if "doctor" not in text] == []


def test_the_six_questions_are_numbered_in_their_order():
    for number, slot in enumerate(said.domain()["forms"]["check_form"]["required_slots"][1:], 1):
        assert OTHERS[f"utter_ask_{slot}"].startswith(f"Question {number} of 6: ")


def test_the_greek_line_is_greek_and_names_the_numbers():
    greek, latin = OTHERS["utter_other_language"].strip().split("\n")
    assert re.search("[α-ω]", greek)
    assert not re.search("[α-ω]", latin)
    for line in (greek, latin):
        assert "{clinic_phone}" in line
        assert "{emergency_number}" in line
