"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class CustomersConfig(AppConfig):
    name = "careline.customers"

    @override
    def ready(self) -> None:
        from careline.customers import personal

        personal.register()
