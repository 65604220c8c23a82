"""Names the room to Django."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "careline.contact"
