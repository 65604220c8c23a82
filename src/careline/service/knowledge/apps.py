"""Names the room to Django and enters it in the registers of personal data and of what grows old."""

from django.apps import AppConfig
from typing_extensions import override


class KnowledgeConfig(AppConfig):
    name = "careline.service.knowledge"

    @override
    def ready(self) -> None:
        from careline.service.knowledge import ageing, personal

        ageing.register()
        personal.register()
