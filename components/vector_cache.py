"""Vectors of training questions, kept from one training to the next.

Encoding takes half of a training's time, and most questions are the same as last time.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

logger = logging.getLogger(__name__)


class VectorCache:
    """A file of vectors by text, for one encoder.

    A file that is missing or broken counts as empty, and one that cannot be written is left out:
    then the training takes its full time, and nothing else changes.
    """

    def __init__(self, folder: Path, encoder: str) -> None:
        """Takes the folder and the encoder's checksum."""
        self._path = folder / f"sentence_vectors_{encoder[:16]}.npz"

    def complete(self, texts: list[str], encode: Callable[[list[str]], np.ndarray]) -> np.ndarray:
        """Returns the vectors of texts, and keeps exactly these for the next time.

        Args:
            texts: what is to be encoded, at least one.
            encode: maps texts to vectors, float32 (texts, dimensions).

        Returns:
            float32 (texts, dimensions), in the order of the texts.
        """
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        known = self._read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known.update(zip(missing, encode(list(missing.values())), strict=True))
        used = list(dict.fromkeys(keys))
        if missing or len(used) < len(known):
            self._write(used, np.stack([known[key] for key in used]))
        return np.stack([known[key] for key in keys])

    def _read(self) -> dict[bytes, np.ndarray]:
        try:
            with np.load(self._path, allow_pickle=False) as kept:
                keys, vectors = kept["keys"], kept["vectors"]
        except FileNotFoundError:
            return {}
        except Exception as error:
            # NumPy raises whatever the zip reader and the header parser raise.
            logger.warning("The kept vectors in %s are not used: %s", self._path, error)
            return {}
        return dict(zip(map(bytes, keys), vectors, strict=True))

    def _write(self, keys: list[bytes], vectors: np.ndarray) -> None:
        as_bytes = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), -1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._path.parent) as folder:
                fresh = Path(folder) / "vectors.npz"
                np.savez(fresh, keys=as_bytes, vectors=vectors)
                fresh.replace(self._path)
            for old in self._path.parent.glob("sentence_vectors_*.npz"):
                if old != self._path:
                    old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("The vectors could not be kept in %s: %s", self._path, error)
