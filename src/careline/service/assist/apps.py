"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class AssistConfig(AppConfig):
    name = "careline.service.assist"

    @override
    def ready(self) -> None:
        from careline.intelligence import port
        from careline.service.assist import personal, voice

        personal.register()
        port.hold_to(voice.suits)
