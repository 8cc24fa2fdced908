"""Answers from the article, the clinic's own facts, and where they come from."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.after_red_flag import reminds_of_red_flag
from actions.base import Events, SafeAction
from actions.reports import echoed_mentions, remind_of_reports, take_note_of_conditions
from actions.turn import Turn
from clinic.context import NOT_COVERED, QUESTION_PREFIX, Context, Meaning, meaning_of

CLINIC_INFO = "clinic_info"
_MOST_BUTTONS = 3
_REMEMBERED = 6
_WITHOUT_ANSWER = (
    "utter_no_counterpart",
    "utter_no_reason",
    "utter_no_topic_yet",
    "utter_nothing_more",
)


class ActionAnswer(SafeAction):
    """Answers the question of the message, or each of its questions by a message of its own."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer"

    def perform(self, turn: Turn) -> Events:
        """Utters the answers and returns what the conversation is about now."""
        reminds_of_red_flag(turn)
        events = take_note_of_conditions(turn)
        if not events:
            remind_of_reports(turn)
        questions = questions_of(turn)
        if len(questions) < 2:
            questions = [{"intent": turn.intent, "theme": turn.theme, "text": turn.text}]
        return [*events, *answer_questions(turn, questions)]


def questions_of(turn: Turn) -> list[dict[str, Any]]:
    """The questions of the message that stand in a clause of their own."""
    return turn.message.get("questions") or []


def answered_beside(turn: Turn, *, leads_on: bool = False) -> Events:
    """Answers what a message asks beside a wish or a reply: "Cancel it. Are you open today?".

    Args:
        turn: the turn.
        leads_on: whether next steps are offered.
    """
    return answer_questions(turn, questions_of(turn), leads_on=leads_on)


def take_note_of_echo(turn: Turn) -> Events:
    """Answers "me too" after a condition, which sounds like small talk and is none.

    Returns:
        The events of the answer; nothing when the message says no such thing.
    """
    if not echoed_mentions(turn):
        return []
    reminds_of_red_flag(turn)
    offers = not questions_of(turn)
    noted = take_note_of_conditions(turn, with_offer=offers)
    offer = SlotSet("pending_offer", "booking" if offers else None)
    # What the message seemed to be goes no further.
    return [*noted, *answered_beside(turn), offer, FollowupAction("action_listen")]


def answer_questions(
    turn: Turn, questions: list[dict[str, Any]], *, leads_on: bool = True
) -> Events:
    """Utters the answer to each question, each answer once.

    Args:
        turn: the turn.
        questions: as `questions_of` gives them.
        leads_on: whether next steps are offered; none are while a form asks its own questions.

    Returns:
        The events that keep what the conversation is about then; none without a question.
    """
    if not questions:
        return []
    context = Context(turn.slot("topic"), _named_first(turn, questions) or turn.slot("treatment"))
    leads_on = leads_on and not turn.active_form
    replies: dict[str, str | None] = {}
    for question in questions:
        response, topic, context = _resolve(turn, question, context)
        replies.setdefault(response, topic)
    offer: str | None = None
    for position, (response, topic) in enumerate(replies.items()):
        offer = None
        if topic is None:
            turn.say(response)
        else:
            steps = _next_steps(turn, topic)
            shown = steps if position == len(replies) - 1 and leads_on else ()
            _say_answer(turn, response, topic, shown)
            offer = _offer_of(topic, steps) if leads_on else None
    return [
        SlotSet("topic", context.topic),
        SlotSet("treatment", context.treatment),
        SlotSet("pending_offer", offer),
    ]


def _resolve(
    turn: Turn, question: dict[str, Any], context: Context
) -> tuple[str, str | None, Context]:
    """Finds the reply to one question.

    Returns:
        The response; the topic that it answers, None where it has no answer; the context after it.
    """
    mentioned = _mentioned(turn, question["text"])
    treatment = mentioned[0] if mentioned else context.treatment
    intent = question["intent"]
    if intent == NOT_COVERED:
        meaning = Meaning(f"{NOT_COVERED}/{question.get('theme') or 'general'}")
    elif intent == CLINIC_INFO:
        meaning = Meaning(CLINIC_INFO)
    else:
        answers = turn.services.answers
        meaning = meaning_of(intent, question["text"], mentioned, context, answers)
    response = _response_of(meaning, turn)
    if meaning.topic is None or response in _WITHOUT_ANSWER:
        return response, None, context
    if meaning.topic.startswith(NOT_COVERED):
        return response, meaning.topic, Context(meaning.topic, treatment)
    of_answer = turn.services.answers.answers[meaning.topic].treatment
    return response, meaning.topic, Context(meaning.topic, of_answer or treatment)


