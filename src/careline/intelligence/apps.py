"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class IntelligenceConfig(AppConfig):
    name = "careline.intelligence"

    @override
    def ready(self) -> None:
        from careline.kit import personal

        personal.exempt("intelligence.Call", "Digests, counts and verdicts of what a model was asked, and no word of it.")
