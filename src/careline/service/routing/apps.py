"""Names the room to Django and says of its tables that they hold nothing personal."""

from django.apps import AppConfig
from typing_extensions import override


class RoutingConfig(AppConfig):
    name = "careline.service.routing"

    @override
    def ready(self) -> None:
        from careline.kit import personal

        for model in ("Queue", "NeededSkill", "Skill", "StatusReason", "Policy"):
            personal.exempt(f"routing.{model}", "The house's own settings; they name no customer.")
        for model in ("Presence", "AgentSkill"):
            personal.exempt(f"routing.{model}", "It is about a colleague, and names no customer.")
        for model in ("Waiting", "Offer", "Stay"):
            personal.exempt(f"routing.{model}", "It says where a conversation stood, and names no customer.")
