"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class IntentsConfig(AppConfig):
    name = "careline.service.intents"

    @override
    def ready(self) -> None:
        from careline.service.intents import personal

        personal.register()
