"""What is known about each answer: its source, its review, its button, what comes next.

The words of an answer are not here: they are the response `utter_<id>` in `data/responses`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from clinic.content.errors import ContentError

ANSWERS_FILE = "answers.yml"
ARTICLE_FILE = "article.yml"
MESOTHERAPY, DERMA_ROLLER = "mesotherapy", "derma_roller"


@dataclass(frozen=True)
class Section:
    """A part of the article; `figures` are all the numbers that it holds."""

    id: str
    name: str
    figures: tuple[int, ...]


@dataclass(frozen=True)
class DerivedFigures:
    """Numbers worked out from those of a section; `how` says in which way."""

    section: str
    figures: tuple[int, ...]
    unit: str
    how: str


@dataclass(frozen=True)
class Article:
    """The one source of medical content."""

    title: str
    author: str
    sections: Mapping[str, Section]
    derived: tuple[DerivedFigures, ...]
    other_sources: Mapping[str, str]
    """What an answer may rest on instead of a section: id to the name that patients see."""


@dataclass(frozen=True)
class Answer:
    """The facts about one answer."""

    id: str
    button: str
    source: str
    """The name of what it rests on, as patients see it."""
    section: Section | None
    """The section of the article; None for an answer that rests on one of the other sources."""
    treatment: str | None
    counterpart: str | None
    """The answer to the same question about the other treatment, where there is one."""
    covers: tuple[str, ...]
    """Answers to what is asked of it beside it: "What is caffeine for, and how does it work?"."""
    next: tuple[str, ...]
    """Next steps to offer: ids of answers or of dialogue buttons."""
    reviewed_on: date
    reviewed_by: str


@dataclass(frozen=True)
class Theme:
    """Something that people ask and the article does not say."""

    id: str
    subject: str
    section: Section | None
    """Where the nearest fact stands, if the reply names one."""
    next: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """All answers by id, all themes by id, and the labels of the dialogue buttons by id."""

    article: Article
    answers: Mapping[str, Answer]
    themes: Mapping[str, Theme]
    dialogue_buttons: Mapping[str, str]

    def twins(self) -> dict[str, str]:
        """Map each question about the roller to the same one about the injections."""
        return {
            answer.id: answer.counterpart
            for answer in self.answers.values()
            if answer.treatment == DERMA_ROLLER and answer.counterpart
        }

    def button(self, step: str) -> str:
        """Return the label of a next step; raises KeyError for an id that is neither kind."""
        return self.dialogue_buttons.get(step) or self.answers[step].button


def load_answers(folder: Path) -> Answers:
    """Read `answers.yml` and `article.yml` from a folder.

    Raises:
        ContentError: names the file, the id and what is missing or unknown. An answer without id,
            button, source or review date is refused.
    """
    article = _read_article(folder / ARTICLE_FILE)
    file = _Entry.of_file(folder / ANSWERS_FILE)

    answers: dict[str, Answer] = {}
    for entry in file.entries("answers"):
        answers[entry.new_id(answers)] = _read_answer(entry, article)
    themes: dict[str, Theme] = {}
    for entry in file.entries("not_covered"):
        themes[entry.new_id(themes)] = _read_theme(entry, article)
    buttons = file.texts("dialogue_buttons")

    _check_references(file, answers, themes, set(buttons))
    return Answers(article, answers, themes, buttons)


def _read_article(path: Path) -> Article:
    file = _Entry.of_file(path)
    sections: dict[str, Section] = {}
    for entry in file.entries("sections"):
        new = entry.new_id(sections)
        sections[new] = Section(new, entry.text("name"), entry.figures())
    derived = []
    for entry in file.entries("derived"):
        section = _section(entry, sections)
        if section is None:
            raise entry.error("section is missing")
        derived.append(
            DerivedFigures(section.id, entry.figures(), entry.text("unit"), entry.text("how"))
        )
    others = file.texts("other_sources")
    return Article(file.text("title"), file.text("author"), sections, tuple(derived), others)


def _read_answer(entry: _Entry, article: Article) -> Answer:
    section = _section(entry, article.sections)
    other = entry.optional("source")
    if (section is None) == (other is None):
        raise entry.error("it needs a section of the article, or else a source")
    if other is not None and other not in article.other_sources:
        raise entry.error(f"source is unknown: {other}")
    return Answer(
        id=entry.text("id"),
        button=entry.text("button"),
        source=section.name if section else article.other_sources[str(other)],
        section=section,
        treatment=entry.optional("treatment"),
        counterpart=entry.optional("counterpart"),
        covers=entry.ids("covers"),
        next=entry.ids("next"),
        reviewed_on=entry.day("reviewed_on"),
        reviewed_by=entry.text("reviewed_by"),
    )


def _read_theme(entry: _Entry, article: Article) -> Theme:
    section = _section(entry, article.sections)
    return Theme(entry.text("id"), entry.text("subject"), section, entry.ids("next"))


def _section(entry: _Entry, sections: Mapping[str, Section]) -> Section | None:
    wanted = entry.optional("section")
    if wanted is None:
        return None
    if wanted not in sections:
        raise entry.error(f"section is not in {ARTICLE_FILE}: {wanted}")
    return sections[wanted]


def _check_references(
    file: _Entry, answers: Mapping[str, Answer], themes: Mapping[str, Theme], buttons: set[str]
) -> None:
    steps = answers.keys() | buttons
    items: list[Answer | Theme] = [*answers.values(), *themes.values()]
    for item in items:
        for step in item.next:
            if step not in steps:
                raise file.error(f"{item.id}: next is unknown: {step}")
    for answer in answers.values():
        if answer.counterpart is not None and answer.counterpart not in answers:
            raise file.error(f"{answer.id}: counterpart is unknown: {answer.counterpart}")
        for covered in answer.covers:
            if covered not in answers:
                raise file.error(f"{answer.id}: covers is unknown: {covered}")


@dataclass(frozen=True)
class _Entry:
    """A mapping of a content file together with the words that an error names it by."""

    where: str
    values: Mapping[str, Any]

    @classmethod
    def of_file(cls, path: Path) -> _Entry:
        try:
            values = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ContentError(f"{path.name}: cannot be read: {error}") from error
        if not isinstance(values, dict):
            raise ContentError(f"{path.name}: is not a mapping")
        return cls(path.name, values)

    def error(self, problem: str) -> ContentError:
        return ContentError(f"{self.where}: {problem}")

    def entries(self, key: str) -> Iterator[_Entry]:
        items = self.values.get(key)
        if not isinstance(items, list) or not items:
            raise self.error(f"{key} is missing or no list")
        for number, item in enumerate(items, start=1):
            if not isinstance(item, dict):
                raise self.error(f"{key}, entry {number}: is not a mapping")
            name = item.get("id", f"{key}, entry {number}")
            yield _Entry(f"{self.where}: {name}", item)

    def new_id(self, known: Mapping[str, object]) -> str:
        new = self.text("id")
        if new in known:
            raise self.error("id stands twice")
        return new

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} is missing or no text")
        return value.strip()

    def optional(self, key: str) -> str | None:
        return self.text(key) if key in self.values else None

    def texts(self, key: str) -> dict[str, str]:
        values = self.values.get(key)
        if not isinstance(values, dict):
            raise self.error(f"{key} is missing or no mapping")
        inner = _Entry(f"{self.where}: {key}", values)
        return {name: inner.text(name) for name in values}

    def ids(self, key: str) -> tuple[str, ...]:
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(f"{key} is no list of ids")
        return tuple(values)

    def figures(self) -> tuple[int, ...]:
        values = self.values.get("figures")
        if not isinstance(values, list) or not all(type(value) is int for value in values):
            raise self.error("figures is missing or no list of whole numbers")
        return tuple(values)

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(f"{key} is missing or no date such as 2026-11-23")
        return value
