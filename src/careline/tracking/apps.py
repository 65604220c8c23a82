"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class TrackingConfig(AppConfig):
    name = "careline.tracking"

    @override
    def ready(self) -> None:
        from careline.tracking import ageing, personal

        personal.register()
        ageing.register()
