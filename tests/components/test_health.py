"""What is read from statements about health; the statements stand in tests/nlu."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from components.health_lexicon import Lexicon, load_lexicon
from components.health_numbers import body_mass_index
from components.health_reading import Mention, own_body_mass_index, read_health

ROOT = Path(__file__).parent.parent.parent
CONTENT = ROOT / "data" / "content"
NLU = ROOT / "tests" / "nlu"


def _yaml(name: str):
    return yaml.safe_load((NLU / name).read_text("utf-8"))


def _statements():
    for group in _yaml("health_statements.yml"):
        for statement in group["statements"]:
            yield pytest.param(statement, group["expected"], id=statement[:60])


def _frames(level: str):
    frames = _yaml("health_frames.yml")
    for condition, statements in frames["statements"].items():
        for statement in statements:
            for frame in frames[level]:
                yield frame.replace("{}", statement), condition


LEXICON = load_lexicon(CONTENT)
GRAVITY = {"unsure": 1, "present": 2}


def conditions_stated(mentions: list[Mention]) -> dict[str, str]:
    """The patient's own among the ten conditions, each with the graver status."""
    own = [m for m in mentions if m.condition and m.status in GRAVITY]
    return {m.condition: m.status for m in sorted(own, key=lambda m: GRAVITY[m.status])}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return LEXICON


@pytest.mark.parametrize(("text", "expected"), list(_statements()))
def test_every_condition_and_matter_in_a_statement_is_found(lexicon, text, expected):
    """Whether it is there is for components/statements.py to decide (tests/e2e)."""
    mentions = read_health(text, lexicon)
    assert {key for key, status in expected.items() if status != "other"} <= {
        mention.condition for mention in mentions
    }
    assert {key for key, status in expected.items() if status == "other"} <= {
        mention.value for mention in mentions
    }


@pytest.mark.parametrize(("text", "condition"), list(_frames("present")) + list(_frames("stated")))
def test_no_sentence_around_it_hides_an_own_condition(lexicon, text, condition):
    assert conditions_stated(read_health(text, lexicon)).get(condition)


@pytest.mark.parametrize("trap", _yaml("health_frames.yml")["traps"], ids=lambda t: t["text"])
def test_a_trap_does_not_make_a_condition_vanish(lexicon, trap):
    assert conditions_stated(read_health(trap["text"], lexicon)).get(trap["condition"])


def test_a_mention_knows_its_place_and_its_kind(lexicon):
    text = "Hello, I take Eliquis and aspirin"
    first, second = read_health(text, lexicon)
    assert (first.value, first.kind, text[first.start : first.end]) == (
        "anticoagulants",
        "contraindication",
        "Eliquis",
    )
    assert (second.value, second.kind, second.condition, second.status) == (
        "antiplatelet_medicine",
        "near",
        "anticoagulants",
        "unsure",
    )


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("my bf is HIV positive and wants his flanks done", "breastfeeding"),
        ("my father is due with you on the 2nd, he has a murmur", "pregnancy"),
        ("baby is due to be weaned in May", "pregnancy"),
        ("with baby on the boob at 3am", "pregnancy"),
        ("my wife has WPW syndrom", "anticoagulants"),
    ],
)
def test_words_that_only_look_like_a_condition_are_none(lexicon, text, condition):
    found = read_health(text, lexicon)
    assert condition not in [m.condition for m in found if m.status in ("present", "unsure")]


@pytest.mark.parametrize(
    ("text", "condition", "status"),
    [
        ("rodent ulcer on my nose", "cancer", "present"),
        ("we have a baby on the way", "pregnancy", "present"),
        ("baby is due to be born in May", "pregnancy", "present"),
        ("168 cm 104 kg, want belly gone", "obesity", "present"),
        ("new kidney, and after that I got fat, bmi 36", "obesity", "present"),
        ("I take Pradaxa twice a day and the nurse said I don't know", "anticoagulants", "present"),
        ("AFib, I am not quite sure", "arrhythmia", "unsure"),
        ("cured of womb cancer", "cancer", "unsure"),
    ],
)
def test_what_is_said_of_something_else_leaves_a_condition_alone(lexicon, text, condition, status):
    assert conditions_stated(read_health(text, lexicon)).get(condition) == status


