"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class RecoveryConfig(AppConfig):
    name = "careline.service.recovery"

    @override
    def ready(self) -> None:
        from careline.service.recovery import personal

        personal.register()
