from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from scripts.settings import ROOT

SCRIPT = ROOT / "scripts" / "environment.sh"


def find_python(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the script on a machine that has only the programs in `folder`."""
    nowhere = str(folder / "nowhere")
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), "--find-python"],
        env={"PATH": str(folder), "HOME": nowhere, "PYENV_ROOT": nowhere, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def machine(folder: Path) -> Path:
    """Returns a folder with the one program that the search needs besides a Python."""
    dirname = shutil.which("dirname")
    assert dirname
    (folder / "dirname").symlink_to(dirname)
    return folder


def test_a_machine_without_python_3_10_gets_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    result = find_python(machine(tmp_path))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: Python 3.10 (with venv) was not found")
    assert "pyenv install 3.10" in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_python_under_the_right_name_is_not_taken(tmp_path: Path) -> None:
    program(machine(tmp_path), "python3.10", "exit 1")
    assert find_python(tmp_path).returncode == 1


def test_the_named_python_is_taken(tmp_path: Path) -> None:
    named = program(machine(tmp_path), "mine", f'exec "{sys.executable}" "$@"')
    result = find_python(tmp_path, PYTHON=str(named))
    assert result.returncode == 0, result.stderr
    assert Path(result.stdout.strip()).exists()


def test_a_python_of_pyenv_is_found_where_pyenv_itself_is_not_set_up(tmp_path: Path) -> None:
    folder = tmp_path / "pyenv" / "versions" / "3.10.13" / "bin"
    folder.mkdir(parents=True)
    program(folder, "python3.10", f'exec "{sys.executable}" "$@"')
    result = find_python(machine(tmp_path), PYENV_ROOT=str(tmp_path / "pyenv"))
    assert result.returncode == 0, result.stderr
