"""Reading of conditions, medicines and other health matters: the entity `condition`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.health_lexicon import Lexicon, load_lexicon
from components.health_reading import own_body_mass_index, read_health
from components.text import CLEANED


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class HealthReader(GraphComponent):
    """Adds an entity `condition` for each mention, with the fields of `Mention`.

    `near` is the one of the ten conditions concerned, None for other matters; `medicine` says that
    a medicine is named, `measured` that it was calculated. A height with a weight, or an index,
    also gives the entity `body_mass_index` (kg/m²) where it is the patient's.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The folder of the lexicon, relative to the project's folder."""
        return {"content_dir": "data/content"}

    def __init__(self, lexicon: Lexicon) -> None:
        """Takes the words."""
        self._lexicon = lexicon

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HealthReader:
        """Rasa's factory: reads the lexicon."""
        return cls(load_lexicon(Path(__file__).parent.parent / config["content_dir"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads messages in place."""
        for message in messages:
            text = message.get(CLEANED) or message.get(TEXT) or ""
            entities: list[dict[str, Any]] = [
                {
                    "entity": "condition",
                    "value": mention.value,
                    "status": mention.status,
                    "kind": mention.kind,
                    "near": mention.condition,
                    "medicine": mention.is_medicine,
                    "measured": mention.is_measured,
                    "if_patient": mention.if_patient,
                    "of_another": mention.of_another,
                    "start": mention.start,
                    "end": mention.end,
                    "extractor": "HealthReader",
                }
                for mention in read_health(text, self._lexicon)
            ]
            index = own_body_mass_index(text, self._lexicon)
            if index is not None:
                entities.append(
                    {
                        "entity": "body_mass_index",
                        "value": index,
                        "start": 0,
                        "end": len(text),
                        "extractor": "HealthReader",
                    }
                )
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
