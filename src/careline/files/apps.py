"""Names the room to Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "careline.files"
