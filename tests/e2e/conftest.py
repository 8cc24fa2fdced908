"""The running assistants, once for all end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.settings import ROOT
from scripts.train import MODEL
from tests.e2e.servers import Assistant

_LAST = "test_logs.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The logs are read when everything has been said."""
    items.sort(key=lambda item: item.path == Path(__file__).with_name(_LAST))


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The servers as `make run` starts them, on ports and a database of their own."""
    with _running(tmp_path_factory.mktemp("assistant")) as running:
        yield running


@pytest.fixture(scope="session")
def assistants(
    assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Assistant]]:
    """One for each of two cores, for the thousands of questions of the exams."""
    with _running(tmp_path_factory.mktemp("second_assistant")) as second:
        yield [assistant, second]


@contextmanager
def _running(folder: Path) -> Iterator[Assistant]:
    if not (ROOT / MODEL).is_file():
        pytest.exit(f"there is no {MODEL}: run `make train` first", returncode=1)
    running = Assistant(folder)
    try:
        try:
            running.start()
        except RuntimeError as error:
            pytest.exit(str(error), returncode=1)
        yield running
    finally:
        running.stop()
