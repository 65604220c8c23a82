"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class IntelligenceConfig(AppConfig):
    name = "careline.intelligence"

    @override
    def ready(self) -> None:
        from careline.intelligence import ageing
        from careline.kit import personal

        personal.exempt("intelligence.Call", "What a model was asked as digest, counts and verdict: no word.")
        ageing.register()
