"""Responses that know the clinic: its name, phone and hours can stand in any text."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from clinic.content.wording import clinic_variables
from clinic.profile import load_profile
from clinic.settings import load_settings


class ClinicResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's template generator with the variables of the clinic's profile."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Reads the profile once, when the server starts."""
        super().__init__(domain.responses)
        settings = load_settings()
        profile = load_profile(settings.content_dir)
        self._variables = clinic_variables(profile, settings.retention_days)

    def _fill_response(
        self,
        response: dict[str, Any],
        filled_slots: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        # Slots stay out: what a patient typed reaches a text only where an action puts it there.
        return super()._fill_response(response, self._variables, **kwargs)
