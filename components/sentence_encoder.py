"""The sentence encoder: turns texts into vectors whose nearness is nearness of meaning."""

from __future__ import annotations

import hashlib
import math
import os
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Encoding, Tokenizer

from components.examples import (
    THEME_SEPARATOR,
    TOGETHER,
    WITH_VECTOR,
    label_of,
    labelled_examples,
    sample,
)
from components.spelling import REPAIRED
from components.vector_cache import VectorCache

SENTENCE_VECTORS = "sentence_vectors"
DIMENSIONS = 384
MOST_TOKENS = 128

_MODEL = "model.onnx"
_TOKENIZER = "tokenizer.json"
_PROVENANCE = "provenance.yml"
_BATCH = 8


class SentenceVectors(np.ndarray):
    """Vectors with a fingerprint of their own.

    Rasa fingerprints all that a training step writes; of an array it would take the printed form,
    which takes longer than the encoding.
    """

    def fingerprint(self) -> str:
        """The checksum of the bytes."""
        return hashlib.sha256(self.tobytes()).hexdigest()


# Trainable although it learns nothing: Rasa puts a component's files into the model archive only
# when a train step returns them as its resource.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Writes the property `sentence_vectors`, float32 (texts, 384), of the `repaired_texts`.

    Training copies the encoder from the project into the model archive; from then on the archive's
    copy is the one that runs, in training as in service.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Folders of the encoder and of vectors from earlier trainings, and threads per text.

        The folders are relative to the project's; without `cache_dir` every training encodes anew.
        `many_examples`: of a label with more, only so many examples get a vector, four times as
        many where there are sixteen times as many; 0 for all. Encoding takes a third of a
        training's time, and thousands of examples of what is foreign or of nobody would make
        everything look like it. The words of all are learnt. `many_of`: the same for some labels,
        all labels of an intent ("/+": those of several statements, taken together): statements are
        told apart by what hardly shows in words. `short_characters`: examples up to this length
        are the first to get one: encoding takes as long as a text is, and a long message is read
        by its clauses, too.
        """
        return {
            "model_dir": "components/encoder",
            "cache_dir": None,
            "threads": 1,
            "short_characters": 190,
            "many_examples": 56,
            "many_of": {
                "out_of_scope": 110,
                "report_condition": 66,
                "report_condition/+": 600,
                "report_condition/nobody": 220,
                "self_harm": 110,
                "urgent_symptoms": 110,
            },
        }

    @staticmethod
    def required_packages() -> list[str]:
        """A new version of these may change the vectors, so it makes Rasa train again."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Makes Rasa train again when the encoder's files change.

        Raises:
            InvalidConfigException: when a file is missing or altered.
        """
        return "".join(checked_files(_folder({**cls.get_default_config(), **config})).values())

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        session: onnxruntime.InferenceSession | None = None,
        tokenizer: Tokenizer | None = None,
    ) -> None:
        """Takes the configuration and, after a load, the running model and its tokeniser."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Rasa's factory for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """Rasa's factory for a trained model; reads nothing outside the model archive."""
        with model_storage.read_from(resource) as folder:
            session = _open_session(folder / _MODEL, int(config["threads"]))
            tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        # The file itself asks for padding to a fixed length, which would only cost time.
        tokenizer.no_padding()
        tokenizer.enable_truncation(MOST_TOKENS)
        return cls(config, model_storage, resource, session, tokenizer)

    def train(self, training_data: TrainingData) -> Resource:
        """Copies the encoder into the model archive; nothing is learnt from the data.

        Raises:
            InvalidConfigException: when a file is missing or is not the one of provenance.yml.
        """
        source = _folder(self._config)
        files = checked_files(source)
        with self._model_storage.write_to(self._resource) as folder:
            for name in (*files, _PROVENANCE):
                shutil.copyfile(source / name, folder / name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Sets the vector, (1, 384), of every training example with a text, or of a share."""
        examples = self._encoded(labelled_examples(training_data))
        texts = [e.get(REPAIRED)[0] for e in examples]
        if self._config["cache_dir"]:
            folder = Path(__file__).parent.parent / self._config["cache_dir"]
            cache = VectorCache(folder, checked_files(_folder(self._config))[_MODEL])
            vectors = cache.complete(texts, self._encode_on_all_cores)
        else:
            vectors = self._encode_on_all_cores(texts)
        for example, vector in zip(examples, vectors, strict=True):
            row = vector[np.newaxis].view(SentenceVectors)
            example.set(SENTENCE_VECTORS, row, add_to_output=False)
        return training_data

    def _encoded(self, examples: list[Message]) -> list[Message]:
        """Of labels with many examples a share, as `many_examples` and `many_of` say."""
        many_examples = self._config["many_examples"]
        if not many_examples:
            return examples
        of_group = Counter(_group_of(label_of(example)) for example in examples)

        def number(group: str) -> int:
            many_of = self._config["many_of"]
            of_intent = many_of.get(group.partition(THEME_SEPARATOR)[0], many_examples)
            many = many_of.get(group, of_intent)
            return round(math.sqrt(many * max(many, of_group[group])))

        def is_short(example: Message) -> bool:
            return len(example.get(REPAIRED)[0]) <= self._config["short_characters"]

        return sample(examples, _group_of, number, WITH_VECTOR, is_short)

    def _encode_on_all_cores(self, texts: list[str]) -> np.ndarray:
        """As `encode`; the model releases Python's lock while it runs: a thread a core."""
        cores = os.cpu_count() or 1
        with ThreadPoolExecutor(cores) as pool:
            shares = pool.map(self.encode, (texts[first::cores] for first in range(cores)))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for first, share in enumerate(shares):
            vectors[first::cores] = share
        return vectors

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the vectors of messages in place, a row for each text."""
        for message in messages:
            vectors = self.encode(message.get(REPAIRED))
            message.set(SENTENCE_VECTORS, vectors, add_to_output=False)
        return messages

    def encode(self, texts: list[str]) -> np.ndarray:
        """Encodes texts; each is cut to 128 tokens.

        Returns:
            float32 (texts, 384), in the order of the texts. A row has length 1, or is all zeros for
            a blank text. A text's vector does not depend on the texts beside it.
        """
        assert self._session and self._tokenizer, "load() comes before encode()"
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(texts)
        filled = [position for position, text in enumerate(texts) if text.strip()]
        filled.sort(key=lambda position: len(encodings[position]))
        # Texts of one length share a run, so that no time goes into padding.
        for _, group in groupby(filled, key=lambda position: len(encodings[position])):
            same_length = list(group)
            for start in range(0, len(same_length), _BATCH):
                batch = same_length[start : start + _BATCH]
                vectors[batch] = _run(self._session, [encodings[position] for position in batch])
        return vectors


def stacked_vectors(examples: list[Message]) -> np.ndarray:
    """The vectors of whole messages, float32 (messages, 384); NaN where an example has none.

    Raises:
        InvalidConfigException: no example has one.
    """
    vectors = [example.get(SENTENCE_VECTORS) for example in examples]
    known = [np.asarray(vector[0]) for vector in vectors if vector is not None]
    if not known:
        raise InvalidConfigException("SentenceEncoder must stand before the classifiers.")
    stacked = np.full((len(vectors), len(known[0])), np.nan, dtype=np.float32)
    stacked[[vector is not None for vector in vectors]] = known
    return stacked


def _group_of(label: str) -> str:
    """Labels by themselves; hundreds of pairs of statements, of few examples each, together."""
    intent, _, statements = label.partition(THEME_SEPARATOR)
    return f"{intent}{THEME_SEPARATOR}{TOGETHER}" if TOGETHER in statements else label


def checked_files(folder: Path) -> dict[str, str]:
    """Compares the encoder's files with the checksums in its provenance.yml.

    Returns:
        File name to SHA-256, of the model and the tokeniser.

    Raises:
        InvalidConfigException: when a file or its checksum is missing, or they differ.
    """
    provenance = yaml.safe_load(_read(folder / _PROVENANCE)) or {}
    expected = provenance.get("files") or {}
    found = {
        name: hashlib.sha256(_read(folder / name)).hexdigest() for name in (_MODEL, _TOKENIZER)
    }
    for name, checksum in found.items():
        if checksum != expected.get(name):
            raise InvalidConfigException(
                f"The sentence encoder's file '{folder / name}' is not the one that {_PROVENANCE} "
                "describes. Restore it, or make it again with scripts/export_encoder.py."
            )
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidConfigException(
            f"The sentence encoder's file '{path}' cannot be read. Restore it, correct `model_dir` "
            "in config.yml, or make it with scripts/export_encoder.py."
        ) from error


def _folder(config: dict[str, Any]) -> Path:
    return Path(__file__).parent.parent / config["model_dir"]


def _open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _run(session: onnxruntime.InferenceSession, encodings: list[Encoding]) -> np.ndarray:
    inputs = {
        "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
        "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
    }
    return session.run(["embedding"], inputs)[0]
