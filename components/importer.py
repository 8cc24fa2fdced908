"""Reading of the training data, once for each process."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

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
            _read[key] = super().get_nlu_data(language)
        return _read[key]
