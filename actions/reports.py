"""What patients report about their own health in free text, and what follows from it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Events
from actions.turn import Turn
from clinic.content.wording import enumerate_words
from clinic.context import OTHER_TREATMENT
from clinic.eligibility import Outcome, Question, Report, decide

OWN = ("present", "unsure")


def own_mentions(turn: Turn) -> list[Report]:
    """The patient's own conditions and medicines in the latest message, present or unsure.

    Inside a form a message answers a question, so that there only what its words say counts, and
    not what it merely resembles.
    """
    stated = [
        Report(id=e["value"], status=e["status"], kind=e["kind"])
        for e in turn.entities("condition")
        if e.get("status") in OWN and not (turn.active_form and e.get("resembled"))
    ]
    return stated or echoed_mentions(turn)


def echoed_mentions(turn: Turn) -> list[Report]:
    """What the message before named of anybody, where the latest says that it is so for oneself.

    "My friend takes warfarin" - "me too"; "I used to breastfeed" - "well, I still do". In a form
    a message answers its question.
    """
    if turn.active_form:
        return []
    return _echoed(turn, turn.message, turn.message_before)


def _echoed(turn: Turn, message: dict[str, Any], before: dict[str, Any]) -> list[Report]:
    named = [e for e in before.get("entities") or [] if e.get("entity") == "condition"]
    if not named or not turn.services.replies.is_echo(message.get("text") or ""):
        return []
    return [
        Report(
            id=e["value"],
            status=e["status"] if e.get("status") in OWN else e.get("if_patient") or "unsure",
            kind=e["kind"],
        )
        for e in named
    ]


def mentions_with(turn: Turn, status: str) -> list[dict[str, Any]]:
    """The mentions of conditions in the latest message that were read with one status."""
    return [e for e in turn.entities("condition") if e.get("status") == status]


def resembling(turn: Turn, question: str) -> list[Report]:
    """What a message merely resembles, where that is what a question of the check asks about."""
    return [
        Report(id=e["value"], status="unsure", kind=e["kind"])
        for e in turn.entities("condition")
        if e.get("status") in OWN
        and e.get("resembled")
        and question_about(turn, e["value"]) == question
    ]


def known_reports(turn: Turn) -> list[Report]:
    """What the patient has told in this conversation so far."""
    return reports_in(turn.slot("reported_conditions"))


def reports_in(kept: list[dict[str, Any]] | None) -> list[Report]:
    """The reports that `reports_event` kept as the value of its slot."""
    return [Report(**report) for report in kept or []]


def disputed(turn: Turn, before: bool = False) -> set[str]:
    """The ids of what may not be the patient's, although it was understood so.

    That is what was denied or called a mistake afterwards, and what was only ever told of somebody
    else ("may my mother have it? she takes warfarin"), for now another may ask for herself. It
    clears nothing: the check asks about it, and the answer there counts.

    Args:
        turn: the turn.
        before: whether the latest message is left out.
    """
    reports = known_reports(turn)
    if not reports:
        return set()
    is_correction = turn.services.replies.is_correction
    messages = list(turn.messages_backwards())[::-1]
    told = [
        (is_correction(message.get("text") or ""), *_told(turn, message, preceding))
        for preceding, message in pairwise([{}, *(messages[:-1] if before else messages)])
    ]
    # What no message tells before one that corrects it was known before this session.
    first: dict[str, bool] = {}
    for corrects, own, *_ in told:
        first = dict.fromkeys(own, corrects) | first
    known = {report.id for report in reports if first.get(report.id, True)}
    found: set[str] = set()
    of_self: set[str] = set()
    of_another: set[str] = set()
    for corrects, own, others, another in told:
        # "Delete the warfarin, that's wrong" is about the warfarin alone.
        named = known & (own | others)
        if corrects and not _is_about_else(turn, own | others, known):
            found |= named or known
        else:
            found |= known & others
        known |= own
        of_self |= own - another
        of_another |= another
    return found | (of_another - of_self)


def undisputed(turn: Turn, before: bool = False) -> list[Report]:
    """What the patient has told so far, without what is `disputed`."""
    doubtful = disputed(turn, before)
    return [report for report in known_reports(turn) if report.id not in doubtful]


def _told(
    turn: Turn, message: dict[str, Any], preceding: dict[str, Any]
) -> tuple[set[str], set[str], set[str]]:
    """What a message says of conditions, as ids.

    Args:
        turn: the turn.
        message: what the pipeline read in it.
        preceding: the same of the one before, which it may echo.

    Returns:
        Those that it states of the patient, those that it only names otherwise, and those of the
        first that it tells of somebody else.
    """
    echoed = {report.id for report in _echoed(turn, message, preceding)}
    conditions = [e for e in message.get("entities") or [] if e.get("entity") == "condition"]
    stated = [e for e in conditions if e.get("status") in OWN]
    own = {e["value"] for e in stated}
    elsewhere = {e.get("near") for e in conditions if e.get("of_another")}
    of_self = {
        e["value"]
        for e in stated
        if not e.get("of_another") and not (e.get("resembled") and e.get("near") in elsewhere)
    }
    others = {e["value"] for e in conditions} - own - echoed
    return own | echoed, others, own - of_self - echoed


def corrects_reports(turn: Turn) -> bool:
    """Whether the latest message calls what was understood before a mistake, and adds nothing."""
    known = {report.id for report in known_reports(turn)}
    new = {report.id for report in own_mentions(turn)} - known
    if not known or new or not turn.services.replies.is_correction(turn.text):
        return False
    return not _is_about_else(turn, {e["value"] for e in turn.entities("condition")}, known)


def _is_about_else(turn: Turn, named: set[str], known: set[str]) -> bool:
    """Whether a message names conditions, and none that a question about known ones asks for.

    "My mum had cancer, not me" takes nothing of one's own diabetes back.
    """
    of_known = {question_about(turn, one) for one in known}
    return bool(named) and of_known.isdisjoint({question_about(turn, one) for one in named})


def answer_correction(turn: Turn) -> Events:
    """Offers the check where a message calls what was understood a mistake.

    Returns:
        The event that keeps the offer; nothing when the message corrects nothing.
    """
    if not corrects_reports(turn):
        return []
    turn.say("utter_condition_denied")
    return [SlotSet("pending_offer", "check")]


def merged(reports: list[Report], more: list[Report]) -> list[Report]:
    """Adds reports; a later one can make an unsure one present, and never the other way round."""
    by_id = {report.id: report for report in reports}
    for report in more:
        before = by_id.get(report.id)
        if before is None or before.status != "present":
            by_id[report.id] = report
    return list(by_id.values())


def reports_event(reports: list[Report]) -> dict[str, Any]:
    """The slot event that keeps reports."""
    kept = [{"id": r.id, "status": r.status, "kind": r.kind} for r in reports]
    return SlotSet("reported_conditions", kept or None)


def take_note_of_conditions(turn: Turn, with_offer: bool = False) -> Events:
    """Says what follows from the own conditions that a message states; text never clears anything.

    Where it states none, but names one in words that would, what holds in that case is said.

    Returns:
        The event that keeps them; nothing when the message states none.
    """
    mentions = own_mentions(turn)
    if not mentions:
        _say_in_case_of(turn)
        return []
    check, before = turn.services.check, known_reports(turn)
    ids = {mention.id for mention in mentions}
    outcome = decide(check, {}, mentions)
    if ids <= {report.id for report in before}:
        # "So apart from the anticoagulant nothing speaks against it?" is told of all the others.
        outcome = decide(check, {}, merged(undisputed(turn), mentions))
    elif outcome.name != "not_recommended":
        say_what_still_counts(turn, [r for r in before if r.id not in ids])
    say_outcome(turn, outcome, with_offer)
    return [reports_event(merged(before, mentions))]


def say_what_still_counts(turn: Turn, before: list[Report], with_unsure: bool = False) -> None:
    """Says that earlier reports still speak against the treatment, where one is on the list.

    With `with_unsure` also that the doctor has to judge them, where none is. Once in a turn.
    """
    if any(response.startswith("utter_outcome_earlier") for response in turn.said):
        return
    earlier = decide(turn.services.check, {}, before)
    if earlier.name == "not_recommended":
        turn.say("utter_outcome_earlier", findings=findings_in_words(turn, earlier))
    elif with_unsure and earlier.name == "ask_doctor":
        turn.say("utter_outcome_earlier_unsure", findings=findings_in_words(turn, earlier))


def remind_of_reports(turn: Turn) -> None:
    """Says that earlier reports still count where a question asks for leave or about them.

    "And only the roller, can I?"; or "and the roller?" right after "not recommended with
    pregnancy". A form asks its own questions about them.
    """
    asks_on = turn.intent == OTHER_TREATMENT and any(
        "_outcome_" in response for response in turn.last_responses(2)
    )
    if turn.active_form or not (asks_on or turn.services.replies.asks_for_leave(turn.text)):
        return
    say_what_still_counts(turn, undisputed(turn), with_unsure=True)


def _say_in_case_of(turn: Turn) -> None:
    """Says what holds if a condition that seems to be nobody's here is the patient's after all.

    The words would be a statement, but the way they are put speaks against it; should that reading
    be wrong, the condition is still not passed over.
    """
    conditions, phrases = turn.services.conditions, turn.services.phrases
    overruled = [e["value"] for e in turn.entities("condition") if e.get("overruled")]
    # "Which diabetes does your list name?" after it was told is about that one.
    counts = undisputed(turn, before=True)
    known = {question_about(turn, report.id) for report in counts}
    is_known = any(question_about(turn, value) in known for value in overruled)
    if is_known and not turn.active_form and not turn.services.replies.is_correction(turn.text):
        say_what_still_counts(turn, counts, with_unsure=True)
        overruled = [value for value in overruled if question_about(turn, value) not in known]
    names = dict.fromkeys(
        conditions.names[value] for value in overruled if value in conditions.near
    )
    if names:
        turn.say("utter_condition_in_case", findings=enumerate_words(list(names), phrases["or"]))


def say_outcome(turn: Turn, outcome: Outcome, with_offer: bool = True) -> None:
    """Utters an outcome with its findings in words.

    What is not on the list or not sure comes first, beside a condition that decides the outcome.
    """
    if besides := _besides(turn, outcome):
        turn.say("utter_outcome_besides", findings=besides)
    response = f"utter_outcome_{outcome.name}" + ("" if with_offer else "_noted")
    turn.say(response, findings=findings_in_words(turn, outcome))


def findings_in_words(turn: Turn, outcome: Outcome) -> str:
    """The findings as words of a sentence, e.g. "pregnancy and a blood clotting disorder"."""
    phrases, names = turn.services.phrases, turn.services.conditions.names

    def either(question: Question) -> str:
        return enumerate_words([names[c] for c in question.conditions], phrases["or"])

    words = [names[finding] for finding in outcome.found]
    words += [either(question) for question in outcome.one_of]
    if not words:
        # Beside a condition of the list, what is merely unsure would only blur the message.
        unsure = turn.services.conditions.unsure
        words = [unsure[finding] for finding in (*outcome.unsure, *outcome.matters)]
        told = {question_about(turn, finding) for finding in outcome.unsure}
        words += [either(question) for question in outcome.unsure_of if question.id not in told]
    return enumerate_words(list(dict.fromkeys(words)), phrases["and"])


def reports_in_words(turn: Turn, reports: list[Report]) -> str:
    """All reports as words of a sentence, each once, those that are not sure as such."""
    conditions, phrases = turn.services.conditions, turn.services.phrases
    words = [conditions.names[r.id] if r.is_on_list else conditions.unsure[r.id] for r in reports]
    return enumerate_words(list(dict.fromkeys(words)), phrases["and"])


def _besides(turn: Turn, outcome: Outcome) -> str:
    """What was told besides the conditions that decide, and is not about those as well."""
    if outcome.name != "not_recommended":
        return ""
    told = {*outcome.found, *(c for question in outcome.one_of for c in question.conditions)}
    conditions, phrases = turn.services.conditions, turn.services.phrases
    besides = [f for f in outcome.unsure if conditions.near.get(f, f) not in told]
    words = [conditions.unsure[finding] for finding in (*besides, *outcome.matters)]
    return enumerate_words(list(dict.fromkeys(words)), phrases["and"])


def question_about(turn: Turn, condition: str) -> str | None:
    """The check's question about a condition, or about the one that a matter is near to."""
    listed = turn.services.conditions.near.get(condition, condition)
    questions = turn.services.check.questions
    return next((q.id for q in questions if listed in q.conditions), None)
