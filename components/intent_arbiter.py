"""The last step of understanding: what is found in a message decides over what it resembles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    FULL_RETRIEVAL_INTENT_NAME_KEY,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

from clinic.content.answers import DERMA_ROLLER
from clinic.content.files import load_mapping
from clinic.content.replies import NO, UNSURE, YES, Replies, load_replies
from clinic.context import OTHER_TREATMENT
from components.adjudication import NOTHING
from components.questions import Question
from components.red_flags import RED_FLAG_KINDS
from components.statements import HEALTH_STATED, OWN
from components.text import CLEANED, LANGUAGE
from components.topic_classifier import (
    OF_NOBODY,
    QUESTIONS,
    REPORT,
    REQUESTS,
    WISH,
    as_data,
    confidence_of,
    is_answerable,
    twins_of,
)

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
    "other_language",
    "out_of_scope",
    "report_condition",
    "thanks",
    DEFAULT_NLU_FALLBACK_INTENT_NAME,
}
# Share of what is left, when the first intent is left out, from which on the next is clear.
_CLEARLY = 0.5
_URGENT = {"urgent_symptoms", "self_harm"}
# How likely the same question about the injections must be, beside the one about the roller.
_LIKELY_TWIN = 0.3
# "I stopped it in June" is no wish to stop the questions.
_STOP, _SURE_STOP = "stop", 0.8
_FOREIGN, _SURE_IN_STORY = "out_of_scope", 0.9
_OTHER = re.compile(r"\b(?:other|others|another|both|differ\w*|else|instead|alternative)\b", re.I)
# It asks for nothing, however it is spelt; the forms read it themselves.
_ADDRESS = re.compile(r"^\S*@\S*$")
# "No, 60 kg, 170 cm" tells figures and asks nothing.
_FIGURES = re.compile(
    r"(?:[\W\d]|(?:no|yes|i|i'?m|am|is|my|and|weigh|weight|height|tall|bmi|kgs?|kilos?|cm|m|met(?:er|re)s?"
    r"|ft|foot|feet|in|inch(?:es)?|lbs?|pounds?|stones?|st)(?![^\W\d]))+",
    re.IGNORECASE,
)
_REPLY_INTENTS = {YES: "affirm", NO: "deny", UNSURE: "not_sure"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentArbiter(GraphComponent):
    """Settles the intent.

    In this order: a red flag makes it `self_harm` or `urgent_symptoms`; another script makes it
    `other_language`; a statement about one's own health makes it `report_condition`; below the
    threshold it is a plain yes, no or not sure if its words say so, else `nlu_fallback`. Of several
    questions the first is the intent, unless a wish is made beside them. What a patient asks beside
    an own condition stays among the questions.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Lowest confidence of an intent, and the folder with signs and replies."""
        return {"threshold": 0.4, "content_dir": "data/content"}

    def __init__(
        self,
        config: dict[str, Any],
        signs: dict[str, str],
        replies: Replies,
        twins: Mapping[str, str],
    ) -> None:
        """Takes the threshold, sign to intent, the words of yes and no, roller intent to twin."""
        self._threshold = float(config["threshold"])
        self._signs = signs
        self._replies = replies
        self._twins = twins

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
        return cls(config, signs, load_replies(folder), twins_of(config["content_dir"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Settles messages in place."""
        for message in messages:
            questions = message.get(QUESTIONS) or []
            self._drop_switch_without_treatment(message)
            self._drop_roller_without_its_name(message)
            # Whether it is an emergency is settled (components/statements.py), either way.
            _leave_out(message, _URGENT)
            self._drop_talk_of_others(message)
            found = self._found_intent(message)
            if found:
                if found == REPORT:
                    self._keep_question(message)
                    self._drop_figures(message)
                self._set(message, found, 1.0)
                continue
            confidence = message.get(INTENT)[PREDICTED_CONFIDENCE_KEY]
            if message.get(LANGUAGE) == "none":
                self._set(message, self._intent_of_signs(message), 1.0)
            elif _ADDRESS.match(message.get(CLEANED)):
                self._set(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, 1.0)
            elif questions and message.get(WISH):
                message.set(INTENT, _intent_of(message.get(WISH)), add_to_output=True)
            elif len(questions) > 1 and not self._is_request(message):
                message.set(INTENT, _intent_of(questions[0]), add_to_output=True)
            elif questions and (confidence < self._threshold or self._is_in_foreign_story(message)):
                # The story is like nothing known, the question in it is.
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
        is_switch = message.get(INTENT)[INTENT_NAME_KEY] == OTHER_TREATMENT
        if is_switch and not named and not _OTHER.search(message.get(CLEANED)):
            _leave_out(message, {OTHER_TREATMENT})

    def _drop_roller_without_its_name(self, message: Message) -> None:
        """Without a word for the roller the injections are meant: "the roll under my bottom"."""
        intent = message.get(INTENT)[INTENT_NAME_KEY]
        named = any(e.get("value") == DERMA_ROLLER for e in message.get(ENTITIES, []))
        twin = self._twins.get(intent)
        if named or not twin:
            return
        likely = confidence_of(message, intent)
        if confidence_of(message, twin) >= _LIKELY_TWIN * likely:
            _leave_out(message, {intent})

    @staticmethod
    def _drop_talk_of_others(message: Message) -> None:
        """Talk of health that states nothing of one's own is taken for what else is in it.

        Where it is clear of what else, that is; a condition of somebody else's with nothing beside
        it stays a report, and is answered with the list.
        """
        first, *others = message.get(INTENT_RANKING_KEY) or [{}]
        is_of_nobody = first.get(FULL_RETRIEVAL_INTENT_NAME_KEY) == OF_NOBODY
        states_nothing = message.get(HEALTH_STATED) == NOTHING
        if first.get(INTENT_NAME_KEY) != REPORT or not (is_of_nobody or states_nothing):
            return
        if not others:
            return
        rest = 1 - first[PREDICTED_CONFIDENCE_KEY]
        is_clear = others[0][PREDICTED_CONFIDENCE_KEY] >= _CLEARLY * rest
        of_health = any(e["entity"] == "condition" for e in message.get(ENTITIES, []))
        asks = is_answerable(others[0][INTENT_NAME_KEY])
        if (is_clear and asks) or (not of_health and (is_clear or states_nothing)):
            _leave_out(message, {REPORT})

    def _keep_question(self, message: Message) -> None:
        """Keeps what the whole message asks where something found takes the place of its intent."""
        intent = message.get(INTENT)
        if message.get(QUESTIONS) or intent[PREDICTED_CONFIDENCE_KEY] < self._threshold:
            return
        if is_answerable(intent[INTENT_NAME_KEY]):
            label = intent.get(FULL_RETRIEVAL_INTENT_NAME_KEY, intent[INTENT_NAME_KEY])
            asked = Question(label, intent[PREDICTED_CONFIDENCE_KEY], message.get(CLEANED))
            message.set(QUESTIONS, [as_data(asked)], add_to_output=True)

    @staticmethod
    def _drop_figures(message: Message) -> None:
        questions = message.get(QUESTIONS) or []
        asked = [question for question in questions if not _FIGURES.fullmatch(question["text"])]
        if len(asked) < len(questions):
            message.set(QUESTIONS, asked, add_to_output=True)

    def _found_intent(self, message: Message) -> str | None:
        kinds = message.get(RED_FLAG_KINDS) or []
        if kinds:
            # Words about self-harm name the emergency number as well, and the help that fits.
            return "self_harm" if "self_harm" in kinds else "urgent_symptoms"
        if message.get(LANGUAGE) in ("greek", "other"):
            return "other_language"
        intent = message.get(INTENT)[INTENT_NAME_KEY]
        confidence = message.get(INTENT)[PREDICTED_CONFIDENCE_KEY]
        gives_way = (
            intent in _GIVES_WAY_TO_HEALTH
            or intent.startswith(_GIVES_WAY_TO_HEALTH_PREFIXES)
            or (intent == _STOP and confidence < _SURE_STOP)
        )
        return REPORT if gives_way and message.get(HEALTH_STATED) == OWN else None

    @staticmethod
    def _is_in_foreign_story(message: Message) -> bool:
        """A sure question counts in the middle of what is nothing for a clinic: a cat, a train."""
        is_foreign = message.get(INTENT)[INTENT_NAME_KEY] == _FOREIGN
        return is_foreign and message.get(QUESTIONS)[0]["confidence"] >= _SURE_IN_STORY

    def _is_request(self, message: Message) -> bool:
        """A wish ("book me. Does it hurt? How often?") comes before the questions beside it."""
        intent = message.get(INTENT)
        is_sure = intent[PREDICTED_CONFIDENCE_KEY] >= self._threshold
        return is_sure and intent[INTENT_NAME_KEY] in REQUESTS

    def _intent_of_signs(self, message: Message) -> str:
        """A message without letters is what its first known sign means, e.g. a thumb.

        A bare number asks for nothing; the forms read it themselves.
        """
        text = message.get(CLEANED)
        known = [(text.index(sign), intent) for sign, intent in self._signs.items() if sign in text]
        return min(known)[1] if known else DEFAULT_NLU_FALLBACK_INTENT_NAME

    @staticmethod
    def _set(message: Message, intent: str, confidence: float) -> None:
        chosen = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
        message.set(INTENT, chosen, add_to_output=True)
        ranking = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT_RANKING_KEY, [chosen, *ranking], add_to_output=True)


def _leave_out(message: Message, intents: set[str]) -> None:
    """Takes intents out of the ranking, and shares their confidence among the others."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    others = [dict(entry) for entry in ranking if entry[INTENT_NAME_KEY] not in intents]
    if not others or len(others) == len(ranking):
        return
    taken = sum(e[PREDICTED_CONFIDENCE_KEY] for e in ranking if e[INTENT_NAME_KEY] in intents)
    rest = max(1 - taken, 1e-4)
    for entry in others:
        share = entry[PREDICTED_CONFIDENCE_KEY] / rest
        entry[PREDICTED_CONFIDENCE_KEY] = round(min(1.0, share), 4)
    message.set(INTENT, others[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, others, add_to_output=True)


def _intent_of(question: dict[str, Any]) -> dict[str, Any]:
    intent = {INTENT_NAME_KEY: question["intent"], PREDICTED_CONFIDENCE_KEY: question["confidence"]}
    if question["theme"]:
        intent[FULL_RETRIEVAL_INTENT_NAME_KEY] = f"{question['intent']}/{question['theme']}"
    return intent
