"""Names the room to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "careline.accounts"
