"""The training data and the domain as Rasa reads them, once for all contract tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.said import ROOT

if TYPE_CHECKING:
    from rasa.shared.core.domain import Domain
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.shared.nlu.training_data.training_data import TrainingData


@pytest.fixture(scope="session")
def importer() -> TrainingDataImporter:
    from rasa.shared.importers.importer import TrainingDataImporter

    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )


@pytest.fixture(scope="session")
def loaded_domain(importer: TrainingDataImporter) -> Domain:
    return importer.get_domain()


@pytest.fixture(scope="session")
def nlu_data(importer: TrainingDataImporter) -> TrainingData:
    return importer.get_nlu_data()
