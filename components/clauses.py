"""Splitting of a message into the clauses that may each hold a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from components.asking import ASKING_WORDS, GREETING, LEAD_IN, asks
from components.statement_clauses import split_statements
from components.text import CLEANED

CLAUSES, STATEMENT_CLAUSES = "clauses", "statement_clauses"
TEXTS = "texts"

# The last two are the marks of a list: "1) ... 2) ..." and "- ... - ...".
_SENTENCE = re.compile(r"(?<=[?!;])\s*|(?<=[.])\s+|(?:^|\s)\(?\d{1,2}[.)]\s+|(?:^|\s+)[-*•]\s+|\n+")
_LINK = (
    r"(?:(?:oh|and|an|nd|adn|but|also|plus|then|so|&|n|as well as|besides|before that"
    r"|on top of that|while you(?:'re| are)? at it|please|pls|plz)[ ,]+)"
)
# What the assistant can be asked to do: "I'd like to book", "I need to move it".
_WISHING = (
    r"(?:i(?:'?d| would)? (?:like|love|want|need|wanna|wish|have) (?:to )?"
    r"(?:book|make|get|arrange|schedule|cancel|change|move|postpone|speak|talk|delete)"
    r"|(?:please|pls|plz) (?:book|cancel|call|ring|delete|erase|remove))"
)
# A comma or an "and" parts two clauses only where the next one begins like a question or a wish:
# "fat on my hips and belly" stays whole, "how many sessions and does it hurt" does not.
_JOINT = re.compile(
    rf"(?:\s*[,:]\s*{_LINK}{{0,4}}|\s(?!also do (?!i |you |we |they )){_LINK}{{1,4}})"
    rf"(?=(?:{ASKING_WORDS}|{_WISHING})\b)",
    re.IGNORECASE,
)
# "how does it work how long till I see it": in a hurry people leave out the comma.
_BARE_JOINT = re.compile(
    r"(?<=[\w)])\s+(?=(?:(?P<wh>how (?:many|much|long|often|soon|far|fast|quick|quickly|deep|good"
    r"|does|do|is)|what (?:is|are|does)|whats|what's|when (?:will|do|can)|why (?:does|do|is|are)"
    r"|where (?:is|are|do|does)|who (?:does|gives|injects|performs|is|can))"
    r"|(?:does|dose|is|will) (?:it|this|that|the)|do (?:i|you)|(?:can|could|may) i)\b)",
    re.IGNORECASE,
)
# "Does it hurt, I've got afib", "is it painful im on Eliquis": a statement behind a question.
_TOLD_JOINT = re.compile(
    r"\s*(?:,|\s-|–)\s*(?=\w)"
    r"|(?<=\w)\s+(?=(?:i(?:'?m| am|'?ve| have| had| got| take| use| suffer| inject)|im|ive)\b)",
    re.IGNORECASE,
)
# "On warfarin is bruising normal": a question behind a statement.
_ASKS_BEHIND = re.compile(
    r"\W*\s+(?=(?:how|what|whats|what's|when|why|where|who|which|is|are|do|does|can|could|will|would"
    r"|should|may)\b)",
    re.IGNORECASE,
)
# "how long | does it last" is one question; "how does it work | is it safe" has its verb already.
_VERB = re.compile(r"\b(?:do|does|did|is|are|am|was|will|would|can|could|should|have|has)\b", re.I)
# After these the question word goes on with the same question: "tell me how long".
_GOES_ON = re.compile(
    r"\b(?:about|after|and|any|ask|at|but|by|depends?|exactly|explain|far|find|for|from|guess|hear"
    r"|how|i|if|idea|in|is|know|knowing|long|many|matter|me|much|no|not|of|often|on|or|out"
    r"|question|really|says?|see|so|soon|sure|tell|that|then|to|understand|us|what|when|where|which|with|wonder|wondering|you)$",
    re.IGNORECASE,
)
# "hi where are you" is no greeting.
_GREETING = re.compile(rf"^{GREETING}[ ,!]+(?=\w+ \w+)", re.IGNORECASE)
# "And swelling, is that common?" is one question: what it is about stands before it. "It" is mostly
# the treatment: "the bill, does it hurt".
_SAYS_OF_IT = re.compile(
    r"^(?:is|are|do|does|will|would|can|could|should) (?:that|those|these|they)\b", re.I
)
# "And the roller, how often" is one question, too.
_TREATMENT_ONLY = re.compile(
    r"^(?:(?:and|or|with|for|as for)\b ?)*(?:(?:the|a) )?(?:derma ?roller|roller|injections?"
    r"|mesotherapy|meso)\W*$",
    re.IGNORECASE,
)
_MOST_WORDS_OF_THING = 3
_LEAST_WORDS = 3
# "Who developed it, and when?" is one question.
_LONE_WHEN = re.compile(r"(?:and |& )?when\W*", re.IGNORECASE)
# "Nurse or doctor" is one question.
_LIST_JOINT = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|\s(?:and|&|plus|n)\s+|\s*[/+]\s*|\?\s*|\s-\s)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_LIST_ITEM = 5
_MOST_CLAUSES = 6
_SHORT_TEXT = 3


@dataclass(frozen=True)
class Clause:
    """A stretch of a message that may be a question of its own.

    Attributes:
        text: the words.
        asks: whether they have the form of a question or of a request for information.
        parts: the items where the clause is a list of things in a few words each: "the price, the
            pain". The clause is then either one question or several.
        row: its place in the property `texts`; those of its parts follow.
    """

    text: str
    asks: bool
    parts: tuple[str, ...]
    row: int


def split_clauses(text: str, statements: Sequence[str] = ()) -> list[Clause]:
    """Splits a text into at most six clauses that ask, or that are lists.

    A text of up to three clauses keeps its statements too, for one may be a wish. A text that is
    one clause and nothing else has none.

    Args:
        text: the message.
        statements: words in it that state something, and so are no part of a question that follows
            without a mark: "warfarin" in "on warfarin how many sessions".
    """
    sentences = [s.strip() for s in _SENTENCE.split(text) if s and s.strip()]
    pieces = [part.strip(" ,") for sentence in sentences for part in _JOINT.split(sentence)]
    pieces = [part for piece in pieces for part in _split_stated(piece, statements)]
    pieces = [part for piece in pieces for part in _split_bare(piece, statements)]
    pieces = _rejoined([_GREETING.sub("", p) for p in pieces if _WORD.search(p)])
    with_statements = len(pieces) <= _SHORT_TEXT
    clauses: list[Clause] = []
    row = 1
    for piece in pieces:
        clause = Clause(piece, asks(piece), _list_items(LEAD_IN.sub("", piece)), row)
        is_kept = clause.asks or clause.parts or with_statements
        if is_kept and len(clauses) < _MOST_CLAUSES:
            clauses.append(clause)
            row += 1 + len(clause.parts)
    is_one_question = len(pieces) == 1 and not any(clause.parts for clause in clauses)
    return [] if is_one_question else clauses


def _split_stated(piece: str, statements: Sequence[str]) -> list[str]:
    """Parts a statement from the question in front of it or behind it, whatever the mark."""
    for words in filter(piece.__contains__, statements):
        start = piece.index(words)
        end = start + len(words)
        behind = _ASKS_BEHIND.match(piece, end)
        if behind:
            return [piece[:end], *_split_stated(piece[behind.end() :], statements)]
        for joint in _TOLD_JOINT.finditer(piece, 0, start):
            before, told = piece[: joint.start()], piece[joint.end() :]
            is_question = asks(before) and len(before.split()) >= _LEAST_WORDS
            if is_question and not _GOES_ON.search(before) and not asks(told):
                return [before, told]
    return [piece]


def _split_bare(piece: str, statements: Sequence[str]) -> list[str]:
    """Splits before a question word that no mark precedes, if what stands before it is complete."""
    parts = []
    start = 0
    for joint in _BARE_JOINT.finditer(piece):
        before = piece[start : joint.start()]
        is_complete = any(words in before for words in statements) or (
            asks(before) and (joint["wh"] or _VERB.search(before))
        )
        if is_complete and len(before.split()) >= _LEAST_WORDS and not _GOES_ON.search(before):
            parts.append(before)
            start = joint.end()
    return [*parts, piece[start:]]


def _rejoined(pieces: list[str]) -> list[str]:
    """Joins a piece with the one before it where the two are one question."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (_is_thing_of(joined[-1], piece) or _LONE_WHEN.fullmatch(piece)):
            joined[-1] = f"{joined[-1].rstrip(' ?.!,')}, {piece}"
        else:
            joined.append(piece)
    return joined


