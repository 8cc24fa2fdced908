"""Yes, no, not sure: a no is never read out of anything but words of denial."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clinic.content.errors import ContentError
from clinic.content.replies import NO, UNSURE, YES, load_replies
from clinic.settings import PROJECT_ROOT

CONTENT = PROJECT_ROOT / "data/content"
REPLIES = load_replies(CONTENT)


@pytest.mark.parametrize(
    "text",
    [
        "no", "No.", "NO!!!", "nope", "nah", "no no", "none", "neither", "never", "not at all",
        "no, neither of them", "no I don't", "no, I do not", "I don't", "I do not have any",
        "none of those", "none of these conditions", "no, none", "no, not that I know of",
        "not that I'm aware of", "no, I'm healthy", "no I am fine", "I'm not", "no, I am not",
        "I have none",
        "no, I have no problems", "definitely not", "absolutely not",
        "of course not", "no way", "no sir", "negative",
        "nothing like that", "i haven't", "No, I’ve never had any of those",
    ],
)  # fmt: skip
def test_words_of_denial_are_a_no(text: str) -> None:
    assert REPLIES.read(text) == NO


@pytest.mark.parametrize(
    "text",
    [
        "no, I am pregnant", "No I am", "no, I do", "no I have", "no but I have diabetes",
        "no, only aspirin", "no clots, but I had a stroke", "not now", "not yet", "not anymore",
        "no problem, I have angina", "no diabetes", "no idea", "no clue", "not sure",
        "not really", "I'm not sure", "I don't know", "I don't think so", "no, I don't think so",
        "no, maybe", "probably not", "I doubt it", "no no, I take Xarelto", "nobody told me",
        "never checked", "not tested", "no longer", "no, used to", "no, not any more",
        "not that I know of, but my doctor said otherwise", "I can't say no", "why not",
        "nothing to worry about since the operation", "no. I do take blood thinners",
        "no, it is controlled", "no really, I do", "noooo I have it",
    ],
)  # fmt: skip
def test_what_holds_any_other_word_is_no_denial(text: str) -> None:
    assert REPLIES.read(text) != NO


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes!", "yeah", "yep", "yup", "y", "sure", "ok", "okay", "of course", "👍", "✅",
        "yes please", "yes I do", "yes, both", "I do", "I am", "I have", "I agree", "go ahead",
        "fine", "yes, I take them", "certainly", "correct", "true", "that's right",
    ],
)  # fmt: skip
def test_words_of_agreement_are_a_yes(text: str) -> None:
    assert REPLIES.read(text) == YES


@pytest.mark.parametrize(
    "text",
    [
        "I'm fine", "I'm healthy", "I am perfectly healthy", "I'm ok", "I am 34 years old",
        "I'm Maria", "I am a teacher", "I am in Athens", "I am on the bus", "I have a question",
        "I have to go", "I have an appointment on Friday", "I have cellulite", "I have two kids",
        "i'm just curious", "i am afraid of needles", "I did that already", "good question",
        "right now?", "ok but how much is it", "sure why", "yes?", "ok wait", "all right, stop",
        "bananas", "42", "", "?", "...",
    ],
)  # fmt: skip
def test_what_only_begins_like_a_yes_is_none(text: str) -> None:
    assert REPLIES.read(text) != YES


@pytest.mark.parametrize(
    "text",
    [
        "not sure", "I'm not sure", "maybe", "perhaps", "I don't know", "dont know", "dunno",
        "idk", "no idea", "possibly", "I think so", "I think not", "I guess", "I believe so",
        "could be", "kind of", "a little", "yes maybe", "no I don't think so", "borderline",
        "I have never been told", "I’d have to check", "hard to say", "likely", "not really",
    ],
)  # fmt: skip
def test_a_doubt_anywhere_is_not_sure(text: str) -> None:
    assert REPLIES.read(text) == UNSURE


@pytest.mark.parametrize("text", ["bananas", "42", "", "   ", "?", "...", "does it hurt", "Maria"])
def test_anything_else_is_no_reply(text: str) -> None:
    assert REPLIES.read(text) is None


@pytest.mark.parametrize(
    ("text", "refuses"),
    [("no thanks", True), ("No, thank you!", True), ("no thx", True), ("no", False)],
)
def test_a_no_with_thanks_may_refuse_instead_of_answering(text: str, refuses: bool) -> None:
    assert REPLIES.read(text) == NO
    assert REPLIES.may_refuse(text) is refuses


@pytest.mark.parametrize(
    ("text", "allowed", "denies"),
    [
        ("not pregnant", {"pregnant"}, True),
        ("no, i am not pregnant", {"pregnant"}, True),
        ("neither pregnant nor breastfeeding", {"pregnant", "breastfeeding"}, True),
        ("not pregnant", set(), False),
        ("pregnant", {"pregnant"}, False),
        ("no, i am pregnant", {"pregnant"}, False),
        ("not sure, not pregnant", {"pregnant"}, False),
        ("no diabetes but insulin", {"diabetes"}, False),
    ],
)
def test_a_denial_may_name_what_it_denies(text: str, allowed: set[str], denies: bool) -> None:
    assert REPLIES.is_denial(text, frozenset(allowed)) is denies


DENIALS = ("the|my? heart is all|very? fine|good", "no heart problem|problems")


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("no, my heart is fine", True),
        ("my heart is very good, no", True),
        ("no heart problems", True),
        ("no, heart is fine and no cancer", False),
        ("my heart is fine", False),
        ("no, my heart is not fine", False),
        ("no, my heart is fine since the operation", False),
        ("not sure, my heart is fine", False),
        ("no, only a small net in the heart", False),
    ],
)
def test_a_phrase_may_deny_beside_a_no(text: str, denies: bool) -> None:
    assert REPLIES.is_denial(text, denials=DENIALS) is denies


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("no its my mum takes them, not me", True),
        ("I never said that!", True),
        ("you MISUNDERSTOOD me", True),
        ("can it remove my belly", False),
        ("it is me", False),
        ("", False),
    ],
)
def test_a_correction_is_told_from_the_rest(text: str, corrects: bool) -> None:
    assert REPLIES.is_correction(text) is corrects


@pytest.mark.parametrize(
    ("text", "about_fact", "reply"),
    [
        ("not sure, i had a mole taken out years ago and nobody said what it was", True, UNSURE),
        ("not sure, i had a mole taken out years ago and nobody said what it was", False, None),
        ("i had a mole taken out years ago and am not sure what it was in the end", True, None),
    ],
)
def test_a_doubt_at_the_beginning_of_a_long_answer_is_not_sure(
    text: str, about_fact: bool, reply: str | None
) -> None:
    assert REPLIES.read(text, about_fact) == reply


WORDS = sorted(REPLIES.negators | REPLIES.fillers)


@given(
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.sampled_from(["pregnant", "diabetes", "xarelto", "insulin", "bananas", "but"]),
    st.integers(0, 6),
)
def test_one_word_that_is_no_denial_makes_the_whole_no_denial(
    words: list[str], other: str, place: int
) -> None:
    words.insert(place, other)
    assert REPLIES.read(" ".join(words)) != NO


@given(st.text(max_size=200))
def test_any_text_is_read_as_one_of_the_four(text: str) -> None:
    assert REPLIES.read(text) in (YES, NO, UNSURE, None)


def test_a_very_long_text_is_no_yes_and_takes_no_time() -> None:
    assert REPLIES.read("yes " * 5_000) is None


def test_no_word_is_both_a_no_and_something_else() -> None:
    assert not REPLIES.negators & set(REPLIES.yes_starts)
    assert not set(REPLIES.unsure) & (REPLIES.negators | set(REPLIES.yes_starts))


def test_every_listed_word_can_be_met_in_a_message() -> None:
    listed = [*WORDS, *REPLIES.no_exclude, *REPLIES.unsure, *REPLIES.turning]
    listed += [*REPLIES.turning_followed_by, *REPLIES.yes_starts, *REPLIES.yes_exclude]
    # Without quotes, YAML takes "no", "yes", "true" and "on" for truth values.
    assert [w for w in listed if not isinstance(w, str)] == []
    assert [w for w in listed if w != w.lower() or re.search(r"[,.!?’]|\s{2}", w)] == []


@pytest.mark.parametrize("missing", ["no", "yes", "unsure"])
def test_a_file_without_a_part_is_refused(tmp_path: Path, missing: str) -> None:
    data = yaml.safe_load((CONTENT / "replies.yml").read_text(encoding="utf-8"))
    del data[missing]
    (tmp_path / "replies.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(ContentError, match=r"replies\.yml"):
        load_replies(tmp_path)


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    data = yaml.safe_load((CONTENT / "replies.yml").read_text(encoding="utf-8"))
    data["yes"]["longest"] = None
    (tmp_path / "replies.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(ContentError, match=r"replies\.yml"):
        load_replies(tmp_path)
