"""Names the room to Django, finds its channels and enters it in the register of personal data."""

from django.apps import AppConfig
from typing_extensions import override


class ChannelsConfig(AppConfig):
    name = "careline.channels"

    @override
    def ready(self) -> None:
        from careline.channels import adapter, ageing, personal
        from careline.contact import reach

        personal.register()
        ageing.register()
        for kind, channel in adapter.adapters().items():
            offers = channel.capabilities
            reach.register(kind, offers.reaches, rings=offers.rings, label=channel.label)
