"""Addresses under /api/v1; what is not among them is a problem too, not a page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from careline.api import docs
from careline.api.door import kept
from careline.api.resources import mounted


def nothing(request: HttpRequest, **_path: Any) -> HttpResponse:
    raise Http404


def _resources() -> list[URLPattern]:
    found, _app, _namespace = mounted().urls
    return [
        URLPattern(pattern=one.pattern, callback=kept(one.callback), name=one.name)
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


urlpatterns = [
    path("openapi.json", kept(docs.document_door), name="api-document"),
    path("docs", docs.page, name="api-docs"),
    *_resources(),
    re_path("", kept(nothing)),
]
