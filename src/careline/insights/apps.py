"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class InsightsConfig(AppConfig):
    name = "careline.insights"

    @override
    def ready(self) -> None:
        from careline.insights import personal

        personal.register()