def _is_thing_of(before: str, piece: str) -> bool:
    """Whether a few words name the thing that the question behind them is about."""
    if _TREATMENT_ONLY.match(before):
        return asks(piece)
    is_thing = len(before.split()) <= _MOST_WORDS_OF_THING and not asks(before)
    return is_thing and _SAYS_OF_IT.match(piece) is not None


def texts_of(text: str, clauses: Sequence[Clause]) -> list[str]:
    """All texts that may ask: the whole, then each clause with its parts behind it."""
    return [text, *(t for clause in clauses for t in (clause.text, *clause.parts))]


def _stated(message: Message) -> list[str]:
    """The words in which the readers have found something of one's health."""
    text = message.get(CLEANED) or ""
    found = [e for e in message.get(ENTITIES, []) if e["entity"] == "condition"]
    return [text[e["start"] : e["end"]] for e in found]


def _list_items(text: str) -> tuple[str, ...]:
    """The items of a list of a few words each; nothing when one is longer than that."""
    items = [item.strip(" ?.!") for item in _LIST_JOINT.split(text)]
    items = [item for item in items if _WORD.search(item)][:_MOST_CLAUSES]
    is_list = len(items) > 1 and all(len(i.split()) <= _LONGEST_LIST_ITEM for i in items)
    if is_list and _TREATMENT_ONLY.match(items[0]) and asks(items[1]):
        # It says of which treatment the question is.
        return ()
    return tuple(items) if is_list else ()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Writes the properties `clauses`, `statement_clauses` and `texts` on messages.

    `texts` (list of str) are the whole, the clauses (list of Clause) with their parts, and the
    statement clauses (list of StatementClause), which only a message about health has. Training
    examples are single questions and need none.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseSplitter:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Splits messages in place."""
        for message in messages:
            text = message.get(CLEANED) or ""
            stated = _stated(message)
            clauses = split_clauses(text, stated)
            telling = split_statements(text) if stated else []
            texts = [*texts_of(text, clauses), *(clause.text for clause in telling)]
            message.set(CLAUSES, clauses, add_to_output=False)
            message.set(STATEMENT_CLAUSES, telling, add_to_output=False)
            message.set(TEXTS, texts, add_to_output=False)
        return messages
