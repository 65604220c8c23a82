"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class TouchpointsConfig(AppConfig):
    name = "careline.touchpoints"

    @override
    def ready(self) -> None:
        from careline.touchpoints import ageing, personal

        personal.register()
        ageing.register()
