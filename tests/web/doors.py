"""Addresses for pages drawn without their rooms: every door leads nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nowhere(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nowhere, name="desk"),
    path("customers/", nowhere, name="customers"),
    path("scoreboard/", nowhere, name="scoreboard"),
    path("settings/", nowhere, name="settings"),
    path("settings/own/", nowhere, name="own_settings"),
    path("sign-out/", nowhere, name="sign_out"),
]
