"""The steps of a run, each in processes of its own, and what of an earlier run can be kept."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.report import Problem

Result = dict[str, Any]


class Store:
    """Keeps the result of each step, so that a broken run can be continued.

    Made before anything is read: all steps of a run are about the inputs as they are then.
    """

    def __init__(self, root: Path, folder: Path, inputs: Iterable[Path], *, resume: bool) -> None:
        """Keeps results in `folder`; with `resume`, earlier ones that still fit are taken.

        Raises:
            Problem: One of the inputs of the whole run is missing or cannot be read.
        """
        self.root = root
        self.folder = folder
        self.resume = resume
        self.at_start = fingerprints(root, inputs)

    def step(
        self,
        name: str,
        inputs: Sequence[Path],
        options: Mapping[str, Any],
        work: Callable[[], Result],
        *,
        needs: Path | None = None,
    ) -> Result:
        """Returns what `work` returns and the `day` of it, or the same from an earlier run.

        Args:
            name: The step's name, e.g. `ours/training`.
            inputs: Those of the run's inputs that the result depends on.
            options: Whatever else it depends on.
            work: Does the step.
            needs: A file that the step leaves behind and that has to be there still.

        Raises:
            Problem: The inputs have changed since the start of the run.
        """
        path = self.folder / f"{name}.json"
        wanted = combined(
            {top.as_posix(): self.at_start[top.as_posix()] for top in inputs}, options
        )
        if self.resume and (needs is None or needs.is_file()):
            kept = read_result(path, wanted)
            if kept is not None:
                print(f"{name}: kept from {kept['day']}", flush=True)
                return kept
        self.require_unchanged(name, inputs)
        found = {**work(), "day": datetime.date.today().isoformat()}
        self.require_unchanged(name, inputs)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"fingerprint": wanted, "result": found})
        path.write_text(text, encoding="utf-8")
        return found

    def require_unchanged(self, name: str, inputs: Iterable[Path]) -> None:
        """Checks that the inputs are what they were at the start.

        Raises:
            Problem: They are not; the text names those that changed.
        """
        now = fingerprints(self.root, inputs)
        changed = [top for top, of_top in now.items() if of_top != self.at_start[top]]
        if changed:
            raise Problem(
                f"{name}: changed since the start of the run: {', '.join(changed)};"
                " leave them alone meanwhile, and start again with --resume"
            )


def read_result(path: Path, wanted: str) -> Result | None:
    """Returns a step's result, unless there is none or it was made from something else."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("fingerprint") != wanted:
        return None
    result = kept.get("result")
    return result if isinstance(result, dict) else None


def fingerprints(root: Path, inputs: Iterable[Path]) -> dict[str, str]:
    """Returns a hash of each file or folder, over the names and contents of all that is in it.

    Raises:
        Problem: An input is missing or cannot be read.
    """
    found = {}
    try:
        for top in inputs:
            digest = hashlib.sha256()
            for path in files_in(root / top):
                digest.update(f"{path.relative_to(root / top).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
            found[top.as_posix()] = digest.hexdigest()
    except OSError as error:
        raise Problem(f"cannot read {error.filename}: {error.strerror}") from error
    return found


def combined(hashes: Mapping[str, str], options: Mapping[str, Any]) -> str:
    """Returns one hash of all inputs and options."""
    text = json.dumps([dict(hashes), dict(options)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def files_in(top: Path) -> list[Path]:
    """Returns the file itself, or the files of a folder in a fixed order, caches left out."""
    if not top.is_dir():
        return [top]
    inner = (path for path in top.rglob("*") if "__pycache__" not in path.parts)
    return sorted(path for path in inner if path.is_file())
