"""Names the HTML doors to Django, for their static files and message catalogues."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "careline.web"
