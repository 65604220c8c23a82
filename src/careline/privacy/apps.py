"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class PrivacyConfig(AppConfig):
    name = "careline.privacy"

    @override
    def ready(self) -> None:
        from careline.privacy import personal

        personal.register()
