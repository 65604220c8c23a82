"""Addresses providers deliver to: /channels/{kind}/{inbox_key}."""

from __future__ import annotations

from django.urls import path, re_path

from careline.api import webhooks
from careline.api.door import kept
from careline.api.urls import nothing

urlpatterns = [
    path("<str:kind>/<str:inbox_key>", kept(webhooks.door), name="channel-webhook"),
    re_path("", kept(nothing)),
]
