"""The addresses of intents."""

from django.urls import path

from careline.web.intents import doors

urlpatterns = [
    path("", doors.intents, name="intents"),
    path("/import", doors.bring),
    path("/alike", doors.alike),
    path("/learned", doors.learning),
    path("/<slug:code>", doors.intent),
]
