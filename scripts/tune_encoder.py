"""Contrastive fine-tuning of the sentence encoder on the training questions.

Questions of one label are drawn together and those of different labels apart (supervised
contrastive loss, Khosla et al. 2020), while a linear head on the same vectors learns to name the
label (cross entropy). The head is thrown away: the assistant trains its own. Part of the questions
gets slips of the pen, so that a misspelt word ends up beside the word.

`scripts/export_encoder.py` calls this; it needs torch, which the assistant itself never has.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from tokenizers import Tokenizer

# Letters that lie beside a letter on an English keyboard.
_BESIDE = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        (
            *("wa", "qes", "wrd", "etf", "ryg", "tuh", "yij", "uok", "ipl", "ol"),
            *("qsz", "adwx", "sfec", "dgrv", "fhtb", "gjyn", "hkum", "jli", "ko"),
            *("xas", "zcsd", "xvdf", "cbfg", "vnhg", "bmhj", "nkj"),
        ),
        strict=True,
    )
)
_PER_LABEL = 4
_LABEL_SMOOTHING = 0.05
_HEAD_SCALE = 20.0
_WARM_UP = 0.1


@dataclass(frozen=True)
class Tuning:
    """The settings of a fine-tuning.

    Attributes:
        epochs: how often each question is seen, on average.
        batch_size: questions in one step, four of each label.
        learning_rate: of the transformer; the head's is fixed.
        temperature: of the contrastive loss.
        contrastive_weight: of the contrastive loss beside the cross entropy.
        misspelt_share: share of questions that get slips of the pen.
        longest: tokens that are read of a question.
        seed: of everything that is drawn at random.
    """

    epochs: float = 2.5
    batch_size: int = 64
    learning_rate: float = 6e-5
    temperature: float = 0.08
    contrastive_weight: float = 0.5
    misspelt_share: float = 0.3
    longest: int = 96
    seed: int = 20261125


@dataclass(frozen=True)
class Question:
    """A training question with its label: an intent, with its theme or what it states, if any."""

    text: str
    label: str


def read_questions(folder: Path) -> list[Question]:
    """Reads all examples of data/nlu, in the order of the files.

    An example that states two conditions is a question of both, and ends up near either.
    """
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            texts = [line.removeprefix("- ").strip() for line in lines]
            states = block.get("metadata", {}).get("states", [])
            labels = [f"{block['intent']}/{state}" for state in states] or [block["intent"]]
            found += [Question(text, label) for label in labels for text in texts if text]
    return found


def provenance(questions: Sequence[Question], tuning: Tuning) -> dict[str, Any]:
    """Describes a fine-tuning: the questions' number and checksum, and the settings."""
    lines = "\n".join(f"{question.label}\t{question.text}" for question in questions)
    return {
        "questions": len(questions),
        "questions_sha256": hashlib.sha256(lines.encode()).hexdigest(),
        **asdict(tuning),
    }


