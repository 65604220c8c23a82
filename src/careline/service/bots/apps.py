"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class BotsConfig(AppConfig):
    name = "careline.service.bots"

    @override
    def ready(self) -> None:
        from careline.service.bots import ageing, personal

        ageing.register()
        personal.register()
