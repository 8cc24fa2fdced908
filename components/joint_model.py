"""Two classifiers joined: a regression on sentence vectors, support vectors on n-grams.

Their log probabilities are averaged. The sentence vectors know synonyms and long stories, the
n-grams rare words and misspellings; in one block of features the larger part would drown the other.

How sure the average is depends on the number of examples: with twenty of a label it is right far
more often than it says. So some examples are held out of the training, and what is said of them
tells how much to sharpen (temperature scaling: Guo et al., "On Calibration of Modern Neural
Networks", 2017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import scipy.sparse
from rasa.shared.exceptions import InvalidConfigException
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from components.cores import Helpers, helpers_for
from components.examples import lot

# What a model's file holds: of each linear model and of each part of the n-grams some arrays.
_LINEAR = ("on_vectors", "on_ngrams")
_LEARNT = ("coef_", "intercept_", "classes_")
_NGRAMS, _IDF = "ngrams", "idf"
# Rarer sequences of words are chance, where there are many texts.
_LEAST_WORD_NGRAMS = 5
_MANY_TEXTS = 500
# Fewer held-out examples say nothing of how sure to be, and a label keeps at least so many.
_LEAST_HELD_OUT = 30
_LEAST_OF_LABEL = 4
# Bounds of the exponent, far beyond what was seen (0.9 to 3).
_SHARPNESS = (0.25, 8.0)

# vector_c, ngram_c: inverse regularisation. ngram_sharpness: what the support vectors' distances
# are multiplied by before the softmax. vector_weight: share of the vectors in the joined log
# probabilities, 0 to 1. ngram_range, max_ngrams: of characters within words. word_ngram_range: of
# words; none where it is empty. held_out_share, most_held_out: examples that tell how sure to be.
DEFAULTS: dict[str, Any] = {
    "vector_c": 4.0,
    "vector_weight": 0.5,
    "ngram_c": 1.0,
    "ngram_sharpness": 4.0,
    "ngram_range": [3, 3],
    "max_ngrams": 30000,
    "word_ngram_range": [1, 2],
    "max_iterations": 200,
    "held_out_share": 0.1,
    "most_held_out": 500,
    "random_seed": 20261125,
}


class JointModel:
    """The two classifiers, after `fit` or `load`."""

    def __init__(self, settings: Mapping[str, Any], models: dict[str, Any]) -> None:
        """Takes settings as in `DEFAULTS`, the fitted models and the exponent `sharpness`."""
        self._settings = settings
        self._models = models
        self.labels: list[str] = [str(label) for label in models["on_vectors"].classes_]

    @classmethod
    def fit(
        cls,
        settings: Mapping[str, Any],
        texts: Sequence[str],
        vectors: np.ndarray,
        labels: Sequence[str],
        more: np.ndarray | None = None,
    ) -> JointModel:
        """Fits both.

        Args:
            settings: as in `DEFAULTS`.
            texts: what the n-grams are of.
            vectors: float32 (texts, dimensions); NaN where a text has none and only its n-grams
                are learnt. Each label needs some.
            labels: one for each text.
            more: further features for both, float32 (texts, features).

        Raises:
            InvalidConfigException: there are not two different labels.
        """
        if len(set(labels)) < 2:
            raise InvalidConfigException("A classifier needs training examples of two labels.")
        held_out = _held_out(settings, texts, labels, _encoded(vectors))
        kept = sorted(set(range(len(labels))) - set(held_out))
        model = cls(settings, _fitted(settings, *_chosen(kept, texts, vectors, labels, more)))
        if len(held_out) >= _LEAST_HELD_OUT:
            model._calibrate(*_chosen(held_out, texts, vectors, labels, more))
        return model

    def probabilities(
        self, texts: Sequence[str], vectors: np.ndarray, more: np.ndarray | None = None
    ) -> np.ndarray:
        """Returns the joined probabilities, (texts, labels), in the order of `labels`."""
        weight = self._settings["vector_weight"]
        of_vectors = self._models["on_vectors"].predict_proba(_beside(vectors, more))
        counts = _beside_sparse(self._models["ngrams"].transform(texts), more)
        distances = self._models["on_ngrams"].decision_function(counts)
        # Two labels have one distance, from the first to the second.
        if distances.ndim == 1:
            distances = np.stack([-distances, distances], axis=1)
        of_ngrams = softmax(self._settings["ngram_sharpness"] * distances, axis=1)
        joined: np.ndarray = of_vectors**weight * of_ngrams ** (1 - weight)
        joined **= self._models["sharpness"]
        return joined / joined.sum(axis=1, keepdims=True)

    def _calibrate(
        self,
        texts: Sequence[str],
        vectors: np.ndarray,
        labels: Sequence[str],
        more: np.ndarray | None,
    ) -> None:
        """Sets the exponent that makes the given labels, of unseen texts, the likeliest."""
        said = np.log(np.maximum(self.probabilities(texts, vectors, more), 1e-30))
        columns = {label: column for column, label in enumerate(self.labels)}
        given = [columns[label] for label in labels]

        def surprise(sharpness: float) -> float:
            sharpened = log_softmax(sharpness * said, axis=1)
            return -float(sharpened[np.arange(len(given)), given].mean())

        best = minimize_scalar(surprise, bounds=_SHARPNESS, method="bounded")
        self._models["sharpness"] = float(best.x)

    def save(self, path: Path) -> None:
        """Writes the models to a file as plain arrays.

        They are packed here, in half a second: the archive of the model would take four for it.
        """
        arrays = {"sharpness": np.asarray(self._models["sharpness"])}
        for name in _LINEAR:
            for learnt in _LEARNT:
                arrays[f"{name}.{learnt}"] = getattr(self._models[name], learnt)
        for name, part in self._models["ngrams"].transformer_list:
            # In the order of their columns.
            ngrams = sorted(part.vocabulary_, key=part.vocabulary_.get)
            arrays[f"{name}.{_NGRAMS}"] = np.array(ngrams)
            arrays[f"{name}.{_IDF}"] = part.idf_
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, settings: Mapping[str, Any], path: Path) -> JointModel:
        """Reads the models from a file; no code in it is run.

        Args:
            settings: those that it was fitted with.
            path: what `save` wrote.

        Raises:
            InvalidConfigException: it holds something else.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            models: dict[str, Any] = {"sharpness": float(arrays["sharpness"])}
            models |= {"on_vectors": _regression(settings), "on_ngrams": _support_vectors(settings)}
            for name in _LINEAR:
                for learnt in _LEARNT:
                    setattr(models[name], learnt, arrays[f"{name}.{learnt}"])
            models["ngrams"] = _ngrams(settings)
            for name, part in models["ngrams"].transformer_list:
                ngrams = arrays[f"{name}.{_NGRAMS}"].tolist()
                part.vocabulary_ = {ngram: column for column, ngram in enumerate(ngrams)}
                part.idf_ = arrays[f"{name}.{_IDF}"]
        except (BadZipFile, EOFError, KeyError, ValueError) as error:
            raise InvalidConfigException(f"{path.name} holds no model: {error}") from error
        return cls(settings, models)


