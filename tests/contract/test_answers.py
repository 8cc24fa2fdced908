"""What every answer holds to: complete, sourced, short, easy to read, no promise, own words."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.content.answers import Answers, load_answers
from tests.contract.reading import reading_grade

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "data" / "content"
RESPONSES = ROOT / "data" / "responses"
SHINGLES = Path(__file__).parent / "data" / "article_shingles.json"

MESOTHERAPY = [
    "what_is", "origin", "uses", "how_it_works", "ingredients", "phosphatidylcholine",
    "enzymes", "caffeine", "skin_ingredients", "local_anesthetic", "sessions", "interval",
    "treatment_length", "results_when", "results_duration", "side_effects", "pain", "areas",
    "men", "vs_liposuction", "effectiveness", "creams", "contraindications", "who_performs",
    "combining", "procedure", "is_it_safe",
]  # fmt: skip
DERMA_ROLLER = [
    "roller_what_is", "roller_procedure", "roller_how_it_works", "roller_pain",
    "roller_sessions", "roller_areas", "roller_healing", "roller_stretch_marks",
    "roller_contraindications",
]  # fmt: skip
TOPICS = MESOTHERAPY + DERMA_ROLLER
THEMES = [
    "price", "payment", "session_time", "aftercare", "age", "guarantee", "brands", "cellulite",
    "weight_loss", "lifestyle", "other_areas", "other_treatments", "home_use", "long_term",
    "preparation", "doctor", "general",
]  # fmt: skip

HIGHEST_GRADE = 8.0
MOST_WORDS = 60
MOST_WORDS_NOT_COVERED = 50
# All ten conditions have to be named.
LONG_ANSWERS = {"utter_contraindications": 75}

# "one", "first" and "double" are left out: they are rarely a figure ("one of", "double chin").
NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
    "hundred": 100, "thousand": 1000, "twice": 2, "second": 2, "third": 3, "fourth": 4,
    "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "dozen": 12, "dozens": 12, "half": 0.5,
}  # fmt: skip

IN_EACH_LIST = {
    "blood_clotting_disorder": "clotting",
    "anticoagulants": "blood thinners",
    "insulin_dependent_diabetes": "diabetes that needs insulin",
    "obesity": "obesity",
    "arrhythmia": "heart rhythm",
    "coronary_heart_disease": "coronary heart disease",
    "immune_deficiency": "immune",
    "cancer": "cancer",
    "pregnancy": "pregnancy",
    "breastfeeding": "breastfeeding",
}


def read_responses(*files: str) -> dict[str, str]:
    """Return the one text of every response of these files by its name."""
    texts = {}
    for file in files:
        content = yaml.safe_load((RESPONSES / file).read_text(encoding="utf-8"))
        for name, variants in content["responses"].items():
            assert [set(variant) for variant in variants] == [{"text"}], name
            texts[name] = variants[0]["text"]
    return texts


def strings(value: Any) -> Iterator[str]:
    """Yield every text inside a YAML value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def numbers(text: str) -> set[float]:
    """Return the numbers in a text, whether written in digits or as words."""
    found = {float(digits.replace(",", ".")) for digits in re.findall(r"\d+(?:[.,]\d+)?", text)}
    lower = re.findall(r"[a-z]+", text.lower())
    return found | {float(NUMBER_WORDS[word]) for word in lower if word in NUMBER_WORDS}