@pytest.mark.parametrize(
    "word", ["eloquent", "station", "concert", "olympic", "cancel", "warfare", "docs"]
)
def test_an_ordinary_word_is_no_misspelt_medicine(lexicon, word):
    assert read_health(f"I take the {word}", lexicon) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (
            "Your rules for clients who are pregnant? I heard on Monday that I am, so tell me.",
            "unsure",
        ),
        ("do you treat people with HIV? I do not", "not_own"),
        ("is it ok for people on warfarin? asking because i am", "unsure"),
        ("is it ok for people on warfarin? I am only curious", "not_own"),
    ],
)
def test_who_asks_of_people_in_general_may_be_one_of_them(lexicon, text, status):
    assert [mention.status for mention in read_health(text, lexicon)] == [status]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("165 cm and 92 kg", 33.8),
        ("5'4 and 210 lbs", 36.0),
        ("1.65m 92kilos", 33.8),
        ("14 stone 5 ft 2", 35.8),
        ("BMI 31,5", 31.5),
        ("my body mass index is 27", 27.0),
        ("its 34 my bmi", 34.0),
        ("34.5 is her BMI", 34.5),
        ("height 160, weight 85", 33.2),
        ("1 metre 58 and 103 kg", 41.3),
        ("a hundred and three kilos and one metre fifty eight", 41.3),
        ("nobody over BMI 30, you say? Mine is 38", 38.0),
        ("was BMI 31 in January, now 28.9", 28.9),
        ("a sleeve took me from BMI 44 to 28", 28.0),
        ("my bmi went from 38 down to 33", 33.0),
        ("from a BMI of 31 to 36 in a year", 36.0),
        ("BMI 35 to 29 or so, they say", 35.0),
        ("BMI 31, now 20 weeks", 31.0),
        ("my BMI was 36 two years ago, now I'm down to 28", 28.0),
        ("I wrote BMI 32 but that was in January, I've lost since and am at 26 now", 26.0),
        ("my BMI is 36, down to 104 kilos", 36.0),
        ("BMI 36, hoping to be down to 28 by June", 36.0),
        ("BMI 36 last year, down to 28 now", 28.0),
        ("BMI 29 then, but I gained, BMI 33", 33.0),
        ("BMI 33, I'm at 12 weeks", 33.0),
        ("bmi 24, oops, wrong line on the chart, it says 33", 33.0),
        ("BMI 24, actually I come for 30 minutes", 24.0),
        ("I put 71 kg down, old weight, it's 104 now, at 1.70 m", 36.0),
        ("75 kg and 1.70 m, I'm 45 now", 26.0),
        ("62 kilos at the wedding, today the scales said 81, 172 cm", 27.4),
        ("scales say 94 and I'm 1.62 tall", 35.8),
        ("1.62 m, my kitchen scales show 200 grams", None),
        ("I lost 20 kg and am 170 cm", None),
        ("i weigh 92 kilos and im 168", 32.6),
        ("im 168 and i weigh 92 kilos", 32.6),
        ("I want to lose 15 kg", None),
        ("6 to 8 sessions", None),
        ("bmi 340", None),
        ("165 and 90 kilos", 33.1),
        ("hight 160 weigt 98 kg", 38.3),
        ("60kg 170", 20.8),
        ("95kg/165", 34.9),
        ("no 58 kg 1.65", 21.3),
        ("80 kilos 170 lbs", None),
        ("I weigh 90 kg and 150 euros is too much", None),
    ],
)
def test_the_body_mass_index_is_read_in_every_unit(text, index):
    assert body_mass_index(text) == index


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I weigh 142 kilos", {"obesity": "present"}),
        ("I weigh 100 kilos", {"obesity": "unsure"}),
        ("I used to be 142 kg", {}),
        ("Used to have a BMI of 41, have lost 46 kilos since", {"obesity": "unsure"}),
        ("I used to have a BMI of 29, now I've gained, BMI 33", {"obesity": "present"}),
        ("my platelets are at 62", {"blood_clotting_disorder": "present"}),
        ("thrombocytes 48.000", {"blood_clotting_disorder": "present"}),
        ("trombocytes, last count 48 thousand", {"blood_clotting_disorder": "present"}),
        ("she's 20wks, a voucher for my wife", {"pregnancy": "present"}),
        ("her baby bump, she's 10 weeks along, my wife", {"pregnancy": "present"}),
        ("one baby at home, now 14 weaks gon", {"pregnancy": "present"}),
        ("we want a baby so badly and she's 10 weeks now", {"pregnancy": "unsure"}),
        ("a bottle baby, she's 10 weeks, may I book", {}),
        ("platelets 250", {}),
        ("platelets checked 3 weeks ago", {}),
    ],
)
def test_a_figure_that_says_a_condition_makes_it_present(lexicon, text, status):
    assert conditions_stated(read_health(text, lexicon)) == status


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("type 1 von Willebrand", {"blood_clotting_disorder": "present"}),
        ("i have von willebrands, its mild type 1", {"blood_clotting_disorder": "present"}),
        (
            "von willebrand and type 1 diabetes",
            {"blood_clotting_disorder": "present", "insulin_dependent_diabetes": "present"},
        ),
        ("radiotherapy on my breast", {"cancer": "present"}),
        (
            "radiation to the left breast and my baby is on my breast",
            {"cancer": "present", "breastfeeding": "present"},
        ),
        ("a malignant tumour in my womb", {"cancer": "present"}),
    ],
)
def test_words_of_another_condition_within_the_name_of_one_say_nothing(lexicon, text, stated):
    assert conditions_stated(read_health(text, lexicon)) == stated


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("on Ozempic for my sugar", {"insulin_dependent_diabetes": "unsure"}),
        ("on Ozempic", {"obesity": "unsure"}),
        ("I'm on Ozempic and my mum is diabetic", {"obesity": "unsure"}),
        ("methotrexate and folic acid", {"immune_deficiency": "unsure"}),
    ],
)
def test_a_medicine_says_nothing_more_beside_what_it_is_taken_for(lexicon, text, status):
    assert conditions_stated(read_health(text, lexicon)) == status


