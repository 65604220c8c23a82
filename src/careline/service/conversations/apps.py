"""Names the room to Django, takes what channels bring, and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class ConversationsConfig(AppConfig):
    name = "careline.service.conversations"

    @override
    def ready(self) -> None:
        from careline.contact import talks
        from careline.service.conversations import ageing, intake, personal, standing
        from careline.service.conversations.letters import addressing

        personal.register()
        ageing.register()
        intake.register()
        addressing.register()
        talks.register(standing.talks_of)
