"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class HooksConfig(AppConfig):
    name = "careline.hooks"

    @override
    def ready(self) -> None:
        from careline.kit import personal

        personal.exempt("hooks.Endpoint", "Where a program of the house listens; it names no customer.")
        personal.exempt("hooks.Call", "Numbers of what happened; who it was about, the program asks for by them.")
