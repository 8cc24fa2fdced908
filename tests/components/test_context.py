"""What the words around a condition make of it; the cues stand in data/content/context.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.health_lexicon import load_lexicon
from components.health_reading import read_health

LEXICON = load_lexicon(Path(__file__).parent.parent.parent / "data" / "content")

PRESENT = [
    "I'm pregnant",
    "No, I am pregnant",
    "I don't smoke but I have AFib",
    "I don't smoke and I have AFib",
    "not diabetic, pregnant",
    "healthy except for HIV",
    "unlike my sister I'm pregnant",
    "my husband says I have AFib",
    "people say it is safe, but I'm on warfarin",
    "asking for my mother, she takes Sintrom",
    "my wife would like her thighs done, she is on warfarin",
    "I can't come because I'm pregnant",
    "I have had AFib since 2015",
    "AFib, thighs?",
    "HIV and on Eliquis, what is still possible?",
    "my husband fancies the treatment, he takes warfarin",
    "on warfarin, do I stop before?",
]
UNSURE = [
    "not sure if I'm pregnant",
    "maybe I have AFib",
    "I might be pregnant",
    "pregnant, I think",
    "if I were pregnant, would that be a problem",
    "is it ok with Xarelto?",
    "is it ok with Xarelto, warfarin, AFib?",
    "so Xarelto?",
    "cancer, long behind me",
    "I had cancer in 2012",
    "I stopped warfarin",
    "trying to get pregnant",
    "my sister is pregnant and so am I",
    "I don't take warfarin right now",
    "I have not had AFib since May",
    "I'm not not pregnant",
    "No have AFib",
    "they are testing me for AFib",
]
DENIED = [
    "I'm not pregnant",
    "neither pregnant nor breastfeeding",
    "I don't have AFib",
    "I don't have AFib, HIV or cancer",
    "no AFib, no HIV",
    "Pregnant: no",
]
NOT_OWN = [
    "my sister is pregnant",
    "my sister is on warfarin, how do the injections work",
    "AFib runs in my family",
    "can pregnant women have it?",
    "is it safe in pregnancy?",
    "why is AFib on the list?",
    "my sister is 170 cm and 120 kg",
]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((text, "present") for text in PRESENT),
        *((text, "unsure") for text in UNSURE),
        *((text, "denied") for text in DENIED),
        *((text, "not_own") for text in NOT_OWN),
    ],
)
def test_the_words_around_decide(text: str, status: str) -> None:
    found = [mention.status for mention in read_health(text, LEXICON) if mention.condition]
    assert found[-1] == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("my sister is pregnant", "present"),
        ("my father may have AFib", "unsure"),
        ("my sister has no AFib", "denied"),
        # Nobody in particular, or the writer.
        ("AFib in pregnant women", None),
        ("I have AFib", None),
    ],
)
def test_what_somebody_else_would_have_as_the_patient_is_told(
    text: str, status: str | None
) -> None:
    mentions = [mention for mention in read_health(text, LEXICON) if mention.condition]
    assert mentions[-1].if_patient == status
