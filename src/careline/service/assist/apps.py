"""Names the room to Django."""

from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "careline.service.assist"