def _offer_of(topic: str, steps: tuple[str, ...]) -> str | None:
    """What a plain yes after an answer accepts: the consultation where the article is silent."""
    if topic.startswith(NOT_COVERED):
        return "booking"
    return "check" if "check_eligibility" in steps else None


def _response_of(meaning: Meaning, turn: Turn) -> str:
    if meaning.topic is None:
        return "utter_no_topic_yet"
    if meaning.missing_counterpart:
        return "utter_no_counterpart"
    response = f"utter_{meaning.topic}"
    if meaning.part == "answer":
        return response
    known = turn.domain.get("responses", {})
    said = turn.last_responses(_REMEMBERED)
    for part in (meaning.part, "why" if meaning.part == "more" else ""):
        if f"{response}_{part}" in known and f"{response}_{part}" not in said:
            return f"{response}_{part}"
    return "utter_no_reason" if meaning.part == "why" else "utter_nothing_more"


def _next_steps(turn: Turn, topic: str) -> tuple[str, ...]:
    answers = turn.services.answers
    topic, _, theme = topic.partition("/")
    of_theme = answers.themes[theme].next if theme in answers.themes else ()
    return (*of_theme, *answers.answers[topic].next)[:_MOST_BUTTONS]


def _say_answer(turn: Turn, response: str, topic: str, steps: tuple[str, ...]) -> None:
    """Utters an answer with its id, source and next steps."""
    topic, _, theme = topic.partition("/")
    answer = turn.services.answers.answers[topic]
    metadata = {
        "answer": topic,
        "source": answer.source,
        "reviewed_on": answer.reviewed_on.isoformat(),
        **({"theme": theme} if theme else {}),
    }
    buttons = [_button(turn, step) for step in steps]
    turn.say(response, answer=topic, metadata=metadata, buttons=buttons)


def _button(turn: Turn, step: str) -> dict[str, str]:
    answers = turn.services.answers
    is_intent = step in answers.dialogue_buttons or step in (NOT_COVERED, CLINIC_INFO)
    prefix = "" if is_intent else QUESTION_PREFIX
    return {"title": answers.button(step), "payload": f"/{prefix}{step}"}


def intent_button(turn: Turn, intent: str) -> dict[str, str] | None:
    """Returns the button for an intent that has one: a topic or a dialogue button."""
    step = intent.removeprefix(QUESTION_PREFIX)
    answers = turn.services.answers
    if step in answers.dialogue_buttons or step in answers.answers:
        return _button(turn, step)
    return None


def _start_of(turn: Turn, question: str) -> int:
    """Where a question stands in the message; -1 when it is not there word for word."""
    return turn.text.lower().find(question.lower())


def _named_first(turn: Turn, questions: list[dict[str, Any]]) -> str | None:
    """The one treatment named in front of the questions: "Roller: does it hurt, how long?"."""
    start = _start_of(turn, questions[0]["text"]) if questions else -1
    before = {e["value"] for e in turn.entities("treatment") if e.get("start", 0) < start}
    return before.pop() if len(before) == 1 else None


def _mentioned(turn: Turn, text: str) -> list[str]:
    """The treatments that the question names; its clause may be one of several."""
    whole = turn.text
    start = _start_of(turn, text)
    end = start + len(text) if start >= 0 else len(whole)
    return [
        entity["value"]
        for entity in turn.entities("treatment")
        if len(text) == len(whole) or max(start, 0) <= entity.get("start", 0) < end
    ]


class ActionGiveSource(SafeAction):
    """Names the source of the last answer."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_give_source"

    def perform(self, turn: Turn) -> Events:
        """Utters article, section and review date, of what is asked beside it if something is."""
        beside = answered_beside(turn)
        topic = next((e["value"] for e in beside if e["name"] == "topic"), turn.slot("topic"))
        answers = turn.services.answers
        if topic == CLINIC_INFO:
            turn.say("utter_source_clinic")
        elif topic in answers.answers:
            answer = answers.answers[topic]
            section = turn.services.phrases["source"]["section"].format(name=answer.source)
            turn.say(
                "utter_source",
                article=answers.article.title,
                author=answers.article.author,
                section=section,
                reviewed_on=f"{answer.reviewed_on:%-d %B %Y}",
            )
        else:
            turn.say(
                "utter_source_general", article=answers.article.title, author=answers.article.author
            )
        return [*beside, SlotSet("pending_offer", None)]
