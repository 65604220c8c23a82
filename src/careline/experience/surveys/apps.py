"""Names the room to Django and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class SurveysConfig(AppConfig):
    name = "careline.experience.surveys"

    @override
    def ready(self) -> None:
        from careline.experience.surveys import ageing, personal
        from careline.experience.surveys.bringing import registering
        from careline.experience.surveys.sending import personal as invitations

        # Before the answers they led to.
        invitations.register()
        ageing.register()
        personal.register()
        registering.register()
