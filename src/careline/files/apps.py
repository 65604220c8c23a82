"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class FilesConfig(AppConfig):
    name = "careline.files"

    @override
    def ready(self) -> None:
        from careline.files import ageing, personal

        personal.register()
        ageing.register()
