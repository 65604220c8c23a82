"""Names the room to Django, enters it in the register of personal data, and offers to read Parquet."""

from django.apps import AppConfig
from typing_extensions import override


class InsightsConfig(AppConfig):
    name = "careline.insights"

    @override
    def ready(self) -> None:
        from careline.insights import personal
        from careline.insights.live import minutes
        from careline.insights.warehouse import parquet

        personal.register()
        minutes.register()
        parquet.register()
