"""Loading the facts about the answers: what is complete is read, what is not is refused."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.content.answers import Answers, load_answers
from clinic.content.errors import ContentError

ARTICLE: dict[str, Any] = {
    "title": "A title",
    "author": "An author",
    "sections": [
        {"id": "course", "name": "Sessions", "figures": [6, 8]},
        {"id": "roller", "name": "Roller", "figures": []},
    ],
    "derived": [{"section": "course", "figures": [5], "unit": "weeks", "how": "by counting"}],
    "other_sources": {"clinic_profile": "The clinic's profile"},
}
ANSWERS: dict[str, Any] = {
    "dialogue_buttons": {"book_consultation": "Request a consultation"},
    "answers": [
        {
            "id": "sessions",
            "button": "How many sessions?",
            "treatment": "mesotherapy",
            "counterpart": "roller_sessions",
            "section": "course",
            "next": ["roller_sessions", "book_consultation"],
            "reviewed_on": date(2026, 11, 23),
            "reviewed_by": "a doctor",
        },
        {
            "id": "roller_sessions",
            "button": "Roller: how many?",
            "treatment": "derma_roller",
            "section": "roller",
            "next": ["book_consultation"],
            "reviewed_on": date(2026, 11, 23),
            "reviewed_by": "a doctor",
        },
        {
            "id": "clinic_info",
            "button": "Contact",
            "source": "clinic_profile",
            "reviewed_on": date(2026, 11, 23),
            "reviewed_by": "a doctor",
        },
    ],
    "not_covered": [{"id": "price", "subject": "prices", "next": ["sessions"]}],
}

Change = Callable[[dict[str, Any], dict[str, Any]], object]


def load(folder: Path, change: Change = lambda answers, article: None) -> Answers:
    answers, article = deepcopy(ANSWERS), deepcopy(ARTICLE)
    change(answers, article)
    (folder / "answers.yml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    (folder / "article.yml").write_text(yaml.safe_dump(article), encoding="utf-8")
    return load_answers(folder)


def test_an_answer_knows_its_source_review_and_next_steps(tmp_path: Path):
    answer = load(tmp_path).answers["sessions"]

    assert answer.source == "Sessions"
    assert answer.section is not None
    assert answer.section.figures == (6, 8)
    assert answer.treatment == "mesotherapy"
    assert answer.counterpart == "roller_sessions"
    assert answer.next == ("roller_sessions", "book_consultation")
    assert answer.reviewed_on == date(2026, 11, 23)
    assert answer.reviewed_by == "a doctor"


def test_an_answer_may_rest_on_another_known_source(tmp_path: Path):
    answer = load(tmp_path).answers["clinic_info"]
    assert (answer.source, answer.section, answer.next) == ("The clinic's profile", None, ())


def test_the_article_and_the_themes_are_read(tmp_path: Path):
    content = load(tmp_path)
    assert (content.article.title, content.article.author) == ("A title", "An author")
    assert content.article.derived[0].figures == (5,)
    assert content.themes["price"].subject == "prices"
    assert content.themes["price"].next == ("sessions",)


def test_the_label_of_a_step_is_that_of_its_answer_or_dialogue(tmp_path: Path):
    content = load(tmp_path)
    assert content.button("sessions") == "How many sessions?"
    assert content.button("book_consultation") == "Request a consultation"
    with pytest.raises(KeyError):
        content.button("unheard_of")


def without(key: str) -> Change:
    return lambda answers, article: answers["answers"][0].pop(key)


def with_value(key: str, value: object) -> Change:
    return lambda answers, article: answers["answers"][0].update({key: value})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("id"), "answers.yml: answers, entry 1: id is missing"),
        (without("button"), "answers.yml: sessions: button is missing"),
        (without("section"), "answers.yml: sessions: it needs a section"),
        (without("reviewed_on"), "answers.yml: sessions: reviewed_on is missing"),
        (without("reviewed_by"), "answers.yml: sessions: reviewed_by is missing"),
        (with_value("button", " "), "sessions: button is missing"),
        (with_value("reviewed_on", "yesterday"), "sessions: reviewed_on is missing or no date"),
        (with_value("section", "nowhere"), "sessions: section is not in article.yml: nowhere"),
        (with_value("source", "clinic_profile"), "sessions: it needs a section"),
        (with_value("next", ["nowhere"]), "sessions: next is unknown: nowhere"),
        (with_value("next", "sessions"), "sessions: next is no list of ids"),
        (with_value("counterpart", "nowhere"), "sessions: counterpart is unknown: nowhere"),
        (with_value("covers", ["nowhere"]), "sessions: covers is unknown: nowhere"),
        (with_value("id", "roller_sessions"), "roller_sessions: id stands twice"),
        (lambda a, _: a["answers"][2].update(source="hearsay"), "source is unknown: hearsay"),
        (lambda a, _: a["not_covered"][0].pop("subject"), "price: subject is missing"),
        (lambda a, _: a["not_covered"][0].update(next=["x"]), "price: next is unknown: x"),
        (lambda a, _: a["not_covered"][0].update(section="x"), "price: section is not in"),
        (lambda a, _: a.pop("answers"), "answers.yml: answers is missing"),
        (lambda a, _: a.update(answers=["sessions"]), "answers, entry 1: is not a mapping"),
        (lambda a, _: a.pop("dialogue_buttons"), "dialogue_buttons is missing"),
        (lambda _, b: b["sections"][0].pop("figures"), "article.yml: course: figures is missing"),
        (lambda _, b: b["sections"][0].update(figures=["6-8"]), "course: figures is missing"),
        (lambda _, b: b["derived"][0].pop("section"), "article.yml: .*section is missing"),
        (lambda _, b: b.pop("author"), "article.yml: author is missing"),
    ],
)
def test_what_is_incomplete_is_refused_by_name(tmp_path: Path, change: Change, message: str):
    with pytest.raises(ContentError, match=message):
        load(tmp_path, change)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(ContentError, match=r"article\.yml: cannot be read"):
        load_answers(tmp_path)
    (tmp_path / "article.yml").write_text("- a list", encoding="utf-8")
    with pytest.raises(ContentError, match=r"article\.yml: is not a mapping"):
        load_answers(tmp_path)
