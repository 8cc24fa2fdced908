"""What a question means in the conversation: the topic that it leads to in its context."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.content.answers import DERMA_ROLLER, MESOTHERAPY, Answers

QUESTION_PREFIX = "ask_"
NOT_COVERED = "not_covered"
MORE, WHY, OTHER_TREATMENT = "ask_more", "ask_why", "ask_other_treatment"

_SWITCH_ONLY = {"what_is", "roller_what_is", "combining"}
_LONGEST_SWITCH = 7


@dataclass(frozen=True)
class Context:
    """What the conversation is about before a question.

    `topic` is an answer's id, or `not_covered/<theme>` after what the article leaves open.
    """

    topic: str | None = None
    treatment: str | None = None


@dataclass(frozen=True)
class Meaning:
    """What a question asks for: a topic, and of it the answer, the reason, or more of it.

    `topic` is None when the question leans on a topic and there is none yet; `missing_counterpart`
    is true when the other treatment has no answer to the topic of before.
    """

    topic: str | None
    part: str = "answer"
    missing_counterpart: bool = False


def meaning_of(
    intent: str, text: str, mentioned: list[str], context: Context, answers: Answers
) -> Meaning:
    """Resolves a question in its context. An explicit mention always wins.

    Args:
        intent: the question's intent: `ask_<topic id>` or one of the three that lean on it.
        text: its words; empty for a button.
        mentioned: the treatments that the text names, in its order.
        context: what was spoken of before.
        answers: the facts about the answers.

    Returns:
        The topic and the part of it that answers the question.
    """
    if intent in (MORE, WHY):
        part = "more" if intent == MORE else "why"
        return Meaning(context.topic, part)
    named = mentioned[0] if len(set(mentioned)) == 1 else None
    if intent == OTHER_TREATMENT:
        return _switched(named or _other(context.treatment), context, answers)
    topic = intent.removeprefix(QUESTION_PREFIX)
    if topic in _SWITCH_ONLY and named and _is_bare_switch(text, named, context):
        return _switched(named, context, answers)
    # A button says in full what it asks.
    return Meaning(_in_treatment(topic, mentioned, context, answers) if text else topic)


def _is_bare_switch(text: str, named: str, context: Context) -> bool:
    """After another topic, "and the roller?" asks for that topic, not for what a roller is."""
    words = text.lower().split()
    return (
        context.topic is not None
        and context.treatment != named
        and len(words) <= _LONGEST_SWITCH
        and bool(words)
        and (
            words[0] in ("and", "same", "or") or words[:2] in (["what", "about"], ["how", "about"])
        )
    )


def _switched(treatment: str, context: Context, answers: Answers) -> Meaning:
    if context.topic and context.topic.startswith(NOT_COVERED):
        return Meaning(context.topic)
    before = answers.answers.get(context.topic or "")
    if before is None or before.treatment is None:
        return Meaning("roller_what_is" if treatment == DERMA_ROLLER else "what_is")
    if before.treatment == treatment:
        return Meaning(before.id)
    if before.counterpart is None:
        return Meaning(context.topic, missing_counterpart=True)
    return Meaning(before.counterpart)


def _in_treatment(topic: str, mentioned: list[str], context: Context, answers: Answers) -> str:
    entry = answers.answers.get(topic)
    if entry is None or entry.treatment is None or entry.treatment in mentioned:
        return topic
    # Questions on the roller name it or what it does; a bare question follows the context.
    follows_context = context.treatment == DERMA_ROLLER and entry.treatment == MESOTHERAPY
    if mentioned or follows_context:
        return entry.counterpart or topic
    return topic


def _other(treatment: str | None) -> str:
    return MESOTHERAPY if treatment == DERMA_ROLLER else DERMA_ROLLER