def shingles(text: str, size: int) -> dict[str, str]:
    """Return the word sequences of a text by their fingerprint."""
    tokens = re.findall(r"[a-z0-9]+", text.lower())
    runs = [" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
    return {hashlib.sha1(run.encode()).hexdigest()[:12]: run for run in runs}


def topic_of(response: str) -> str:
    return re.sub(r"^utter_|_(why|more)$", "", response)


ANSWERS = read_responses("mesotherapy.yml", "derma_roller.yml")
NOT_COVERED = read_responses("not_covered.yml")
EVERYTHING = ANSWERS | NOT_COVERED
BANNED = yaml.safe_load((CONTENT / "banned_phrases.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def content() -> Answers:
    return load_answers(CONTENT)


def test_every_topic_has_words_in_the_file_of_its_treatment():
    assert {topic_of(name) for name in read_responses("mesotherapy.yml")} == set(MESOTHERAPY)
    assert {topic_of(name) for name in read_responses("derma_roller.yml")} == set(DERMA_ROLLER)
    assert {f"utter_{topic}" for topic in TOPICS} <= set(ANSWERS)


def test_every_topic_has_its_facts(content: Answers):
    assert set(content.answers) == {*TOPICS, "not_covered", "clinic_info"}
    assert {id for id, a in content.answers.items() if a.treatment == "mesotherapy"} == set(
        MESOTHERAPY
    )
    assert {id for id, a in content.answers.items() if a.treatment == "derma_roller"} == set(
        DERMA_ROLLER
    )
    assert all(content.answers[topic].section for topic in TOPICS)


def test_every_theme_that_is_not_covered_has_words_and_facts(content: Answers):
    assert set(NOT_COVERED) == {f"utter_not_covered/{theme}" for theme in THEMES}
    assert set(content.themes) == set(THEMES)


@pytest.mark.parametrize("name", NOT_COVERED)
def test_a_reply_on_what_is_not_covered_says_so_and_points_to_the_doctor(name: str):
    assert NOT_COVERED[name].startswith("The information I have says nothing about")
    assert "doctor" in NOT_COVERED[name]
    assert "consultation" in NOT_COVERED[name]


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_number_in_an_answer_stands_in_its_section(name: str, content: Answers):
    if name in NOT_COVERED:
        section = content.themes[name.removeprefix("utter_not_covered/")].section
    else:
        section = content.answers[topic_of(name)].section
    allowed: set[float] = set(section.figures if section else ())
    derived = {
        figure for d in content.article.derived if section and d.section == section.id
        for figure in d.figures
    }  # fmt: skip
    found = numbers(EVERYTHING[name])

    assert found <= allowed | derived
    if found - allowed:
        assert "estimate" in EVERYTHING[name]


def test_the_derived_course_length_follows_from_the_sections_figures(content: Answers):
    fewest, most, shortest, longest = content.article.sections["course"].figures
    (derived,) = content.article.derived

    assert derived.figures == ((fewest - 1) * shortest / 7, (most - 1) * longest / 7)
    assert "estimate" in ANSWERS["utter_treatment_length"]
    assert "about 5 to 15 weeks" in ANSWERS["utter_treatment_length"]


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_answer_is_short(name: str):
    usual = MOST_WORDS_NOT_COVERED if name in NOT_COVERED else MOST_WORDS
    assert len(EVERYTHING[name].split()) <= LONG_ANSWERS.get(name, usual)


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_answer_is_easy_to_read(name: str):
    assert reading_grade(EVERYTHING[name]) <= HIGHEST_GRADE


def test_the_reading_grade_tells_plain_words_from_hard_ones():
    assert reading_grade("The needles are tiny. A doctor gives them.") < 4
    assert reading_grade("Administration necessitates consideration of contraindications.") > 16


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_answer_is_plain_british_english(name: str):
    assert not re.search(r"[!*_#{}\[\]<>]", EVERYTHING[name])
    assert EVERYTHING[name].isascii()
    american = r"\b(anesthetic|aging|specialty|mobilized|color|center|program|favor)\b"
    assert not re.search(american, EVERYTHING[name].lower())


@pytest.mark.parametrize("name", ["utter_contraindications", "utter_roller_contraindications"])
@pytest.mark.parametrize("condition", IN_EACH_LIST)
def test_the_whole_list_of_contraindications_is_told(name: str, condition: str):
    assert IN_EACH_LIST[condition] in ANSWERS[name].lower()
    assert "The doctor decides" in ANSWERS[name]


@pytest.mark.parametrize(
    ("topic", "must_say"),
    [
        ("pain", "burning.*pain"),
        ("side_effects", "burning.*pain.*bruising"),
        ("effectiveness", "differ from person to person.*no guarantee"),
        ("men", "^Mesotherapy is for men too"),
        ("who_performs", "^A doctor"),
        ("is_it_safe", "Only the doctor can judge.*go through the list with you"),
        ("results_duration", "weight stays steady.*may be needed"),
        ("roller_pain", "anaesthetic cream"),
        ("roller_healing", "within 3 days.*sun protection"),
        ("vs_liposuction", "not a form of liposuction"),
    ],
)
def test_an_answer_keeps_the_caution_of_the_article(topic: str, must_say: str):
    assert re.search(must_say, ANSWERS[f"utter_{topic}"])


def test_buttons_are_short_and_tell_answers_apart(content: Answers):
    labels = [answer.button for answer in content.answers.values()]
    assert [label for label in labels if len(label) > 24] == []
    assert len(set(labels)) == len(labels)
    assert [text for text in content.dialogue_buttons.values() if len(text) > 36] == []
    assert set(content.dialogue_buttons) == {
        "check_eligibility", "book_consultation", "human_handoff",
    }  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
def test_next_steps_are_two_or_three_that_lead_on(topic: str, content: Answers):
    answer = content.answers[topic]
    assert 2 <= len(answer.next) <= 3
    assert len(set(answer.next)) == len(answer.next)
    assert topic not in answer.next
    if answer.treatment == "derma_roller":
        assert all(
            content.answers[step].treatment == "derma_roller"
            for step in answer.next
            if step in content.answers
        )


def test_no_two_topics_offer_the_same_next_steps(content: Answers):
    steps = [content.answers[topic].next for topic in TOPICS]
    assert len(set(steps)) == len(steps)


def test_every_topic_is_offered_somewhere(content: Answers):
    offered = {step for answer in content.answers.values() for step in answer.next}
    assert set(TOPICS) <= offered


def test_a_counterpart_belongs_to_the_other_treatment(content: Answers):
    for answer in content.answers.values():
        if answer.counterpart:
            assert content.answers[answer.counterpart].treatment != answer.treatment


@pytest.mark.parametrize("entry", BANNED, ids=lambda entry: entry["pattern"][:40])
def test_a_banned_phrase_is_found_and_its_harmless_neighbour_is_not(entry: dict[str, Any]):
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    assert [text for text in entry["hits"] if not pattern.search(text)] == []
    assert [text for text in entry["passes"] if pattern.search(text)] == []
    assert entry["hits"]
    assert entry["passes"]


@pytest.mark.parametrize("path", sorted(RESPONSES.rglob("*.yml")), ids=lambda path: path.name)
def test_no_word_of_the_assistant_is_banned(path: Path):
    said = list(strings(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]))
    banned = "|".join(f"(?:{entry['pattern']})" for entry in BANNED)
    assert said
    assert [text for text in said if re.search(banned, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", sorted(RESPONSES.rglob("*.yml")), ids=lambda path: path.name)
def test_no_sentence_of_the_article_is_repeated(path: Path):
    article = json.loads(SHINGLES.read_text(encoding="utf-8"))
    known = set(article["shingles"])
    assert len(known) > 400
    for text in strings(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]):
        own = shingles(text, article["words"])
        assert [run for key, run in own.items() if key in known] == []
