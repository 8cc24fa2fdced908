"""Reading of red flags: the property `red_flags`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.red_flag_reading import RedFlags, kinds_of, load_red_flags, read_red_flags
from components.text import CLEANED

RED_FLAGS, RED_FLAG_KINDS = "red_flags", "red_flag_kinds"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RedFlagReader(GraphComponent):
    """Writes the properties `red_flags` (ids) and `red_flag_kinds` (emergency, self_harm)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The folder of red_flags.yml, relative to the project's folder."""
        return {"content_dir": "data/content"}

    def __init__(self, red_flags: RedFlags) -> None:
        """Takes the words."""
        self._red_flags = red_flags

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagReader:
        """Rasa's factory: reads the words."""
        return cls(load_red_flags(Path(__file__).parent.parent / config["content_dir"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads messages in place."""
        for message in messages:
            text = message.get(CLEANED) or message.get(TEXT) or ""
            found = read_red_flags(text, self._red_flags)
            kinds = sorted(kinds_of(found, self._red_flags))
            message.set(RED_FLAGS, found, add_to_output=True)
            message.set(RED_FLAG_KINDS, kinds, add_to_output=True)
        return messages
