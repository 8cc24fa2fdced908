"""Checks the data and trains the model, if anything that goes into it has changed."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.commands import data_warnings, run_logged
from scripts.preflight import require_writable
from scripts.report import Problem, run_main
from scripts.settings import ROOT, environment

MODEL = Path("models/assistant.tar.gz")
# The hash of what the model was trained from.
STAMP = Path("models/assistant.inputs")
INPUTS = ("domain.yml", "config.yml", "data", "components", "uv.lock")


def train_if_stale(root: Path, variables: Mapping[str, str]) -> bool:
    """Makes `models/assistant.tar.gz` fit the data; says whether a training was needed.

    One Rasa process does both the validation and the training, as each start of Rasa costs ten
    seconds. A failure leaves the earlier model in place, but not up to date.

    Raises:
        Problem: The data is not valid, or the training failed.
    """
    wanted = inputs_hash(root)
    if is_current(root, wanted):
        print("training: nothing changed, the model is up to date", flush=True)
        return False
    require_writable(root / "models", root / "var")
    print("training: checking the data and training the model", flush=True)
    fresh = root / "models" / "new"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        output = run_logged(
            "training",
            rasa_train(fresh),
            root / "var" / "log" / "train.log",
            env=variables,
            cwd=root,
        )
        if not (fresh / MODEL.name).is_file():
            raise Problem("training ended without a model; its output: var/log/train.log")
        for warning in data_warnings(output):
            print(f"training: note: {warning}", flush=True)
        (root / STAMP).unlink(missing_ok=True)
        (fresh / MODEL.name).replace(root / MODEL)
        (root / STAMP).write_text(wanted + "\n", encoding="ascii")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def rasa_train(folder: Path) -> list[str]:
    """Returns the command that validates, trains, and puts the model into `folder`."""
    return [
        *(sys.executable, "-m", "rasa", "train", "--fail-on-validation-warnings", "--force"),
        *("--out", str(folder), "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
    ]


def is_current(root: Path, wanted: str) -> bool:
    """Says whether the model is there and was trained from inputs with the hash `wanted`."""
    model, stamp = root / MODEL, root / STAMP
    return model.is_file() and stamp.is_file() and stamp.read_text("ascii").strip() == wanted


def inputs_hash(root: Path) -> str:
    """Returns a hash over names and contents of everything that goes into the model.

    Raises:
        Problem: A file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in input_files(root):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as error:
        raise Problem(f"cannot read {error.filename}: {error.strerror}") from error
    return digest.hexdigest()


def input_files(root: Path) -> Iterator[Path]:
    """Yields the files that go into the model, in a fixed order."""
    for name in INPUTS:
        path = root / name
        if path.is_file():
            yield path
        for inner in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in inner.relative_to(root).parts)
            if inner.is_file() and not hidden and "__pycache__" not in inner.parts:
                yield inner


def main() -> int:
    """Runs `make train`."""
    train_if_stale(ROOT, environment())
    return 0


if __name__ == "__main__":
    run_main(main)