def test_somebody_elses_weight_is_not_the_patients(lexicon):
    assert own_body_mass_index("my sister is 170 cm and 60 kg", lexicon) is None
    assert own_body_mass_index("I'm 170 cm and 60 kg", lexicon) == 20.8


def test_an_index_is_the_patients_whatever_is_asked_of_it(lexicon):
    assert own_body_mass_index("BMI 33, is that too much?", lexicon) == 33.0


def test_a_no_before_figures_answers_a_question_and_denies_none(lexicon):
    assert own_body_mass_index("no 60kg 170", lexicon) == 20.8
    assert conditions_stated(read_health("no, 95kg 165", lexicon)) == {"obesity": "present"}


@pytest.mark.parametrize(
    "text",
    [
        "no immune problem",
        "no cancer and my immune system is good",
        "it has spread from the breast to the liver",
        "my heart is fine",
        "my sugar is normal",
    ],
)
def test_what_is_well_or_denied_is_no_condition(lexicon, text):
    assert conditions_stated(read_health(text, lexicon)) == {}


WORDS = "i am not no pregnant , diabetes or and my sister 5 kg ? ."
PRESENT = [text for text, _ in _frames("present")]


@given(st.sampled_from(PRESENT))
@settings(max_examples=200, deadline=None)
def test_a_no_in_front_takes_nothing_away(text):
    before = conditions_stated(read_health(text, LEXICON))
    after = conditions_stated(read_health(f"No, {text}", LEXICON))
    assert before.items() <= after.items()


@given(st.text(max_size=1000))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text):
    for mention in read_health(text, LEXICON):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.status in ("present", "unsure", "denied", "not_own")
    body_mass_index(text)


