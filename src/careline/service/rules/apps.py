"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class RulesConfig(AppConfig):
    name = "careline.service.rules"

    @override
    def ready(self) -> None:
        from careline.service.rules import personal

        personal.register()
