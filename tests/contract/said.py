"""What the assistant can say and what says it, read from the files of the project."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml

from actions.turn import RED_FLAGS
from channels.refusals import STATUS
from clinic.content.answers import load_answers
from clinic.eligibility import Kind, Report, Status, decide, load_check

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "data/content"
PACKAGES = ("clinic", "actions", "components", "channels")


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@lru_cache
def responses() -> dict[str, list[dict[str, Any]]]:
    """Return the variants of every response by its name; a name in two files is an error."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data/responses").rglob("*.yml")):
        for name, variants in read_yaml(path)["responses"].items():
            assert name not in found, f"{name} stands twice"
            found[name] = variants
    return found


@lru_cache
def domain() -> dict[str, Any]:
    return read_yaml(ROOT / "domain.yml")


@lru_cache
def rules() -> dict[str, dict[str, Any]]:
    """Return all rules by their titles; a title that stands twice is an error."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "data/rules").rglob("*.yml")):
        for rule in read_yaml(path)["rules"]:
            assert rule["rule"] not in found, f"the title {rule['rule']!r} stands twice"
            found[rule["rule"]] = rule
    return found


def steps_of(rule: dict[str, Any], kind: str) -> list[Any]:
    """Return the intents, actions or loops of a rule in their order, those of an `or` included."""
    return [one[kind] for step in rule["steps"] for one in step.get("or", [step]) if kind in one]


def active_loop(rule: dict[str, Any]) -> str | None:
    """Return the form that a rule needs, "none" when it must be outside of forms, else None."""
    for condition in rule.get("condition", []):
        if "active_loop" in condition:
            return condition["active_loop"] or "none"
    return None


def trees(*packages: str) -> dict[Path, ast.Module]:
    """Return the syntax trees of all modules of the packages."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def texts_in(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a module; what is put into an f-string becomes "*"."""
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in ast.walk(node)} - {id(node)}
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ):
            yield node.value


def responses_in_code() -> tuple[set[str], set[str]]:
    """Return the responses that code names in full, and the patterns of those put together."""
    texts = {text for tree in trees(*PACKAGES).values() for text in texts_in(tree)}
    # The key under which Rasa keeps the name of a response, and no response.
    texts.discard("utter_action")
    names = {text for text in texts if re.fullmatch(r"utter_[a-z0-9_/]+", text)}
    patterns = {text for text in texts if re.fullmatch(r"utter_[a-z0-9_/*]+", text)} - names
    return names, patterns


def responses_put_together() -> dict[str, set[str]]:
    """Return what each pattern of the code can mean, worked out from the data.

    A pattern of the code that is not here is a new one: add the data that its names come from.
    """
    content, check = load_answers(CONTENT), load_check(CONTENT)
    topics = {name for name, answer in content.answers.items() if name != "not_covered"}
    themes = {f"not_covered/{theme}" for theme in content.themes}
    of_intents = {
        intent
        for rule in rules().values()
        for intent in steps_of(rule, "intent")
        if {"action_reply", "action_record_feedback"} & set(steps_of(rule, "action"))
    }
    of_answers = {decide(check, dict.fromkeys(q.id for q in check.questions)).name}
    for reply in ("yes", "no", "unsure"):
        of_answers.add(decide(check, dict.fromkeys((q.id for q in check.questions), reply)).name)
    ids = {"contraindication": check.conditions[0], "near": "near_one", "matter": "some_matter"}
    of_reports = {
        decide(check, {}, [Report(ids[kind], status, kind)]).name
        for kind in get_args(Kind)
        for status in get_args(Status)
    }
    return {
        "utter_*": {f"utter_{name}" for name in topics | themes | of_intents},
        "utter_outcome_*": {f"utter_outcome_{name}" for name in of_answers}
        | {f"utter_outcome_{name}_noted" for name in of_reports},
        # The beginnings of a Rejection's reason in clinic/contact.py, without "missing".
        "utter_*_invalid": {"utter_phone_invalid", "utter_email_invalid"},
        "utter_after_*": {f"utter_after_{red_flag}" for red_flag in RED_FLAGS},
        "utter_web_*": {f"utter_web_{code}" for code in STATUS},
    }


def second_parts() -> set[str]:
    """Return the responses that a topic may have besides its answer: its reason, and more."""
    content = load_answers(CONTENT)
    return {f"utter_{topic}_{part}" for topic in content.answers for part in ("why", "more")}


def asked_by_forms() -> set[str]:
    """Return the responses that Rasa utters by itself to ask for a slot.

    Besides the required slots, a form's reader may ask for any other slot of its own.
    """
    required = {slot for form in domain()["forms"].values() for slot in form["required_slots"]}
    own = tuple(form.removesuffix("form") for form in domain()["forms"])
    optional = {f"utter_ask_{slot}" for slot in domain()["slots"] if slot.startswith(own)}
    by_action = {f"utter_ask_{slot}" for slot in required if f"action_ask_{slot}" in actions()}
    needed = {f"utter_ask_{slot}" for slot in required} - by_action
    return needed | (optional & responses().keys())


def actions() -> set[str]:
    return set(domain()["actions"])


def texts() -> list[tuple[str, str]]:
    """Return (response, text) of every variant of every response."""
    return [
        (name, variant["text"])
        for name, variants in responses().items()
        for variant in variants
        if "text" in variant
    ]


def buttons() -> list[tuple[str, dict[str, str]]]:
    """Return (response, button) of every button of the responses."""
    return [
        (name, button)
        for name, variants in responses().items()
        for variant in variants
        for button in variant.get("buttons") or []
    ]
