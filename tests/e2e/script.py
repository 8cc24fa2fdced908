"""The conversations of `conversations/*.yml`: their vocabulary, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from clinic.storage.handoffs import REASONS
from scripts.settings import ROOT
from tests.e2e.database import TABLES

FOLDER = Path(__file__).parent / "conversations"
NOTHING = "nothing"
OUTCOMES = ("not_recommended", "ask_doctor", "nothing_on_list", "incomplete")
REQUEST = ("name", "phone", "email", "when", "status", "health_answers")


class ScriptError(ValueError):
    """A conversation is not written as README.md says; the text names file, conversation, turn."""


@dataclass(frozen=True)
class Conversation:
    """A script: what the patient does, and what must come back."""

    file: str
    name: str
    turns: list[dict[str, Any]]
    private: list[str]

    def __str__(self) -> str:
        """File and name, as pytest shows them."""
        return f"{self.file}: {self.name}"


@dataclass(frozen=True)
class Names:
    """The names that a script may use."""

    answers: frozenset[str]
    responses: frozenset[str]
    slots: frozenset[str]
    forms: frozenset[str]


@lru_cache(maxsize=1)
def project_names() -> Names:
    """Reads the names from the project's data."""
    content = _yaml(ROOT / "data/content/answers.yml")
    domain = _yaml(ROOT / "domain.yml")
    responses = [_yaml(path)["responses"] for path in (ROOT / "data/responses").glob("*.yml")]
    ids = {answer["id"] for answer in content["answers"]}
    themes = {f"not_covered/{theme['id']}" for theme in content["not_covered"]}
    return Names(
        answers=frozenset((ids - {"not_covered"}) | themes),
        responses=frozenset(name for part in responses for name in part),
        slots=frozenset(domain["slots"]),
        forms=frozenset(form.removesuffix("_form") for form in domain["forms"]),
    )


def load_conversations(folder: Path = FOLDER) -> list[Conversation]:
    """Reads all conversations.

    Raises:
        ScriptError: One of them is not written as it should be, or two have the same name.
    """
    read = [each for path in sorted(folder.glob("*.yml")) for each in read_file(path)]
    seen: set[str] = set()
    for conversation in read:
        if str(conversation) in seen:
            raise ScriptError(f"{conversation}: there is another one of this name")
        seen.add(str(conversation))
    return read


def read_file(path: Path) -> Iterator[Conversation]:
    """Reads the conversations of one file.

    Raises:
        ScriptError: The file is not written as README.md says.
    """
    content = _yaml(path)
    if not isinstance(content, list):
        raise ScriptError(f"{path.name}: must be a list of conversations, each with `- name:`")
    for position, entry in enumerate(content, start=1):
        where = f"{path.name}, conversation {position}"
        _check_keys(where, entry, {"name": _text, "turns": _turns, "private": _texts})
        for key in ("name", "turns"):
            if key not in entry:
                raise ScriptError(f"{where}: `{key}` is missing")
        where = f"{path.name}: {entry['name']}"
        for number, turn in enumerate(entry["turns"], start=1):
            _check_turn(f"{where}, turn {number}", turn)
        yield Conversation(path.stem, entry["name"], entry["turns"], entry.get("private", []))


def _check_turn(where: str, turn: Any) -> None:
    _check_keys(where, turn, {"say": _text, "press": _text, "repeat": _count, **EXPECTATIONS})
    if ("say" in turn) == ("press" in turn):
        raise ScriptError(f"{where}: needs either `say` or `press`")
    if "repeat" in turn and "say" not in turn:
        raise ScriptError(f"{where}: `repeat` goes with `say`")


Kind = Callable[[Any], str | None]
"""Returns what is wrong with a value, None when nothing is."""


def _check_keys(where: str, entry: Any, kinds: dict[str, Kind]) -> None:
    if not isinstance(entry, dict):
        raise ScriptError(f"{where}: must be made of lines like `key: value`")
    for key, value in entry.items():
        if key not in kinds:
            raise ScriptError(f"{where}: unknown key `{key}` (there are: {', '.join(kinds)})")
        if wrong := kinds[key](value):
            raise ScriptError(f"{where}: `{key}` {wrong}, not {value!r}")


def _text(value: Any) -> str | None:
    # YAML reads a bare no, yes or 123 as something else than text.
    return None if isinstance(value, str) else "must be a text (put it in quotes)"


def _flag(value: Any) -> str | None:
    return None if value is True else "can only be yes (else leave it out)"


def _count(value: Any) -> str | None:
    counts = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if counts else "must be a number"


def _texts(value: Any) -> str | None:
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return None if isinstance(value, str) or texts else "must be a text or a list of texts"


def _turns(value: Any) -> str | None:
    return None if isinstance(value, list) and value else "must be a list of turns"


def _list_of(what: str, known: Callable[[], frozenset[str] | tuple[str, ...]]) -> Kind:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list in square brackets"
        unknown = [each for each in value if each not in known()]
        return f"must name {what}; unknown: {', '.join(map(str, unknown))}" if unknown else None

    return check


def _one_of(what: str, known: Callable[[], frozenset[str] | tuple[str, ...]]) -> Kind:
    def check(value: Any) -> str | None:
        return None if value in known() else f"must be {what}"

    return check


def _mapping_of(known: tuple[str, ...], kind: Kind) -> Kind:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "must be a list of `key: value` in curly brackets"
        unknown = [each for each in value if each not in known]
        if unknown:
            return f"has {', '.join(map(str, unknown))} (there are: {', '.join(known)})"
        return next((wrong for each in value.values() if (wrong := kind(each))), None)

    return check


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path.name} is not valid YAML: {error}") from error


_responses = _list_of("responses of data/responses/", lambda: project_names().responses)

EXPECTATIONS: dict[str, Kind] = {
    "answers": _list_of("answers of data/content/answers.yml", lambda: project_names().answers),
    "says": _responses,
    "says_one_of": _responses,
    "says_not": _responses,
    "asks": _one_of("a slot of domain.yml or `nothing`", lambda: project_names().slots | {NOTHING}),
    "form": _one_of(
        "a form of domain.yml (without `_form`) or `nothing`",
        lambda: project_names().forms | {NOTHING},
    ),
    "outcome": _one_of(f"one of {', '.join(OUTCOMES)}", lambda: OUTCOMES),
    "nothing_else": _flag,
    "contains": _texts,
    "not_contains": _texts,
    "offers": _texts,
    "stored": _mapping_of(TABLES, _count),
    "handoffs": _list_of("reasons for a handoff", lambda: REASONS),
    "request": _mapping_of(REQUEST, _text),
    "forgotten": _flag,
}
"""What a turn may expect, and how each is written; README.md explains them."""
