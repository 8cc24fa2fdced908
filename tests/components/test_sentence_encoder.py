"""The sentence encoder agrees with its reference, and travels inside the model archive."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.sentence_encoder import SENTENCE_VECTORS, SentenceEncoder, stacked_vectors
from components.spelling import REPAIRED

PROJECT = Path(__file__).parent.parent.parent
ENCODER = PROJECT / "components" / "encoder"
REFERENCE = Path(__file__).parent / "data" / "reference_embeddings.json"
LONG = "I have had stretch marks on my belly and my hips since the birth of my second child. " * 12


def trained(
    folder: Path, model_dir: str | Path = "components/encoder", many_examples: int = 300
) -> SentenceEncoder:
    """Trains an encoder into a folder and loads it from there, as Rasa does."""
    storage, resource = LocalModelStorage(folder), Resource("train_SentenceEncoder")
    context = ExecutionContext(GraphSchema({}))
    config = {
        **SentenceEncoder.get_default_config(),
        "model_dir": str(model_dir),
        "many_examples": many_examples,
    }
    SentenceEncoder.create(config, storage, resource, context).train(TrainingData())
    return SentenceEncoder.load(config, storage, resource, context)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return trained(tmp_path_factory.mktemp("storage"))


@pytest.fixture
def copied_files(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ENCODER, tmp_path / "encoder"))


def test_every_sentence_is_near_its_torch_reference(encoder: SentenceEncoder) -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    texts = [entry["text"] for entry in reference]
    vectors = encoder.encode(texts)
    cosines = (vectors * np.array([entry["embedding"] for entry in reference])).sum(axis=1)
    assert len(texts) >= 30
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    too_far = {t: c for t, c in zip(texts, cosines, strict=True) if c < 0.98}
    assert not too_far
    assert cosines.mean() >= 0.995


def test_vectors_have_length_one(encoder: SentenceEncoder) -> None:
    lengths = np.linalg.norm(encoder.encode(["hi", "Does it hurt?", LONG]), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-5)


def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder: SentenceEncoder) -> None:
    texts = ["hi", "Does it hurt?", "Is it safe?", "who shuld not do mesotherpy", LONG, "", "hi"]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), alone, atol=1e-6)
    np.testing.assert_allclose(encoder.encode(texts[::-1])[::-1], alone, atol=1e-6)


def test_the_graph_leaves_padding_out(encoder: SentenceEncoder) -> None:
    ids = encoder._tokenizer.encode("Does the derma roller hurt?").ids

    def run(padding: int) -> np.ndarray:
        mask = [1] * len(ids) + [0] * padding
        inputs = {
            "input_ids": np.array([ids + [0] * padding], dtype=np.int64),
            "attention_mask": np.array([mask], dtype=np.int64),
        }
        return encoder._session.run(["embedding"], inputs)[0]

    for padding in (1, 20, 100):
        np.testing.assert_allclose(run(padding), run(0), atol=1e-5)


def test_one_word_and_a_very_long_text_are_both_encoded(encoder: SentenceEncoder) -> None:
    one_word, long, longer = encoder.encode(["price", LONG, LONG * 10])
    assert np.isfinite([one_word, long, longer]).all()
    # Both are cut to the same 128 tokens.
    np.testing.assert_allclose(long, longer, atol=1e-6)


def test_texts_of_one_meaning_are_nearer_than_texts_of_two(encoder: SentenceEncoder) -> None:
    asked, paraphrased, other = encoder.encode(
        ["How many sessions do I need?", "how often must i come for this", "I want to cancel it"]
    )
    assert asked @ paraphrased > asked @ other + 0.1


def test_case_makes_no_difference(encoder: SentenceEncoder) -> None:
    upper, lower = encoder.encode(["IS IT SAFE?", "is it safe?"])
    np.testing.assert_allclose(upper, lower, atol=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_blank_text_gives_zeros(encoder: SentenceEncoder, text: str) -> None:
    assert not encoder.encode([text]).any()


@pytest.mark.parametrize("text", ["\U0001f44d", "\x00", "\u200b", "א", "a" * 5000, "[MASK] [PAD]"])
def test_an_odd_text_does_no_harm(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_two_runs_are_equal(encoder: SentenceEncoder, tmp_path: Path) -> None:
    texts = ["Does it hurt?", "who decides on the mixture", LONG]
    first = encoder.encode(texts)
    np.testing.assert_array_equal(first, encoder.encode(texts))
    np.testing.assert_array_equal(first, trained(tmp_path).encode(texts))


def test_a_message_has_a_row_for_each_repaired_text(encoder: SentenceEncoder) -> None:
    texts = ["does it hurt and how many?", "does it hurt", "how many?"]
    message = Message({TEXT: "dose it hrt and how mny?", REPAIRED: texts})
    assert encoder.process([message]) == [message]
    np.testing.assert_allclose(message.get(SENTENCE_VECTORS), encoder.encode(texts), atol=1e-6)
    assert SENTENCE_VECTORS not in message.as_dict(only_output_properties=True)


def test_a_message_without_text_has_a_row_of_zeros(encoder: SentenceEncoder) -> None:
    [message] = encoder.process([Message({TEXT: "\ud800", REPAIRED: [""]})])
    assert message.get(SENTENCE_VECTORS).shape == (1, 384)
    assert not message.get(SENTENCE_VECTORS).any()


def test_training_examples_with_text_get_their_vectors(encoder: SentenceEncoder) -> None:
    # More texts of one length than a batch holds, and others between them.
    texts = [f"{greeting} {n}" for n in range(12) for greeting in ("Hi", "Is it safe, doctor")]
    without_text = Message({"intent": "greet", "action_name": "utter_greet"})
    examples = [Message({TEXT: t, INTENT: "greet", REPAIRED: [t.lower()]}) for t in texts]
    data = encoder.process_training_data(TrainingData([*examples, without_text]))
    for text, example in zip(texts, examples, strict=True):
        expected = encoder.encode([text.lower()])
        assert example.get(SENTENCE_VECTORS).shape == (1, 384)
        np.testing.assert_allclose(example.get(SENTENCE_VECTORS), expected, atol=1e-6)
    assert without_text.get(SENTENCE_VECTORS) is None
    assert isinstance(data.fingerprint(), str)


@pytest.mark.parametrize(("many", "of_common"), [(2, 4), (4, 6), (8, 8), (0, 8)])
def test_of_common_labels_a_share_is_encoded(tmp_path: Path, many: int, of_common: int) -> None:
    labels = ["greet"] * 8 + ["thanks"] * 2
    examples = [
        Message({TEXT: f"{label} {n}", INTENT: label, REPAIRED: [f"{label} {n}"]})
        for n, label in enumerate(labels)
    ]
    trained(tmp_path, many_examples=many).process_training_data(TrainingData(examples))
    encoded = [e.get(INTENT) for e in examples if e.get(SENTENCE_VECTORS) is not None]
    assert [encoded.count(label) for label in ("greet", "thanks")] == [of_common, 2]


def test_of_some_intents_a_larger_share_is_encoded(tmp_path: Path) -> None:
    intents = ["greet", "report_condition"]
    examples = [
        Message({TEXT: f"{intent} {n}", INTENT: intent, REPAIRED: [f"{intent} {n}"]})
        for intent in intents
        for n in range(45)
    ]
    trained(tmp_path, many_examples=5).process_training_data(TrainingData(examples))
    encoded = [e.get(INTENT) for e in examples if e.get(SENTENCE_VECTORS) is not None]
    assert [encoded.count(intent) for intent in intents] == [15, 45]


def test_long_examples_are_the_last_to_be_encoded(tmp_path: Path) -> None:
    texts = [f"{LONG} {n}" for n in range(8)] + ["hello", "hi there"]
    examples = [Message({TEXT: text, INTENT: "greet", REPAIRED: [text]}) for text in texts]
    trained(tmp_path, many_examples=1).process_training_data(TrainingData(examples))
    encoded = [e.get(TEXT) for e in examples if e.get(SENTENCE_VECTORS) is not None]
    assert {"hello", "hi there"} < set(encoded)
    assert len(encoded) == 3


def test_vectors_are_stacked_in_order_with_gaps() -> None:
    examples = [Message({TEXT: "a"}), Message({TEXT: "b"}), Message({TEXT: "c"})]
    for position in (0, 2):
        row = np.full((1, 3), position, dtype=np.float32)
        examples[position].set(SENTENCE_VECTORS, row)
    np.testing.assert_array_equal(stacked_vectors(examples)[:, 0], [0.0, np.nan, 2.0])
    with pytest.raises(InvalidConfigException, match="SentenceEncoder must stand before"):
        stacked_vectors([examples[1]])


def test_a_trained_encoder_needs_no_file_of_the_project(copied_files: Path, tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("train_SentenceEncoder")
    context = ExecutionContext(GraphSchema({}))
    config = {"model_dir": str(copied_files), "threads": 1}
    SentenceEncoder.create(config, storage, resource, context).train(TrainingData())
    shutil.rmtree(copied_files)
    loaded = SentenceEncoder.load(config, storage, resource, context)
    assert loaded.encode(["Does it hurt?"]).any()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "provenance.yml"])
def test_a_missing_file_stops_the_training(copied_files: Path, tmp_path: Path, name: str) -> None:
    (copied_files / name).unlink()
    with pytest.raises(InvalidConfigException, match=name):
        trained(tmp_path, copied_files)
    with pytest.raises(InvalidConfigException, match=name):
        SentenceEncoder.fingerprint_addon({"model_dir": str(copied_files)})


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_altered_file_stops_the_training(copied_files: Path, tmp_path: Path, name: str) -> None:
    with (copied_files / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(InvalidConfigException, match=name):
        trained(tmp_path, copied_files)


def test_other_files_make_rasa_train_again(copied_files: Path) -> None:
    tokenizer, provenance = copied_files / "tokenizer.json", copied_files / "provenance.yml"
    before = SentenceEncoder.fingerprint_addon({"model_dir": str(copied_files)})
    assert before == SentenceEncoder.fingerprint_addon({})
    old = provenance.read_text(encoding="utf-8")
    checksum = before[64:]
    tokenizer.write_bytes(tokenizer.read_bytes() + b"\n")
    new_checksum = hashlib.sha256(tokenizer.read_bytes()).hexdigest()
    provenance.write_text(old.replace(checksum, new_checksum), encoding="utf-8")
    assert SentenceEncoder.fingerprint_addon({"model_dir": str(copied_files)}) != before


def test_neither_torch_nor_a_model_hub_is_loaded(encoder: SentenceEncoder) -> None:
    assert not {"torch", "transformers", "huggingface_hub"} & set(sys.modules)