def _fitted(
    settings: Mapping[str, Any],
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    more: np.ndarray | None,
) -> dict[str, Any]:
    encoded = _encoded(vectors)
    learnt = _Examples(
        settings, texts, _beside(vectors, more)[encoded], np.asarray(labels)[encoded]
    )
    number = helpers_for(len(labels))
    parts = _ngrams(settings, _LEAST_WORD_NGRAMS if len(texts) >= _MANY_TEXTS else 1)
    names, (first, *others) = zip(*parts.transformer_list, strict=True)
    # One core counts the pieces of words, the other words; then that fits the regression.
    with Helpers(learnt, min(number, 1)) as helper:
        counting = [helper.submit(_counted, part) for part in others]
        regression = helper.submit(_fitted_on_vectors)
        counted = [_counted(learnt, first), *(part.result() for part in counting)]
        counts = scipy.sparse.hstack([matrix for _, matrix in counted]).tocsr()
        # Of anything else LinearSVC would make a copy for each label.
        features = _beside_sparse(counts, more).astype(np.float64)
        learnt = learnt._replace(features=features, labels=np.asarray(labels))
        of_ngrams = _fitted_on_ngrams(learnt, number)
        of_vectors = regression.result()
    fitted = [part for part, _ in counted]
    ngrams = FeatureUnion(list(zip(names, fitted, strict=True)))
    return {"ngrams": ngrams, "on_vectors": of_vectors, "on_ngrams": of_ngrams, "sharpness": 1.0}


class _Examples(NamedTuple):
    """What is learnt: texts; features (examples, features), and a label, str, for each of these."""

    settings: Mapping[str, Any]
    texts: Sequence[str]
    features: Any
    labels: np.ndarray


