"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class ContactConfig(AppConfig):
    name = "careline.contact"

    @override
    def ready(self) -> None:
        from careline.contact import personal

        personal.register()
