"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class AccountsConfig(AppConfig):
    name = "careline.accounts"

    @override
    def ready(self) -> None:
        from careline.accounts import ageing, personal

        personal.register()
        ageing.register()
