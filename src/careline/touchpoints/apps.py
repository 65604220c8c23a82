"""Names the room to Django."""

from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    name = "careline.touchpoints"
