"""Names the room to Django."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "careline.service.conversations"