def _counted(learnt: _Examples, part: TfidfVectorizer) -> tuple[TfidfVectorizer, Any]:
    """The fitted part, and its counts, sparse float32 (texts, n-grams)."""
    return part, part.fit_transform(learnt.texts)


def _fitted_on_vectors(learnt: _Examples) -> LogisticRegression:
    with threadpool_limits(1):
        return _regression(learnt.settings).fit(learnt.features, learnt.labels)


def _fitted_on_ngrams(learnt: _Examples, number: int) -> LinearSVC:
    """Support vectors of each label against all others, a label at a time in each process.

    Ten times as fast as a regression on so many features, and as good.
    """
    joined = _support_vectors(learnt.settings)
    joined.classes_ = np.unique(learnt.labels)
    # Two labels need one distance, from the first to the second.
    labels = joined.classes_ if len(joined.classes_) > 2 else joined.classes_[1:]
    # Processes, no threads: the solver draws from one generator, which threads would share.
    # scikit-learn's own way to several processes would first give each a copy of the features.
    with Helpers(learnt, number) as helpers:
        fitted = helpers.map(_against_others, labels)
    # One model of all labels, as LinearSVC makes it; more digits only take space.
    joined.coef_ = np.vstack([coefficients for coefficients, _ in fitted]).astype(np.float32)
    joined.intercept_ = np.concatenate([intercept for _, intercept in fitted])
    return joined


def _against_others(learnt: _Examples, label: str) -> tuple[np.ndarray, np.ndarray]:
    fitted = _support_vectors(learnt.settings).fit(learnt.features, learnt.labels == label)
    return fitted.coef_, fitted.intercept_


def _regression(settings: Mapping[str, Any]) -> LogisticRegression:
    return LogisticRegression(
        C=settings["vector_c"],
        tol=1e-3,
        max_iter=settings["max_iterations"],
        random_state=settings["random_seed"],
    )


def _support_vectors(settings: Mapping[str, Any]) -> LinearSVC:
    # The dual form comes as near to the solution in two thirds of the time.
    return LinearSVC(
        C=settings["ngram_c"], dual=True, tol=0.1, random_state=settings["random_seed"]
    )


def _encoded(vectors: np.ndarray) -> list[int]:
    """Positions of the examples with a vector."""
    return [int(position) for position in np.flatnonzero(~np.isnan(vectors[:, 0]))]


def _held_out(
    settings: Mapping[str, Any],
    texts: Sequence[str],
    labels: Sequence[str],
    encoded: Sequence[int],
) -> list[int]:
    """Positions of the examples that are not learnt from, the same ones for a seed."""
    wanted = min(int(settings["held_out_share"] * len(labels)), settings["most_held_out"])
    left = Counter(labels[position] for position in encoded)
    held_out: list[int] = []
    purpose = f"{settings['random_seed']}/held out"
    for position in sorted(encoded, key=lambda position: lot(purpose, texts[position])):
        if len(held_out) == wanted:
            break
        if left[labels[position]] > _LEAST_OF_LABEL:
            left[labels[position]] -= 1
            held_out.append(position)
    return held_out


def _chosen(
    positions: Sequence[int],
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    more: np.ndarray | None,
) -> tuple[list[str], np.ndarray, list[str], np.ndarray | None]:
    return (
        [texts[position] for position in positions],
        vectors[positions],
        [labels[position] for position in positions],
        None if more is None else more[positions],
    )


def _ngrams(settings: Mapping[str, Any], least_words: int = 1) -> FeatureUnion:
    parts = [
        (
            "characters",
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=tuple(settings["ngram_range"]),
                max_features=settings["max_ngrams"],
                sublinear_tf=True,
                dtype=np.float32,
            ),
        )
    ]
    if settings["word_ngram_range"]:
        words = TfidfVectorizer(
            token_pattern=r"[\w']+",
            ngram_range=tuple(settings["word_ngram_range"]),
            min_df=least_words,
            sublinear_tf=True,
            dtype=np.float32,
        )
        parts.append(("words", words))
    return FeatureUnion(parts)


def _beside(vectors: np.ndarray, more: np.ndarray | None) -> np.ndarray:
    return vectors if more is None else np.hstack([vectors, more])


def _beside_sparse(counts: Any, more: np.ndarray | None) -> Any:
    return counts if more is None else scipy.sparse.hstack([counts, more]).tocsr()
