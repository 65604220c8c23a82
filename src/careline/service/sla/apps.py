"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class SlaConfig(AppConfig):
    name = "careline.service.sla"
    label = "sla"

    @override
    def ready(self) -> None:
        from careline.service.sla import personal

        personal.register()
