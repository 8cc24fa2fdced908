"""The last step of understanding: what is found in a message decides over what it resembles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

from clinic.content.files import load_mapping
from clinic.content.replies import NO, UNSURE, YES, Replies, load_replies
from components.red_flags import RED_FLAG_KINDS
from components.text import CLEANED, LANGUAGE
from components.topic_classifier import QUESTIONS, WHOLE_INTENT

# A statement about one's own health outranks these; it does not outrank "delete my data" or "stop".
_GIVES_WAY_TO_HEALTH_PREFIXES = ("ask_",)
_GIVES_WAY_TO_HEALTH = {
    "affirm",
    "bot_challenge",
    "capabilities",
    "check_eligibility",
    "deny",
    "feedback_negative",
    "feedback_positive",
    "goodbye",
    "greet",
    "not_covered",
    "not_sure",
    "out_of_scope",
    "report_condition",
    "thanks",
    DEFAULT_NLU_FALLBACK_INTENT_NAME,
}
_REQUESTS = {
    "book_consultation",
    "cancel_request",
    "change_request",
    "check_eligibility",
    "delete_data",
    "human_handoff",
    "stop",
}
_SWITCH = "ask_other_treatment"
_OTHER = re.compile(
    r"\b(?:other|others|another|same|both|differ\w*|else|instead|alternative)\b", re.I
)
_REPLY_INTENTS = {YES: "affirm", NO: "deny", UNSURE: "not_sure"}
_ANSWERABLE_PREFIXES = ("ask_", "not_covered", "clinic_info")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentArbiter(GraphComponent):
    """Settles the intent.

    In this order: a red flag makes it `self_harm` or `urgent_symptoms`; another script makes it
    `other_language`; an own condition, present or unsure, makes it `report_condition`; below the
    threshold it is a plain yes, no or not sure if its words say so, else `nlu_fallback`. Of the
    clauses, those stay that are questions of their own.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Lowest confidence of an intent and of a clause; the folder with signs and replies."""
        return {
            "threshold": 0.3,
            "clause_threshold": 0.45,
            "content_dir": "data/content",
        }

    def __init__(self, config: dict[str, Any], signs: dict[str, str], replies: Replies) -> None:
        """Takes the thresholds of config.yml, sign to intent, and the words of yes and no."""
        self._threshold = float(config["threshold"])
        self._signs = signs
        self._replies = replies
        self._clause_threshold = float(config["clause_threshold"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentArbiter:
        """Rasa's factory: reads the signs and the replies."""
        folder = Path(__file__).parent.parent / config["content_dir"]
        intents = load_mapping(folder / "signs.yml")["signs"]
        signs = {sign: intent for intent, signs in intents.items() for sign in signs}
        return cls(config, signs, load_replies(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Settles messages in place."""
        for message in messages:
            questions = self._own_questions(message.get(QUESTIONS) or [])
            message.set(QUESTIONS, questions, add_to_output=True)
            self._drop_switch_without_treatment(message)
            found = self._found_intent(message)
            if found:
                self._set(message, found, 1.0)
                continue
            confidence = message.get(INTENT)[PREDICTED_CONFIDENCE_KEY]
            if message.get(LANGUAGE) == "none" and not _has_digits(message):
                self._set(message, self._intent_of_signs(message), 1.0)
            elif questions and self._is_request(message):
                wish = message.get(WHOLE_INTENT)
                message.set(INTENT, _intent_of(wish), add_to_output=True)
            elif len(questions) > 1:
                message.set(INTENT, _intent_of(questions[0]), add_to_output=True)
            elif confidence < self._threshold:
                reply = _REPLY_INTENTS.get(self._replies.read(message.get(CLEANED)) or "")
                self._set(
                    message,
                    reply or DEFAULT_NLU_FALLBACK_INTENT_NAME,
                    1.0 if reply else round(1 - confidence, 4),
                )
        return messages

    @staticmethod
    def _drop_switch_without_treatment(message: Message) -> None:
        """A switch names a treatment or says "other"; "and the healing?" is no switch."""
        named = any(e["entity"] == "treatment" for e in message.get(ENTITIES, []))
        ranking = message.get(INTENT_RANKING_KEY) or []
        if (
            named
            or _OTHER.search(message.get(CLEANED))
            or message.get(INTENT)[INTENT_NAME_KEY] != _SWITCH
        ):
            return
        others = [dict(entry) for entry in ranking if entry[INTENT_NAME_KEY] != _SWITCH]
        rest = 1 - sum(e[PREDICTED_CONFIDENCE_KEY] for e in ranking if e not in others)
        for entry in others:
            entry[PREDICTED_CONFIDENCE_KEY] = round(
                min(1.0, entry[PREDICTED_CONFIDENCE_KEY] / max(rest, 1e-4)), 4
            )
        if others:
            message.set(INTENT, others[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, others, add_to_output=True)

    def _own_questions(self, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Keeps the answerable clauses, the surest one of each answer."""
        kept: dict[tuple[str, str | None], dict[str, Any]] = {}
        for question in questions:
            key = (question["intent"], question["theme"])
            answerable = question["intent"].startswith(_ANSWERABLE_PREFIXES)
            surer = question["confidence"] > kept.get(key, question)["confidence"]
            if answerable and question["confidence"] >= self._clause_threshold:
                kept[key] = question if surer or key not in kept else kept[key]
        return list(kept.values())

    def _found_intent(self, message: Message) -> str | None:
        kinds = message.get(RED_FLAG_KINDS) or []
        if kinds:
            # Words about self-harm name the emergency number as well, and the help that fits.
            return "self_harm" if "self_harm" in kinds else "urgent_symptoms"
        if message.get(LANGUAGE) in ("greek", "other"):
            return "other_language"
        intent = message.get(INTENT)[INTENT_NAME_KEY]
        gives_way = intent in _GIVES_WAY_TO_HEALTH or intent.startswith(
            _GIVES_WAY_TO_HEALTH_PREFIXES
        )
        states_own = any(
            e["entity"] == "condition" and e.get("status") in ("present", "unsure")
            for e in message.get(ENTITIES, [])
        )
        return "report_condition" if states_own and gives_way else None

    def _is_request(self, message: Message) -> bool:
        """A wish ("book me. Does it hurt? How often?") comes before the questions beside it."""
        whole = message.get(WHOLE_INTENT)
        if whole is None:
            return False
        return whole["confidence"] >= self._threshold and whole["intent"] in _REQUESTS

    def _intent_of_signs(self, message: Message) -> str:
        """A message without letters is what its first known sign means, e.g. a thumb."""
        text = message.get(CLEANED)
        known = [(text.index(sign), intent) for sign, intent in self._signs.items() if sign in text]
        return min(known)[1] if known else DEFAULT_NLU_FALLBACK_INTENT_NAME

    @staticmethod
    def _set(message: Message, intent: str, confidence: float) -> None:
        chosen = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
        message.set(INTENT, chosen, add_to_output=True)
        ranking = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT_RANKING_KEY, [chosen, *ranking], add_to_output=True)


def _has_digits(message: Message) -> bool:
    return any(character.isdigit() for character in message.get(CLEANED))


def _intent_of(question: dict[str, Any]) -> dict[str, Any]:
    intent = {INTENT_NAME_KEY: question["intent"], PREDICTED_CONFIDENCE_KEY: question["confidence"]}
    if question["theme"]:
        intent["full_retrieval_intent_name"] = f"{question['intent']}/{question['theme']}"
    return intent
