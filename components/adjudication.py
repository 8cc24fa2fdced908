"""Adjudication: which conditions a message states, where readers and classifier disagree.

The readers of words know every name of a condition and few of the ways to speak of somebody else,
of the past or in jest; the classifier of statements learns those. Both together decide, and the
doubt goes to the side of caution.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from components.health_lexicon import (
    CONTRAINDICATION,
    NEAR,
    NOT_OWN,
    OWN_STATUSES,
    PRESENT,
    UNSURE,
)
from components.text import CLEANED
from components.topic_classifier import confidence_of

NOTHING = "nothing"
RESEMBLED, OVERRULED = "resembled", "overruled"
UNSURE_SUFFIX = "_unsure"
OTHER_LANGUAGE = "other_language"

# In so few words there is hardly room for a doubt that no reader knows.
_FEW_WORDS = 8
# Less is nothing, and nobody can be infinitely sure.
_LEAST_LIKELY = 1e-4


@dataclass(frozen=True)
class Thresholds:
    """How sure the classifier must be, as probabilities, and of how long a message.

    Attributes:
        nothing: of nothing being stated, to overrule a reader that found a condition, and what is
            said of one in words that no reader knows.
        clear: the same, from which on nothing at all is stated of the patient's health.
        danger: of an emergency or self-harm where no reader found one.
        shortest: words from which on a message can be such an emergency: "pain" is a topic.
        no_danger: below which one that a reader found counts as a figure of speech.
        condition: of a condition that no reader found.
        beside: the same beside own conditions, as a share of what they leave of the probability.
        beside_least: and the least of it.
        clause: of a condition in one clause, from which on it counts beside others too; of its
            being there, from which on what is merely near it becomes it.
        whole: and the least of it in the whole message.
        drowned: of a condition in one clause, from which on it counts however little the whole
            shows of it.
        absent: of one beside others, in each clause, below which no clause states it.
        telling: of a condition in a clause, from which on the clause tells whether it is there.
        said: of a condition in a clause, from which on the clause says it: what a reader found of
            it is neither stray nor misread.
        surely: of a condition in a clause, from which on nothing in the whole overrules it.
        present: of its being there, below which such a condition counts as not sure.
        known: of a condition that a reader found, from which on present or unsure is decided here;
            below it a clause decides, where one says it.
        stray: below which something merely near a condition is dropped beside a sure one.
        sure: from which on a condition is a sure one.
        certain: of a condition, from which on what a reader takes for another one is a misreading
            where that is all but impossible: "radiotherapy on my breast".
        impossible: below which it is.
        firm: how many times likelier unsure must be than present, to doubt what a reader is sure of
            in a few words.
        plain: of a condition's being there, as a share of what others leave, from which on what is
            merely near it becomes it.
        other: of another health matter in words that no reader knows.
        unlikely: of nothing being stated, below which something is, though it is not clear what.
        report: of a report, as the classifier of topics finds it, below which that is doubted.
        measured: of nothing being stated, below which somebody else's height and weight count as
            not sure: whose figures are told is mostly who wants the treatment.
        others: how many times likelier their being there must be than nothing, to count as there:
            "do you treat people over BMI 30?" tells of nobody.
        foreign: of another language, from which on the readers are not overruled either.
        longest: words up to which the readers are overruled at all. The examples are no longer, and
            in a long story one sentence about one's own health hardly moves the whole.
    """

    nothing: float = 0.58
    clear: float = 0.6
    danger: float = 0.34
    shortest: int = 2
    no_danger: float = 0.2
    condition: float = 0.25
    beside: float = 0.45
    beside_least: float = 0.1
    clause: float = 0.6
    whole: float = 0.02
    drowned: float = 0.95
    absent: float = 0.15
    telling: float = 0.3
    said: float = 0.5
    surely: float = 0.7
    present: float = 0.1
    known: float = 0.05
    stray: float = 0.12
    sure: float = 0.6
    certain: float = 0.9
    impossible: float = 0.005
    firm: float = 3.0
    plain: float = 0.5
    other: float = 0.25
    unlikely: float = 0.4
    report: float = 0.01
    measured: float = 0.9
    others: float = 2.0
    foreign: float = 0.1
    longest: int = 60


class Adjudicator:
    """Decides between the readers' entities and the probabilities of the statements."""

    def __init__(self, conditions: Sequence[str], thresholds: Thresholds) -> None:
        """Takes the ids of the conditions, in their order, and how sure one must be."""
        self._conditions = conditions
        self._thresholds = thresholds

    def conditions_in(
        self, message: Message, whole: dict[str, float], by_clause: list[dict[str, float]]
    ) -> list[dict[str, Any]]:
        """The entities of a message, settled, and the conditions that no reader found.

        Args:
            message: with the readers' entities.
            whole: the probabilities of the statements, by label; `nothing` is among them.
            by_clause: the same of each of its clauses; none where it is one clause.
        """
        probabilities = self._told_apart(whole, by_clause)
        likely = {c: _likely(probabilities, c) for c in self._conditions}
        # Of each condition what the clause says that says most of it.
        in_clauses = {
            c: max((_likely(one, c) for one in by_clause), key=sum, default=(0.0, 0.0))
            for c in self._conditions
        }
        stating_nothing = probabilities[NOTHING]
        nobodys = self._nobodys(message, stating_nothing, in_clauses)
        entities = self._settled(message, likely, stating_nothing, in_clauses, nobodys)
        overruled = {e["near"] for e in entities if e.get(OVERRULED)}
        resembled = [
            {**one, "status": NOT_OWN, OVERRULED: True} if one["near"] in nobodys else one
            for one in self._resembled(message, entities, likely, in_clauses, bool(by_clause))
        ]
        return entities + [one for one in resembled if one["near"] not in overruled]

    def _nobodys(
        self,
        message: Message,
        stating_nothing: float,
        in_clauses: dict[str, tuple[float, float]],
    ) -> set[str]:
        """The conditions that are nobody's here, should they be named.

        In a long message one clause can state what the whole hardly shows.
        """
        limits = self._thresholds
        if stating_nothing < limits.nothing or not may_overrule(message, limits):
            return set()
        return {condition for condition, said in in_clauses.items() if sum(said) < limits.surely}

    def _settled(
        self,
        message: Message,
        likely: dict[str, tuple[float, float]],
        stating_nothing: float,
        in_clauses: dict[str, tuple[float, float]],
        nobodys: Collection[str],
    ) -> list[dict[str, Any]]:
        """The readers' entities with the status that both together give them.

        Of the conditions in `nobodys` it is only said what holds if they are the patient's.
        """
        limits = self._thresholds
        entities = self._of_patient(message.get(ENTITIES, []), likely, stating_nothing)
        told = _own(entities)
        settled = []
        for entity in entities:
            is_condition = entity["entity"] == "condition"
            if is_condition and entity.get("measured"):
                settled.append(self._measured(entity, likely, stating_nothing))
                continue
            if not is_condition or entity["status"] not in OWN_STATUSES:
                settled.append(entity)
                continue
            near = entity["near"]
            in_clause = in_clauses.get(near, (0.0, 0.0))
            is_said = sum(in_clause) >= limits.said
            present, unsure = self._not_forgotten(likely.get(near, (0.0, 0.0)), in_clause)
            # All statements share one probability, so beside another condition less is enough.
            others = sum(sum(likely[c]) for c in told - {near})
            plain = limits.plain * (1 - others)
            is_near = entity["kind"] == NEAR
            is_nobodys = bool(nobodys) if near is None else near in nobodys
            if is_nobodys:
                settled.append({**entity, "status": NOT_OWN, OVERRULED: True})
            elif not is_said and (
                self._is_stray(entity, likely) or self._is_misread(entity, likely)
            ):
                continue
            elif present + unsure < limits.known:
                settled.append(entity)
            elif present * self._firmness(message, entity) < unsure or (
                is_near and present < plain and in_clauses[near][0] < limits.clause
            ):
                settled.append({**entity, "status": UNSURE})
            elif is_near:
                # A pacemaker is near an arrhythmia; "for my slow rhythm" makes it one.
                of_list = {"value": near, "kind": CONTRAINDICATION}
                settled.append({**entity, **of_list, "status": PRESENT})
            else:
                settled.append({**entity, "status": PRESENT})
        return settled

    def _not_forgotten(
        self, in_whole: tuple[float, float], in_clause: tuple[float, float]
    ) -> tuple[float, float]:
        """How likely a condition is there or unsure, by a clause where the whole has lost it."""
        is_lost = sum(in_whole) < self._thresholds.known
        return in_clause if is_lost and sum(in_clause) >= self._thresholds.said else in_whole

    def _told_apart(
        self, probabilities: dict[str, float], by_clause: list[dict[str, float]]
    ) -> dict[str, float]:
        """The probabilities, where of several conditions the clauses tell which are there.

        "Still nursing, and my period is late": as a whole it sounds as if both were unsure. What
        the clauses say of a condition counts as much as what the whole says.
        """
        told: dict[str, tuple[float, float]] = {}
        for condition in self._conditions:
            in_clauses = [_likely(clause, condition) for clause in by_clause]
            telling = [both for both in in_clauses if sum(both) >= self._thresholds.telling]
            if telling and sum(_likely(probabilities, condition)) >= self._thresholds.whole:
                present, unsure = (sum(part) for part in zip(*telling, strict=True))
                told[condition] = (present, unsure)
        if len(told) < 2:
            return probabilities
        settled = dict(probabilities)
        for condition, (present, unsure) in told.items():
            of_whole = _likely(probabilities, condition)
            odds = math.sqrt(_odds(*of_whole) * _odds(present, unsure))
            settled[condition] = sum(of_whole) * odds / (1 + odds)
            settled[f"{condition}{UNSURE_SUFFIX}"] = sum(of_whole) / (1 + odds)
        return settled

    def _of_patient(
        self, entities: list[dict[str, Any]], likely: dict[str, tuple[float, float]], nothing: float
    ) -> list[dict[str, Any]]:
        """The entities with all that is told of somebody else, where that one is the patient.

        "Father had a bypass, he takes tablets for sugar, he would like his chin done": no cue of
        the readers says so, yet the classifier takes what they found for the patient's.
        """
        told = [
            entity
            for entity in entities
            if entity.get("if_patient") in OWN_STATUSES and not entity.get("measured")
        ]
        conditions = {e["near"] for e in told} & likely.keys()
        belief = sum(sum(likely[condition]) for condition in conditions)
        if _own(entities) or belief < max(self._thresholds.condition, nothing):
            return entities
        return [{**e, "status": e["if_patient"]} if e in told else e for e in entities]

    def _measured(
        self, entity: dict[str, Any], likely: dict[str, tuple[float, float]], nothing: float
    ) -> dict[str, Any]:
        """Height and weight: no figure of speech, but they may be somebody else's.

        Of a husband who is to be treated they are told as of one who is not.
        """
        if entity["status"] != NOT_OWN:
            return entity
        if nothing >= self._thresholds.measured:
            return {**entity, OVERRULED: True}
        present, _ = likely.get(entity["near"], (0.0, 0.0))
        is_there = entity["kind"] != NEAR and present > self._thresholds.others * nothing
        return {**entity, "status": PRESENT if is_there else UNSURE}

    def _is_stray(self, entity: dict[str, Any], likely: dict[str, tuple[float, float]]) -> bool:
        """Tells what is merely near a condition and hardly meant, beside a sure condition.

        Whatever else is told, a medicine that is named is taken.
        """
        is_sure = any(sum(both) >= self._thresholds.sure for both in likely.values())
        is_unlikely = sum(likely.get(entity["near"], (0.0, 0.0))) < self._thresholds.stray
        return entity["kind"] == NEAR and not entity.get("medicine") and is_sure and is_unlikely

    def _is_misread(self, entity: dict[str, Any], likely: dict[str, tuple[float, float]]) -> bool:
        """Tells what a reader took for a condition from what another, certain one was said with.

        Nothing is cleared by that: the other one is there, or as unsure as this.
        """
        own = sum(likely.get(entity["near"], (1.0, 0.0)))
        present, unsure = max(likely.values(), key=sum)
        is_certain = present + unsure >= self._thresholds.certain
        is_as_grave = present >= unsure or entity["status"] == UNSURE
        is_impossible = own < self._thresholds.impossible and not entity.get("medicine")
        return is_certain and is_as_grave and is_impossible

    def _firmness(self, message: Message, entity: dict[str, Any]) -> float:
        """How many times likelier unsure must be than present: "im obese" is hardly doubted."""
        is_plain = entity["status"] == PRESENT and entity["kind"] != NEAR
        return self._thresholds.firm if is_plain and words_of(message) <= _FEW_WORDS else 1.0

    def _resembled(
        self,
        message: Message,
        entities: list[dict[str, Any]],
        likely: dict[str, tuple[float, float]],
        in_clauses: dict[str, tuple[float, float]],
        has_clauses: bool,
    ) -> list[dict[str, Any]]:
        """The conditions that the message states in words that no reader knows."""
        limits = self._thresholds
        # What was calculated from height and weight stands.
        is_calculated = any(e["entity"] == "body_mass_index" for e in entities)
        calculated = {"obesity"} if is_calculated else set()
        own = _own(entities)
        least = self._least(own, likely)
        open_ones = likely.keys() - own - calculated
        stated = {c for c in open_ones if sum(likely[c]) >= least}
        if has_clauses:
            stated = self._in_clauses(stated, open_ones, own, likely, in_clauses)
        found = []
        for condition in sorted(stated, key=self._conditions.index):
            present, unsure = self._not_forgotten(likely[condition], in_clauses[condition])
            is_present = present >= max(unsure, limits.present)
            found.append(
                {
                    "entity": "condition",
                    "value": condition,
                    "status": PRESENT if is_present else UNSURE,
                    "kind": CONTRAINDICATION,
                    "near": condition,
                    RESEMBLED: True,
                    "start": 0,
                    "end": len(message.get(CLEANED) or ""),
                    "extractor": "StatementClassifier",
                }
            )
        return found

    def _in_clauses(
        self,
        stated: set[str],
        open_ones: set[str],
        own: set[str],
        likely: dict[str, tuple[float, float]],
        in_clauses: dict[str, tuple[float, float]],
    ) -> set[str]:
        """What of the conditions stated by the whole the clauses state too, and what beside them.

        In the whole a second condition is drowned by the first, or an echo of it.
        """
        limits = self._thresholds
        in_clause = {condition: sum(said) for condition, said in in_clauses.items()}
        first = max(likely, key=lambda condition: sum(likely[condition]))
        if len(stated | own) > 1:
            stated = {c for c in stated if c == first or in_clause[c] >= limits.absent}
        if not stated | own:
            return stated
        shown = {c for c in open_ones if sum(likely[c]) >= limits.whole}
        return (
            stated
            | {c for c in shown if in_clause[c] >= limits.clause}
            | {c for c in open_ones if in_clause[c] >= limits.drowned}
        )

    def _least(self, own: Collection[str], likely: dict[str, tuple[float, float]]) -> float:
        """How likely a condition must be that no reader found, beside those of the patient's own.

        All statements share one probability: beside a sure condition little is left for a second.
        """
        limits = self._thresholds
        taken = [sum(likely[c]) for c in self._conditions if c in own]
        if not taken:
            return limits.condition
        beside = max(limits.beside_least, limits.beside * (1 - sum(taken)))
        return min(limits.condition, beside)


def may_overrule(message: Message, thresholds: Thresholds) -> bool:
    """Whether a reader may be wrong: not in a long story, nor in words of another language."""
    is_short = words_of(message) <= thresholds.longest
    return is_short and confidence_of(message, OTHER_LANGUAGE) < thresholds.foreign


def words_of(message: Message) -> int:
    """How many words a message has."""
    return len((message.get(CLEANED) or "").split())


def _own(entities: list[dict[str, Any]]) -> set[str]:
    """The conditions of the list that are the patient's own, or what is near them."""
    return {e["near"] for e in entities if e.get("near") and e["status"] in OWN_STATUSES}


def _likely(probabilities: dict[str, float], condition: str) -> tuple[float, float]:
    """How likely a condition is there, and how likely it is unsure."""
    present = probabilities.get(condition, 0.0)
    return present, probabilities.get(f"{condition}{UNSURE_SUFFIX}", 0.0)


def _odds(present: float, unsure: float) -> float:
    return max(present, _LEAST_LIKELY) / max(unsure, _LEAST_LIKELY)