def tune(
    model: torch.nn.Module, tokenizer: Tokenizer, questions: Sequence[Question], tuning: Tuning
) -> None:
    """Fine-tunes a sentence model in place.

    Args:
        model: maps input ids and mask, both int64 (texts, tokens), to unit vectors.
        tokenizer: the model's own; its padding is switched off here.
        questions: at least four of each label.
        tuning: the settings.
    """
    torch.manual_seed(tuning.seed)
    tokenizer.no_padding()
    tokenizer.enable_truncation(tuning.longest)
    batches = _Batches(questions, tuning)
    head = torch.nn.Parameter(_class_means(model, tokenizer, batches))
    optimiser = torch.optim.AdamW(
        [
            {"params": model.parameters(), "lr": tuning.learning_rate, "weight_decay": 0.01},
            {"params": [head], "lr": 1e-2, "weight_decay": 0.0},
        ]
    )
    steps = int(tuning.epochs * len(questions) / tuning.batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1, (step + 1) / (_WARM_UP * steps)) * max(0.02, 1 - step / steps),
    )
    model.train()
    for step in range(steps):
        texts, labels = batches.draw()
        vectors = _encode(model, tokenizer, texts)
        loss = _naming_loss(vectors, head, labels)
        loss = loss + tuning.contrastive_weight * _contrastive_loss(
            vectors, labels, tuning.temperature
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        if step % 25 == 0:
            print(f"tuning: step {step} of {steps}, loss {loss.item():.3f}", flush=True)
    model.eval()


class _Batches:
    """Draws batches: a few labels each time, some questions of each, all seen equally often."""

    def __init__(self, questions: Sequence[Question], tuning: Tuning) -> None:
        self._tuning = tuning
        self._random = random.Random(tuning.seed)
        self._choice = np.random.default_rng(tuning.seed)
        self._texts: dict[str, list[str]] = defaultdict(list)
        for question in questions:
            self._texts[question.label].append(question.text)
        self.labels = sorted(self._texts)
        self._left: dict[str, list[str]] = {label: [] for label in self.labels}
        # By the root of their number: rare labels are seen more often than their share.
        weights = np.sqrt([len(self._texts[label]) for label in self.labels])
        self._weights = weights / weights.sum()

    def first(self, label: str, number: int) -> list[str]:
        return self._texts[label][:number]

    def draw(self) -> tuple[list[str], torch.Tensor]:
        number = self._tuning.batch_size // _PER_LABEL
        chosen = self._choice.choice(len(self.labels), number, replace=False, p=self._weights)
        texts: list[str] = []
        for position in chosen:
            texts += [self._next(self.labels[position]) for _ in range(_PER_LABEL)]
        return texts, torch.tensor(np.repeat(chosen, _PER_LABEL))

    def _next(self, label: str) -> str:
        if not self._left[label]:
            self._left[label] = list(self._texts[label])
            self._random.shuffle(self._left[label])
        text = self._left[label].pop()
        if self._random.random() < self._tuning.misspelt_share:
            return misspell(text, self._random)
        return text


def misspell(text: str, chance: random.Random) -> str:
    """Puts slips of the pen into some of a text's longer words.

    A letter is left out, swapped with the next, doubled, or is the key beside it.
    """
    words = text.split(" ")
    for position, word in enumerate(words):
        if len(word) < 4 or chance.random() >= 0.18:
            continue
        place = chance.randrange(1, len(word) - 1)
        letter = word[place]
        words[position] = chance.choice(
            [
                word[:place] + word[place + 1 :],
                word[:place] + word[place + 1] + letter + word[place + 2 :],
                word[:place] + letter + word[place:],
                word[:place]
                + chance.choice(_BESIDE.get(letter.lower(), letter))
                + word[place + 1 :],
            ]
        )
    return " ".join(words)


def _class_means(model: torch.nn.Module, tokenizer: Tokenizer, batches: _Batches) -> torch.Tensor:
    """The head's beginning, (labels, dimensions): the mean vector of some questions a label."""
    model.eval()
    with torch.no_grad():
        means = [
            _encode(model, tokenizer, batches.first(label, 24)).mean(0) for label in batches.labels
        ]
    return torch.nn.functional.normalize(torch.stack(means), dim=1)


def _encode(model: torch.nn.Module, tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Vectors of texts, in parts of similar length so that little time goes into padding."""
    encodings = tokenizer.encode_batch(texts)
    order = sorted(range(len(texts)), key=lambda position: len(encodings[position]))
    size = -(-len(texts) // 4)
    parts = []
    for start in range(0, len(order), size):
        part = [encodings[position] for position in order[start : start + size]]
        longest = max(len(encoding) for encoding in part)
        ids = torch.zeros(len(part), longest, dtype=torch.long)
        mask = torch.zeros(len(part), longest, dtype=torch.long)
        for row, encoding in enumerate(part):
            ids[row, : len(encoding)] = torch.tensor(encoding.ids)
            mask[row, : len(encoding)] = 1
        parts.append(model(ids, mask))
    return torch.cat(parts)[torch.tensor(np.argsort(order))]


def _naming_loss(vectors: torch.Tensor, head: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    logits = vectors @ torch.nn.functional.normalize(head, dim=1).T * _HEAD_SCALE
    return torch.nn.functional.cross_entropy(logits, labels, label_smoothing=_LABEL_SMOOTHING)


def _contrastive_loss(
    vectors: torch.Tensor, labels: torch.Tensor, temperature: float
) -> torch.Tensor:
    itself = torch.eye(len(labels), dtype=torch.bool)
    nearness = (vectors @ vectors.T / temperature).masked_fill(itself, -1e9)
    same = (labels[:, None] == labels[None, :]) & ~itself
    shares = nearness - torch.logsumexp(nearness, 1, keepdim=True)
    return -((shares * same).sum(1) / same.sum(1)).mean()
