"""What a message states of the patient's own health: the readers and the classifier together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.adjudication import NOTHING, OVERRULED, RESEMBLED
from components.clauses import STATEMENT_CLAUSES
from components.examples import STATES
from components.red_flags import RED_FLAG_KINDS
from components.sentence_encoder import SENTENCE_VECTORS
from components.statement_clauses import StatementClause
from components.statements import HEALTH_STATED, OWN, UNCLEAR, StatementClassifier
from components.text import CLEANED

EXAMPLES = {
    "report_condition/pregnancy": ["I am pregnant", "expecting in May", "20 weeks along"],
    "report_condition/pregnancy_unsure": ["maybe pregnant", "late period", "no test done yet"],
    "report_condition/arrhythmia": ["I have AFib", "my heart flutters", "pacemaker for my rhythm"],
    "report_condition/obesity": ["far too heavy", "very large", "clinically fat"],
    "report_condition/other": ["I have epilepsy", "allergic to soy", "keloids on my chest"],
    "report_condition/nobody": ["my sister is pregnant", "can pregnant women", "pregnant pause"],
    "urgent_symptoms": ["I can't breathe", "my lips are swelling", "fever and pus"],
    "self_harm": ["I want to die", "no reason to live", "I'll end it tonight"],
    "ask_pain": ["does it hurt", "is it painful", "how much pain", "is it sore after"],
}
LABELS = list(EXAMPLES)
RESOURCE = Resource("train_StatementClassifier")
CONTEXT = ExecutionContext(GraphSchema({}))
# What the readers find is weighed in a test of its own; elsewhere only words and vectors speak.
CONFIG = {**StatementClassifier.get_default_config(), "reader_weight": 0.0}


def vector_of(*labels: str) -> np.ndarray:
    vector = np.full(len(LABELS), 0.02, dtype=np.float32)
    for label in labels:
        vector[LABELS.index(label)] = 1.0
    return (vector / np.linalg.norm(vector))[np.newaxis]


def stating(text: str, intent: str, states: list[str]) -> Message:
    message = Message.build(text, intent, intent_metadata={STATES: states})
    message.set(CLEANED, text)
    return message


def training_data() -> TrainingData:
    examples = []
    for label, texts in EXAMPLES.items():
        intent, _, theme = label.partition("/")
        for text in texts * 4:
            # Rasa drops examples that are the same.
            unique = f"{text} {len(examples)}"
            example = stating(unique, intent, [theme] if theme else [])
            example.set(SENTENCE_VECTORS, vector_of(label))
            examples.append(example)
    return TrainingData(examples)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    found = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    StatementClassifier.create(CONFIG, found, RESOURCE, CONTEXT).train(training_data())
    return found


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> StatementClassifier:
    return StatementClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


def mention(status: str, near: str | None = "pregnancy", kind: str = "contraindication") -> Any:
    value = near if kind == "contraindication" else "pacemaker"
    said = {"value": value, "status": status, "kind": kind, "near": near}
    return {"entity": "condition", **said, "start": 0, "end": 4}


def settled(
    classifier: StatementClassifier,
    text: str,
    labels: list[str],
    *entities: dict[str, Any],
    kinds: tuple[str, ...] = (),
    report: float = 0.5,
    foreign: float = 0.0,
    clauses: dict[str, str] | None = None,
) -> Message:
    """A message after the classifier; `clauses` maps a clause to the label whose vector it has."""
    message = Message({TEXT: text, CLEANED: text})
    ranking = [("report_condition", report), ("other_language", foreign)]
    message.set(INTENT_RANKING_KEY, [{"name": n, "confidence": c} for n, c in ranking])
    clauses = clauses or {}
    vectors = [vector_of(*labels), *(vector_of(label) for label in clauses.values())]
    message.set(SENTENCE_VECTORS, np.vstack(vectors))
    parts = [(clause, text.index(clause)) for clause in clauses]
    telling = [StatementClause(clause, at, at + len(clause)) for clause, at in parts]
    message.set(STATEMENT_CLAUSES, telling)
    message.set(ENTITIES, list(entities))
    message.set(RED_FLAG_KINDS, list(kinds))
    classifier.process([message])
    return message


def statuses(message: Message) -> dict[str, str]:
    return {e["value"]: e["status"] for e in message.get(ENTITIES) if e["entity"] == "condition"}


def with_thresholds(storage: LocalModelStorage, **thresholds: float) -> StatementClassifier:
    config = {**CONFIG, "thresholds": thresholds}
    return StatementClassifier.load(config, storage, RESOURCE, CONTEXT)


def test_a_condition_in_words_that_no_reader_knows_is_added(
    classifier: StatementClassifier,
) -> None:
    message = settled(classifier, "expecting in May", ["report_condition/pregnancy"])
    assert statuses(message) == {"pregnancy": "present"}
    assert message.get(ENTITIES)[0][RESEMBLED] is True
    assert message.get(HEALTH_STATED) == OWN


def test_what_the_readers_found_speaks_for_a_condition(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    config = {**CONFIG, "reader_weight": 1.0, "thresholds": {"present": 1.0, "nothing": 0.9}}
    StatementClassifier.create(config, storage, RESOURCE, CONTEXT).train(training_data())
    classifier = StatementClassifier.load(config, storage, RESOURCE, CONTEXT)
    both = ["report_condition/pregnancy", "ask_pain"]
    silent = settled(classifier, "does it hurt then", both)
    read = settled(classifier, "does it hurt then", both, mention("present"))
    assert statuses(silent) == {}
    assert statuses(read) == {"pregnancy": "present"}


def test_what_is_only_likely_counts_as_not_sure(storage: LocalModelStorage) -> None:
    classifier = with_thresholds(storage, present=1.0)
    message = settled(classifier, "expecting in May", ["report_condition/pregnancy"])
    assert statuses(message) == {"pregnancy": "unsure"}


def test_the_classifier_settles_whether_a_read_condition_is_there(
    classifier: StatementClassifier,
) -> None:
    read = mention("present")
    message = settled(classifier, "late period", ["report_condition/pregnancy_unsure"], read)
    assert statuses(message) == {"pregnancy": "unsure"}
    assert RESEMBLED not in message.get(ENTITIES)[0]


def test_a_condition_is_another_persons_where_the_classifier_is_sure(
    storage: LocalModelStorage,
) -> None:
    arguments = "my sister is pregnant", ["report_condition/nobody"], mention("present")
    message = settled(with_thresholds(storage, nothing=0.5), *arguments)
    assert statuses(message) == {"pregnancy": "not_own"}
    assert [entity[OVERRULED] for entity in message.get(ENTITIES)] == [True]
    assert message.get(HEALTH_STATED) == NOTHING


def test_in_a_long_story_the_readers_are_believed(storage: LocalModelStorage) -> None:
    classifier = with_thresholds(storage, nothing=0.0, no_danger=1.0, longest=60)
    for words, is_overruled, kinds in ((60, True, []), (61, False, ["emergency"])):
        text = "word " * words
        found = [mention("present")]
        message = settled(classifier, text, ["ask_pain"], *found, kinds=("emergency",))
        assert message.get(RED_FLAG_KINDS) == kinds
        assert (statuses(message)["pregnancy"] == "not_own") is is_overruled


def test_in_another_language_the_readers_are_believed(storage: LocalModelStorage) -> None:
    classifier = with_thresholds(storage, nothing=0.0, no_danger=1.0)
    for foreign, is_overruled, kinds in ((0.05, True, []), (0.4, False, ["emergency"])):
        found = [mention("present")]
        message = settled(
            classifier, "eimai egkyos", ["ask_pain"], *found, kinds=("emergency",), foreign=foreign
        )
        assert message.get(RED_FLAG_KINDS) == kinds
        assert (statuses(message)["pregnancy"] == "not_own") is is_overruled


def test_a_reader_is_believed_where_the_classifier_is_not_sure_enough(
    storage: LocalModelStorage,
) -> None:
    arguments = "my sister is pregnant", ["report_condition/nobody"], mention("unsure")
    message = settled(with_thresholds(storage, nothing=1.0), *arguments)
    assert "pregnancy" in statuses(message)
    assert statuses(message)["pregnancy"] != "not_own"
    assert message.get(HEALTH_STATED) == OWN


def test_what_is_likelier_nothing_is_not_found_again_in_its_likeness(
    storage: LocalModelStorage,
) -> None:
    text, labels = "expecting in May", ["report_condition/pregnancy", "report_condition/nobody"]
    sure = with_thresholds(storage, nothing=0.0, condition=0.01)
    for found in ([], [mention("present")]):
        message = settled(sure, text, labels, *found)
        assert statuses(message) == {"pregnancy": "not_own"}
        assert [bool(e.get("overruled")) for e in message.get(ENTITIES)] == [True]
    unsure = with_thresholds(storage, nothing=1.0, condition=0.01)
    assert statuses(settled(unsure, text, labels))["pregnancy"] != "not_own"


def test_what_is_near_a_condition_becomes_it_only_where_it_is_plainly_there(
    storage: LocalModelStorage,
) -> None:
    near = mention("unsure", "arrhythmia", "near")
    text, labels = "pacemaker for my rhythm", ["report_condition/arrhythmia"]
    message = settled(with_thresholds(storage, plain=0.1), text, labels, near)
    assert statuses(message) == {"arrhythmia": "present"}
    assert message.get(ENTITIES)[0]["kind"] == "contraindication"
    message = settled(with_thresholds(storage, plain=1.0), text, labels, near)
    assert statuses(message) == {"pacemaker": "unsure"}


def test_what_a_reader_is_sure_of_in_a_few_words_is_hardly_doubted(
    storage: LocalModelStorage,
) -> None:
    labels = ["report_condition/pregnancy", "report_condition/pregnancy_unsure"]
    for firm, status in ((1e6, "present"), (1e-6, "unsure")):
        classifier = with_thresholds(storage, firm=firm)
        assert statuses(settled(classifier, "baby", labels, mention("present"))) == {
            "pregnancy": status
        }


def test_beside_another_condition_less_makes_it_plainly_there(storage: LocalModelStorage) -> None:
    text = "pacemaker for my rhythm, expecting in May"
    labels = ["report_condition/arrhythmia", "report_condition/pregnancy"]
    near, other = mention("unsure", "arrhythmia", "near"), mention("present")
    demanding = with_thresholds(storage, plain=0.85)
    assert statuses(settled(demanding, text, labels, near))["pacemaker"] == "unsure"
    assert statuses(settled(demanding, text, labels, near, other))["arrhythmia"] == "present"


def test_what_is_only_near_another_condition_is_dropped_beside_a_sure_one(
    storage: LocalModelStorage,
) -> None:
    text, labels = "expecting in May", ["report_condition/pregnancy"]
    stray = mention("unsure", "arrhythmia", "near")
    message = settled(with_thresholds(storage, stray=0.9, sure=0.1), text, labels, stray)
    assert statuses(message) == {"pregnancy": "present"}
    lenient = with_thresholds(storage, stray=0.9, sure=0.1, impossible=0.0)
    for kept in (mention("present", "arrhythmia"), {**stray, "medicine": True}):
        assert kept["value"] in statuses(settled(lenient, text, labels, kept))


def test_what_a_clause_says_is_neither_stray_nor_misread(storage: LocalModelStorage) -> None:
    text, label = "expecting in May, three stents in me", "report_condition/pregnancy"
    parts = {"expecting in May": label, "three stents in me": "report_condition/arrhythmia"}
    for read in (mention("present", "arrhythmia"), mention("unsure", "arrhythmia", "near")):
        for said, is_kept in ((0.3, True), (1.0, False)):
            limits = {"stray": 0.9, "sure": 0.1, "certain": 0.3, "impossible": 0.2, "said": said}
            classifier = with_thresholds(storage, **limits, whole=1.0, drowned=1.0)
            message = settled(classifier, text, [label], read, clauses=parts)
            assert (read["value"] in statuses(message)) is is_kept


def test_a_clause_tells_whether_it_is_there_of_what_the_whole_has_lost(
    storage: LocalModelStorage,
) -> None:
    text, label = "pacemaker for my rhythm, late period", "report_condition/arrhythmia"
    parts = {"pacemaker for my rhythm": label, "late period": "report_condition/pregnancy_unsure"}
    for said, status in ((0.3, "unsure"), (1.0, "present")):
        limits = {"known": 0.9, "impossible": 0.0, "firm": 1.0}
        classifier = with_thresholds(storage, said=said, **limits)
        message = settled(classifier, text, [label], mention("present"), clauses=parts)
        assert statuses(message)["pregnancy"] == status


def test_what_is_all_but_impossible_beside_a_certain_condition_is_a_misreading(
    storage: LocalModelStorage,
) -> None:
    strict = with_thresholds(storage, certain=0.3, impossible=0.2)
    read = mention("present", "arrhythmia")
    for text, label, found, is_kept in (
        ("expecting in May", "pregnancy", read, False),
        # Nothing graver than what stays is dropped, and a medicine that is named is taken.
        ("late period", "pregnancy_unsure", read, True),
        ("late period", "pregnancy_unsure", mention("unsure", "arrhythmia"), False),
        ("expecting in May", "pregnancy", {**read, "medicine": True}, True),
    ):
        message = settled(strict, text, [f"report_condition/{label}"], found)
        assert ("arrhythmia" in statuses(message)) is is_kept


def test_beside_an_own_condition_less_tells_of_a_second_one(storage: LocalModelStorage) -> None:
    text = "I have AFib and expecting in May"
    labels = ["report_condition/arrhythmia", "report_condition/pregnancy"]
    read = mention("present", "arrhythmia")
    unread = with_thresholds(storage, condition=0.99, beside=0.4)
    assert statuses(settled(unread, text, labels, read)) == {
        "arrhythmia": "present",
        "pregnancy": "present",
    }
    assert statuses(settled(unread, text, labels)) == {}
    most = with_thresholds(storage, condition=0.99, beside=0.4, beside_least=0.99)
    assert statuses(settled(most, text, labels, read)) == {"arrhythmia": "present"}


def test_another_health_matter_in_unknown_words_is_stated_too(
    classifier: StatementClassifier,
) -> None:
    message = settled(classifier, "I have epilepsy", ["report_condition/other"])
    assert statuses(message) == {}
    assert message.get(HEALTH_STATED) == OWN


def test_two_conditions_are_learnt_together(tmp_path: Path) -> None:
    both = ["report_condition/pregnancy", "report_condition/arrhythmia"]
    examples = training_data().training_examples
    for number in range(12):
        text = f"due in June, the rhythm too {number}"
        example = stating(text, "report_condition", ["pregnancy", "arrhythmia"])
        example.set(SENTENCE_VECTORS, vector_of(*both))
        examples.append(example)
    storage = LocalModelStorage(tmp_path)
    StatementClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).train(TrainingData(examples))
    classifier = StatementClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)
    message = settled(classifier, "due in June, the rhythm too", both)
    assert statuses(message) == {"pregnancy": "present", "arrhythmia": "present"}


def test_what_is_something_though_not_clear_what_is_stated_too(storage: LocalModelStorage) -> None:
    arguments = (
        "expecting or flutters",
        ["report_condition/pregnancy", "report_condition/arrhythmia"],
    )
    for unlikely, stated in ((1.0, OWN), (0.0, UNCLEAR)):
        limits = {"condition": 1.0, "other": 1.0, "clear": 1.0, "unlikely": unlikely}
        assert settled(with_thresholds(storage, **limits), *arguments).get(HEALTH_STATED) == stated


def test_what_is_plainly_a_question_states_nothing_unclear(storage: LocalModelStorage) -> None:
    limits = {"condition": 1.0, "other": 1.0, "clear": 1.0, "unlikely": 1.0}
    classifier = with_thresholds(storage, **limits)
    labels = ["report_condition/pregnancy", "report_condition/arrhythmia"]
    for report, stated in ((0.02, OWN), (0.005, UNCLEAR)):
        message = settled(classifier, "expecting or flutters", labels, report=report)
        assert message.get(HEALTH_STATED) == stated


def test_a_question_states_nothing(classifier: StatementClassifier) -> None:
    message = settled(classifier, "does it hurt", ["ask_pain"])
    assert message.get(HEALTH_STATED) in (NOTHING, UNCLEAR)
    assert message.get(RED_FLAG_KINDS) == []


def test_what_is_denied_stays_denied(classifier: StatementClassifier) -> None:
    message = settled(classifier, "does it hurt", ["ask_pain"], mention("denied"))
    assert statuses(message) == {"pregnancy": "denied"}


def test_a_calculated_index_stands(classifier: StatementClassifier) -> None:
    index = {"entity": "body_mass_index", "value": 22.0}
    assert statuses(settled(classifier, "170 cm, 60 kg", ["ask_pain"], index)) == {}


def test_the_clauses_tell_which_of_two_conditions_is_there(storage: LocalModelStorage) -> None:
    classifier = with_thresholds(storage, known=0.0, stray=0.0, impossible=0.0, telling=0.2)
    text = "late period and pacemaker for my rhythm"
    labels = ["report_condition/pregnancy_unsure", "report_condition/arrhythmia"]
    # The whole resembles a pregnancy more; what a clause says of it counts as much.
    labels.append("report_condition/pregnancy")
    read = mention("present"), mention("unsure", "arrhythmia")
    parts = ("late period", labels[0]), ("pacemaker for my rhythm", labels[1])
    message = settled(classifier, text, labels, *read, clauses=dict(parts))
    assert statuses(message) == {"pregnancy": "unsure", "arrhythmia": "present"}


def test_a_condition_of_one_clause_counts_beside_others(storage: LocalModelStorage) -> None:
    text = "expecting in May and my heart flutters"
    label, second = "report_condition/pregnancy", "report_condition/arrhythmia"
    parts = {"expecting in May": label, "my heart flutters": second}
    settings = {"beside_least": 1.0, "condition": 1.0, "absent": 0.0, "whole": 0.01, "drowned": 1.0}
    for clause, found in ((0.3, {"pregnancy", "arrhythmia"}), (1.0, {"pregnancy"})):
        classifier = with_thresholds(storage, clause=clause, **settings)
        message = settled(classifier, text, [label], mention("present"), clauses=parts)
        assert statuses(message).keys() == found
        alone = settled(classifier, text, [label], clauses=parts)
        assert statuses(alone) == {}


def test_what_a_clause_is_certain_of_counts_however_little_the_whole_shows(
    storage: LocalModelStorage,
) -> None:
    text = "expecting in May and my heart flutters"
    label, second = "report_condition/pregnancy", "report_condition/arrhythmia"
    parts = {"expecting in May": label, "my heart flutters": second}
    for drowned, found in ((0.3, {"pregnancy", "arrhythmia"}), (1.0, {"pregnancy"})):
        classifier = with_thresholds(storage, whole=1.0, beside_least=1.0, drowned=drowned)
        message = settled(classifier, text, [label], mention("present"), clauses=parts)
        assert statuses(message).keys() == found


def test_what_no_clause_states_is_an_echo_of_another_condition(storage: LocalModelStorage) -> None:
    text, label = "expecting in May and it hurts", "report_condition/pregnancy"
    both = [label, "report_condition/arrhythmia"]
    parts = {"expecting in May": label, "it hurts": "ask_pain"}
    for absent, found in ((0.0, {"pregnancy", "arrhythmia"}), (0.9, {"pregnancy"})):
        classifier = with_thresholds(storage, absent=absent, beside_least=0.01, beside=0.01)
        message = settled(classifier, text, both, mention("present"), clauses=parts)
        assert statuses(message).keys() == found


@pytest.mark.parametrize(
    ("text", "label", "told", "status"),
    [
        # The likelier of both makes the relative the patient, of whom the other is told as well.
        ("expecting in May, she, and AFib", "pregnancy", None, "present"),
        ("my sister is pregnant and has AFib", "nobody", None, "not_own"),
        # A writer who tells of herself is the patient.
        ("expecting in May, she, and AFib", "pregnancy", "cancer", "not_own"),
    ],
)
def test_all_that_is_told_of_somebody_else_counts_where_that_one_is_the_patient(
    storage: LocalModelStorage, text: str, label: str, told: str | None, status: str
) -> None:
    classifier = with_thresholds(storage, known=0.0, impossible=0.0)
    read = [
        {**mention("not_own", condition), "if_patient": "present"}
        for condition in ("pregnancy", "arrhythmia")
    ]
    own = [mention("present", told)] if told else []
    message = settled(classifier, text, [f"report_condition/{label}"], *read, *own)
    by_reader = [e for e in message.get(ENTITIES) if RESEMBLED not in e and e["value"] != told]
    assert [entity["status"] for entity in by_reader] == [status, status]


def test_height_and_weight_are_no_figure_of_speech(storage: LocalModelStorage) -> None:
    classifier = with_thresholds(storage, nothing=0.0)
    for is_measured, status in ((False, "not_own"), (True, "present")):
        found = {**mention("present", "obesity"), "measured": is_measured}
        message = settled(classifier, "1.80 and 131 kg", ["ask_pain"], found)
        assert statuses(message) == {"obesity": status}


def test_the_figures_of_somebody_else_may_be_the_patients(storage: LocalModelStorage) -> None:
    for limit, status in ((1.0, "unsure"), (0.0, "not_own")):
        found = {**mention("not_own", "obesity"), "measured": True}
        classifier = with_thresholds(storage, measured=limit)
        message = settled(classifier, "1.80 and 131 kg", ["ask_pain"], found)
        assert statuses(message) == {"obesity": status}


def test_the_figures_of_somebody_who_is_to_be_treated_are_present(
    classifier: StatementClassifier,
) -> None:
    for kind, status in (("contraindication", "present"), ("near", "unsure")):
        found = {**mention("not_own", "obesity", kind), "measured": True}
        message = settled(classifier, "far too heavy at 131", ["report_condition/obesity"], found)
        assert list(statuses(message).values()) == [status]


@pytest.mark.parametrize(
    ("label", "text", "kind"),
    [
        ("urgent_symptoms", "my lips are swelling", "emergency"),
        ("self_harm", "no reason to live", "self_harm"),
    ],
)
def test_an_emergency_in_words_that_no_reader_knows_is_one(
    classifier: StatementClassifier, label: str, text: str, kind: str
) -> None:
    assert settled(classifier, text, [label]).get(RED_FLAG_KINDS) == [kind]


def test_a_single_word_that_no_reader_knows_is_no_emergency(
    classifier: StatementClassifier,
) -> None:
    assert settled(classifier, "swelling", ["urgent_symptoms"]).get(RED_FLAG_KINDS) == []
    read = settled(classifier, "suicide", ["self_harm"], kinds=("self_harm",))
    assert read.get(RED_FLAG_KINDS) == ["self_harm"]


def test_an_emergency_that_was_read_falls_only_where_nothing_speaks_for_it(
    storage: LocalModelStorage,
) -> None:
    arguments = "is it sore after", ["ask_pain"]
    believed = with_thresholds(storage, no_danger=0.0)
    message = settled(believed, *arguments, kinds=("emergency", "self_harm"))
    assert message.get(RED_FLAG_KINDS) == ["emergency", "self_harm"]
    doubted = with_thresholds(storage, no_danger=0.99)
    assert settled(doubted, *arguments, kinds=("emergency",)).get(RED_FLAG_KINDS) == []


def test_of_ordinary_questions_a_few_are_enough() -> None:
    component = StatementClassifier.create({**CONFIG, "topic_examples": 3}, None, RESOURCE, CONTEXT)
    chosen = component._chosen(training_data().intent_examples)
    questions = [e for e in chosen if e.get(INTENT) == "ask_pain"]
    assert len(questions) == 3
    assert len(chosen) == len(training_data().intent_examples) - 16 + 3
    assert component._chosen(training_data().intent_examples) == chosen


def test_without_vectors_the_training_says_what_is_missing(storage: LocalModelStorage) -> None:
    component = StatementClassifier.create(CONFIG, storage, RESOURCE, CONTEXT)
    with pytest.raises(InvalidConfigException, match="SentenceEncoder must stand before"):
        component.train(TrainingData([Message({TEXT: "hello", INTENT: "greet"})]))


def test_what_a_clause_surely_states_is_not_overruled_by_the_whole(
    storage: LocalModelStorage,
) -> None:
    text, labels = "does it hurt, expecting in May", ["report_condition/nobody"]
    parts = {"does it hurt": "ask_pain", "expecting in May": "report_condition/pregnancy"}
    for surely, status in ((0.1, "present"), (1.0, "not_own")):
        classifier = with_thresholds(storage, nothing=0.0, known=0.0, surely=surely)
        message = settled(classifier, text, labels, mention("present"), clauses=parts)
        assert statuses(message)["pregnancy"] == status


def test_what_is_near_a_condition_becomes_it_where_a_clause_says_so(
    storage: LocalModelStorage,
) -> None:
    near = mention("unsure", "arrhythmia", "near")
    text = "pacemaker for my rhythm, expecting in May"
    labels = ["report_condition/arrhythmia", "report_condition/pregnancy"]
    parts = {"pacemaker for my rhythm": labels[0], "expecting in May": labels[1]}
    for clause, value in ((0.1, "arrhythmia"), (1.0, "pacemaker")):
        classifier = with_thresholds(storage, plain=1.0, clause=clause, absent=0.0)
        assert value in statuses(settled(classifier, text, labels, near, clauses=parts))
