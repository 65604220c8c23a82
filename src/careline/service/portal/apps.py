"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class PortalConfig(AppConfig):
    name = "careline.service.portal"

    @override
    def ready(self) -> None:
        from careline.service.portal import personal

        personal.register()
