"""The words about health, loaded from data/content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic.content.files import load_mapping
from components.context import ContextBook, load_context
from components.health_phrases import PhraseBook, Speller

NOT_MEANT = "not meant"

CONTRAINDICATION, NEAR, MATTER = "contraindication", "near", "matter"
PRESENT, UNSURE, DENIED, NOT_OWN = "present", "unsure", "denied", "not_own"
OWN_STATUSES = (PRESENT, UNSURE)


@dataclass(frozen=True)
class Item:
    """What a phrase stands for.

    Attributes:
        value: the id that is reported.
        name: plain words for use in a sentence.
        kind: contraindication, near or matter.
        condition: the one of the ten conditions concerned, None for other matters.
        status: present or unsure, before the words around are looked at.
        past: what it counts as when it is over: present, unsure or none.
        is_medicine: whether the phrase names a medicine.
        unless: conditions beside which it says nothing more: a cardiologist beside an arrhythmia.
        not_of: subjects (components/context.py) who cannot have it: a child in a pregnancy.
    """

    value: str
    name: str
    kind: str
    condition: str | None
    status: str
    past: str = UNSURE
    is_medicine: bool = False
    unless: frozenset[str] = frozenset()
    not_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """The words about health, from `load_lexicon`.

    Attributes:
        book: the phrases.
        items: what they stand for, by their key.
        speller: reads slips of the pen.
        context: what may stand around a mention.
        naming: phrases behind which a word that nobody knows is a medicine.
        passed_over: words that may stand between such a phrase and the name.
        doses: words behind a name and a number.
    """

    book: PhraseBook
    items: dict[str, Item]
    speller: Speller
    context: ContextBook
    naming: PhraseBook
    passed_over: frozenset[str]
    doses: frozenset[str]


def load_dictionary(directory: Path) -> frozenset[str]:
    """Reads ordinary_words.txt: words that are spelt correctly."""
    return _words(directory / "ordinary_words.txt")


def load_ordinary_words(directory: Path) -> frozenset[str]:
    """Reads the words that are never taken for a slip of the pen, some of them misspelt."""
    return load_dictionary(directory) | _words(directory / "not_slips.txt")


def _words(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line and not line.startswith("#"))


def load_lexicon(directory: Path) -> Lexicon:
    """Loads contraindications.yml, medicines.yml and health_matters.yml.

    Args:
        directory: the folder data/content.

    Raises:
        ValueError: for an id that is used twice, an unknown condition, an unknown id under `unless`
            or a phrase without words.
    """
    conditions = load_mapping(directory / "contraindications.yml")["contraindications"]
    of_medicines = load_mapping(directory / "medicines.yml")
    medicines = of_medicines["medicines"]
    matters = load_mapping(directory / "health_matters.yml")
    known = {c["id"]: c for c in conditions}
    book, items = PhraseBook(), {}

    def put(key: str, item: Item, words: list[str]) -> None:
        if key in items:
            raise ValueError(f"{key} stands twice in {directory}")
        if item.condition is not None and item.condition not in known:
            raise ValueError(f"{key}: {item.condition} is none of the conditions")
        items[key] = item
        for phrase in words:
            book.add(key, phrase)

    for one in conditions:
        past = one.get("past", UNSURE)
        not_of = frozenset(one.get("not_of", ()))
        item = Item(
            one["id"], one["name"], CONTRAINDICATION, one["id"], PRESENT, past, not_of=not_of
        )
        put(one["id"], item, one["words"])
    for one in medicines:
        put(f"medicine {one['id']}", _medicine(one, known), one["words"])
    for one in matters["matters"]:
        near = one.get("near")
        kind, status = (NEAR, UNSURE) if near else (MATTER, PRESENT)
        item = Item(
            one["id"],
            one["name"],
            kind,
            near,
            status,
            past=one.get("past", UNSURE),
            unless=frozenset(one.get("unless", ())),
            not_of=frozenset(known[near].get("not_of", ())) if near in known else frozenset(),
        )
        put(one["id"], item, one.get("words", []))
    values = {item.value for item in items.values()}
    for key, item in items.items():
        if unknown_ids := item.unless - values:
            raise ValueError(f"{key}: no id is called {', '.join(sorted(unknown_ids))} (unless)")

    # Words of look-alikes are no targets for a slip of the pen: the speller is made before them.
    names = PhraseBook()
    for one in medicines:
        for phrase in one["words"]:
            names.add(one["id"], phrase)
    speller = Speller(book.words(), load_ordinary_words(directory), names.words())
    for phrase in matters["not_meant"]:
        book.add(NOT_MEANT, phrase)
    unknown = of_medicines["unknown"]
    naming = PhraseBook()
    for phrase in unknown["behind"]:
        naming.add("naming", phrase)
    return Lexicon(
        book,
        items,
        speller,
        load_context(directory),
        naming,
        frozenset(unknown["passed_over"].split()),
        frozenset(unknown["doses"].split()),
    )


def _medicine(one: dict[str, Any], conditions: dict[str, Any]) -> Item:
    condition = one.get("condition")
    if condition is None:
        return Item(one["id"], one["name"], MATTER, None, PRESENT, is_medicine=True)
    if one["status"] == PRESENT:
        # An unknown condition is refused where the item is put down.
        name = conditions.get(condition, one)["name"]
        return Item(condition, name, CONTRAINDICATION, condition, PRESENT, is_medicine=True)
    unless = frozenset(one.get("unless", ()))
    return Item(one["id"], one["name"], NEAR, condition, UNSURE, unless=unless, is_medicine=True)