@given(st.lists(st.sampled_from(WORDS.split())))
@settings(max_examples=200, deadline=None)
def test_any_heap_of_the_grammars_words_can_be_read(words):
    read_health(" ".join(words), LEXICON)


@pytest.mark.parametrize(
    "unit",
    [
        "not have any diabetes or ",
        "i am not pregnant , ",
        "5'4 165 cm 92 kg ",
        "wrfarin xarlto ",
        "1 ",
    ],
)
def test_reading_takes_time_in_proportion_to_the_length(unit):
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        spans = []
        for _ in range(5):
            start = time.perf_counter()
            read_health(text, LEXICON)
            spans.append(time.perf_counter() - start)
        return min(spans)

    assert seconds(4000) < 12 * seconds(1000)


def test_every_item_has_an_id_a_name_and_words():
    files = {"contraindications": "contraindications", "medicines": "medicines"}
    files["health_matters"] = "matters"
    for file, key in files.items():
        for item in yaml.safe_load((CONTENT / f"{file}.yml").read_text("utf-8"))[key]:
            assert item["id"].isidentifier() and item["id"].islower()
            assert item["name"].strip()
            # A weight without a height is read from its numbers alone.
            assert item.get("words") or item["id"] == "weight_without_height"


def test_the_ten_conditions_are_those_of_the_article():
    listed = yaml.safe_load((CONTENT / "contraindications.yml").read_text("utf-8"))
    assert [one["id"] for one in listed["contraindications"]] == [
        "blood_clotting_disorder",
        "insulin_dependent_diabetes",
        "obesity",
        "arrhythmia",
        "coronary_heart_disease",
        "immune_deficiency",
        "cancer",
        "anticoagulants",
        "pregnancy",
        "breastfeeding",
    ]
    assert all(one["source"] for one in listed["contraindications"])


@pytest.mark.filterwarnings("ignore")
def test_the_component_writes_entities():
    from rasa.shared.nlu.training_data.message import Message

    from components.health import HealthReader

    message = Message({"text": "I'm 165 cm, 92 kg and take Eliquis", "entities": [{"entity": "x"}]})
    HealthReader(LEXICON).process([message])
    found = {(e["entity"], e.get("value"), e.get("status")) for e in message.get("entities")}
    assert found == {
        ("x", None, None),
        ("condition", "obesity", "present"),
        ("condition", "anticoagulants", "present"),
        ("body_mass_index", 33.8, None),
    }


def _single_names():
    medicines = yaml.safe_load((CONTENT / "medicines.yml").read_text("utf-8"))["medicines"]
    for medicine in medicines:
        for phrase in medicine["words"]:
            if " " not in phrase and "*" not in phrase and medicine.get("condition"):
                for word in phrase.split("|"):
                    yield word, medicine["condition"], medicine["status"]


def test_every_name_of_a_medicine_is_known_alone(lexicon):
    unread = [
        (word, condition)
        for word, condition, status in _single_names()
        if conditions_stated(read_health(f"I take {word}", lexicon)).get(condition) != status
    ]
    assert unread == []


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("novuxaban", "anticoagulants"),
        ("novuparin", "anticoagulants"),
        ("novumab", "immune_deficiency"),
        ("novutinib", "cancer"),
        ("novugliptin", "insulin_dependent_diabetes"),
    ],
)
def test_the_ending_of_a_substance_tells_what_it_is(lexicon, name, condition):
    assert condition in conditions_stated(read_health(f"I take {name}", lexicon))


def test_a_slip_in_a_long_name_is_read(lexicon):
    """One letter is left out in the middle of each longer name of an anticoagulant."""
    names = [w for w, c, _ in _single_names() if c == "anticoagulants" and w.isalpha()]
    names = [name for name in names if len(name) >= 7]
    slips = [name[: len(name) // 2] + name[len(name) // 2 + 1 :] for name in names]
    unread = [
        slip
        for slip in slips
        if "anticoagulants" not in conditions_stated(read_health(f"I take {slip}", lexicon))
    ]
    assert unread == []
