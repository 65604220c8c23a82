"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class NoticesConfig(AppConfig):
    name = "careline.service.notices"

    @override
    def ready(self) -> None:
        from careline.kit import personal

        personal.exempt("notices.Notice", "It says what happened to a conversation, and names no customer.")
