"""Names the room to Django."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "careline.customers"
