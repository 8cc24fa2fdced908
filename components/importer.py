"""Reading of the training data, once for each process."""

from __future__ import annotations

import copy
import gc
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import deep_container_fingerprint

from components.cores import Helpers, helpers_for

# Fewer bytes are read before other processes have started.
_LEAST_BYTES = 500_000
_TO_JSON = json.JSONEncoder(sort_keys=True).encode

_Key = tuple[tuple[str, int], ...]
_read: dict[_Key, TrainingData] = {}


class ReadOnceImporter(RasaFileImporter):
    """Rasa's importer of files, for tens of thousands of questions.

    `rasa train` reads all data twice, to validate and to train. Its readers merge what they get
    into copies, so that both can have the same.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Reads the questions (see Rasa), again only where a file has changed."""
        key = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        if key not in _read:
            _read.clear()
            _spare_the_collector()
            _read[key] = TrainingData().merge(*_load_all(self._nlu_files, language))
            _spare_the_collector()
        return _read[key]


def _load_all(paths: Sequence[str], language: str | None) -> list[TrainingData]:
    """Reads files on all cores: parsing is Python, whose lock lets threads read in turn only."""
    sizes = {path: Path(path).stat().st_size for path in paths}
    # The largest first, so that no core waits long for the last one.
    largest_first = sorted(paths, key=lambda path: -sizes[path])
    with Helpers(language, helpers_for(sum(sizes.values()), _LEAST_BYTES)) as helpers:
        read = dict(zip(largest_first, helpers.map(_try_to_load, largest_first), strict=True))
    return [_load(language, path) if read[path] is None else read[path] for path in paths]


def _try_to_load(language: str | None, path: str) -> TrainingData | None:
    # Rasa's errors do not survive the way from one process to another: the first one reads such a
    # file again and meets its error there.
    try:
        return _load(language, path)
    except Exception:
        return None


def _load(language: str | None, path: str) -> TrainingData:
    # Exchanged before the files are merged, which copies and compares each example.
    data = load_data(path, language)
    data.training_examples = [_Example.of(message) for message in data.training_examples]
    return data


def _spare_the_collector() -> None:
    """Keeps Python from searching all that is there for garbage, again and again.

    A training makes millions of objects and drops nearly none of them in cycles.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


class _Example(Message):
    """A training example that is cheap to copy and to hash.

    Rasa copies all of them at every merge on their way to the pipeline, looks for duplicates by a
    hash over the whole content, and hashes them anew behind each step of the training. A copy here
    keeps the hash of its original, and what is text already is not made text for the hash.
    """

    @classmethod
    def of(cls, message: Message) -> _Example:
        """The same message, with its hash."""
        example = cls(message.data, message.output_properties, message.time, message.features)
        example.fingerprint()
        return example

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Sets a property (see Rasa); the same words again leave the hash alone."""
        is_same = isinstance(info, str) and self.data.get(prop) == info
        if add_to_output or not is_same:
            super().set(prop, info, add_to_output)

    def fingerprint(self) -> str:
        """The checksum of all properties and features, whatever their order (see Rasa)."""
        kept: str | None = self._cached_fingerprint
        if kept is None:
            parts = [f"{key}\0{_as_text(value)}" for key, value in sorted(self.data.items())]
            parts += map(deep_container_fingerprint, self.features)
            kept = hashlib.md5("\0".join(parts).encode()).hexdigest()
            self._cached_fingerprint: str | None = kept
        return kept

    def __deepcopy__(self, memo: dict[int, Any]) -> _Example:
        """A copy that shares texts and the metadata, which nothing changes."""
        duplicate = _Example.__new__(_Example)
        duplicate.__dict__.update(self.__dict__)
        duplicate.data = self.data.copy()
        for key, value in self.data.items():
            if not isinstance(value, str) and key != METADATA:
                duplicate.data[key] = copy.deepcopy(value, memo)
        duplicate.features = copy.deepcopy(self.features, memo) if self.features else []
        duplicate.output_properties = self.output_properties.copy()
        return duplicate


def _as_text(value: Any) -> str:
    """What is hashed of a property."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        # What the files hold is JSON, which is written far more quickly.
        with suppress(TypeError):
            return _TO_JSON(value)
    return deep_container_fingerprint(value)
