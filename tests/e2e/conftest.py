"""The running assistant, once for all end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.settings import ROOT
from scripts.train import MODEL
from tests.e2e.servers import Assistant


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The servers as `make run` starts them, on ports and a database of their own."""
    if not (ROOT / MODEL).is_file():
        pytest.exit(f"there is no {MODEL}: run `make train` first", returncode=1)
    running = Assistant(tmp_path_factory.mktemp("assistant"))
    try:
        try:
            running.start()
        except RuntimeError as error:
            pytest.exit(str(error), returncode=1)
        yield running
    finally:
        running.stop()
