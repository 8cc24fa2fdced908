from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.preflight import require_free_ports, require_writable
from scripts.report import Problem


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_named_with_the_variable_that_changes_it(
    address: str, variables: dict[str, str]
) -> None:
    listener = socket.create_server((address, int(variables["ACTION_PORT"])))
    with listener, pytest.raises(Problem) as problem:
        require_free_ports(variables)
    text = str(problem.value)
    assert variables["ACTION_PORT"] in text
    assert "ACTION_PORT=<port> make run" in text
    assert "\n" not in text


def test_free_ports_pass(variables: dict[str, str]) -> None:
    require_free_ports(variables)


def test_the_two_ports_must_differ(free_port: Callable[[], int]) -> None:
    port = str(free_port())
    with pytest.raises(Problem, match="must differ"):
        require_free_ports({"RASA_PORT": port, "ACTION_PORT": port})


def test_a_folder_is_made_for_this_user_only(tmp_path: Path) -> None:
    require_writable(tmp_path / "var")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in its place")
    with pytest.raises(Problem, match=r"cannot write in .*/var/: File exists"):
        require_writable(tmp_path / "var")
