"""Splitting of a message into the clauses that may each state something."""

from __future__ import annotations

import pytest

from components.statement_clauses import split_statements


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "still nursing and now my period is late, can I come?",
            ["still nursing", "now my period is late", "can I come?"],
        ),
        ("For my father, 58: he has a murmur", ["For my father, 58: he has a murmur"]),
        (
            "on insulin since 2010. A new kidney, two years ago",
            ["on insulin since 2010.", "A new kidney", "two years ago"],
        ),
        # What goes on with the clause before, or is too short, stays with it.
        (
            "my heart skips beats, which nobody has checked, lol, price of the chin",
            ["my heart skips beats, which nobody has checked, lol", "price of the chin"],
        ),
        ("AFib might be it. It is only a suspicion", ["AFib might be it. It is only a suspicion"]),
    ],
)
def test_a_message_is_parted_into_its_statements(text: str, clauses: list[str]) -> None:
    found = split_statements(text)
    assert [clause.text for clause in found] == (clauses if len(clauses) > 1 else [])
    assert [text[clause.start : clause.end] for clause in found] == [c.text for c in found]


@pytest.mark.parametrize("text", ["", "pregnant", "?? !!", "so many words. " * 9])
def test_one_clause_or_too_many_are_none(text: str) -> None:
    assert split_statements(text) == []


@pytest.mark.parametrize("text", ["a, " * 400, "and " * 300, "x" * 1200, "no, it is. " * 100])
def test_a_long_message_has_few_clauses(text: str) -> None:
    assert len(split_statements(text[:1000])) <= 8
